"""Public clients of Exact Online that the simulator has to serve.

Each is in an environment of its own: two share the name of their module, and none may
change what Odoo runs with.
"""

from concurrent.futures import ThreadPoolExecutor

from dev import paths
from dev.venv import VirtualEnvironment

FOLDER = paths.ROOT / "tests" / "clients"

NAMES = ("django_exact", "exactonline", "exactpy", "python_exact_online")


def ensure():
    """Install all clients, at the same time.

    :raise Problem: pip failed.
    """
    with ThreadPoolExecutor(len(NAMES)) as pool:
        list(pool.map(ensure_one, NAMES))


def ensure_one(name):
    """Install one client; return its environment's Python.

    :raise Problem: pip failed.
    """
    environment = VirtualEnvironment(
        paths.CLIENTS / name,
        FOLDER / name / "requirements.txt",
        name=f"client-{name}",
        title=f"Installing the public client {name}",
        # The file names what is needed, which is less than they ask for.
        options=("--no-deps",),
    )
    environment.ensure()
    return environment.python
