"""Lists of codes that a bookkeeper keeps: journals, G/L accounts, VAT codes, costs."""

from .checks import currency_findings
from .records import Record, midnight
from .seed_data import GL_TYPES

JOURNALS, GL_ACCOUNTS = "financial/Journals", "financial/GLAccounts"
VAT_CODES, PERCENTAGES = "vat/VATCodes", "vat/VatPercentages"
DEDUCTIBILITY = "financial/DeductibilityPercentages"
JOURNAL_TYPES = (10, 12, 16, 20, 21, 22, 23, 90)
# Accounts of the profit and loss from this type on; below it, of the balance sheet.
FIRST_RESULT_TYPE = 110
_CREDIT_TYPES = (22, 25, 27, 29, 50, 52, 55, 60, 100, 110, 140, 160)
_CHOICES = {
    "Type": ("E", "I", "B", "N"),
    "VATTransactionType": ("B", "P", "S"),
    "EUSalesListing": ("L", "N", "S", "T"),
}


class CodeList(Record):
    """One that keeps a code with no blanks around it."""

    unique = ("Code",)

    def findings(self):
        if self.values.get("Code"):
            self.values["Code"] = self.values["Code"].strip()
        return []

    def show_account(self, *names):
        for name in names:
            shown = {f"{name}Code": "Code", f"{name}Description": "Description"}
            self.copy_from(GL_ACCOUNTS, name, **shown)

    def insert_parts(self, uri, link, rows):
        context = self.context
        for number, values in enumerate(rows, start=1):
            row = {**values, link: self.row["ID"], "LineNumber": number}
            if not context.settings.keep_client_guid:
                row.pop("ID", None)
            row.setdefault("StartDate", midnight(context))
            context.state.insert(context.division, uri, row, context.user)


class Journal(CodeList):
    uri = JOURNALS
    label = "Journal"
    may_be_null = ("BankAccountUseSEPA", "BankAccountUseSepaDirectDebit")

    def findings(self):
        findings = super().findings() + currency_findings(self, "Currency")
        kind = self.values.get("Type")
        if kind is not None and kind not in JOURNAL_TYPES:
            findings.append(self.context.about("invalid", "Type", kind))
        return findings

    def fill(self):
        division = self.context.state.divisions()[self.context.division]
        self.default(Currency=division["Currency"])

    def derive(self):
        self.show_account("GLAccount")
        self.copy_from(GL_ACCOUNTS, "GLAccount", GLAccountType="Type")
        self.row.setdefault("GLAccount", None)
        currency = self.context.find("general/Currencies", self.row.get("Currency"))
        self.row["CurrencyDescription"] = (currency or {}).get("Description")

    def delete_findings(self):
        for uri in ("salesentry/SalesEntries", "purchaseentry/PurchaseEntries"):
            for row in self.context.rows(uri).values():
                if row["Journal"] == self.row["Code"]:
                    return [self.context.about("in_use", self.label)]
        return []


class GLAccount(CodeList):
    uri = GL_ACCOUNTS
    codes = {
        "VATCode": VAT_CODES,
        "Costcenter": "hrm/Costcenters",
        "Costunit": "hrm/Costunits",
    }
    owned = ((DEDUCTIBILITY, "GLAccount"),)
    used_by = (
        ("salesentry/SalesEntryLines", "GLAccount"),
        ("purchaseentry/PurchaseEntryLines", "GLAccount"),
        (JOURNALS, "GLAccount"),
        (VAT_CODES, "GLToPay"),
        (VAT_CODES, "GLToClaim"),
        ("crm/Accounts", "GLAR"),
        ("crm/Accounts", "GLAP"),
        ("crm/Accounts", "GLAccountSales"),
        ("crm/Accounts", "GLAccountPurchase"),
        ("logistics/Items", "GLRevenue"),
        ("logistics/Items", "GLCosts"),
        ("logistics/Items", "GLStock"),
    )
    label = "GLAccount"

    def findings(self):
        findings = super().findings()
        choices = {
            "Type": tuple(GL_TYPES),
            "BalanceSide": ("D", "C"),
            "BalanceType": ("B", "W"),
            "UseCostcenter": (0, 1, 2),
            "UseCostunit": (0, 1, 2),
        }
        return findings + [
            self.context.about("invalid", name, self.values[name])
            for name, allowed in choices.items()
            if self.values.get(name) is not None and self.values[name] not in allowed
        ]

    def fill(self):
        self.default(Type=90)
        kind = self.values["Type"]
        self.default(
            BalanceSide="C" if kind in _CREDIT_TYPES else "D",
            BalanceType="W" if kind >= FIRST_RESULT_TYPE else "B",
        )

    def derive(self):
        account = self.row
        account["TypeDescription"] = GL_TYPES.get(account.get("Type"))
        code = account.get("VATCode")
        vat_code = self.context.by_code(VAT_CODES, code) if code else {}
        account["VATDescription"] = (vat_code or {}).get("Description")
        for name in ("ExpenseNonDeductible", "Private", "VATNonDeductible"):
            if account.get(f"{name}Percentage") is None:
                account[f"{name}Percentage"] = 0

    def add_parts(self):
        rows = self.parts["DeductibilityPercentages"]
        self.insert_parts(DEDUCTIBILITY, "GLAccount", rows)


class VATCode(CodeList):
    uri = VAT_CODES
    owned = ((PERCENTAGES, "VATCodeID"),)
    label = "VATCode"

    def findings(self):
        about = self.context.about
        findings = [
            about("invalid", name, self.values[name])
            for name, allowed in _CHOICES.items()
            if self.values.get(name) is not None and self.values[name] not in allowed
        ]
        for row in self.parts.get("VATPercentages", ()):
            value = row.get("Percentage")
            if value is None:
                findings.append(about("mandatory", "Percentage"))
            elif not 0 <= value <= 1:
                findings.append(about("invalid", "Percentage", value))
        return super().findings() + findings

    def fill(self):
        self.default(Type="E", VATTransactionType="B", EUSalesListing="N")
        self.default(VatDocType="P", IntrastatType="N", CalculationBasis=0)
        self.default(Percentage=0)

    def derive(self):
        for name in ("Type", "VATTransactionType"):
            if not self.row.get(name):
                self.row[name] = {"Type": "E"}.get(name, "B")
        names = ("GLDiscountPurchase", "GLDiscountSales", "GLToClaim", "GLToPay")
        self.show_account(*names)
        names = {"AccountCode": "Code", "AccountName": "Name"}
        self.copy_from("crm/Accounts", "Account", **names)

    def add_parts(self):
        rows = self.parts["VATPercentages"]
        self.insert_parts(PERCENTAGES, "VATCodeID", rows)
        if rows:
            self.row["Percentage"] = rows[-1]["Percentage"]

    def delete_findings(self):
        code = self.row["Code"]
        used = (
            ("salesentry/SalesEntryLines", "VATCode"),
            ("purchaseentry/PurchaseEntryLines", "VATCode"),
            (GL_ACCOUNTS, "VATCode"),
            ("crm/Accounts", "SalesVATCode"),
            ("crm/Accounts", "PurchaseVATCode"),
            ("logistics/Items", "SalesVatCode"),
        )
        for uri, name in used:
            if any(row.get(name) == code for row in self.context.rows(uri).values()):
                return [self.context.about("in_use", self.label)]
        return []


class PaymentCondition(CodeList):
    uri = "cashflow/PaymentConditions"
    label = "PaymentCondition"

    def findings(self):
        findings = super().findings()
        method = self.values.get("PaymentMethod")
        if method is not None and method not in ("B", "I", "K", "Q"):
            findings.append(self.context.about("invalid", "PaymentMethod", method))
        for name in ("PaymentDays", "PaymentEndOfMonths", "DiscountPaymentDays"):
            number = self.values.get(name) or 0
            # Longer ones would lead out of the calendar.
            if not 0 <= number <= 999:
                findings.append(self.context.about("invalid", name, number))
        return findings

    def fill(self):
        self.default(PaymentMethod="B", PaymentDays=0, PaymentEndOfMonths=0)
        self.default(Percentage=1, DiscountPaymentDays=0, DiscountPercentage=0)


class Costcenter(CodeList):
    uri = "hrm/Costcenters"
    label = "CostCenter"
    # The code is what entries know a cost centre by.
    fixed = ("Code",)
    line_property, account_property = "CostCenter", "Costcenter"

    def names(self):
        return self.context.state.cost_centers[self.context.division]

    def follow_up(self):
        self.names()[self.row["Code"]] = self.row["Description"]

    def forget(self):
        self.names().pop(self.row["Code"], None)

    def delete_findings(self):
        used = (
            ("salesentry/SalesEntryLines", self.line_property),
            ("purchaseentry/PurchaseEntryLines", self.line_property),
            (GL_ACCOUNTS, self.account_property),
        )
        code = self.row["Code"]
        for uri, name in used:
            if any(row.get(name) == code for row in self.context.rows(uri).values()):
                return [self.context.about("in_use", self.label)]
        return []


class Costunit(Costcenter):
    uri = "hrm/Costunits"
    label = "CostUnit"
    line_property, account_property = "CostUnit", "Costunit"

    def names(self):
        return self.context.state.cost_units[self.context.division]


class DocumentFolder(CodeList):
    uri = "documents/DocumentFolders"
    label = "DocumentFolder"
    used_by = (
        ("documents/Documents", "DocumentFolder"),
        ("documents/DocumentFolders", "ParentFolder"),
    )
