"""Books, changes and deletes sales entries, with everything that Exact derives."""

from .body import check_values
from .errors import Findings
from .ledger import header_totals, ledger_lines
from .resources import RESOURCES
from .validation import DOCUMENTS, ENTRIES, LINES, EntryCheck, may_be_changed
from .values import rounded
from .vat import ZERO, due_date, line_amounts, line_vat_code

OPEN = 20
SALES_ENTRY, CREDIT_NOTE = 20, 21


def create_entry(context, values):
    lines = values.get("SalesEntryLines") or []
    check = EntryCheck(context, values, lines)
    _raise(check.run())
    header = {
        name: value for name, value in values.items() if name != "SalesEntryLines"
    }
    if not context.settings.keep_client_guid:
        header.pop("EntryID", None)
    elif context.find(ENTRIES, header.get("EntryID")):
        raise Findings([context.say("exists")])
    if header.get("EntryNumber") is None:
        header["EntryNumber"] = _next_number(context, header["Journal"], check.year)
    _fill_header(context, header, check)
    header["InvoiceNumber"] = _invoice_number(context, header)
    header["Status"] = OPEN
    header["StatusDescription"] = "Open"
    entry = context.state.insert(context.division, ENTRIES, header, context.user)
    for number, line in enumerate(lines, start=1):
        _insert_line(context, entry, line, number)
    _total(context, entry)
    link(context, entry, entry.get("Document"))
    return entry


def update_entry(context, entry, values):
    changed_customer = "Customer" in values and values["Customer"] != entry["Customer"]
    header = {**entry, **values}
    if "EntryDate" in values:
        for name in ("ReportingYear", "ReportingPeriod"):
            header[name] = values.get(name)
    if {"EntryDate", "PaymentCondition"} & set(values):
        header["DueDate"] = values.get("DueDate")
    if "Currency" in values:
        header["Rate"] = values.get("Rate")
    check = EntryCheck(context, header, [], own_id=entry["EntryID"])
    _raise(may_be_changed(context, entry) + check.run())
    if "Document" in values and "entry" not in context.settings.document_links:
        raise Findings([context.about("not_allowed", "Document")])
    for name in ("EntryNumber", "InvoiceNumber"):
        if header.get(name) is None:
            header[name] = entry[name]
    _fill_header(context, header, check)
    if changed_customer:
        code = check.customer["Code"].strip()
        header["PaymentReference"] = f"{code}/{header['EntryNumber']}"
    entry.update(header)
    for line in context.state.entry_lines(context.division, entry["EntryID"]):
        _fill_domestic(line, check.rate)
    _total(context, entry)
    link(context, entry, entry.get("Document"))
    context.state.stamp(RESOURCES[ENTRIES], entry, context.user)


def link(context, entry, key):
    """Make an entry show a document, and the document the entry."""
    document = context.find(DOCUMENTS, key)
    if not document:
        return
    document["FinancialTransactionEntryID"] = entry["EntryID"]
    entry["Document"] = document["ID"]
    entry["DocumentNumber"] = document["HID"]
    entry["DocumentSubject"] = document["Subject"]


def delete_entry(context, entry):
    _raise(may_be_changed(context, entry))
    _remove(context, entry)


def create_line(context, values):
    findings = check_values(context, RESOURCES[LINES], values)
    entry = context.find(ENTRIES, values.get("EntryID"))
    if not entry:
        raise Findings(findings)
    check = EntryCheck(context, dict(entry), [values], own_id=entry["EntryID"])
    _raise(may_be_changed(context, entry) + findings + check.run())
    values.pop("ID", None)
    lines = context.state.entry_lines(context.division, entry["EntryID"])
    number = max(row["LineNumber"] for row in lines) + 1
    line = _insert_line(context, entry, values, number)
    _total(context, entry)
    return line


def update_line(context, line, values):
    entry = context.find(ENTRIES, line["EntryID"])
    values.pop("EntryID", None)
    changed = {**line, **values}
    changed["VATPercentage"] = values.get("VATPercentage")
    # What Exact computed for the old amount is computed again for the new one.
    if not line["VATIsGiven"] and "VATAmountFC" not in values:
        changed["VATAmountFC"] = None
    check = EntryCheck(context, dict(entry), [changed], own_id=entry["EntryID"])
    _raise(may_be_changed(context, entry) + check.run())
    line.update(changed)
    _fill_line(context, entry, line)
    context.state.stamp(RESOURCES[LINES], line, context.user)
    _total(context, entry)


def delete_line(context, line):
    entry = context.find(ENTRIES, line["EntryID"])
    _raise(may_be_changed(context, entry))
    context.state.delete(context.division, LINES, line["ID"])
    # An entry without lines does not exist.
    if context.state.entry_lines(context.division, entry["EntryID"]):
        _total(context, entry)
    else:
        _remove(context, entry)


def _raise(findings):
    findings = list(dict.fromkeys(findings))
    if findings:
        raise Findings(findings)


def _remove(context, entry):
    for line in context.state.entry_lines(context.division, entry["EntryID"]):
        context.state.delete(context.division, LINES, line["ID"])
    context.state.delete(context.division, ENTRIES, entry["EntryID"])
    document = context.find(DOCUMENTS, entry.get("Document"))
    if document:
        document["FinancialTransactionEntryID"] = None


# === DERIVED === #


def _next_number(context, journal, year):
    taken = [
        entry["EntryNumber"]
        for entry in context.rows(ENTRIES).values()
        if (entry["Journal"], entry["ReportingYear"]) == (journal, year)
    ]
    digits = int("".join(sign for sign in journal if sign.isdigit()) or 0)
    number = max(taken, default=year % 100 * 1_000_000 + digits * 1_000) + 1
    if number >= 2**31:
        raise Findings([context.about("mandatory", "EntryNumber")])
    return number


def _invoice_number(context, header):
    """Return the wanted invoice number if it goes on upwards, else the entry's own."""
    wanted = header.get("InvoiceNumber")
    highest = max(
        (
            entry["InvoiceNumber"]
            for entry in context.rows(ENTRIES).values()
            if entry["Journal"] == header["Journal"]
            and entry["ReportingYear"] == header["ReportingYear"]
        ),
        default=0,
    )
    return wanted if wanted and wanted > highest else header["EntryNumber"]


def _fill_header(context, header, check):
    condition = check.condition
    header["EntryDate"] = check.entry_date
    header["ReportingYear"], header["ReportingPeriod"] = check.year, check.period
    header["Currency"], header["Rate"] = check.currency, check.rate
    header["PaymentCondition"] = condition["Code"]
    header["PaymentConditionDescription"] = condition["Description"]
    header["PaymentConditionPaymentMethod"] = condition["PaymentMethod"]
    header["DueDate"] = header.get("DueDate") or due_date(check.entry_date, condition)
    header["CustomerName"] = check.customer["Name"]
    header["JournalDescription"] = check.journal["Description"]
    header.setdefault("Reversal", False)
    header.setdefault("IsExtraDuty", False)


def _insert_line(context, entry, values, number):
    line = {**values, "EntryID": entry["EntryID"], "LineNumber": number}
    if not context.settings.keep_client_guid:
        line.pop("ID", None)
    _fill_line(context, entry, line)
    return context.state.insert(context.division, LINES, line, context.user)


def _fill_line(context, entry, line):
    vat_code = line_vat_code(context, line)
    line["VATIsGiven"] = line.get("VATAmountFC") is not None
    base, vat = line_amounts(line, vat_code)
    account = context.find("financial/GLAccounts", line["GLAccount"])
    centers = context.state.cost_centers[context.division]
    line.update(
        AmountFC=rounded(line["AmountFC"]),
        VATAmountFC=vat,
        VATBaseAmountFC=base,
        VATCode=vat_code["Code"] if vat_code else None,
        VATCodeDescription=vat_code["Description"] if vat_code else None,
        VATPercentage=vat_code["Percentage"] if vat_code else ZERO,
        GLAccountCode=account["Code"],
        GLAccountDescription=account["Description"],
        CostCenterDescription=centers.get(line.get("CostCenter")),
    )
    _fill_domestic(line, entry["Rate"])


def _fill_domestic(line, rate):
    """Set the amounts in the currency of the division."""
    for name in ("Amount", "VATAmount", "VATBaseAmount"):
        line[f"{name}DC"] = rounded(line[f"{name}FC"] * rate)


def _total(context, entry):
    """Set the amounts of the header; its type follows their sign."""
    lines = context.state.entry_lines(context.division, entry["EntryID"])
    entry.update(header_totals(ledger_lines(context.settings, entry, lines)))
    kind = CREDIT_NOTE if entry["AmountFC"] < 0 else SALES_ENTRY
    entry.update(
        Type=kind,
        TypeDescription="Creditnota" if kind == CREDIT_NOTE else "Verkoopboeking",
    )
    for line in lines:
        line["Type"] = kind
