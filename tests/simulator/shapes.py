"""How values look when they are read: blanks around codes, and what is never null."""

from decimal import Decimal

# Width of texts that come padded, in every resource; negative is right-aligned.
_WIDTHS = {
    "AccountCode": -18,
    "Country": 3,
    "CustomerCode": -18,
    "DivisionCustomerCode": -18,
    "InvoiceAccountCode": -18,
    "InvoiceToCode": -18,
    "Language": 10,
    "Legislation": 3,
    "OrderedByCode": -18,
    "PurchaseVATCode": 3,
    "PurchaseVatCode": 3,
    "ResellerCode": -18,
    "SalesVATCode": 3,
    "SalesVatCode": 3,
    "SearchCode": 9,
    "State": 3,
    "SupplierCode": -18,
    "Unit": 8,
    "VATCode": 3,
}
# What `Code` is depends on the resource, by the last part of its address.
_CODE_WIDTHS = {"Accounts": -18, "Contacts": -18, "Units": 8, "VATCodes": 3}
# The language of a user is no column of the database.
_NOT_PADDED = {("Me", "Language"), ("GLAccounts", "SearchCode")}

# Flags that come as null all the same, as was recorded.
_NULL_FLAGS = {
    "Accounts": (
        "HasWithholdingTaxSales",
        "IsExtraDuty",
        "ShowRemarkForSales",
        "DeliveryAdvice",
    ),
    "Documents": ("ActionRegenerateEntryProposal",),
    "Journals": ("BankAccountUseSEPA", "BankAccountUseSepaDirectDebit"),
}
_ZERO = Decimal()
# Numbers that are never null.
_NUMBERS = {
    "Accounts": {
        "CreditLinePurchase": _ZERO,
        "CreditLineSales": _ZERO,
        "DiscountPurchase": _ZERO,
        "DiscountSales": _ZERO,
        "InvoicingMethod": 0,
        "SecurityLevel": 10,
    },
    "GLAccounts": {"PrivatePercentage": _ZERO, "VATNonDeductiblePercentage": _ZERO},
}
# Only these answer a POST with the whole record when nobody asks for it.
_FILLED = (
    "documents/DocumentAttachments",
    "documents/Documents",
    "generaljournalentry/GeneralJournalEntries",
    "purchaseentry/PurchaseEntries",
    "salesentry/SalesEntries",
    "salesinvoice/SalesInvoices",
)
# Their totals come with that answer, the VAT in them does not.
VAT_OF_HEADER = ("VATAmountDC", "VATAmountFC")
_WITHOUT_VAT = (
    "purchaseentry/PurchaseEntries",
    "salesentry/SalesEntries",
    "salesinvoice/SalesInvoices",
)


def width_of(uri, name, edm):
    """Return the width a text is padded to, 0 for none."""
    kind = uri.split("/")[-1]
    if edm != "String" or (kind, name) in _NOT_PADDED:
        return 0
    return _CODE_WIDTHS.get(kind, 0) if name == "Code" else _WIDTHS.get(name, 0)


def empty_of(uri, name, edm):
    """Return what a property without a value is read as."""
    kind = uri.split("/")[-1]
    if name in _NULL_FLAGS.get(kind, ()):
        return None
    if edm in ("Boolean", "Byte"):
        return False if edm == "Boolean" else 0
    return _NUMBERS.get(kind, {}).get(name)


def is_filled(uri):
    return uri in _FILLED


def has_vat_later(uri):
    return uri in _WITHOUT_VAT
