"""Business rules of entries: every finding is collected, none is the last."""

from datetime import datetime
from decimal import Decimal

from . import texts
from .body import check_values
from .exchange_rates import rate_on, usable_rate
from .kinds import DOCUMENTS, SALES
from .resources import RESOURCES
from .resources_finance import TERMS
from .values import rounded
from .vat import computed_vat, line_amounts, line_vat_code

# Of sales, for those who look at these alone.
ENTRIES, LINES = SALES.entries, SALES.lines
GENERAL_JOURNAL = 90
VAT_ACCOUNT = 24
# Cash, bank, credit card, payment service, receivable, payable, VAT.
REFUSED_GL_TYPES = (10, 12, 14, 16, 20, 22, 24)
OPEN, PROCESSED = 20, 50
DEFAULT_CONDITION = "30"


class EntryCheck:
    """Checks an entry, and keeps what it looked up for the booking.

    :param Kind kind: sales or purchase.
    :param dict header: values of the entry as they would be stored.
    :param list lines: values of its lines.
    :param own_id: EntryID of the entry where it is changed; None for a new one.
    """

    def __init__(self, context, kind, header, lines, own_id=None):
        self._context = context
        self._kind = kind
        self.header = header
        self.lines = lines
        self._own_id = own_id
        self.findings = []
        self.journal = self.account = self.condition = None
        self.year = self.period = None
        self.rate = Decimal(1)
        self.entry_date = header.get("EntryDate") or _midnight(context.state.clock)
        self.currency = None

    def run(self):
        """Return all findings, each once."""
        self._check_table()
        self._check_journal()
        self._check_account()
        self._check_document()
        self._check_payment_condition()
        self._check_period()
        self._check_number()
        self._check_currency()
        for line in self.lines:
            self._check_line(line)
        self._check_header_vat()
        return list(dict.fromkeys(self.findings))

    def _find(self, key, *arguments):
        self.findings.append(self._context.say(key, *arguments))

    def _find_about(self, key, name, *arguments):
        self.findings.append(self._context.about(key, name, *arguments))

    # === HEADER === #

    def _check_table(self):
        resource = RESOURCES[self._kind.entries]
        given = (self._kind.collection,) if self._own_id else ()
        self.findings += check_values(self._context, resource, self.header, given=given)

    def _check_journal(self):
        code = self.header.get("Journal")
        if not code:
            return
        # Journals are codes with their leading zeros: no blank too many.
        journal = self._context.by_code("financial/Journals", code)
        if not journal or journal["Code"] != code:
            self._find_about("reference", "JournalReference")
            return
        self.journal = journal
        if journal["Type"] not in self._kind.journals:
            self._find("journal_type")
        if journal["IsBlocked"]:
            self._find_about("blocked", "Journal")

    def _check_account(self):
        kind = self._kind
        account = self._context.find("crm/Accounts", self.header.get(kind.party))
        if not account:
            return
        self.account = account
        name, wanted = kind.party_flag
        if account.get(name) != wanted:
            self._find(kind.party_text)
        if account.get("Blocked"):
            self._find_about("blocked", kind.party)
        own = account.get(kind.control_account)
        if own and self.journal and own != self.journal["GLAccount"]:
            self._find(kind.control_text)

    def _check_document(self):
        document = self._context.find(DOCUMENTS, self.header.get("Document"))
        if document and document["Type"] != self._kind.document_type:
            self._find("document_type")

    def _check_payment_condition(self):
        code = self.header.get("PaymentCondition")
        if not code and self.account:
            code = self.account.get(self._kind.condition)
        if not code:
            if self._context.settings.payment_condition_required:
                self._find_about("mandatory", "PaymentCondition")
                if not self.header.get("DueDate"):
                    self._find_about("mandatory", "DueDate")
            code = DEFAULT_CONDITION
        self.condition = self._context.by_code("cashflow/PaymentConditions", code)
        if not self.condition:
            self._find_about("reference", "PaymentCondition")

    def _check_period(self):
        year, number = (
            self.header.get("ReportingYear"),
            self.header.get("ReportingPeriod"),
        )
        period = None
        for row in self._context.rows("financial/FinancialPeriods").values():
            has_date = (
                row["StartDate"].date()
                <= self.entry_date.date()
                <= (row["EndDate"].date())
            )
            fits_year = year is None or row["FinYear"] == year
            fits_number = number is None or row["FinPeriod"] == number
            is_sent = year is not None and number is not None
            if fits_year and fits_number and (is_sent or has_date):
                period = row
        if not period:
            self._find_about("mandatory", "FinancialYear")
            return
        self.year, self.period = period["FinYear"], period["FinPeriod"]
        if is_closed(self._context, self.year, self.period, self.header.get("Journal")):
            self._find("period_closed", self.year, self.period)

    def _check_number(self):
        number = self.header.get("EntryNumber")
        if number is None:
            return
        place = (self.header.get("Journal"), self.year)
        is_outside = self.journal and self.year and not self._is_in_range(number)
        if number <= 0 or (
            is_outside and self._context.settings.number_range == "journal"
        ):
            self._find_about("invalid", "EntryNumber", number)
        rows = self._context.rows(self._kind.entries)
        own = rows.get(self._own_id, {})
        names = ("EntryNumber", "Journal", "ReportingYear")
        is_own = (number, *place) == tuple(own.get(name) for name in names)
        if rows.numbers("EntryNumber").count(number, *place) > is_own:
            self._find_about("in_use", "EntryNumber")

    def _is_in_range(self, number):
        return number in number_range(self.journal["Code"], self.year)

    def _check_currency(self):
        own = self._context.state.divisions()[self._context.division]["Currency"]
        journal = self.journal or {}
        self.currency = self.header.get("Currency") or journal.get("Currency") or own
        rate = self.header.get("Rate")
        if not self._context.find("general/Currencies", self.currency):
            self._find_about("reference", "Currency")
            return
        listed = rate_on(self._context, self.currency, self.entry_date)
        is_own_rate = rate is not None and rate != listed
        if not self._is_allowed(own, is_own_rate=is_own_rate):
            self._find_about("not_allowed", "ExchangeRate")
        elif self.currency == own:
            if rate not in (None, 1):
                self._find_about("not_allowed", "ExchangeRate")
        elif rate is not None and rate <= 0:
            self._find_about("invalid", "ExchangeRate", rate)
        elif rate is None and listed is None:
            self._find_about("mandatory", "ExchangeRate")
        else:
            self.rate = usable_rate(
                self._context, self.currency, listed if rate is None else rate
            )

    def _is_allowed(self, own, *, is_own_rate):
        """Tell whether the journal takes the currency and the rate of the entry."""
        journal = self.journal
        if not journal or self._context.settings.journal_currency == "ignored":
            return True
        if self.currency != (journal.get("Currency") or own):
            if not journal.get("AllowVariableCurrency", True):
                return False
        return (
            self.currency == own
            or not is_own_rate
            or journal.get("AllowVariableExchangeRate", True)
        )

    # === LINES === #

    def _check_line(self, line):
        # A line that is new with its entry cannot name it yet.
        checked = {name: line[name] for name in line if name != "EntryID"}
        given = ("EntryID",)
        self.findings += check_values(
            self._context, RESOURCES[self._kind.lines], checked, given=given
        )
        line.update(checked)
        account = self._context.find("financial/GLAccounts", line.get("GLAccount"))
        if account:
            self._check_gl_account(account, line)
        self._check_costs(line)
        self._check_vat(line)

    def _check_gl_account(self, account, line):
        if account["Type"] in REFUSED_GL_TYPES:
            self._find("gl_type")
        if account["IsBlocked"]:
            self._find_about("blocked", "GLAccount")
        for use, name in (("UseCostcenter", "CostCenter"), ("UseCostunit", "CostUnit")):
            if account.get(use) == 1 and not line.get(name):
                self._find_about("mandatory", name)

    def _check_costs(self, line):
        state, division = self._context.state, self._context.division
        known = (
            ("CostCenter", state.cost_centers[division]),
            ("CostUnit", state.cost_units[division]),
        )
        for name, codes in known:
            if line.get(name) and line[name] not in codes:
                self._find_about("reference", name)

    def _check_vat(self, line):
        sent = (line.get("VATCode") or "").strip()
        vat_code = line_vat_code(self._context, line)
        if sent and not vat_code:
            self._find_about("reference", "VATCode")
            return
        if vat_code and vat_code["IsBlocked"]:
            self._find_about("blocked", "VATCode")
        refused = self._kind.refused_vat
        if vat_code and vat_code["VATTransactionType"] == refused:
            name = texts.label(self._context.language, f"vat_{refused}")
            self._find("vat_direction", name)
        journal = self.journal or {}
        # The tick means something in general journals only.
        with_vat = journal.get("Type") != GENERAL_JOURNAL or journal["AllowVAT"]
        if vat_code and vat_code["Type"] != "N" and not with_vat:
            self._find_about("not_allowed", "VATCode")
        self._check_vat_account(vat_code)
        percentage = line.get("VATPercentage")
        # Only respected above 0; then it must be the one of the code.
        if percentage and vat_code and percentage != vat_code["Percentage"]:
            self._find_about("invalid", "VATPercentage", percentage)
        self._check_vat_amount(line, vat_code)

    def _check_vat_account(self, vat_code):
        """Find a code whose own G/L account is none for VAT."""
        key = vat_code.get("GLToPay") if vat_code else None
        account = self._context.find("financial/GLAccounts", key)
        if account and account["Type"] != VAT_ACCOUNT:
            percentage = f"{vat_code['Percentage'] * 100:.1f}"
            self._find("vat_account", vat_code["Description"], percentage)

    def _check_vat_amount(self, line, vat_code):
        given = line.get("VATAmountFC")
        if not given:
            return
        settings = self._context.settings
        if not vat_code or vat_code["Type"] == "N":
            self._find("vat_on_no_vat")
        elif vat_code["Type"] == "B" or vat_code["Charged"]:
            if settings.vat_on_base_only == "refuse":
                self._find_about("not_allowed", "VATAmountFC")
        elif settings.vat_tolerance is not None:
            off = abs(rounded(given) - computed_vat(line, vat_code))
            if off > Decimal(str(settings.vat_tolerance)):
                self._find_about("invalid", "VATAmountFC", given)

    def _check_header_vat(self):
        given = self.header.get("VATAmountFC")
        is_ignored = self._context.settings.header_vat == "ignore"
        if given is None or is_ignored or self._own_id:
            return
        booked = sum(
            line_amounts(line, line_vat_code(self._context, line))[1]
            for line in self.lines
        )
        difference = rounded(given) - booked
        if difference:
            shown = texts.amount(self._context.language, difference)
            name = texts.label(self._context.language, self._kind.balance_name)
            self._find("unbalanced", self.year, self.period, self.currency, shown, name)


def is_closed(context, year, period, journal):
    closed = context.state.closed_periods
    where = (context.division, year, period)
    return (*where, None) in closed or (*where, journal) in closed


def number_range(journal, year):
    """Return the numbers of a journal in a year: YY, the journal, up to 8 digits."""
    digits = "".join(sign for sign in journal if sign in "0123456789")
    prefix = f"{year % 100:02}{digits}"[:8]
    first = int(prefix.ljust(8, "0"))
    return range(first + 1, first + 10 ** (8 - len(prefix)))


def may_be_changed(context, entry):
    """Return the findings against changing or deleting a booked entry."""
    findings = []
    terms = context.state.lookup(
        context.division, TERMS, entry["EntryID"], by=("TransactionEntryID",)
    )
    is_open = all(term["Status"] == OPEN for term in terms)
    if entry["Status"] == PROCESSED or not is_open:
        findings.append(context.say("processed"))
    return findings + closed_findings(context, entry)


def closed_findings(context, entry):
    year, period = entry["ReportingYear"], entry["ReportingPeriod"]
    if is_closed(context, year, period, entry["Journal"]):
        return [context.say("period_closed", year, period)]
    return []


def _midnight(clock):
    today = clock.today()
    return datetime(today.year, today.month, today.day)
