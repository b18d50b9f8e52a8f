"""A simulator of Exact Online, as strict as the real one.

It imports nothing of the add-on, so that one mistake cannot be made on both sides.
Run it with `python -m tests.simulator --port 8770`, or in tests:

    with serve() as simulator:
        tokens = simulator.sign_in()
        requests.get(simulator.url + "/api/v1/current/Me", ...)
"""

from .people import App
from .server import serve

__all__ = ["App", "serve"]
