"""The lines that an entry makes in the ledger, and the totals that follow from them.

Line 0 is the customer's or supplier's, then come those of the entry, and one for the
VAT of each VAT code. Amounts in the currency of the division are converted line by
line; the header has their sum.
"""

from .values import rounded
from .vat import ZERO

VAT_LINE = 9999


def ledger_lines(settings, entry, lines, debit=1):
    """Return the lines of the ledger of an entry, debit positive.

    :param dict entry: its Rate is used.
    :param list lines: of the entry, with their amounts in both currencies.
    :param int debit: 1 for sales, -1 for purchases.
    :return: list of dict: LineNumber, VATCode, IsVAT, IsCharged, AmountFC, AmountDC;
        they balance. An entry of 9,999 lines has the number of VAT twice.
    """
    found = [
        _line(
            line["LineNumber"],
            line["VATCode"],
            -debit * line["VATBaseAmountFC"],
            -debit * line["VATBaseAmountDC"],
        )
        for line in lines
    ]
    for code, foreign, domestic in _vat_by_code(settings, entry, lines):
        amounts = (-debit * foreign, -debit * domestic)
        found.append(_line(VAT_LINE, code, *amounts, is_vat=True))
    found += _charged_lines(entry, lines)
    totals = [
        -sum((row[name] for row in found), ZERO) for name in ("AmountFC", "AmountDC")
    ]
    return [_line(0, None, *totals), *found]


def _vat_by_code(settings, entry, lines):
    """Return [(VAT code, VAT, the same in the currency of the division)]."""
    found = {}
    for line in lines:
        foreign, domestic = found.get(line["VATCode"], (ZERO, ZERO))
        found[line["VATCode"]] = (
            foreign + line["VATAmountFC"],
            domestic + line["VATAmountDC"],
        )
    rows = [[code, *amounts] for code, amounts in found.items() if any(amounts)]
    if settings.vat_conversion != "line":
        for row in rows:
            row[2] = rounded(row[1] * entry["Rate"])
    if settings.vat_conversion == "sum" and rows:
        total = sum((row[1] for row in rows), ZERO)
        rest = rounded(total * entry["Rate"]) - sum((row[2] for row in rows), ZERO)
        # The largest bears the cents that are left.
        max(rows, key=lambda row: abs(row[1]))[2] += rest
    return [row for row in rows if row[1] or row[2]]


def _charged_lines(entry, lines):
    """Return what charged VAT makes: it is claimed and paid, and nobody owes it."""
    by_code = {}
    for line in lines:
        vat = by_code.get(line["VATCode"], ZERO)
        by_code[line["VATCode"]] = vat + line["ChargedVATFC"]
    found = []
    for code, vat in by_code.items():
        if not vat:
            continue
        domestic = rounded(vat * entry["Rate"])
        found.append(_line(VAT_LINE, code, vat, domestic, is_vat=True))
        charged = _line(VAT_LINE, code, -vat, -domestic, is_vat=True)
        found.append({**charged, "IsCharged": True})
    return found


def _line(number, vat_code, foreign, domestic, *, is_vat=False):
    return {
        "LineNumber": number,
        "VATCode": vat_code,
        "IsVAT": is_vat,
        "IsCharged": False,
        "AmountFC": foreign,
        "AmountDC": domestic,
    }


def header_totals(ledger, debit=1):
    """Return the amounts of the header: those of line 0, and the VAT."""
    vat = [row for row in ledger if row["IsVAT"]]
    return {
        "AmountFC": debit * ledger[0]["AmountFC"],
        "AmountDC": debit * ledger[0]["AmountDC"],
        "VATAmountFC": -debit * sum((row["AmountFC"] for row in vat), ZERO),
        "VATAmountDC": -debit * sum((row["AmountDC"] for row in vat), ZERO),
    }
