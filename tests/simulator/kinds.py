"""What sales entries and purchase entries differ in; all else is the same for both."""

from dataclasses import dataclass, field

DOCUMENTS = "documents/Documents"
SALES_INVOICE, PURCHASE_INVOICE = 10, 20


@dataclass(frozen=True)
class Kind:
    """One kind of entry.

    :param str party: property of the header with the account; `party_flag` is what
        that account must have, `party_text` what is said where it has not.
    :param str condition: property of the account with its payment condition.
    :param str control_account: property of the account with the G/L account that must
        be the one of the journal; `control_text` is said where it is not.
    :param tuple journals: types of the journals that take such entries.
    :param tuple types: of an entry, and of a credit note; with their names.
    :param str refused_vat: VATTransactionType of the codes that do not fit.
    :param str vat_account: property of a VAT code with the G/L account of its VAT.
    :param int debit: 1 where the account is debited, -1 where it is credited.
    :param int line_type: of its payment terms.
    :param tuple vat_types: VATType of ledger lines: base, VAT; credit notes: the same.
    :param bool makes_document: Exact makes a document of its own for each entry.
    :param dict defaults: of the header.
    """

    entries: str
    lines: str
    collection: str
    party: str
    party_flag: tuple
    party_text: str
    condition: str
    control_account: str
    control_text: str
    journals: tuple
    types: tuple
    type_names: tuple
    refused_vat: str
    vat_account: str
    debit: int
    line_type: int
    vat_types: tuple
    document_type: int
    makes_document: bool
    balance_name: str
    defaults: dict = field(default_factory=dict)

    @property
    def party_name(self):
        return f"{self.party}Name"


SALES = Kind(
    entries="salesentry/SalesEntries",
    lines="salesentry/SalesEntryLines",
    collection="SalesEntryLines",
    party="Customer",
    party_flag=("Status", "C"),
    party_text="customer_type",
    condition="PaymentConditionSales",
    control_account="GLAR",
    control_text="receivable_account",
    journals=(20, 21),
    types=(20, 21),
    type_names=("Verkoopboeking", "Creditnota"),
    refused_vat="P",
    vat_account="GLToPay",
    debit=1,
    line_type=20,
    vat_types=("V", "A", "X", "Z"),
    document_type=SALES_INVOICE,
    makes_document=False,
    balance_name="sales_entry",
    defaults={"Reversal": False, "IsExtraDuty": False},
)
PURCHASE = Kind(
    entries="purchaseentry/PurchaseEntries",
    lines="purchaseentry/PurchaseEntryLines",
    collection="PurchaseEntryLines",
    party="Supplier",
    party_flag=("IsSupplier", True),
    party_text="supplier_type",
    condition="PaymentConditionPurchase",
    control_account="GLAP",
    control_text="payable_account",
    journals=(22, 23),
    types=(30, 31),
    type_names=("Inkoopboeking", "Creditnota"),
    refused_vat="S",
    vat_account="GLToClaim",
    debit=-1,
    line_type=22,
    vat_types=("I", "O", "W", "Q"),
    document_type=PURCHASE_INVOICE,
    makes_document=True,
    balance_name="purchase_entry",
    defaults={"Reversal": False, "ProcessNumber": 0},
)
KINDS = (SALES, PURCHASE)


def find_entry(state, division, key):
    """Return (kind, entry) of an entry of either kind; (None, None) for no entry."""
    for kind in KINDS:
        entry = state.find(division, kind.entries, key)
        if entry:
            return kind, entry
    return None, None
