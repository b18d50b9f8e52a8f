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
ALL_JOURNALS = _lt("All journals")
NOT_RETURNED = _lt("Not returned")
NO_VAT_CODE = _lt("No VAT code")
NO_GL_ACCOUNT = _lt("Not mapped")
NO_COST = _lt("None")
# What an invoice or an entry is that has not its counterpart.
COMPARISON_RESULTS = {
    "missing_exact": _lt(
        "Entry %(number)s of %(name)s no longer exists in Exact Online because "
        "someone deleted it there. Click Book Again on the invoice to book it with the "
        "same number."
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
        "book it. Click “Already in Exact Online?” on the invoice to link it; sending "
        "the invoice as well would book it twice."
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
    "by_hand": _lt(
        "Entry %(number)s in Exact Online, which Odoo did not book, matches %(name)s."
    ),
    "foreign": _lt(
        "Entry %(number)s was not booked by Odoo. If it is one of your invoices, "
        "enter it in Odoo, put it on hold before you send it, and link it with "
        "“Already in Exact Online?”; sending it as well would book it twice. Otherwise "
        "ignore it."
    ),
}
# Why an invoice was left out on purpose.
LEFT_OUT = {
    "off": _lt(
        "Automatic sending of %(company)s is off. Click Send to Exact if the invoice "
        "belongs in Exact Online."
    ),
    "before_start": _lt(
        "Dated before %(start)s, the first day from which %(company)s books invoices "
        "in Exact Online automatically. Click Send to Exact if it belongs there."
    ),
    "journal": _lt(
        "Journal %(journal)s is set to Manual Booking Only. Click Send to Exact if the "
        "invoice belongs in Exact Online."
    ),
    "customer": _lt(
        "Customer %(customer)s is set to Manual Booking Only. Click Send to Exact if "
        "the invoice belongs in Exact Online."
    ),
}
INCOMPLETE = _lt(
    "Exact Online did not return these details of entry %(number)s: %(names)s. Click "
    "Compare Now again, or check the entry in Exact Online."
)
# What a comparison covered, and how it came out.
CONCLUSIONS = {
    "equal": _lt(
        "%(count)s invoices and credit notes from %(start)s to %(end)s match their "
        "entries in Exact Online: %(fields)s."
    ),
    "equal_one": _lt(
        "1 invoice or credit note from %(start)s to %(end)s matches its entry in Exact "
        "Online: %(fields)s."
    ),
    "rounding": _lt(
        "With an accepted rounding difference, otherwise matching in %(fields)s: "
        "%(count)s."
    ),
    "nothing": _lt("No booked invoices to compare from %(start)s to %(end)s."),
    "no_others": _lt(
        "Every Exact Online entry of this period in journals %(journals)s belongs to "
        "an invoice."
    ),
    "no_entries": _lt(
        "Journals %(journals)s have no entries in Exact Online in this period."
    ),
    "read": _lt(
        "Exact Online journals read: %(journals)s (%(calls)s API calls). Invoices by "
        "accounting date, entries by financial period."
    ),
    "not_compared": _lt("Not compared: %(kinds)s."),
}
# How sentences name what was compared, in this order.
FIELDS = {
    "total": _lt("total with VAT"),
    "by_code": _lt("base and VAT per VAT code"),
    "vat": _lt("VAT"),
    "by_gl": _lt("amount per G/L account"),
    "by_center": _lt("amount per cost centre"),
    "by_unit": _lt("amount per cost unit"),
    "currency": _lt("currency"),
    "total_dc": _lt("total in company currency"),
    "vat_dc": _lt("VAT in company currency"),
    "by_code_dc": _lt("base and VAT per VAT code in company currency"),
    "by_gl_dc": _lt("amount per G/L account in company currency"),
    "period": _lt("financial period"),
    "date": _lt("date"),
    "number": _lt("entry number"),
    "journal": _lt("journal"),
    "customer": _lt("customer"),
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


def field_names(env, names):
    """Return what was compared, or not returned, as people read it.

    :param names: keys of `FIELDS`.
    """
    return ", ".join(say(env, text) for name, text in FIELDS.items() if name in names)


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
