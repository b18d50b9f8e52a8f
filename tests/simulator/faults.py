"""Faults on order: what goes wrong with the next calls that match."""

import re
import threading
from dataclasses import dataclass, field

from .errors import ControlError

# Name: (when it strikes, its parameters with their types or their values).
KINDS = {
    "drop_answer": ("after", {}),
    "truncated_json": ("after", {}),
    "reset_before": ("instead", {}),
    "delay": ("wait", {"seconds": (int, float)}),
    "status_500_generic": (
        "instead",
        {
            "process": bool,
            "text": ("problem", "null_reference"),
            "language": ("nl", "en", "fr", "de"),
        },
    ),
    "html_503": ("instead", {"process": bool}),
    "maintenance": ("instead", {"status": (200, 503, 504), "process": bool}),
    "status_408": ("instead", {"process": bool}),
    "rate_limited_minute": ("instead", {}),
    "rate_limited_day": ("instead", {}),
    "rate_limited_bare": ("instead", {}),
    "login_html": ("instead", {}),
    "token_down": ("instead", {}),
    "token_empty": ("instead", {"chain_moves": bool}),
    "division_moved": ("instead", {}),
    "unauthorized": ("instead", {}),
    "body500": ("instead", {"text": str, "status": int}),
    "other_division": ("within", {"division": int}),
}
# What books: only there an entry can get into another division.
_ENTRIES = re.compile(r"/\w+entry/\w+entries/?$", re.IGNORECASE)
_TOKEN_FAULTS = ("token_down", "token_empty")


@dataclass
class Fault:
    """One order.

    :param times: how often it strikes; None for always.
    :param str method, path: what it strikes; empty for everything. `path` is a part of
        the path with its query, decoded.
    """

    name: str
    times: int | None = 1
    method: str = ""
    path: str = ""
    params: dict = field(default_factory=dict)

    @property
    def when(self):
        return KINDS[self.name][0]

    def strikes(self, method, path):
        # The token endpoint is the only one that can be down by itself.
        if self.name in _TOKEN_FAULTS and "/oauth2/token" not in path.lower():
            return False
        if self.name == "other_division" and not (
            method == "POST" and _ENTRIES.search(path.partition("?")[0])
        ):
            return False
        return (not self.method or self.method == method) and self.path in path

    @property
    def is_processed(self):
        """Tell whether the call is carried out, whatever its answer says."""
        if self.when != "instead":
            return True
        return self.params.get("process", False) or self.params.get(
            "chain_moves", False
        )

    def as_dict(self):
        return {
            "fault": self.name,
            "times": self.times,
            "match": {"method": self.method, "path": self.path},
            "params": self.params,
        }


class Faults:
    def __init__(self):
        self._lock = threading.Lock()
        self._orders = []

    def add(self, fault):
        with self._lock:
            self._orders.append(fault)

    def clear(self):
        with self._lock:
            self._orders.clear()

    def as_list(self):
        with self._lock:
            return [fault.as_dict() for fault in self._orders]

    def take(self, method, path):
        """Return the faults of a call: every wait, and the first of the others."""
        taken = []
        with self._lock:
            for fault in list(self._orders):
                is_full = fault.when != "wait" and any(
                    other.when != "wait" for other in taken
                )
                if is_full or not fault.strikes(method, path):
                    continue
                taken.append(fault)
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self._orders.remove(fault)
        return taken


def read_order(order):
    """Turn the JSON of a control call into a Fault.

    :raise ControlError: with one sentence on what is wrong.
    """
    if not isinstance(order, dict):
        raise ControlError("A fault must be one JSON object.")
    unknown = set(order) - {"fault", "times", "match", "params"}
    if unknown:
        raise ControlError(f"A fault has no {', '.join(sorted(unknown))}.")
    name = order.get("fault")
    if not isinstance(name, str) or name not in KINDS:
        raise ControlError(f"There is no fault {name!r}; known are {sorted(KINDS)}.")
    times = order.get("times", 1)
    if times is not None and (
        not isinstance(times, int) or isinstance(times, bool) or times < 1
    ):
        raise ControlError("times must be a whole number from 1, or null for always.")
    match = _read_match(order.get("match", {}))
    return Fault(name, times, params=_read_params(name, order), **match)


def _read_match(match):
    if not isinstance(match, dict) or set(match) - {"method", "path"}:
        raise ControlError("match must be an object with method and path.")
    if not all(isinstance(value, str) for value in match.values()):
        raise ControlError("method and path of match must be texts.")
    return {
        "method": match.get("method", "").upper(),
        "path": match.get("path", ""),
    }


def _read_params(name, order):
    params = order.get("params", {})
    allowed = KINDS[name][1]
    if not isinstance(params, dict):
        raise ControlError("params must be an object.")
    for key, value in params.items():
        if key not in allowed:
            raise ControlError(f"The fault {name!r} has no parameter {key!r}.")
        _check_param(name, key, value, allowed[key])
    if name == "delay" and not 0 <= params.get("seconds", 1) <= 600:
        raise ControlError("seconds must be between 0 and 600.")
    if name == "body500" and not 400 <= params.get("status", 500) <= 599:
        raise ControlError("status must be between 400 and 599.")
    return params


def _check_param(name, key, value, allowed):
    """Refuse a value that is none of those allowed, or not of the type allowed."""
    is_flag = isinstance(value, bool)
    # More than one type is a tuple of types; other tuples are the values themselves.
    if isinstance(allowed, tuple) and not isinstance(allowed[0], type):
        if is_flag or value not in allowed:
            raise ControlError(f"{key} of {name!r} must be one of {allowed}.")
    elif not isinstance(value, allowed) or is_flag != (allowed is bool):
        raise ControlError(f"The parameter {key!r} of {name!r} has a wrong type.")
