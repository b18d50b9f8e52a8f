"""The sentences of the strip on an invoice: where it stands, and why."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SCHEDULED = _lt("Will be booked in Exact Online on %(moment)s.")
RIGHT_AWAY = _lt("Will be booked in Exact Online right away.")
HELD = _lt("On hold: it is not booked in Exact Online until someone releases it.")
HELD_BECAUSE = _lt(
    "On hold: it is not booked in Exact Online until someone releases it. Reason: "
    "%(reason)s"
)
SENDING = _lt("It is being sent to Exact Online. No action is needed.")
BOOKED = _lt("Booked in Exact Online as %(number)s on %(day)s.")
LINKED = _lt("Linked to Exact Online entry %(number)s.")
NOT_VERIFIED = _lt(
    "Not verified yet: Odoo compares all amounts tonight at the latest. No action is "
    "needed."
)
NOT_CONNECTED = _lt(
    "It waits because %(company)s is not connected to Exact Online. Ask an "
    "administrator to connect it on the company, Exact Online tab."
)
# Why an invoice does not go without a click.
NOT_QUEUED = {
    "off": _lt("Not sent automatically: automatic sending of %(company)s is off."),
    "before_start": _lt(
        "Not sent automatically: it is dated before %(start)s, the start date of "
        "%(company)s."
    ),
    "journal": _lt(
        "Not sent automatically: journal %(journal)s is set to Manual Booking Only."
    ),
    "customer": _lt(
        "Not sent automatically: customer %(customer)s is set to Manual Booking Only."
    ),
    "manual": _lt(
        "Not sent automatically: %(company)s books invoices with the button only."
    ),
    "not_sent": _lt("Will be booked in Exact Online after it is sent to the customer."),
    "cancelled": _lt(
        "Not sent automatically: its booking was cancelled when it was reset to draft "
        "or cancelled."
    ),
    "withdrawn": _lt(
        "Not sent automatically: its entry was withdrawn from Exact Online."
    ),
    "late": _lt(
        "Not sent automatically: it was sent or confirmed before automatic booking "
        "was switched on."
    ),
}
