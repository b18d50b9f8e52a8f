"""Books, changes and deletes entries, with everything that Exact derives."""

from . import documents, posting
from .body import check_values
from .errors import Findings
from .kinds import DOCUMENTS, KINDS
from .ledger import header_totals, ledger_lines
from .resources import RESOURCES
from .validation import OPEN, PROCESSED, EntryCheck, may_be_changed, number_range
from .values import rounded
from .vat import ZERO, charged_vat, due_date, line_amounts, line_vat_code

LARGEST = 2**31 - 1


class Booking:
    """What one call does to entries of one kind."""

    def __init__(self, context, kind):
        self._context = context
        self._kind = kind

    # === ENTRIES === #

    def create(self, values):
        context, kind = self._context, self._kind
        lines = values.get(kind.collection) or []
        check = EntryCheck(context, kind, values, lines)
        _raise(check.run())
        header = {
            name: value for name, value in values.items() if name != kind.collection
        }
        if not context.settings.keep_client_guid:
            header.pop("EntryID", None)
        elif context.find(kind.entries, header.get("EntryID")):
            raise Findings([context.say("exists")])
        if header.get("EntryNumber") is None:
            header["EntryNumber"] = self._next_number(header["Journal"], check.year)
        self._fill_header(header, check)
        header["InvoiceNumber"] = self._invoice_number(header)
        header["Status"] = OPEN
        header["StatusDescription"] = "Open"
        entry = context.state.insert(
            context.division, kind.entries, header, context.user
        )
        for number, line in enumerate(lines, start=1):
            self._insert_line(entry, line, number)
        if kind.makes_document and not entry.get("Document"):
            self._make_document(entry)
        link(context, entry, entry.get("Document"))
        self.total(entry)
        return entry

    def update(self, entry, values):
        context, kind = self._context, self._kind
        party = kind.party
        changed_account = party in values and values[party] != entry[party]
        header = {**entry, **values}
        if "EntryDate" in values:
            for name in ("ReportingYear", "ReportingPeriod"):
                header[name] = values.get(name)
        if {"EntryDate", "PaymentCondition"} & set(values):
            header["DueDate"] = values.get("DueDate")
        if "Currency" in values:
            header["Rate"] = values.get("Rate")
        check = EntryCheck(context, kind, header, [], own_id=entry["EntryID"])
        _raise(may_be_changed(context, entry) + check.run())
        if "Document" in values and "entry" not in context.settings.document_links:
            raise Findings([context.about("not_allowed", "Document")])
        for name in ("EntryNumber", "InvoiceNumber"):
            if header.get(name) is None:
                header[name] = entry[name]
        self._fill_header(header, check)
        if changed_account:
            code = (check.account.get("Code") or "").strip()
            header["PaymentReference"] = f"{code}/{header['EntryNumber']}"
        entry.update(header)
        for line in self._lines_of(entry):
            _fill_domestic(line, check.rate)
        link(context, entry, entry.get("Document"))
        context.state.stamp(RESOURCES[kind.entries], entry, context.user)
        if changed_account:
            posting.remove_terms(context, entry)
        self.total(entry)

    def delete(self, entry):
        _raise(may_be_changed(self._context, entry))
        self._remove(entry)

    def _remove(self, entry):
        context, kind = self._context, self._kind
        for line in self._lines_of(entry):
            context.state.delete(context.division, kind.lines, line["ID"])
        posting.remove(context, entry)
        context.state.delete(context.division, kind.entries, entry["EntryID"])
        document = context.find(DOCUMENTS, entry.get("Document"))
        if document:
            document["FinancialTransactionEntryID"] = None

    # === LINES === #

    def create_line(self, values):
        context, kind = self._context, self._kind
        findings = check_values(context, RESOURCES[kind.lines], values)
        entry = context.find(kind.entries, values.get("EntryID"))
        if not entry:
            raise Findings(findings)
        check = EntryCheck(context, kind, dict(entry), [values], entry["EntryID"])
        _raise(may_be_changed(context, entry) + findings + check.run())
        values.pop("ID", None)
        number = max(row["LineNumber"] for row in self._lines_of(entry)) + 1
        line = self._insert_line(entry, values, number)
        self.total(entry)
        return line

    def update_line(self, line, values):
        context, kind = self._context, self._kind
        entry = context.find(kind.entries, line["EntryID"])
        values.pop("EntryID", None)
        changed = {**line, **values}
        changed["VATPercentage"] = values.get("VATPercentage")
        # What Exact computed for the old amount is computed again for the new one.
        if not line["VATIsGiven"] and "VATAmountFC" not in values:
            changed["VATAmountFC"] = None
        check = EntryCheck(context, kind, dict(entry), [changed], entry["EntryID"])
        _raise(may_be_changed(context, entry) + check.run())
        line.update(changed)
        self._fill_line(entry, line)
        context.state.stamp(RESOURCES[kind.lines], line, context.user)
        self.total(entry)

    def delete_line(self, line):
        context, kind = self._context, self._kind
        entry = context.find(kind.entries, line["EntryID"])
        _raise(may_be_changed(context, entry))
        context.state.delete(context.division, kind.lines, line["ID"])
        # An entry without lines does not exist.
        if self._lines_of(entry):
            self.total(entry)
        else:
            self._remove(entry)

    def _lines_of(self, entry):
        state, division = self._context.state, self._context.division
        return state.entry_lines(division, entry["EntryID"], self._kind.lines)

    # === DERIVED === #

    def _next_number(self, journal, year):
        """Return the next free number of the journal: YY, its code, then a sequence."""
        numbers = self._context.rows(self._kind.entries).numbers("EntryNumber")
        place = (journal, year)
        own = number_range(journal, year)
        highest = numbers.highest(*place, below=own.stop)
        first = max(own.start, (highest or 0) + 1)
        number = numbers.next_free(first, *place)
        if number > LARGEST:
            raise Findings([self._context.about("mandatory", "EntryNumber")])
        return number

    def _invoice_number(self, header):
        """Return the wanted invoice number if it goes on upwards, else the entry's."""
        wanted = header.get("InvoiceNumber")
        if not wanted:
            return header["EntryNumber"]
        numbers = self._context.rows(self._kind.entries).numbers("InvoiceNumber")
        place = (header["Journal"], header["ReportingYear"])
        is_higher = wanted > (numbers.highest(*place) or 0)
        return wanted if is_higher else header["EntryNumber"]

    def _fill_header(self, header, check):
        condition, kind = check.condition, self._kind
        header["EntryDate"] = check.entry_date
        header["ReportingYear"], header["ReportingPeriod"] = check.year, check.period
        header["Currency"], header["Rate"] = check.currency, check.rate
        header["PaymentCondition"] = condition["Code"]
        header["PaymentConditionDescription"] = condition["Description"]
        header["PaymentConditionPaymentMethod"] = condition["PaymentMethod"]
        header["DueDate"] = header.get("DueDate") or due_date(
            check.entry_date, condition
        )
        header[kind.party_name] = check.account["Name"]
        header["JournalDescription"] = check.journal["Description"]
        for name, value in kind.defaults.items():
            header.setdefault(name, value)

    def _make_document(self, entry):
        """Make the document that Exact gives a purchase by itself."""
        number = f"{entry['Journal']} {entry['EntryNumber']}"
        values = {
            "Subject": entry.get("Description") or number,
            "Type": self._kind.document_type,
            "Account": entry[self._kind.party],
            "DocumentDate": entry["EntryDate"],
        }
        document = documents.Document.post(self._context, values)
        entry["Document"] = document["ID"]

    def _insert_line(self, entry, values, number):
        context = self._context
        line = {**values, "EntryID": entry["EntryID"], "LineNumber": number}
        if not context.settings.keep_client_guid:
            line.pop("ID", None)
        self._fill_line(entry, line)
        return context.state.insert(
            context.division, self._kind.lines, line, context.user
        )

    def _fill_line(self, entry, line):
        context = self._context
        vat_code = line_vat_code(context, line)
        line["VATIsGiven"] = line.get("VATAmountFC") is not None
        base, vat = line_amounts(line, vat_code)
        # Missing only where the G/L account of another division was dropped.
        account = context.find("financial/GLAccounts", line["GLAccount"]) or {}
        centers = context.state.cost_centers[context.division]
        line.update(
            AmountFC=rounded(line.get("AmountFC") or ZERO),
            VATAmountFC=vat,
            VATBaseAmountFC=base,
            VATCode=vat_code["Code"] if vat_code else None,
            VATCodeDescription=vat_code["Description"] if vat_code else None,
            VATPercentage=vat_code["Percentage"] if vat_code else ZERO,
            GLAccountCode=account.get("Code"),
            GLAccountDescription=account.get("Description"),
            CostCenterDescription=centers.get(line.get("CostCenter")),
        )
        line["ChargedVATFC"] = ZERO
        if self._kind.debit < 0:
            line["ChargedVATFC"] = charged_vat(base, vat_code)
        _fill_domestic(line, entry["Rate"])

    def total(self, entry):
        """Set the amounts of the header, and book; its type follows their sign."""
        context, kind = self._context, self._kind
        lines = self._lines_of(entry)
        ledger = ledger_lines(context.settings, entry, lines, kind.debit)
        entry.update(header_totals(ledger, kind.debit))
        is_credit = entry["AmountFC"] < 0
        entry.update(
            Type=kind.types[is_credit], TypeDescription=kind.type_names[is_credit]
        )
        for line in lines:
            line["Type"] = kind.types[is_credit]
        posting.book(context, kind, entry, lines, ledger)


def link(context, entry, key):
    """Make an entry show a document, and the document the entry."""
    document = context.find(DOCUMENTS, key)
    if not document:
        return
    document["FinancialTransactionEntryID"] = entry["EntryID"]
    shown = {
        "Document": document["ID"],
        "DocumentNumber": document["HID"],
        "DocumentSubject": document["Subject"],
    }
    # A processed entry stays as it is; its voucher shows the document all the same.
    if entry["Status"] != PROCESSED:
        entry.update(shown)
    posting.show_document(context, entry, shown)


def _raise(findings):
    findings = list(dict.fromkeys(findings))
    if findings:
        raise Findings(findings)


def _fill_domestic(line, rate):
    """Set the amounts in the currency of the division."""
    for name in ("Amount", "VATAmount", "VATBaseAmount", "ChargedVAT"):
        line[f"{name}DC"] = rounded(line[f"{name}FC"] * rate)


def _action(kind, name):
    def act(context, *arguments):
        return getattr(Booking(context, kind), name)(*arguments)

    return act


def _actions(of_entries, of_lines):
    found = {kind.entries: _action(kind, of_entries) for kind in KINDS}
    return {**found, **{kind.lines: _action(kind, of_lines) for kind in KINDS}}


CREATE = _actions("create", "create_line")
UPDATE = _actions("update", "update_line")
DELETE = _actions("delete", "delete_line")
