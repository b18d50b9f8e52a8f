"""Faults at random, but always the same ones for a seed and a sequence of calls."""

import threading
from collections import Counter

from tests.simulator.faults import Fault, Faults

REFUSAL = "Er is een fout opgetreden: de dagboekregel is vergrendeld."

# Weight, name, parameters.
ON_CALLS = (
    (16, "drop_answer", {}),
    (12, "truncated_json", {}),
    (12, "reset_before", {}),
    (6, "status_500_generic", {"process": True}),
    (6, "status_500_generic", {}),
    (3, "status_500_generic", {"text": "null_reference", "process": True}),
    (3, "status_500_generic", {"text": "null_reference"}),
    (4, "body500", {"text": ""}),
    (1, "body500", {"text": REFUSAL}),
    (6, "html_503", {"process": True}),
    (6, "html_503", {}),
    (3, "maintenance", {"status": 504, "process": True}),
    (3, "maintenance", {"status": 200, "process": True}),
    (3, "maintenance", {"status": 200}),
    (3, "status_408", {"process": True}),
    (4, "rate_limited_minute", {}),
    (3, "rate_limited_bare", {}),
    (4, "login_html", {}),
    (1, "unauthorized", {}),
    (14, "delay", {"seconds": 0.3}),
)
# Longer than Odoo waits for an answer, and carried out all the same.
SLOWEST = 3
ON_CALLS += ((4, "delay", {"seconds": SLOWEST}),)
# Few calls, hence a rate of their own. A lost answer costs the consent here.
TOKEN_RATE = 0.4
ON_TOKENS = (
    (12, "token_down", {}),
    (3, "token_empty", {}),
    (1, "token_empty", {"chain_moves": True}),
    (6, "reset_before", {}),
    (4, "drop_answer", {}),
    (6, "delay", {"seconds": 0.5}),
)
# Ends a company's day: with nothing else to do the clock is put forward.
AT_THE_END = ((2, "rate_limited_day", {}),)


class RandomFaults(Faults):
    """Faults nobody ordered, in place of the simulator's list of orders.

    :param random.Random rng: one number a call, more when a fault strikes.
    :param float rate: share of the calls that something happens to.
    """

    def __init__(self, rng, rate):
        super().__init__()
        self._rng = rng
        self._rate = rate
        self._guard = threading.Lock()
        self.counts = Counter()
        self.is_on = False
        self.is_late = False

    def take(self, method, path):
        """Return what happens to this call, as a list."""
        with self._guard:
            rate = TOKEN_RATE if _is_token_call(path) else self._rate
            if not self.is_on or self._rng.random() >= rate:
                return []
            fault = self._draw(method, path)
            self.counts[_kind(fault)] += 1
            return [fault]

    def _draw(self, method, path):
        if _is_token_call(path):
            kinds = ON_TOKENS
        else:
            kinds = ON_CALLS + (AT_THE_END if self.is_late else ())
        weights = [weight for weight, _name, _params in kinds]
        _weight, name, params = self._rng.choices(kinds, weights)[0]
        return Fault(name, params=params)


def _is_token_call(path):
    return "/oauth2/token" in path


def _kind(fault):
    """Name a fault for the figures; the same name may stand for several."""
    if fault.name == "body500":
        return "500_readable" if fault.params["text"] else "500_empty"
    if fault.name == "delay":
        return "too_slow" if fault.params["seconds"] == SLOWEST else "slow"
    after = "_after" if fault.params.get("process") else ""
    return fault.name.removeprefix("status_") + after
