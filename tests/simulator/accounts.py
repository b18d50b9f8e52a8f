"""Accounts: customers and suppliers."""

import re

from . import addresses, contacts
from .checks import email_findings, language_findings, place_findings, strip_place
from .records import Record, midnight, next_number

ACCOUNTS = "crm/Accounts"
STATUSES = ("A", "S", "P", "C")
# The code of an account is 18 characters; what Exact numbers itself has seven digits.
CODE_LENGTH, OWN_CODE_LENGTH = 18, 7
_VAT_NUMBERS = {
    "AT": r"ATU\d{8}",
    "BE": r"(BE)?[01]\d{9}",
    "DE": r"DE\d{9}",
    "ES": r"ES[A-Z0-9]\d{7}[A-Z0-9]",
    "FR": r"FR[A-Z0-9]{2}\d{9}",
    "IT": r"IT\d{11}",
    "LU": r"LU\d{8}",
    "NL": r"NL\d{9}B\d{2}",
}
_VAT_NUMBER_LENGTH = 40


class Account(Record):
    uri = ACCOUNTS
    codes = {
        "PaymentConditionSales": "cashflow/PaymentConditions",
        "PaymentConditionPurchase": "cashflow/PaymentConditions",
        "SalesVATCode": "vat/VATCodes",
        "PurchaseVATCode": "vat/VATCodes",
    }
    unique = ("Code",)
    used_by = (
        ("salesentry/SalesEntries", "Customer"),
        ("purchaseentry/PurchaseEntries", "Supplier"),
        ("documents/Documents", "Account"),
    )
    owned = (
        ("crm/Contacts", "Account"),
        ("crm/Addresses", "Account"),
        ("crm/BankAccounts", "Account"),
    )
    label = "Customer"
    may_be_null = (
        "HasWithholdingTaxSales",
        "IsExtraDuty",
        "ShowRemarkForSales",
        "DeliveryAdvice",
    )

    def findings(self):
        findings = self._code_findings()
        status = self.values.get("Status")
        if status is not None and status not in STATUSES:
            findings.append(self.context.about("invalid", "Status", status))
        findings += place_findings(self) + language_findings(self)
        findings += self._main_contact_findings()
        number = self.values.get("VATNumber")
        if number and not _is_vat_number(number, self.text("Country")):
            findings.append(self.context.about("invalid", "VATNumber", number))
        findings += email_findings(self, "Email")
        self._clean()
        return findings

    def _code_findings(self):
        if "Code" not in self.values:
            return []
        code = self.text("Code")
        self.values["Code"] = code
        if not code:
            # A new account is numbered; an account cannot lose its code.
            is_new = self.row is None
            return [] if is_new else [self.context.about("mandatory", "Code")]
        if not (code.isascii() and code.isdigit()):
            return [self.context.about("invalid", "Code", code)]
        return []

    def _main_contact_findings(self):
        key = self.values.get("MainContact")
        contact = self.context.find("crm/Contacts", key)
        if not contact or (self.row and contact["Account"] == self.row["ID"]):
            return []
        return [self.context.about("reference", "MainContact")]

    def _clean(self):
        """Empty currencies that are not active, as Exact silently does."""
        strip_place(self)
        for name in ("SalesCurrency", "PurchaseCurrency"):
            code = self.values.get(name)
            if code and not self.context.find("general/Currencies", code):
                self.values[name] = None

    def fill(self):
        context = self.context
        division = context.state.divisions()[context.division]
        today = midnight(context)
        self.default(
            Status="A",
            Country=division["Country"].strip(),
            Type="A",
            SalesCurrency=division["Currency"],
            PurchaseCurrency=division["Currency"],
            Source=2,
            ConsolidationScenario=6,
            GlnNumber="",
            SecurityLevel=10,
            StartDate=today,
            StatusSince=today,
        )
        if not self.values.get("Code"):
            self.values["Code"] = self._next_code()

    def _next_code(self):
        codes = [
            int(row["Code"])
            for row in self.context.rows(ACCOUNTS).values()
            if (row["Code"] or "").isdigit() and row["Code"].isascii()
        ]
        number = next_number(codes, 10**CODE_LENGTH - 1)
        return str(number).rjust(OWN_CODE_LENGTH, "0")

    def derive(self):
        account = self.row
        account["Status"] = account.get("Status") or "A"
        account["IsSales"] = account["Status"] == "C"
        account["IsPurchase"] = True
        for name in _AMOUNTS:
            if account.get(name) is None:
                account[name] = 0
        for name, uri in self.codes.items():
            row = self.context.by_code(uri, account[name]) if account.get(name) else {}
            account[f"{name}Description"] = (row or {}).get("Description")
        for name in ("SalesCurrency", "PurchaseCurrency"):
            row = self.context.find("general/Currencies", account.get(name)) or {}
            account[f"{name}Description"] = row.get("Description")
        self.copy_from(
            ACCOUNTS,
            "InvoiceAccount",
            InvoiceAccountCode="Code",
            InvoiceAccountName="Name",
        )

    def follow_up(self):
        addresses.follow_account(self.context, self.row)
        contacts.follow_account(self.context, self.row)


_AMOUNTS = (
    "CreditLinePurchase",
    "CreditLineSales",
    "DiscountPurchase",
    "DiscountSales",
    "InvoicingMethod",
    "InvoiceAttachmentType",
    "PurchaseLeadDays",
    "ShippingLeadDays",
)


def _is_vat_number(number, country):
    """Check the form only; blanks and dots do not count."""
    if len(number) > _VAT_NUMBER_LENGTH:
        return False
    bare = re.sub(r"[ .\-]", "", number).upper()
    prefix = bare[:2] if bare[:2].isalpha() else country
    pattern = _VAT_NUMBERS.get(prefix, r"[A-Z0-9+*]{4,15}")
    return re.fullmatch(pattern, bare, re.ASCII) is not None
