"""The sentences of the month-end comparison, historical invoices and linking."""

from odoo.tools.translate import LazyTranslate

from .messages import say

_lt = LazyTranslate(__name__)

# === COMPARISON === #

COMPARISON_WITHOUT_JOURNAL = _lt(
    "%(company)s has no sales journal of Exact Online to compare with. "
    "Choose one on the company, page Exact Online."
)
COMPARISON_UNREACHABLE = _lt(
    "Exact Online could not be read for %(company)s, time and again. "
    "Press Compare now to start anew."
)
COMPARISON_FAILED = _lt(
    "Odoo ran into an error of its own with %(name)s. Ask your "
    "administrator to look into the log of the server, then press Compare "
    "now again."
)
ALL_VAT_CODES = _lt("All")
# What an invoice or an entry is that has not its counterpart.
COMPARISON_RESULTS = {
    "missing_exact": _lt(
        "Entry %(number)s is not in Exact Online any more: somebody deleted it "
        "there. Book it there again by hand with the reference %(name)s, or credit "
        "the invoice in Odoo."
    ),
    "replaced": _lt(
        "Entry %(old)s, which Odoo booked, was deleted in Exact Online; entry "
        "%(number)s stands in its place."
    ),
    "sending": _lt(
        "%(name)s is on its way to Exact Online, perhaps as entry %(number)s. "
        "Compare again in a few minutes."
    ),
    "not_linked": _lt(
        "Entry %(number)s in Exact Online looks like %(name)s, but Odoo did not "
        "book it. Press “Already in Exact?” on the invoice to link it, or delete "
        "one of the two in Exact."
    ),
    "unposted": _lt(
        "%(name)s was booked as entry %(number)s and is not confirmed in Odoo any "
        "more. Confirm it again, or delete the entry in Exact Online."
    ),
    "duplicate": _lt(
        "Entry %(number)s has the reference of %(name)s, which Odoo booked as "
        "entry %(own)s. If it is booked twice, delete entry %(number)s in Exact."
    ),
    "foreign": _lt(
        "Entry %(number)s was booked in Exact Online by somebody else. If it "
        "is an invoice, make it in Odoo or leave it where it is."
    ),
}
# Why an invoice has no entry, by the state of its booking.
NOT_SENT = {
    "never": _lt("Never sent to Exact Online. Press Send to Exact to book it."),
    "sending": _lt("On its way to Exact Online. Compare again in a few minutes."),
    "other": _lt(
        "Not in Exact Online yet: %(state)s. Press Send to Exact to book it now."
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
    "%(count)s invoices of these days were never sent, and %(limit)s "
    "go at a time. Choose fewer days, and do the others afterwards."
)
TOO_MANY_ENTRIES = _lt(
    "Exact Online has more than %(count)s entries in these days "
    "and a week before and after. Choose fewer days or journals, "
    "wait a minute, and look again; do the others afterwards."
)
DAYS = _lt("%(days)s days")
MINUTES = _lt("%(minutes)s minute(s)")


# === LINKING === #

NOT_AN_ENTRY_NUMBER = _lt(
    "“%(number)s” is no entry number of Exact Online. Enter digits "
    "only, or look by the reference."
)
NOTHING_TO_FIND = _lt(
    "Enter the entry number or the reference that %(name)s has in Exact Online."
)
