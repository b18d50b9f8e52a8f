"""Sentences about what keeps the bookings of a company from going on."""

from odoo.tools.translate import LazyTranslate

from ..const import (
    CRON_COMPARISON,
    CRON_DIGEST,
    CRON_DOCUMENTS,
    CRON_FETCH,
    CRON_PUSH,
    CRON_RECHECK,
)

_lt = LazyTranslate(__name__)

# === SCHEDULED ACTIONS === #

# For those that are gone.
ACTION_NAMES = {
    CRON_PUSH: _lt("Exact Online: Book Scheduled Invoices"),
    CRON_DOCUMENTS: _lt("Exact Online: Send Pending PDFs"),
    CRON_FETCH: _lt("Exact Online: Refresh Lists"),
    CRON_RECHECK: _lt("Exact Online: Recheck Failed Invoices"),
    CRON_DIGEST: _lt("Exact Online: Mail Digest"),
    CRON_COMPARISON: _lt("Exact Online: Compare Invoices with Entries"),
}
PUSH_MISSING = _lt(
    "A scheduled action was deleted, so no invoices are sent to Exact Online: "
    "%(names)s. Ask an administrator to click Check Now on the company, then Fix on "
    "the line Automatic Sending, which creates it again."
)
ACTION_MISSING = _lt(
    "A scheduled action of Exact Online was deleted: %(names)s. Ask an administrator "
    "to click Check Now on the company, then Fix on the line Automatic Sending, which "
    "creates it again."
)
ACTIONS_OFF = _lt(
    "These scheduled actions are inactive: %(names)s. Activate them in "
    "%(menu_scheduled_actions)s (developer mode)."
)

# === HEALTH OF A COMPANY === #

# By whether there are several.
OVERDUE = (
    _lt("1 invoice of %(company)s has been overdue since %(since)s: %(reason)s"),
    _lt(
        "%(count)s invoices of %(company)s have been overdue since %(since)s: "
        "%(reason)s"
    ),
)
UNKNOWN_REASON = _lt(
    "Odoo has not tried to book them. Ask your administrator to check the server log "
    "and the scheduled actions."
)
DISCONNECTED = _lt(
    "%(company)s is not connected to Exact Online. Ask an administrator to click "
    "Connect to Exact Online on the company."
)
NO_DIVISION = _lt(
    "%(company)s has no Exact Online division. Ask an administrator to choose one on "
    "the company."
)
NEED_ATTENTION = (
    _lt("1 invoice could not be booked and needs attention."),
    _lt("%(count)s invoices could not be booked and need attention."),
)
WAIT_FOR_CUSTOMER = (
    _lt("1 invoice is waiting for its customer to be matched."),
    _lt("%(count)s invoices are waiting for their customers to be matched."),
)
DIFFER = (
    _lt("1 booked invoice differs from its entry in Exact Online."),
    _lt("%(count)s booked invoices differ from their entries in Exact Online."),
)
NOT_CONNECTED = _lt("%(company)s is not connected to Exact Online.")
SCHEDULED = (
    _lt("1 invoice is scheduled, at %(moment)s."),
    _lt("%(count)s invoices are scheduled, the first at %(moment)s."),
)
ALL_BOOKED = _lt("Nothing is waiting. The last invoice was booked at %(moment)s.")
NOTHING_YET = _lt("Connected. No invoice has been booked yet.")

# === ALERTS === #

ALERT_HELD_ORIGINAL = _lt("Credit notes waiting for Exact Online")
HELD_ORIGINAL = (
    _lt(
        "%(name)s credits %(original)s, which is on hold, and waits for it. Release "
        "%(original)s or cancel it."
    ),
    _lt(
        "%(count)s credit notes wait for invoices that are on hold, the first is "
        "%(name)s for %(original)s. Release these invoices or cancel them."
    ),
)
WAITING_ORIGINAL = (
    _lt(
        "%(name)s credits %(original)s, which has not been booked for more than an "
        "hour, and waits for it. Fix %(original)s first."
    ),
    _lt(
        "%(count)s credit notes wait for invoices that have not been booked for more "
        "than an hour, the first is %(name)s for %(original)s. Fix these invoices "
        "first."
    ),
)
ALERT_PDF = _lt("PDF not in Exact Online")
ALERT_PDF_TOO = _lt("%(count)s PDFs are not in Exact Online.")
ALERT_LISTS = _lt("Exact Online lists out of date")
ALERT_UNQUEUED = _lt("Invoices not scheduled for Exact Online")
UNQUEUED = (
    _lt(
        "1 invoice of %(company)s should be booked in Exact Online but could not be "
        "scheduled. Click Send to Exact on %(name)s; if that fails too, ask your "
        "administrator to check the server log."
    ),
    _lt(
        "%(count)s invoices of %(company)s should be booked in Exact Online but could "
        "not be scheduled, the first is %(name)s. Click Send to Exact on them; if "
        "that fails too, ask your administrator to check the server log."
    ),
)
SWEPT = _lt(
    "Scheduled by the nightly check: the invoice should have been scheduled for Exact "
    "Online when it was confirmed or sent. Exact Online is asked for its reference "
    "before it is booked."
)

# === THE ANSWER OF THE BUTTON === #

QUEUED_ONLY = _lt("%(count)s invoice(s) are scheduled, but not booked for now.")
