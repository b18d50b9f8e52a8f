"""The table of resources, and what the simulator may import."""

import ast
import sys
from pathlib import Path

import pytest

from .simulator.resources import RESOURCES, find_resource
from .simulator.settings import TABLE

FOLDER = Path(__file__).parent / "simulator"
# Property: (Edm type, can be sent, mandatory), as Exact's reference has them.
FACTS = {
    "crm/Accounts": {
        "ID": ("Guid", True, False),
        "Name": ("String", True, True),
        "Code": ("String", True, False),
        "IsSales": ("Boolean", False, False),
        "IsSupplier": ("Boolean", True, False),
        "Currency": ("String", False, False),
        "InvoicingMethod": ("Int32", True, False),
        "IsAccountant": ("Byte", True, False),
        "DiscountSales": ("Double", True, False),
        "BankAccounts": ("Collection", False, False),
    },
    "salesentry/SalesEntries": {
        "Customer": ("Guid", True, True),
        "Journal": ("String", True, True),
        "SalesEntryLines": ("Collection", True, True),
        "EntryNumber": ("Int32", True, False),
        "ReportingYear": ("Int16", True, False),
        "AmountFC": ("Double", False, False),
        "VATAmountFC": ("Double", True, False),
        "Type": ("Int32", False, False),
        "Status": ("Int16", False, False),
        "EntryDate": ("DateTime", True, False),
    },
    "salesentry/SalesEntryLines": {
        "AmountFC": ("Double", True, True),
        "GLAccount": ("Guid", True, True),
        "EntryID": ("Guid", True, True),
        "VATCode": ("String", True, False),
        "VATPercentage": ("Double", True, False),
        "AmountDC": ("Double", False, False),
        "LineNumber": ("Int32", False, False),
    },
    "vat/VATCodes": {
        "Percentage": ("Double", False, False),
        "IntraStat": ("Boolean", True, False),
    },
    "system/Divisions": {
        "Code": ("Int32", False, False),
        "Hid": ("Int64", False, False),
        "BlockingStatus": ("Int32", False, False),
    },
    "cashflow/PaymentConditions": {"PaymentEndOfMonths": ("Int32", True, False)},
    "financial/FinancialPeriods": {"FinYear": ("Int16", False, False)},
    "financial/GLAccounts": {"UseCostcenter": ("Byte", True, False)},
    "hrm/Costcenters": {"Active": ("Boolean", True, False)},
    "hrm/Costunits": {"EndDate": ("DateTime", True, False)},
    "financial/Journals": {"Type": ("Int32", True, True)},
    "general/Currencies": {"AmountPrecision": ("Double", False, False)},
    "current/Me": {"CurrentDivision": ("Int32", False, False)},
    "documents/Documents": {
        "Subject": ("String", True, True),
        "Type": ("Int32", True, True),
        "Account": ("Guid", True, False),
        "FinancialTransactionEntryID": ("Guid", True, False),
        "TypeDescription": ("String", False, False),
    },
    "purchaseentry/PurchaseEntries": {
        "Supplier": ("Guid", True, True),
        "Journal": ("String", True, True),
        "PurchaseEntryLines": ("Collection", True, True),
        "ProcessNumber": ("Int32", True, False),
        "AmountFC": ("Double", False, False),
        "Status": ("Int16", False, False),
    },
    "purchaseentry/PurchaseEntryLines": {
        # Called mandatory, but a line without it is booked.
        "AmountFC": ("Double", True, False),
        "AmountDC": ("Double", False, False),
        "GLAccount": ("Guid", True, True),
        "EntryID": ("Guid", True, True),
        "VATBaseAmountDC": ("Double", False, False),
    },
    "financialtransaction/TransactionLines": {
        "LineNumber": ("Int32", False, False),
        "VATType": ("String", False, False),
        "OffsetID": ("Guid", False, False),
    },
    "cashflow/Receivables": {
        "Status": ("Int16", False, False),
        "IsFullyPaid": ("Boolean", False, False),
        "LastPaymentDate": ("DateTime", False, False),
        "PaymentMethod": ("String", True, False),
        "PaymentReference": ("String", True, False),
        "TransactionEntryID": ("Guid", False, False),
    },
    "sync/Cashflow/PaymentTerms": {
        "LineType": ("Int16", False, False),
        "Timestamp": ("Int64", False, False),
        "PaymentMethod": ("String", False, False),
    },
    "read/financial/ReceivablesList": {
        "HID": ("Int64", False, False),
        "Amount": ("Double", False, False),
    },
    "read/financial/PayablesList": {"ApprovalStatus": ("Int16", False, False)},
    "documents/DocumentAttachments": {
        "Attachment": ("Binary", True, True),
        "Document": ("Guid", True, True),
        "FileName": ("String", True, True),
        "FileSize": ("Double", False, False),
    },
}
# How many properties the reference of 2025 lists and later sightings add to it.
COUNTS = {
    "current/Me": 39,
    "system/Divisions": 62,
    "crm/Accounts": 166,
    "financial/Journals": 37,
    "financial/GLAccounts": 44,
    "vat/VATCodes": 44,
    "cashflow/PaymentConditions": 23,
    "general/Currencies": 6,
    "financial/FinancialPeriods": 12,
    "hrm/Costcenters": 13,
    "hrm/Costunits": 12,
    "salesentry/SalesEntries": 50,
    "salesentry/SalesEntryLines": 51,
    "documents/Documents": 54,
    "documents/DocumentAttachments": 6,
    "purchaseentry/PurchaseEntries": 46,
    "purchaseentry/PurchaseEntryLines": 52,
    "financialtransaction/TransactionLines": 72,
    "cashflow/Receivables": 79,
    "sync/Cashflow/PaymentTerms": 86,
    "read/financial/ReceivablesList": 17,
    "read/financial/PayablesList": 18,
}


@pytest.mark.parametrize("uri", FACTS)
def test_properties_are_those_of_the_reference(uri):
    properties = RESOURCES[uri].properties

    found = {
        name: (
            properties[name].edm,
            properties[name].writable,
            properties[name].mandatory,
        )
        for name in FACTS[uri]
    }
    assert found == FACTS[uri]
    assert len(properties) == COUNTS[uri]


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_table_agrees_with_itself(resource):
    names = set(resource.properties)
    assert resource.key in names
    assert set(resource.filter_fields) <= names
    assert set(resource.unfilterable) <= names
    assert set(resource.answered) <= names
    assert set(resource.references) <= names
    assert set(resource.references.values()) <= set(RESOURCES)
    for name, (uri, link) in resource.children.items():
        assert resource.properties[name].edm == "Collection"
        assert link in RESOURCES[uri].properties
    assert find_resource(resource.uri.upper()) is resource


@pytest.mark.parametrize(
    ("uri", "methods"),
    [
        ("crm/Accounts", {"GET", "POST", "PUT", "DELETE"}),
        ("salesentry/SalesEntries", {"GET", "POST", "PUT", "DELETE"}),
        ("documents/Documents", {"GET", "POST", "PUT", "DELETE"}),
        ("documents/DocumentAttachments", {"GET", "POST", "DELETE"}),
        ("financial/FinancialPeriods", {"GET"}),
        ("general/Currencies", {"GET"}),
    ],
)
def test_verbs(uri, methods):
    assert RESOURCES[uri].methods == methods


def test_every_setting_is_used():
    sources = "".join(
        path.read_text()
        for path in FOLDER.glob("*.py")
        if path.name not in ("settings.py",)
    )
    # Built from the name of a window.
    built = {"minute_limit", "day_limit", "contract_limit"}
    unused = [name for name in set(TABLE) - built if f".{name}" not in sources]
    assert unused == []


def test_simulator_imports_werkzeug_and_the_standard_library_alone():
    found = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 1
    assert found - set(sys.stdlib_module_names) == {"werkzeug"}
