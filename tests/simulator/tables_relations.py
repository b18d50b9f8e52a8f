"""The properties of what belongs to accounts, of items, prices and lists of codes.

In the form that `tables` describes. `!` marks also what no reference calls mandatory
but no record can do without: the account and type of an address, the price of an item.
"""

MADE = """
ro Guid: Creator Modifier
ro Int32: Division
ro DateTime: Created Modified
ro String: CreatorFullName ModifierFullName CustomField
"""

CONTACTS = (
    MADE
    + """
rw Guid: ID Account! IdentificationDocument IdentificationUser LeadPurpose LeadSource
rw Guid: Person
rw String: BirthName/50 BirthNamePrefix/20 BirthPlace/50 BusinessEmail/80 BusinessFax/50
rw String: BusinessMobile/50 BusinessPhone/50 BusinessPhoneExtension/10 Email/80
rw String: FirstName/50 Gender/1 Initials/20 JobTitleDescription/60 Language/5
rw String: LastName/50 MarketingNotes MiddleName/20 Mobile/50 Nationality/3 Notes
rw String: Phone/50 PictureName SocialSecurityNumber/20 Title/10
rw Int32: HID
rw Boolean: IsMailingExcluded
rw DateTime: BirthDate EndDate IdentificationDate StartDate
rw Binary: Picture
ro Guid: AccountMainContact
ro Boolean: AccountIsCustomer AccountIsSupplier IsMainContact
ro Byte: IsAnonymised
ro Int32: AllowMailing
ro String: AccountName AddressLine2 AddressStreet AddressStreetNumber
ro String: AddressStreetNumberSuffix City Code Country FullName PartnerName
ro String: PartnerNamePrefix PhoneExtension PictureThumbnailUrl PictureUrl Postcode
ro String: State TitleAbbreviation TitleDescription
"""
)

ADDRESSES = (
    MADE
    + """
rw Guid: ID Account! Contact Warehouse
rw Int16: Type!
rw Boolean: Main FreeBoolField_01 FreeBoolField_02 FreeBoolField_03 FreeBoolField_04
rw Boolean: FreeBoolField_05
rw String: AddressLine1/60 AddressLine2/60 AddressLine3/60 City/30 Country/3 Fax/50
rw String: FreeTextField_01 FreeTextField_02 FreeTextField_03 FreeTextField_04
rw String: FreeTextField_05 Mailbox/30 NicNumber/20 Notes Phone/50 PhoneExtension/10
rw String: Postcode/20 State/20
rw DateTime: FreeDateField_01 FreeDateField_02 FreeDateField_03 FreeDateField_04
rw DateTime: FreeDateField_05
rw Double: FreeNumberField_01 FreeNumberField_02 FreeNumberField_03 FreeNumberField_04
rw Double: FreeNumberField_05
ro Boolean: AccountIsSupplier
ro String: AccountName ContactName CountryName StateDescription WarehouseCode
ro String: WarehouseDescription
"""
)

BANK_ACCOUNTS = (
    MADE
    + """
rw Guid: ID Account!
rw String: BankAccount!/34 BankAccountHolderName/50 BICCode/11 Description/60
rw Boolean: Blocked Main
ro Guid: Bank PaymentServiceAccount
ro String: AccountName BankDescription BankName Format IBAN Type TypeDescription
"""
)

ACCOUNT_CLASSES = (
    MADE
    + """
ro Guid: ID CreditManagementScenario
ro String: Code Description
"""
)

ACCOUNT_CLASSIFICATION_NAMES = (
    MADE
    + """
ro Guid: ID
ro Int32: SequenceNumber
ro String: Description
"""
)

ACCOUNT_CLASSIFICATIONS = (
    MADE
    + """
ro Guid: ID AccountClassificationName
ro String: Code Description AccountClassificationNameDescription
"""
)

ADDRESS_STATES = """
ro Guid: ID
ro String: Country DisplayValue Name State
ro Double: Latitude Longitude
"""

ITEMS = (
    MADE
    + """
rw Guid: ID GLCosts GLCostsWorkInProgress GLRevenue GLRevenueWorkInProgress GLStock
rw Guid: ItemGroup
rw String: Code!/30 Description!/60 Barcode/255 Class_01 Class_02 Class_03 Class_04
rw String: Class_05 Class_06 Class_07 Class_08 Class_09 Class_10 CostPriceCurrency/3
rw String: ExtraDescription/255 FreeTextField_01 FreeTextField_02 FreeTextField_03
rw String: FreeTextField_04 FreeTextField_05 FreeTextField_06 FreeTextField_07
rw String: FreeTextField_08 FreeTextField_09 FreeTextField_10 NetWeightUnit/8 Notes
rw String: PictureName SalesVatCode/3 SearchCode/60 Unit/8
rw Boolean: IsFractionAllowedItem IsPackageItem IsPurchaseItem IsSalesItem IsSerialItem
rw Boolean: IsSerialNumberItem IsStockItem IsSubcontractedItem FreeBoolField_01
rw Boolean: FreeBoolField_02 FreeBoolField_03 FreeBoolField_04 FreeBoolField_05
rw Byte: CopyRemarks IsBatchItem IsBatchNumberItem IsMakeItem IsNewContract
rw Byte: IsOnDemandItem IsRegistrationCodeItem IsTaxableItem IsTime IsWebshopItem
rw Int32: SecurityLevel
rw Double: AverageCost CostPriceNew CostPriceStandard FreeNumberField_01
rw Double: FreeNumberField_02 FreeNumberField_03 FreeNumberField_04 FreeNumberField_05
rw Double: FreeNumberField_06 FreeNumberField_07 FreeNumberField_08 GrossWeight
rw Double: NetWeight
rw DateTime: EndDate FreeDateField_01 FreeDateField_02 FreeDateField_03
rw DateTime: FreeDateField_04 FreeDateField_05 StartDate
rw Binary: Picture
ro Int32: AssembledLeadDays
ro Byte: UseExplosion
ro Double: BatchQuantity StandardSalesPrice StatisticalNetWeight StatisticalUnits
ro Double: StatisticalValue Stock
ro String: GLCostsCode GLCostsDescription GLCostsWorkInProgressCode
ro String: GLCostsWorkInProgressDescription GLRevenueCode GLRevenueDescription
ro String: GLRevenueWorkInProgressCode GLRevenueWorkInProgressDescription GLStockCode
ro String: GLStockDescription ItemGroupCode ItemGroupDescription PictureThumbnailUrl
ro String: PictureUrl SalesVatCodeDescription StatisticalCode UnitDescription UnitType
"""
)

ITEM_GROUPS = (
    MADE
    + """
ro Guid: ID GLCosts GLPurchaseAccount GLPurchasePriceDifference GLRevenue GLStock
ro Guid: GLStockVariance
ro Byte: IsDefault
ro String: Code Description Notes GLCostsCode GLCostsDescription GLPurchaseAccountCode
ro String: GLPurchaseAccountDescription GLPurchasePriceDifferenceCode
ro String: GLPurchasePriceDifferenceDescr GLRevenueCode GLRevenueDescription GLStockCode
ro String: GLStockDescription GLStockVarianceCode GLStockVarianceDescription
"""
)

UNITS = """
ro Guid: ID
ro Int32: Division
ro Boolean: Active
ro Byte: Main
ro String: Code Description TimeUnit Type
"""

SALES_ITEM_PRICES = (
    MADE
    + """
rw Guid: ID Account Item!
rw String: Currency/3 Unit/8
rw DateTime: EndDate StartDate
rw Double: NumberOfItemsPerUnit Price! Quantity
ro String: AccountName DefaultItemUnit DefaultItemUnitDescription ItemCode
ro String: ItemDescription UnitDescription
"""
)

EXCHANGE_RATES = (
    MADE
    + """
rw Guid: ID
rw String: SourceCurrency!/3
rw Double: Rate
rw DateTime: StartDate
ro String: SourceCurrencyDescription TargetCurrency TargetCurrencyDescription
"""
)

VAT_PERCENTAGES = (
    MADE
    + """
rw Guid: ID
rw Int16: Type
rw Double: Percentage!
rw DateTime: EndDate StartDate
ro Guid: VATCodeID
ro Int32: LineNumber
"""
)

DEDUCTIBILITY_PERCENTAGES = (
    MADE
    + """
rw Guid: ID
rw Double: ExpenseNonDeductiblePercentage PrivateUsePercentage
rw Double: VATNonDeductiblePercentage
rw DateTime: EndDate StartDate
ro Guid: GLAccount
ro Int32: LineNumber
"""
)

DOCUMENT_CATEGORIES = """
ro Guid: ID
ro String: Description
ro DateTime: Created Modified
"""

DOCUMENT_TYPE_CATEGORIES = """
ro Int32: ID
ro String: Description
ro DateTime: Created Modified
"""

DOCUMENT_TYPES = """
ro Int32: ID TypeCategory
ro Boolean: DocumentIsCreatable DocumentIsDeletable DocumentIsUpdatable
ro Boolean: DocumentIsViewable
ro String: Description
ro DateTime: Created Modified
"""

DOCUMENT_FOLDERS = (
    MADE
    + """
rw Guid: ID ParentFolder
rw String: Code!/30 Description!/60
rw Int32: Share
"""
)


# A GET must filter on one of these, as far as they are known: no list of any of these
# resources is published.
ITEMS_FILTER = """
Barcode Class_01 Class_02 Class_03 Class_04 Class_05 Class_06 Class_07 Class_08 Class_09
Class_10 Code CostPriceNew Created Description EndDate ExtraDescription GLCosts
GLRevenue GLStock ID IsBatchItem IsFractionAllowedItem IsMakeItem IsOnDemandItem
IsPackageItem IsPurchaseItem IsSalesItem IsSerialItem IsStockItem IsSubcontractedItem
IsTaxableItem IsTime IsWebshopItem ItemGroup ItemGroupCode Modified SalesVatCode
SearchCode StartDate Unit
"""
CONTACTS_FILTER = """
Account BirthDate BusinessEmail Code Created Email EndDate FirstName FullName HID ID
IsMainContact LastName Modified Phone StartDate
"""
ADDRESSES_FILTER = """
Account AddressLine1 City Contact Country Created ID Main Modified Postcode Type
"""
SALES_ITEM_PRICES_FILTER = """
Account Created Currency EndDate ID Item ItemCode Modified Quantity StartDate Unit
"""
