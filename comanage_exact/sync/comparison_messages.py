"""The sentences of the month-end comparison, historical invoices and linking."""

from odoo.tools.translate import LazyTranslate

from .messages import say

_lt = LazyTranslate(__name__)

# === COMPARISON === #

COMPARISON_WITHOUT_JOURNAL = _lt(
    "%(company)s has no Exact Online sales journal to compare with. Choose one on "
    "the company, Exact Online tab."
)
COMPARISON_UNREACHABLE = _lt(
    "Several attempts to read Exact Online for %(company)s have failed. Click "
    "Compare Now to start over."
)
COMPARISON_FAILED = _lt(
    "An internal error occurred in Odoo while comparing %(name)s. Ask your "
    "administrator to check the server log, then click Compare Now again."
)
ALL_VAT_CODES = _lt("All")
NO_GL_ACCOUNT = _lt("Not mapped")
# What an invoice or an entry is that has not its counterpart.
COMPARISON_RESULTS = {
    "missing_exact": _lt(
        "Entry %(number)s no longer exists in Exact Online because someone deleted "
        "it there. Enter it there again manually with reference %(name)s, or credit "
        "the invoice in Odoo."
    ),
    "replaced": _lt(
        "Entry %(old)s, which Odoo booked, was deleted in Exact Online and replaced "
        "by entry %(number)s."
    ),
    "sending": _lt(
        "%(name)s is being sent to Exact Online, possibly as entry %(number)s. "
        "Compare again in a few minutes."
    ),
    "not_linked": _lt(
        "Entry %(number)s in Exact Online looks like %(name)s, but Odoo did not "
        "book it. Click “Already in Exact Online?” on the invoice to link it, or "
        "delete one of the two in Exact Online."
    ),
    "unposted": _lt(
        "%(name)s was booked as entry %(number)s but is no longer confirmed in "
        "Odoo. Confirm it again, or delete the entry in Exact Online."
    ),
    "duplicate": _lt(
        "Entry %(number)s has the reference of %(name)s, which Odoo booked as entry "
        "%(own)s. If it is a duplicate, delete entry %(number)s in Exact Online."
    ),
    "renamed": _lt(
        "%(name)s was called %(old_name)s when it was booked as entry %(own)s, and "
        "Exact Online still has that reference. Give the invoice its old number again, "
        "or change the reference of the entry."
    ),
    "foreign": _lt(
        "Entry %(number)s was not booked by Odoo. If it is one of your invoices, "
        "enter it in Odoo; otherwise ignore it."
    ),
}
CHOSEN_PERIOD = _lt(
    "%(name)s belongs to %(own)s in Odoo, but someone chose to book it in financial "
    "period %(period)s in Exact Online."
)
# Why an invoice has no entry, by the state of its booking.
NOT_SENT = {
    "never": _lt("Never sent to Exact Online. Click Send to Exact to book it."),
    "sending": _lt("Being sent to Exact Online. Compare again in a few minutes."),
    "other": _lt(
        "Not booked in Exact Online yet: %(state)s. Click Send to Exact to book it now."
    ),
}


def not_sent_text(env, outbox):
    """Return why Exact Online has no entry of an invoice.

    :param exact.outbox outbox: of the invoice; empty if it was never sent.
    """
    if outbox.error:
        return outbox.error
    if not outbox:
        return say(env, NOT_SENT["never"])
    if outbox.state == "sending":
        return say(env, NOT_SENT["sending"])
    return say(env, NOT_SENT["other"], state=outbox._get_state_label(outbox.state))


# === HISTORICAL INVOICES === #

TOO_MANY_INVOICES = _lt(
    "%(count)s invoices in this period were never sent, but only %(limit)s can be "
    "booked at a time. Choose a shorter period and book the others afterwards."
)
TOO_MANY_ENTRIES = _lt(
    "Exact Online has more than %(count)s entries in this period and the weeks "
    "before and after it. Choose a shorter period or fewer journals, wait a minute "
    "and check again; do the others afterwards."
)


# === LINKING === #

NOT_AN_ENTRY_NUMBER = _lt(
    "“%(number)s” is not a valid Exact Online entry number. Enter digits only, or "
    "search by reference."
)
NOTHING_TO_FIND = _lt(
    "Enter the entry number or reference of %(name)s in Exact Online."
)
