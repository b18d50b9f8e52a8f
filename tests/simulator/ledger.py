"""The lines that an entry makes in the ledger, and the totals that follow from them.

Line 0 is the customer's, then come those of the entry, and one for the VAT of each VAT
code. Amounts in the currency of the division are converted line by line; the header
has their sum.
"""

from .values import rounded
from .vat import ZERO

VAT_LINE = 9999


def ledger_lines(settings, entry, lines):
    """Return the lines of the ledger of an entry, debit positive.

    :param dict entry: its Rate is used.
    :param list lines: of the entry, with their amounts in both currencies.
    :return: list of dict: LineNumber, VATCode, IsVAT, AmountFC, AmountDC; they balance.
        An entry of 9,999 lines has the number of VAT twice.
    """
    found = [
        _line(
            line["LineNumber"],
            line["VATCode"],
            -line["VATBaseAmountFC"],
            -line["VATBaseAmountDC"],
        )
        for line in lines
    ]
    for code in dict.fromkeys(line["VATCode"] for line in lines):
        rows = [line for line in lines if line["VATCode"] == code]
        vat = sum((row["VATAmountFC"] for row in rows), ZERO)
        domestic = rounded(vat * entry["Rate"])
        if settings.vat_conversion == "line":
            domestic = sum((row["VATAmountDC"] for row in rows), ZERO)
        if vat or domestic:
            found.append(_line(VAT_LINE, code, -vat, -domestic, is_vat=True))
    totals = [
        -sum((row[name] for row in found), ZERO) for name in ("AmountFC", "AmountDC")
    ]
    return [_line(0, None, *totals), *found]


def _line(number, vat_code, foreign, domestic, *, is_vat=False):
    return {
        "LineNumber": number,
        "VATCode": vat_code,
        "IsVAT": is_vat,
        "AmountFC": foreign,
        "AmountDC": domestic,
    }


def header_totals(ledger):
    """Return the amounts of the header: those of the customer's line, and the VAT."""
    vat = [row for row in ledger if row["IsVAT"]]
    return {
        "AmountFC": ledger[0]["AmountFC"],
        "AmountDC": ledger[0]["AmountDC"],
        "VATAmountFC": -sum((row["AmountFC"] for row in vat), ZERO),
        "VATAmountDC": -sum((row["AmountDC"] for row in vat), ZERO),
    }
