"""VAT and due dates, as Exact computes them when nobody says otherwise."""

import calendar
from datetime import timedelta
from decimal import Decimal

from .values import rounded

ZERO = Decimal()


def line_vat_code(context, line):
    """Return the VAT code of a line: its own, else the one of its G/L account."""
    code = (line.get("VATCode") or "").strip()
    if not code:
        account = context.find("financial/GLAccounts", line.get("GLAccount")) or {}
        code = account.get("VATCode")
    return context.by_code("vat/VATCodes", code) if code else None


def line_amounts(line, vat_code):
    """Return a line's base and VAT, rounded.

    With a code of type I the amount of the line holds the VAT already. A given VAT
    amount is taken as it is.
    """
    amount = rounded(line.get("AmountFC") or ZERO)
    kind = vat_code["Type"] if vat_code else "N"
    given = line.get("VATAmountFC")
    vat = computed_vat(line, vat_code) if given is None else rounded(given)
    return (amount - vat, vat) if kind == "I" else (amount, vat)


def computed_vat(line, vat_code):
    """Return the VAT by the code's percentage, rounded per line."""
    amount = rounded(line.get("AmountFC") or ZERO)
    # Charged VAT is booked on both sides; the customer does not pay it.
    if not vat_code or vat_code["Type"] in ("N", "B") or vat_code["Charged"]:
        return ZERO
    fraction = vat_code["Percentage"]
    if vat_code["Type"] == "I":
        return amount - rounded(amount / (1 + fraction))
    return rounded(amount * fraction)


def due_date(entry_date, condition):
    """Return when an entry is due: ends of months first, then days.

    Exact's own example: 17 January and 2 month ends is 31 March, 15 days more 15 April.
    """
    result = entry_date
    if months := condition.get("PaymentEndOfMonths") or 0:
        index = result.year * 12 + result.month - 1 + months
        year, month = divmod(index, 12)
        last = calendar.monthrange(year, month + 1)[1]
        result = result.replace(year=year, month=month + 1, day=last)
    return result + timedelta(days=condition.get("PaymentDays") or 0)


def charged_vat(base, vat_code):
    """Return the VAT that the buyer both owes and claims, as for other EU countries."""
    if not vat_code or not vat_code["Charged"] or vat_code["Type"] in ("N", "B"):
        return ZERO
    return rounded(base * vat_code["Percentage"])
