"""Sentences of the set-up screen."""

from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ..exact_api.const import APP_RIGHTS
from .messages import say

_lt = LazyTranslate(__name__)

RIGHT_TO_MANAGE = _lt("%(right)s: manage")
RIGHT_TO_READ = _lt("%(right)s: read")
ACCOUNTANT_TEXT = _lt(
    "We want Odoo to book our sales invoices in Exact Online. Please help us with "
    "three things:\n"
    "\n"
    "1. Register an app in the Exact Online App Center, %(app_center)s, with exactly "
    "this redirect URI: %(redirect_uri)s\n"
    "2. Give the app these rights:\n"
    "%(rights)s\n"
    "3. Create a full user for Odoo in the division of %(company)s, with rights to "
    "sales entries, customers, documents and master data, and with an identity that "
    "nobody else uses.\n"
    "\n"
    "Then send us the client ID and the client secret of the app, and the sign-in of "
    "that user, each by a safe way."
)
OTHER_NAME = _lt(
    "The division is called “%(theirs)s” in Exact Online, and the company “%(ours)s” "
    "in Odoo. Check that they are the same."
)
SENDING_ON = _lt(
    "Automatic sending is on: invoices dated on or after %(start)s are booked "
    "%(minutes)s minutes after they are sent to the customer."
)
SENDING_ON_CONFIRM = _lt(
    "Automatic sending is on: invoices dated on or after %(start)s are booked "
    "%(minutes)s minutes after they are confirmed."
)
SENDING_MANUAL = _lt("Invoices are booked when someone clicks Send to Exact.")
SENDING_OFF = _lt(
    "Automatic sending is off: invoices of %(company)s are booked only when someone "
    "clicks Send to Exact. Choose a start date in %(menu_set_up)s and click Switch On."
)
SENDING_NOT_READY = _lt(
    "Nothing is sent: %(company)s is not connected to Exact Online, or has no division."
)
FINISH_FIRST = _lt(
    "%(company)s cannot send invoices automatically yet. Finish these steps first: "
    "%(steps)s."
)
NOT_CONNECTED = _lt(
    "%(company)s is not connected to Exact Online. Ask an Exact Online manager to "
    "connect it in %(menu_set_up)s."
)
NUMBERS_OF_MANAGER = _lt(
    "Only an Exact Online manager can change the entry numbers of %(company)s. Ask one "
    "to click Use Proposed Format in %(menu_set_up)s."
)


def rights_text(env):
    """Return the rights to tick in the App Center, a line each."""
    return "\n".join(
        say(env, RIGHT_TO_MANAGE if is_managed else RIGHT_TO_READ, right=right)
        for right, is_managed in APP_RIGHTS
    )


def sending_text(env, company):
    """Return whether and when invoices of a company go automatically.

    :param res.company company: as superuser.
    :return: whether it is switched on, and the sentence.
    """
    if not company._exact_is_ready():
        return False, say(env, SENDING_NOT_READY, company=company.name)
    if company.exact_trigger == "manual":
        return True, say(env, SENDING_MANUAL)
    if not company.exact_start_date:
        return False, say(env, SENDING_OFF, company=company.name)
    text = SENDING_ON if company.exact_trigger == "sent" else SENDING_ON_CONFIRM
    start = format_date(env, company.exact_start_date)
    return True, say(env, text, start=start, minutes=company.exact_delay)
