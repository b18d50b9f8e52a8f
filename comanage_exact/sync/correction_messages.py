"""Sentences about booked invoices that are corrected, and the table of what changed."""

from decimal import Decimal

from markupsafe import Markup

from odoo.tools.translate import LazyTranslate

from ..booking import comparison, sales_entry
from ..exact_api import odata, refusals
from ..mappers.sales_entry import SalesEntryMapper
from . import messages
from .messages import say, shown

_lt = LazyTranslate(__name__)

# === DELETED IN EXACT === #

DELETED = _lt(
    "Entry %(number)s of %(name)s no longer exists in Exact Online. Click Book Again "
    "to book the invoice again with the same number, Link to Entry if it was booked "
    "there once more, or Leave if it must stay out of Exact Online."
)
REPLACED = _lt(
    "Entry %(number)s of %(name)s no longer exists in Exact Online, but entry "
    "%(other)s in journal %(journal)s has its number or reference (%(customer)s, "
    "%(amount)s). Click Link to Entry if that entry is this invoice, otherwise change "
    "its number and reference in Exact Online, then click Book Again."
)
STILL_THERE = _lt(
    "Entry %(number)s of %(name)s is still in Exact Online, so the invoice was not "
    "booked again."
)
CHECKED_EQUAL = _lt("Entry %(number)s of %(name)s is equal to the invoice.")
CHECKED_DIFFERENT = _lt(
    "Entry %(number)s of %(name)s differs from the invoice. The differences are shown "
    "on the invoice."
)
BOOKED_AGAIN = _lt(
    "Entry %(number)s no longer exists in Exact Online. The invoice is booked again "
    "with the same number."
)
ORIGINAL_GONE = _lt(
    "%(name)s credits %(original)s, whose entry no longer exists in Exact Online. "
    "Book %(original)s again first, then %(name)s follows automatically; if "
    "%(original)s stays out of Exact Online, leave %(name)s out as well."
)
FOUND_BEFORE = _lt(
    "%(name)s was not sent because entry %(number)s in Exact Online journal "
    "%(journal)s already has its reference (%(customer)s, %(amount)s). If that entry "
    "is this invoice, click “Already in Exact Online?” to link it; otherwise change "
    "the reference of that entry in Exact Online, then click Send to Exact again."
)

# === WITHDRAWING === #

WITHDRAWING = _lt(
    "Odoo is deleting entry %(number)s of %(name)s in Exact Online. No action is "
    "needed."
)
WITHDRAWAL_LOST = _lt(
    "Exact Online has not confirmed yet that entry %(number)s of %(name)s is deleted. "
    "Odoo checks it again automatically. No action is needed."
)
WITHDRAWAL_WAITS = _lt(
    "Entry %(number)s of %(name)s is not deleted yet because Exact Online is "
    "unavailable or its API limit has been reached. Odoo will try again automatically."
)
WITHDRAWAL_BUG = _lt(
    "An internal error occurred in Odoo while withdrawing %(name)s. Odoo will try "
    "again automatically; ask your administrator to check the server log."
)
WITHDRAWN = _lt("Entry %(number)s was deleted in Exact Online. Reason: %(reason)s")
WITHDRAWN_PDF = _lt(
    "The document with the PDF stays in Exact Online and is shown by the next entry."
)
ENTRY_CHANGED = _lt(
    "Entry %(number)s of %(name)s was not deleted because it was changed in Exact "
    "Online after it was booked. %(changes)s Delete or correct it there, then click "
    "Check in Exact."
)
ENTRY_REPLACED = _lt(
    "Entry %(number)s of %(name)s was not deleted because Exact Online now has entry "
    "%(other)s in journal %(journal)s with its number or reference. Delete or correct "
    "that entry there, then click Check in Exact."
)
CHANGE = _lt("%(label)s: %(booked)s when booked, %(now)s now.")
LINES_CHANGED = _lt("The lines are no longer those that were booked.")
DELETION_REFUSED = _lt(
    "Exact Online refused to delete entry %(number)s of %(name)s: %(reason)s. %(fix)s"
)
IS_PROCESSED = _lt("the entry is processed")
_FIX_PROCESSED = _lt(
    "Undo its processing or the matching with its payment in Exact Online, then click "
    "Withdraw from Exact again, or %(credit)s."
)
_FIX_CLOSED = _lt(
    "Open its financial period in Exact Online, then click Withdraw from Exact again, "
    "or %(credit)s."
)
_FIX_RIGHTS = _lt(
    "Ask an Exact Online administrator to allow the connected user to delete entries, "
    "or delete the entry there and click Check in Exact."
)
_FIX_OTHER = _lt(
    "Delete the entry in Exact Online and click Check in Exact, or %(credit)s."
)
_CREDIT = _lt("create a credit note in Odoo")
# Else the credit note would credit what Exact Online does not have.
_CREDIT_AS_BOOKED = _lt(
    "reset the invoice in Odoo to what was booked, then credit it and create a new one"
)
_FIX_BY_REFUSAL = {
    refusals.PROCESSED: _FIX_PROCESSED,
    refusals.PERIOD_CLOSED: _FIX_CLOSED,
    refusals.FINANCIAL_YEAR: _FIX_CLOSED,
    refusals.SCOPE: _FIX_RIGHTS,
    refusals.RIGHTS: _FIX_RIGHTS,
    refusals.PORTAL_USER: _FIX_RIGHTS,
}


def entry_text(outbox, text, **values):
    """Return a sentence about the entry of a booking, which names both."""
    return messages.booking_text(outbox, text, number=outbox.exact_number, **values)


def other_entry_text(outbox, text, row):
    """Return a sentence about an entry that stands where that of a booking was.

    :param dict row: of SalesEntries.
    """
    values = _values_of(outbox, row)
    return entry_text(outbox, text, other=values.pop("number"), **values)


def found_before_text(outbox, row):
    """Return which entry has the reference of an invoice that was not sent."""
    return messages.booking_text(outbox, FOUND_BEFORE, **_values_of(outbox, row))


def _values_of(outbox, row):
    return {
        "number": row["EntryNumber"],
        "journal": str(row.get("Journal") or "").strip(),
        "customer": (row.get("CustomerName") or "").strip(),
        "amount": shown(outbox.env, Decimal(row.get("AmountFC") or 0)),
    }


def changed_text(outbox, changes):
    """Return what of an entry was changed in Exact Online.

    :param list changes: as `withdrawal.changes` found them.
    """
    env, sentences = outbox.env, []
    for name, booked, now in changes:
        if name == "lines":
            sentences.append(say(env, LINES_CHANGED))
        elif name == "customer":
            customer = outbox.move_id.commercial_partner_id.display_name
            sentences.append(say(env, messages.CUSTOMER_DIFFERS, customer=customer))
        else:
            label = env._(messages.LABELS[name])
            values = {"booked": shown(env, booked), "now": shown(env, now or "–")}
            sentences.append(say(env, CHANGE, label=label, **values))
    return entry_text(outbox, ENTRY_CHANGED, changes=" ".join(sentences))


def deletion_refused_text(outbox, err):
    """Return why Exact Online does not delete an entry, and what helps.

    :param ExactRejected err: None if the entry itself says that it is processed.
    """
    env = outbox.env
    if err is None:
        reason, fix = say(env, IS_PROCESSED), _FIX_PROCESSED
    else:
        reason = messages.quoted(env, err)
        fix = _FIX_BY_REFUSAL.get(refusals.classify(err.messages))
        fix = fix or (_FIX_RIGHTS if err.status in (401, 403) else _FIX_OTHER)
    is_as_booked = outbox.move_id.state == "posted" and not outbox.finding_before
    credit = say(env, _CREDIT if is_as_booked else _CREDIT_AS_BOOKED)
    fix = say(env, fix, credit=credit)
    return entry_text(outbox, DELETION_REFUSED, reason=reason, fix=fix)


# === CHANGED SINCE BOOKED === #

NOW = _lt("Odoo now")
THEN = _lt("Booked then")
TODAY = _lt("Exact Online today")
_FACTS = (
    ("reference", _lt("Reference")),
    ("number", _lt("Entry Number")),
    ("journal", _lt("Journal")),
    ("date", _lt("Date")),
    ("period", _lt("Financial Period")),
    ("customer", _lt("Customer")),
    ("currency", _lt("Currency")),
    ("total", _lt("Total")),
    ("vat", _lt("VAT")),
)


def changes_html(outbox):
    """Return the table of an invoice that is no longer what was booked, or False.

    A column each for Odoo, what was booked and, where somebody has looked, Exact
    Online; only what differs is marked.

    :param exact.outbox outbox: as superuser.
    """
    if outbox.state != "sent" or outbox.finding != "changed" or not outbox.request:
        return False
    env = outbox.env
    columns = [_now(outbox), _then(outbox)]
    titles = [NOW, THEN]
    if outbox.entry_seen:
        columns.append(_today(outbox))
        titles.append(TODAY)
    head = Markup("<tr><th></th>%s</tr>") % Markup().join(
        Markup("<th>%s</th>") % say(env, title) for title in titles
    )
    body = Markup().join(
        _row(env, label, [column.get(name) for column in columns])
        for name, label in _labels(env, columns)
    )
    return Markup("<table class='table table-sm w-auto'>%s%s</table>") % (head, body)


def _labels(env, columns):
    """Return (name, label) of each row: what is a whole, then what is per VAT code."""
    codes = sorted(
        {name for column in columns for name in column if isinstance(name, tuple)}
    )
    facts = [(name, say(env, label)) for name, label in _FACTS]
    return facts + [(name, messages.difference_label(env, name)) for name in codes]


def _row(env, label, values):
    is_same = len({str(value) for value in values if value is not None}) <= 1
    cells = Markup().join(
        Markup("<td>%s</td>") % ("" if value is None else shown(env, value))
        for value in values
    )
    style = "" if is_same else "table-warning"
    return Markup("<tr class='%s'><th>%s</th>%s</tr>") % (style, label, cells)


def _facts(booking, customer):
    by_code = booking.by_code or ()
    return {
        **booking.as_facts(),
        "customer": customer,
        **{("base", code): base for code, base, _vat in by_code},
        **{("vat", code): vat for code, _base, vat in by_code},
    }


def _now(outbox):
    owner = outbox.company_id.exact_owner_id
    mapper = SalesEntryMapper(outbox.move_id.with_company(owner))
    booking = mapper.booked()
    facts = _facts(booking, outbox.partner_id.display_name)
    codes = comparison.sum_by_code(
        (row.vat_code.code or "", row.amount, row.vat_amount) for row in mapper.lines
    )
    for name in [name for name in facts if isinstance(name, tuple)]:
        del facts[name]
    facts.update({("base", code): base for code, base, _vat in codes})
    facts.update({("vat", code): vat for code, _base, vat in codes})
    # The number in the books of Exact is that of the booking.
    return {**facts, "number": mapper.likely_number}


def _then(outbox):
    request = outbox.request
    by_code = comparison.sum_by_code(
        (
            line.get("VATCode", ""),
            Decimal(str(line["AmountFC"])),
            Decimal(str(line["VATAmountFC"])),
        )
        for line in request["SalesEntryLines"]
    )
    booking = comparison.Booking(
        key="",
        number=str(request["EntryNumber"]),
        day=odata.read_day(request["EntryDate"]),
        journal=request["Journal"],
        reference=request["YourRef"],
        customer=request["Customer"],
        currency=request["Currency"],
        total=sales_entry.total(request),
        total_dc=None,
        vat_dc=None,
        by_code=by_code,
        year=request.get("ReportingYear"),
        period=request.get("ReportingPeriod"),
    )
    return _facts(booking, _name_customer(outbox, request["Customer"]))


def _today(outbox):
    booking = comparison.read_entry(outbox.entry_seen)
    name = outbox.entry_seen.get("CustomerName")
    return _facts(booking, name or _name_customer(outbox, booking.customer))


def _name_customer(outbox, guid):
    """Return how Exact Online calls a customer, as far as Odoo knows."""
    owner = outbox.company_id.exact_owner_id
    partner = outbox.partner_id.with_company(owner)
    if partner.exact_guid == guid:
        return partner.display_name
    account = outbox.env["exact.account"].search(
        [("company_id", "=", owner.id), ("exact_guid", "=", guid)], limit=1
    )
    return account.display_name or guid
