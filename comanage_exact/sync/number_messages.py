"""The sentences about entry numbers that clash, and what to change."""

from decimal import Decimal

from odoo.tools.translate import LazyTranslate

from ..booking import sales_entry
from ..booking.number_format import Document
from ..mappers.entry_number import NumberingMapper
from ..mappers.sales_entry import SalesEntryMapper
from . import messages
from .messages import say

_lt = LazyTranslate(__name__)

# Of all that is wrong, as much as a person reads.
SHOWN = 3

# By `number_format.Finding.kind`.
FINDINGS = {
    "clash": _lt(
        "%(other)s and %(name)s would both get entry number %(number)s in Exact "
        "Online journal %(journal)s, financial year %(year)s."
    ),
    "taken": _lt(
        "%(name)s would get entry number %(number)s, which “%(other)s” already has in "
        "Exact Online journal %(journal)s, financial year %(year)s."
    ),
    "restart": _lt(
        "%(name)s is numbered by month, but its entry number %(number)s has no "
        "{mm}, so the next month would get the same entry numbers."
    ),
    "too_large": _lt(
        "%(name)s has no valid Exact Online entry number: %(number)s is greater than "
        "2147483647."
    ),
    "not_digits": _lt(
        "%(name)s has no valid Exact Online entry number: “%(number)s” is not a number."
    ),
}
MORE_FINDINGS = _lt("The same goes for %(count)s more invoice(s).")
FIELDS = {
    "exact_number_prefix": _lt("Number Prefix"),
    "exact_credit_note_prefix": _lt("Credit Note Prefix"),
    "exact_debit_note_prefix": _lt("Debit Note Prefix"),
    "exact_number_suffix": _lt("Number Suffix"),
}
CHANGE = _lt("%(field)s of %(record)s to %(value)s")
CHANGE_TO_NOTHING = _lt("%(field)s of %(record)s to nothing")
# What helps, by whether there is a format that fits.
CHANGE_FORMAT = _lt("Change %(changes)s: click Use Proposed Format.")
CHANGE_JOURNAL = _lt(
    "No other format fits. Choose another Exact Online journal on one of the Odoo "
    "journals."
)
# The same on a booking, whose number an entry in Exact Online has.
CURE_FORMAT = _lt(
    "If that entry is this invoice, click “Already in Exact Online?” to link it. "
    "Otherwise change %(changes)s (on the company, Exact Online tab, click Use "
    "Proposed Format), or the number of that entry in Exact Online, then click Send to "
    "Exact again."
)
CURE_JOURNAL = _lt(
    "If that entry is this invoice, click “Already in Exact Online?” to link it. "
    "Otherwise choose another Exact Online journal on Odoo journal %(odoo_journal)s, "
    "or change the number of that entry in Exact Online, then click Send to Exact "
    "again."
)
CURE_OTHER = _lt(
    "Change %(changes)s (on the company, Exact Online tab, click Use Proposed "
    "Format), then click Send to Exact again."
)
CURE_OTHER_JOURNAL = _lt(
    "Choose another Exact Online journal on Odoo journal %(odoo_journal)s, then click "
    "Send to Exact again."
)
OUR_REFERENCE_OTHER = _lt(
    "Entry %(number)s in Exact Online journal %(journal)s has reference %(name)s and "
    "total %(amount)s but differs from what Odoo sent, as shown below. If it is this "
    "invoice, click “Already in Exact Online?” to link it. Otherwise correct or delete "
    "it in Exact Online, then click Send to Exact again."
)
MOVED = _lt(
    "Entry %(number)s in Exact Online journal %(journal)s has reference %(name)s, but "
    "Odoo sent the invoice to journal %(own_journal)s. If someone moved it there, "
    "click “Already in Exact Online?” to link it. Otherwise change its reference in "
    "Exact Online, then click Send to Exact again."
)
CLAIMED = _lt(
    "%(name)s was not sent because %(other)s of %(company)s has entry number "
    "%(number)s in Exact Online journal %(journal)s, financial year %(year)s. %(fix)s"
)
CURE_UNSEEN = _lt(
    "Change %(changes)s, so that %(name)s gets another number, then click Send to "
    "Exact again."
)


def finding_text(env, finding):
    """Return one sentence on what is wrong with a number.

    :param number_format.Finding finding:
    """
    document, other = finding.document, finding.other
    journal, year = document.place
    return say(
        env,
        FINDINGS[finding.kind],
        name=document.name,
        other=other.name if other else "",
        number=finding.value,
        journal=journal,
        year=year,
    )


def warning_text(env, findings):
    """Return what is wrong with the numbers, '' if nothing is."""
    sentences = [finding_text(env, finding) for finding in findings[:SHOWN]]
    more = len(findings) - SHOWN
    if more > 0:
        sentences.append(say(env, MORE_FINDINGS, count=more))
    return "\n".join(sentences)


def changes_text(env, changes):
    """Return which fields get which value.

    :param changes: of mappers.entry_number.Change.
    """
    return ", ".join(
        say(
            env,
            CHANGE if change.value else CHANGE_TO_NOTHING,
            field=say(env, FIELDS[change.name]),
            record=change.record.display_name,
            value=change.value,
        )
        for change in changes
    )


def advice_text(env, changes):
    """Return what helps against numbers that clash.

    :param changes: of `NumberingMapper.propose`.
    """
    if not changes:
        return say(env, CHANGE_JOURNAL)
    return say(env, CHANGE_FORMAT, changes=changes_text(env, changes))


def cure_text(outbox, by_format=None, by_journal=None, *, taken=()):
    """Return what helps a booking whose number Exact Online has in use.

    :param by_format, by_journal: texts with `changes` where another format fits, and
        with `odoo_journal` where none does; None where the entry was not found.
    :param taken: of Document: has its number; else that of the last request.
    """
    env, request = outbox.env, outbox.request or {}
    owner = outbox.company_id.sudo().exact_owner_id
    if request and not taken:
        place = (request["Journal"], SalesEntryMapper(outbox.move_id).financial_year)
        taken = [Document("?", place, fixed=request["EntryNumber"])]
    changes = NumberingMapper(owner, taken=taken).propose()
    name = outbox.move_id.name
    if changes:
        changes = changes_text(env, changes)
        return say(env, by_format or CURE_UNSEEN, name=name, changes=changes)
    journal = outbox.move_id.journal_id.display_name
    return say(env, by_journal or CURE_OTHER_JOURNAL, name=name, odoo_journal=journal)


def conflict_text(outbox, row):
    """Return which entry has the number or the reference of a booking.

    :param dict row: of SalesEntries.
    """
    reference = (row["YourRef"] or "").strip()
    amount = Decimal(row["AmountFC"] or 0)
    own_journal = outbox.request["Journal"]
    values = {
        "number": row["EntryNumber"],
        "journal": (row.get("Journal") or own_journal).strip(),
        "amount": messages.shown(outbox.env, amount),
    }
    other = outbox.move_id._exact_find_other_of_entry(row).move_id
    if reference == outbox.request["YourRef"] and not other:
        if values["journal"] != own_journal:
            return messages.booking_text(
                outbox, MOVED, own_journal=own_journal, **values
            )
        is_total = amount == sales_entry.total(outbox.request)
        text = OUR_REFERENCE_OTHER if is_total else messages.OUR_REFERENCE_OTHER_TOTAL
        return messages.booking_text(outbox, text, **values)
    if other:
        text = messages.NUMBER_OF_OUR_OTHER
        values |= {"other": other.name, "company": other.company_id.name}
        fix = cure_text(outbox, CURE_OTHER, CURE_OTHER_JOURNAL)
    else:
        text = messages.NUMBER_OF_ANOTHER
        fix = cure_text(outbox, CURE_FORMAT, CURE_JOURNAL)
    values["customer"] = (row["CustomerName"] or "").strip()
    return messages.booking_text(outbox, text, reference=reference, fix=fix, **values)


def claimed_text(claim, holder):
    """Return which invoice has the number that a booking was to get.

    :param NumberClaim claim: that was not to be had.
    :param exact.outbox holder: that has it; empty where it just gave it back.
    """
    place = (claim.journal, claim.year)
    taken = [Document("?", place, fixed=claim.number)]
    return messages.booking_text(
        claim.outbox,
        CLAIMED,
        other=holder.move_id.name or "?",
        company=holder.company_id.name or "?",
        number=claim.number,
        journal=claim.journal,
        year=claim.year,
        fix=cure_text(claim.outbox, CURE_OTHER, CURE_OTHER_JOURNAL, taken=taken),
    )
