"""Every sentence about a booking, its customer, its PDF and its connection.

Texts are lazily translated and built once; `say` fills one in the language of the
environment.
"""

from odoo.tools import format_datetime
from odoo.tools.translate import LazyTranslate

from ..exact_api.exceptions import (
    ExactBadCredentials,
    ExactConsentLost,
    ExactError,
    ExactRateLimited,
    ExactRejected,
)

_lt = LazyTranslate(__name__)


def say(env, text, **values):
    """Return a text of this file in the language of `env`, filled with `values`."""
    translated = env._(text)
    return translated % values


# === PROBLEMS BEFORE SENDING === #


# === ERRORS AND REFUSALS === #


# === CUSTOMERS === #


# === RESULTS AND NOTIFICATIONS === #


# === PDF === #


# === CONNECTION === #

# What an error means for the connection of a company: the first class that fits.
CONNECTION_ERRORS = {
    ExactConsentLost: _lt(
        "The connection of %(company)s with Exact Online has expired. Press "
        "Connect to Exact Online on the company to connect again."
    ),
    ExactBadCredentials: _lt(
        "Exact Online does not know the client ID or client secret of "
        "%(company)s, or this consent was used before. Check both on the "
        "company and press Connect to Exact Online again."
    ),
    ExactRejected: _lt(
        "Exact Online refuses %(company)s: %(reason)s. Check the division and "
        "the rights of the Exact user who connected."
    ),
    ExactRateLimited: _lt(
        "Exact Online takes no more calls for %(company)s for now. Odoo goes "
        "on by itself; nothing is lost."
    ),
    ExactError: _lt(
        "Exact Online cannot be reached for %(company)s right now. Odoo tries "
        "again by itself; nothing is lost."
    ),
}
# The same after a click, which nothing repeats.
BUTTON_ERRORS = {
    **CONNECTION_ERRORS,
    ExactRateLimited: _lt(
        "Exact Online takes no more calls for %(company)s for now. Wait a "
        "minute, then press the button again."
    ),
    ExactError: _lt(
        "Exact Online cannot be reached for %(company)s right now. Wait a minute, "
        "then press the button again."
    ),
}
LISTS_NOT_FETCHED = _lt(
    "%(company)s is connected, but its lists could not be fetched: %(reason)s "
    "Press Refresh lists on the company later."
)
CONSENT_REFUSED = _lt(
    "%(company)s was not connected, since the connection was refused on the "
    "page of Exact Online. Press Connect to Exact Online to try again."
)
CONSENT_OF_ANOTHER = _lt(
    "This answer of Exact Online does not belong to a connection that "
    "you started within the last hour. Press Connect to Exact Online "
    "again."
)
CALLS_USED_UP = _lt("The calls that Exact allows are used up.")
CALLS_BLOCKED = _lt(
    "Exact refused %(count)s calls to %(resource)s within this hour, so no "
    "more are made. Solve the failed invoices first."
)
PAUSED_UNTIL = _lt("%(problem)s Goes on at %(until)s.")


def explain_connection(company, err):
    """Say in one sentence what an error means for the connection of a company."""
    return _say_error(company, err, CONNECTION_ERRORS)


def explain_button(company, err):
    """Say it to the user who clicked a button, which nothing repeats."""
    return _say_error(company, err, BUTTON_ERRORS)


def _say_error(company, err, texts):
    text = next(text for kind, text in texts.items() if isinstance(err, kind))
    reason = "; ".join(getattr(err, "messages", ())).rstrip(".")
    return say(company.env, text, company=company.name, reason=reason)


def explain_lists(company, err):
    """Say why a company that has just been connected has no lists yet."""
    reason = explain_connection(company, err)
    return say(company.env, LISTS_NOT_FETCHED, company=company.name, reason=reason)


def say_until(env, problem, moment):
    """Add to the reason of a pause when it ends."""
    until = format_datetime(env, moment, dt_format="short")
    return say(env, PAUSED_UNTIL, problem=problem, until=until)


# === COMPARISON === #
