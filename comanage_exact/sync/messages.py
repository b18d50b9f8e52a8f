"""Every sentence about a booking, its customer, its PDF and its connection.

Texts are lazily translated and built once; `say` fills one in the language of the
environment.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


def say(env, text, **values):
    """Return a text of this file in the language of `env`, filled with `values`."""
    return env._(text) % values


# === PROBLEMS BEFORE SENDING === #


# === ERRORS AND REFUSALS === #


# === CUSTOMERS === #


# === RESULTS AND NOTIFICATIONS === #


# === PDF === #


# === CONNECTION === #


# === COMPARISON === #
