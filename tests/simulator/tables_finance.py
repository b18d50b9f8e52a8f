"""The properties of purchases, the ledger and what is still to be paid.

The form is that of `tables`. Source: Exact's REST reference, July 2025; of
Transactions, which it lacks, the pages of December 2025.
"""

PURCHASE_ENTRIES = """
rw Guid: EntryID Supplier! Document
rw String: Journal!/4 Currency/3 Description/60 ExternalLinkReference PaymentCondition/3
rw String: PaymentReference/35 YourRef/30
rw DateTime: EntryDate DueDate
rw Int16: ReportingPeriod ReportingYear
rw Int32: BatchNumber EntryNumber InvoiceNumber OrderNumber ProcessNumber
rw Double: GAccountAmountFC Rate VATAmountFC
rw Boolean: Reversal
rw Collection: PurchaseEntryLines!
ro Guid: Creator Modifier
ro Int16: Status
ro Int32: Division DocumentNumber Type
ro Double: AmountDC AmountFC VATAmountDC
ro DateTime: Created Modified
ro String: CreatorFullName DocumentSubject ExternalLinkDescription JournalDescription
ro String: ModifierFullName PaymentConditionDescription PaymentConditionPaymentMethod
ro String: StatusDescription SupplierName TypeDescription CustomField
"""

# AmountFC is called mandatory, but a line without it is booked as 0.
PURCHASE_ENTRY_LINES = """
rw Guid: ID Asset EntryID! Expense GLAccount! Project Subscription TrackingNumber
rw Double: AmountFC PrivateUsePercentage Quantity StatisticalNetWeight
rw Double: StatisticalQuantity StatisticalValue VATAmountFC VATBaseAmountFC
rw Double: VATNonDeductiblePercentage VATPercentage WithholdingAmountDC
rw String: CostCenter/8 CostUnit/8 Description/60 IntraStatArea IntraStatCountry
rw String: IntraStatDeliveryTerm IntraStatTransactionA IntraStatTransactionB
rw String: IntraStatTransportMethod Notes SerialNumber StatisticalNumber VATCode/3
rw String: WithholdingTax
rw DateTime: From To
ro Int32: Division LineNumber Type
ro Double: AmountDC VATAmountDC VATBaseAmountDC
ro String: AssetDescription CostCenterDescription CostUnitDescription
ro String: ExpenseDescription GLAccountCode GLAccountDescription ProjectDescription
ro String: SubscriptionDescription TrackingNumberDescription VATCodeDescription
ro String: CustomField
"""

TRANSACTIONS = """
ro Guid: EntryID Document
ro Int16: FinancialPeriod FinancialYear Status
ro Int32: Division DocumentNumber EntryNumber Type
ro Double: ClosingBalanceFC OpeningBalanceFC
ro Boolean: IsExtraDuty
ro DateTime: Created Date Modified
ro String: Description DocumentSubject ExternalLinkDescription ExternalLinkReference
ro String: JournalCode JournalDescription PaymentConditionCode
ro String: PaymentConditionDescription StatusDescription TypeDescription
ro Collection: TransactionLines
"""

TRANSACTION_LINES = """
ro Guid: ID Account Asset Creator Document EntryID GLAccount Item Modifier OffsetID
ro Guid: Project ShopOrder Subscription
ro Int16: FinancialPeriod FinancialYear LineType Status
ro Int32: Division DocumentNumber EntryNumber InvoiceNumber LineNumber OrderNumber Type
ro Double: AmountDC AmountFC AmountVATBaseFC AmountVATFC ExchangeRate ExtraDutyAmountFC
ro Double: ExtraDutyPercentage PaymentDiscountAmount Quantity VATPercentage
ro DateTime: Created Date DueDate Modified
ro String: AccountCode AccountName AssetCode AssetDescription CostCenter
ro String: CostCenterDescription CostUnit CostUnitDescription CreatorFullName Currency
ro String: Description DocumentSubject ExternalLinkDescription ExternalLinkReference
ro String: GLAccountCode GLAccountDescription ItemCode ItemDescription JournalCode
ro String: JournalDescription ModifierFullName Notes PaymentReference ProjectCode
ro String: ProjectDescription SerialNumber SubscriptionDescription TrackingNumber
ro String: TrackingNumberDescription VATCode VATCodeDescription VATType YourRef
ro String: CustomField
"""

# What receivables and payments have in common.
_TERMS = """
ro Guid: ID Account AccountBankAccountID AccountContact BankAccountID Creator Document
ro Guid: EntryID GLAccount Modifier TransactionEntryID TransactionID
ro Boolean: TransactionIsReversal
ro Byte: IsBatchBooking
ro Int16: EndPeriod EndYear Status TransactionReportingPeriod TransactionReportingYear
ro Int16: TransactionStatus
ro Int32: Division DocumentNumber EntryNumber InvoiceNumber PaymentDays
ro Int32: PaymentDaysDiscount Source TransactionType
ro Double: AmountDC AmountDiscountDC AmountDiscountFC AmountFC PaymentDiscountPercentage
ro Double: RateFC TransactionAmountDC TransactionAmountFC
ro DateTime: Created DiscountDueDate DueDate EndDate EntryDate InvoiceDate Modified
ro DateTime: TransactionDueDate
ro String: AccountBankAccountNumber AccountCode AccountContactName AccountName
ro String: BankAccountNumber CashflowTransactionBatchCode CreatorFullName Currency
ro String: DocumentSubject GLAccountCode GLAccountDescription Journal JournalDescription
ro String: ModifierFullName PaymentCondition PaymentConditionDescription YourRef
rw String: Description/60 PaymentMethod/1 PaymentReference/35
"""
_OF_RECEIVABLES = """
ro Guid: DirectDebitMandate ReceivableSelector
ro Boolean: IsFullyPaid
ro Int16: DirectDebitMandatePaymentType DirectDebitMandateType
ro Int32: OrderNumber ReceivableBatchNumber
ro DateTime: LastPaymentDate ReceivableSelected
ro String: AccountCountry DirectDebitMandateDescription DirectDebitMandateReference
ro String: EndToEndID PaymentInformationID ReceivableSelectorFullName
"""
_OF_PAYMENTS = """
ro Guid: PaymentSelector
ro Int32: PaymentBatchNumber
ro DateTime: PaymentSelected
ro String: PaymentSelectorFullName
"""
RECEIVABLES = _TERMS + _OF_RECEIVABLES.lstrip()
PAYMENTS = _TERMS + _OF_PAYMENTS.lstrip()
PAYMENT_TERMS = (
    _TERMS.replace("rw ", "ro ")
    + _OF_RECEIVABLES.lstrip()
    + _OF_PAYMENTS.lstrip()
    + "ro Int16: ApprovalStatus LineType\nro Int64: Timestamp\n"
)

OPEN_ITEMS = """
ro Int64: HID
ro Guid: AccountId Id
ro Int32: EntryNumber InvoiceNumber
ro Double: Amount AmountInTransit
ro DateTime: DueDate InvoiceDate
ro String: AccountCode AccountName CurrencyCode Description JournalCode
ro String: JournalDescription YourRef
"""
OPEN_PAYABLES = OPEN_ITEMS + "ro Int16: ApprovalStatus\n"
RECEIVABLES_LIST = OPEN_ITEMS + "ro Collection: Notes\n"
PAYABLES_LIST = OPEN_PAYABLES + "ro Collection: Notes\n"

SYNC_TIMESTAMP = """
ro String: EndPoint
ro DateTime: Modified
ro Int64: TimeStampAsBigInt
"""

# A GET must filter on one of these.
TRANSACTION_LINES_FILTER = """
Account AccountCode Asset CostCenter CostUnit Date Description Document EntryID
EntryNumber FinancialPeriod FinancialYear GLAccount GLAccountCode ID InvoiceNumber Item
JournalCode Modified OffsetID OrderNumber Project ProjectCode ShopOrder Status
Subscription Type VATCode VATType YourRef
"""
# A GET may filter on these alone.
BULK_RECEIVABLES_FILTER = """
Account Document EndDate EndToEndID EntryDate EntryID GLAccount ID InvoiceDate
InvoiceNumber Source Status TransactionID TransactionType
"""
