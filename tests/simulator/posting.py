"""Keeps the ledger of the division: transactions, their lines and what they leave open.

The rows live as long as their entry, so their keys and row versions mean something.
"""

from .resources import RESOURCES
from .resources_finance import TERMS, TRANSACTION_LINES, TRANSACTIONS
from .terms import Terms

VAT = 24
# Neither a base line nor VAT.
NO_VAT = "S"


def book(context, kind, entry, lines, ledger):
    """Bring the transaction of an entry up to date; equal rows stay untouched."""
    _book_header(context, entry)
    _book_lines(context, kind, entry, lines, ledger)
    first = _line_zero(context, entry)
    Terms(context.state, context.division, kind, entry).refresh(first, context.user)


def show_document(context, entry, values):
    """Make the transaction of an entry name its document."""
    if context.find(TRANSACTIONS, entry["EntryID"]):
        _store(context, TRANSACTIONS, entry["EntryID"], values)
    for row in _lines_of(context, entry):
        _store(context, TRANSACTION_LINES, row["ID"], values)


def remove(context, entry):
    """Take an entry out of the ledger."""
    remove_terms(context, entry)
    for row in _lines_of(context, entry):
        context.state.delete(
            context.division, TRANSACTION_LINES, row["ID"], context.user
        )
    # An entry that a test put in by itself has none.
    if context.find(TRANSACTIONS, entry["EntryID"]):
        context.state.delete(context.division, TRANSACTIONS, entry["EntryID"])


def remove_terms(context, entry):
    """Remove what is to be paid; the next booking makes it anew."""
    terms = context.state.lookup(
        context.division, TERMS, entry["EntryID"], by=("TransactionEntryID",)
    )
    for term in terms:
        context.state.delete(context.division, TERMS, term["ID"], context.user)


# === TRANSACTION === #


def _book_header(context, entry):
    values = {
        "EntryID": entry["EntryID"],
        "Date": entry["EntryDate"],
        "FinancialYear": entry["ReportingYear"],
        "FinancialPeriod": entry["ReportingPeriod"],
        "JournalCode": entry["Journal"],
        "PaymentConditionCode": entry["PaymentCondition"],
    }
    same = (
        "Description Document DocumentNumber DocumentSubject EntryNumber"
        " ExternalLinkReference IsExtraDuty JournalDescription Status StatusDescription"
        " PaymentConditionDescription Type TypeDescription"
    )
    values.update({name: entry.get(name) for name in same.split()})
    _store(context, TRANSACTIONS, entry["EntryID"], values)


def _store(context, uri, key, values):
    """Insert a row, or change it where something differs."""
    row = context.find(uri, key)
    if row is None:
        return context.state.insert(context.division, uri, values, context.user)
    if any(row.get(name) != value for name, value in values.items()):
        row.update(values)
        context.state.stamp(RESOURCES[uri], row, context.user)
    return row


# === LINES === #


def _lines_of(context, entry):
    return context.state.lookup(
        context.division, TRANSACTION_LINES, entry["EntryID"], by=("EntryID",)
    )


def _line_zero(context, entry):
    return next(row for row in _lines_of(context, entry) if row["Place"] == (0,))


def _book_lines(context, kind, entry, lines, ledger):
    by_number = {line["LineNumber"]: line for line in lines}
    known = {row["Place"]: row for row in _lines_of(context, entry)}
    shared = _of_entry(context, kind, entry)
    for ledger_line in ledger:
        values = {**shared, **_amounts(ledger_line)}
        old = known.pop(values["Place"], {})
        if ledger_line["IsVAT"]:
            values.update(_of_vat(context, kind, entry, ledger_line, lines))
        elif ledger_line["LineNumber"]:
            line = by_number[ledger_line["LineNumber"]]
            values.update(_of_line(kind, entry, line))
        else:
            values.update(_of_party(context, entry))
        _store(context, TRANSACTION_LINES, values.get("ID") or old.get("ID"), values)
    for row in known.values():
        context.state.delete(
            context.division, TRANSACTION_LINES, row["ID"], context.user
        )


def _of_entry(context, kind, entry):
    account = context.find("crm/Accounts", entry[kind.party]) or {}
    same = (
        "EntryID EntryNumber InvoiceNumber OrderNumber Currency Description Document"
        " DocumentNumber DocumentSubject ExternalLinkReference JournalDescription"
        " PaymentReference Status Type YourRef"
    )
    return {
        **{name: entry.get(name) for name in same.split()},
        "Account": entry[kind.party],
        "AccountCode": account.get("Code"),
        "AccountName": account.get("Name"),
        "Date": entry["EntryDate"],
        "ExchangeRate": entry["Rate"],
        "FinancialYear": entry["ReportingYear"],
        "FinancialPeriod": entry["ReportingPeriod"],
        "JournalCode": entry["Journal"],
    }


def _amounts(ledger_line):
    number = ledger_line["LineNumber"]
    place = (number,)
    if ledger_line["IsVAT"]:
        place = (number, ledger_line["VATCode"], ledger_line["IsCharged"])
    return {
        "Place": place,
        "LineNumber": number,
        "AmountFC": ledger_line["AmountFC"],
        "AmountDC": ledger_line["AmountDC"],
        "VATCode": ledger_line["VATCode"],
    }


def _of_party(context, entry):
    journal = context.by_code("financial/Journals", entry["Journal"]) or {}
    return {
        "DueDate": entry["DueDate"],
        "GLAccount": journal.get("GLAccount"),
        "GLAccountCode": journal.get("GLAccountCode"),
        "GLAccountDescription": journal.get("GLAccountDescription"),
    }


def _of_line(kind, entry, line):
    """Return what a base line has of its line of the entry; its key, too."""
    same = (
        "Asset CostCenter CostCenterDescription CostUnit CostUnitDescription GLAccount"
        " GLAccountCode GLAccountDescription ID Notes Project Quantity SerialNumber"
        " Subscription TrackingNumber VATCode VATCodeDescription VATPercentage"
    )
    base = kind.vat_types[2 if entry["AmountFC"] < 0 else 0]
    return {
        **{name: line.get(name) for name in same.split()},
        "AmountVATBaseFC": line["VATBaseAmountFC"],
        "AmountVATFC": line["VATAmountFC"],
        "Description": line.get("Description") or entry.get("Description"),
        "VATType": base if line["VATCode"] else NO_VAT,
    }


def _of_vat(context, kind, entry, ledger_line, lines):
    vat_code = context.by_code("vat/VATCodes", ledger_line["VATCode"]) or {}
    mine = [line for line in lines if line["VATCode"] == ledger_line["VATCode"]]
    name = "GLToPay" if ledger_line["IsCharged"] else kind.vat_account
    account = _vat_account(context, vat_code, name) or {}
    vat_type = kind.vat_types[3 if entry["AmountFC"] < 0 else 1]
    return {
        "AmountVATBaseFC": sum(line["VATBaseAmountFC"] for line in mine),
        "AmountVATFC": abs(ledger_line["AmountFC"]),
        "GLAccount": account.get("ID"),
        "GLAccountCode": account.get("Code"),
        "GLAccountDescription": account.get("Description"),
        "VATCodeDescription": vat_code.get("Description"),
        "VATPercentage": vat_code.get("Percentage"),
        "VATType": "P" if ledger_line["IsCharged"] else vat_type,
    }


def _vat_account(context, vat_code, name):
    """Return the G/L account of a VAT code, or the division's own for VAT."""
    found = context.find("financial/GLAccounts", vat_code.get(name))
    if found:
        return found
    side = "C" if name == "GLToPay" else "D"
    accounts = [
        row
        for row in context.rows("financial/GLAccounts").values()
        if row.get("Type") == VAT
    ]
    fitting = [row for row in accounts if row.get("BalanceSide") == side]
    return next(iter(fitting or accounts), None)
