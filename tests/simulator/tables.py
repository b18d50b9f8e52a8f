"""The properties of every resource.

A line is `<access> <type>: <names>`. Access: rw can be sent by POST and PUT, ro is
read only. A name may carry `!` (mandatory in a POST) and `/n` (longest text). Lengths
are the cautious ones where nothing certain is published.
Source: Exact's REST reference, July 2025.
"""

ME = """
ro Guid: UserID DivisionCustomer EmployeeID
ro Int32: AccountingDivision CurrentDivision DossierDivision
ro Int64: Legislation
ro Double: ServerUtcOffset
ro Boolean: IsClientUser IsMyFirmPortalUser IsEmployeeSelfServiceUser IsMyFirmLiteUser
ro Boolean: IsOEIMigrationMandatory IsStarterUser
ro Binary: ThumbnailPicture
ro String: CustomerCode DivisionCustomerCode DivisionCustomerName
ro String: DivisionCustomerSiretNumber DivisionCustomerVatNumber Email FirstName
ro String: FullName
ro String: Gender Initials Language LanguageCode LastName MiddleName Mobile Nationality
ro String: Phone PhoneExtension PictureUrl ServerTime ThumbnailPictureFormat Title
ro String: UserName PackageCode
"""

DIVISIONS = """
ro Int32: Code BlockingStatus Status
ro Int64: Hid
ro Double: ShareCapital
ro Boolean: Current IsDossierDivision IsMainDivision IsPracticeDivision IsHRDivision
ro DateTime: ArchiveDate Created DivisionMoveDate DivisionHRLinkUnlinkDate Modified
ro DateTime: StartDate
ro Guid: Creator Customer Modifier
ro Complex: Class_01 Class_02 Class_03 Class_04 Class_05
ro String: AddressLine1 AddressLine2 AddressLine3 BusinessTypeCode
ro String: BusinessTypeDescription ChamberOfCommerceEstablishment
ro String: ChamberOfCommerceNumber
ro String: City CompanySizeCode CompanySizeDescription Country CreatorFullName Currency
ro String: CustomerCode CustomerName DatevAccountantNumber DatevClientNumber Description
ro String: Email Fax Legislation ModifierFullName OBNumber Phone Postcode SbiCode
ro String: SbiDescription SectorCode SectorDescription SiretNumber State SubsectorCode
ro String: SubsectorDescription TaxOfficeNumber TaxReferenceNumber TemplateCode
ro String: VATNumber
ro String: Website
"""

# Of one licence, and a model of its own: other names for the number and the main one.
HRM_DIVISIONS = """
ro Int32: Code BlockingStatus
ro Int16: Status
ro Int64: HID
ro Boolean: Main
ro DateTime: ArchiveDate Created Modified StartDate
ro Guid: Creator Customer Modifier
ro Complex: Class_01 Class_02 Class_03 Class_04 Class_05
ro String: Country CountryDescription CreatorFullName Currency CurrencyDescription
ro String: CustomerCode CustomerName Description ModifierFullName OBNumber SiretNumber
ro String: TaxOfficeNumber TaxReferenceNumber TemplateCode VATNumber Website
"""

ACCOUNTS = """
rw Guid: ID Accountant AccountManager ActivitySector ActivitySubSector BusinessType
rw Guid: ClientGroup
rw Guid: Classification1 Classification2 Classification3 Classification4 Classification5
rw Guid: Classification6 Classification7 Classification8 CompanySize GLAccountPurchase
rw Guid: GLAccountSales GLAP GLAR InvoiceAccount LeadPurpose LeadSource MainContact
rw Guid: Parent PriceList Reseller ShippingMethod
rw String: Name!/50 Code/18 SearchCode/30 Status/1 AddressLine1/60 AddressLine2/60
rw String: AddressLine3/60 Postcode/20 City/30 State/20 Country/3 Phone/50
rw String: PhoneExtension/10 Fax/50 Email/80 Website/255 Language/5 Remarks
rw String: ChamberOfCommerce/20 VATNumber/20 EORINumber/20 OINNumber/20 RSIN/20 BSN/20
rw String: GlnNumber/20 PeppolIdentifier/60 TradeName/50 CodeAtSupplier/20
rw String: VATLiability/1
rw String: SalesVATCode/3 PurchaseVATCode/3 PaymentConditionSales/3
rw String: PaymentConditionPurchase/3 SalesCurrency/3 PurchaseCurrency/3
rw String: DatevCreditorCode DatevDebtorCode IncotermAddressPurchase
rw String: IncotermAddressSales
rw String: IncotermCodePurchase IncotermCodeSales IntraStatArea IntraStatDeliveryTerm
rw String: IntraStatSystem IntraStatTransactionA IntraStatTransactionB
rw String: IntraStatTransportMethod LogoFileName PayAsYouEarn UniqueTaxpayerReference
rw Boolean: IsSupplier Blocked CanDropShip HasWithholdingTaxSales IsExtraDuty IsPilot
rw Boolean: IgnoreDatevWarningMessage IsReseller RecepientOfCommissions
rw Boolean: ShowRemarkForSales EnableSalesPaymentLink
rw Byte: AutomaticProcessProposedEntry ConsolidationScenario DeliveryAdvice
rw Byte: IsAccountant IsAgency IsCompetitor IsMailing
rw Byte: SeparateInvPerProject SeparateInvPerSubscription
rw Int16: IncotermVersionPurchase IncotermVersionSales
rw Int32: InvoiceAttachmentType InvoicingMethod PeppolIdentifierType PurchaseLeadDays
rw Int32: SecurityLevel ShippingLeadDays
rw Double: CreditLinePurchase CreditLineSales DiscountPurchase DiscountSales Latitude
rw Double: Longitude
rw DateTime: StartDate EndDate ControlledDate EstablishedDate
rw Binary: Logo
ro Collection: BankAccounts
ro Guid: BRIN Creator Document Modifier SalesTaxSchedule
ro Boolean: IsBank IsMember IsPurchase IsSales
ro Byte: CostPaid IsAnonymised Source AddressSource
ro Int32: AccountManagerHID Division
ro DateTime: Created CustomerSince Modified StatusSince
ro String: AccountManagerFullName Classification ClassificationDescription Costcenter
ro String: CostcenterDescription CountryName CreatorFullName Currency DunsNumber
ro String: InvoiceAccountCode InvoiceAccountName LanguageDescription LogoThumbnailUrl
ro String: LogoUrl ModifierFullName PaymentConditionPurchaseDescription
ro String: PaymentConditionSalesDescription PurchaseCurrencyDescription
ro String: PurchaseVATCodeDescription ResellerCode ResellerName SalesCurrencyDescription
ro String: SalesTaxScheduleCode SalesTaxScheduleDescription SalesVATCodeDescription
ro String: StateName Type CustomField ClientGroupDescription
"""

JOURNALS = """
rw Guid: ID Bank BankAccountID GLAccount PaymentInTransitAccount
rw Boolean: AllowVariableCurrency AllowVariableExchangeRate AllowVAT AutoSave IsBlocked
rw Int32: Type! PaymentServiceProvider
rw String: Code!/4 Description!/60 Currency/3 BankAccountIncludingMask
rw String: PaymentServiceAccountIdentifier
ro Guid: Creator Modifier
ro Boolean: BankAccountUseSEPA BankAccountUseSepaDirectDebit
ro Int32: Division GLAccountType
ro DateTime: Created Modified
ro String: BankAccountBICCode BankAccountCountry BankAccountDescription BankAccountIBAN
ro String: BankName CreatorFullName CurrencyDescription GLAccountCode
ro String: GLAccountDescription ModifierFullName PaymentServiceProviderName CustomField
"""

GL_ACCOUNTS = """
rw Guid: ID PrivateGLAccount VATNonDeductibleGLAccount YearEndCostGLAccount
rw Guid: YearEndReflectionGLAccount
rw String: Code!/9 Description!/60 BalanceSide/1 BalanceType/1 Costcenter/8 Costunit/8
rw String: ReportingCode SearchCode/30 VATCode/3 VATGLAccountType VATSystem
rw Boolean: Compress IsBlocked Matching RevalueCurrency
rw Byte: AllowCostsInSales ExcludeVATListing UseCostcenter UseCostunit
rw Int16: AssimilatedVATBox
rw Int32: BelcotaxType DescriptionTermID Type
rw Double: ExpenseNonDeductiblePercentage PrivatePercentage VATNonDeductiblePercentage
rw Collection: DeductibilityPercentages
ro Guid: Creator Modifier
ro Int32: Division
ro DateTime: Created Modified
ro String: CostcenterDescription CostunitDescription CreatorFullName ModifierFullName
ro String: TypeDescription VATDescription CustomField
"""

VAT_CODES = """
rw Guid: ID Account GLDiscountPurchase GLDiscountSales GLToClaim GLToPay
rw String: Code!/3 Description!/60 EUSalesListing/1 IntrastatType LegalText OssCountry/2
rw String: Type/1 VatDocType VATTransactionType/1
rw Boolean: Charged IntraStat IsBlocked
rw Byte: CalculationBasis ExcludeVATListing VatMargin
rw Int16: TaxReturnType VATPartialRatio
rw Collection: VATPercentages
ro Double: Percentage
ro Guid: Creator Modifier
ro Int32: Division
ro DateTime: Created Modified
ro String: AccountCode AccountName Country CreatorFullName GLDiscountPurchaseCode
ro String: GLDiscountPurchaseDescription GLDiscountSalesCode GLDiscountSalesDescription
ro String: GLToClaimCode GLToClaimDescription GLToPayCode GLToPayDescription
ro String: ModifierFullName CustomField
"""

PAYMENT_CONDITIONS = """
rw Guid: ID CreditManagementScenario
rw String: Code!/3 Description!/60 DiscountCalculation/1 PaymentDiscountType/1
rw String: PaymentMethod/1 VATCalculation/1
rw Int32: DiscountPaymentDays PaymentDays PaymentEndOfMonths
rw Double: DiscountPercentage Percentage
ro Guid: Creator Modifier
ro Int32: Division
ro DateTime: Created Modified
ro String: CreatorFullName CreditManagementScenarioCode
ro String: CreditManagementScenarioDescription ModifierFullName CustomField
"""

CURRENCIES = """
ro String: Code Description
ro Double: AmountPrecision PricePrecision
ro DateTime: Created Modified
"""

FINANCIAL_PERIODS = """
ro Guid: ID Creator Modifier
ro Int16: FinYear FinPeriod
ro Int32: Division
ro DateTime: StartDate EndDate Created Modified
ro String: CreatorFullName ModifierFullName
"""

SALES_ENTRIES = """
rw Guid: EntryID Customer! Document
rw String: Journal!/4 Currency/3 Description/60 ExternalLinkReference PaymentCondition/3
rw String: PaymentReference/35 YourRef/30
rw DateTime: EntryDate DueDate
rw Int16: ReportingPeriod ReportingYear
rw Int32: BatchNumber EntryNumber InvoiceNumber OrderNumber ProcessNumber
rw Double: GAccountAmountFC Rate VATAmountFC WithholdingTaxAmountDC
rw Double: WithholdingTaxBaseAmount WithholdingTaxPercentage
rw Boolean: IsExtraDuty Reversal
rw Collection: SalesEntryLines!
ro Guid: Creator Modifier
ro Int16: Status
ro Int32: Division DocumentNumber Type
ro Double: AmountDC AmountFC VATAmountDC
ro DateTime: Created Modified
ro String: CreatorFullName CustomerName DocumentSubject ExternalLinkDescription
ro String: JournalDescription ModifierFullName PaymentConditionDescription
ro String: PaymentConditionPaymentMethod StatusDescription TypeDescription CustomField
"""

SALES_ENTRY_LINES = """
rw Guid: ID Asset EntryID! GLAccount! Project ProjectWBS Subscription TaxSchedule
rw Guid: TrackingNumber
rw Double: AmountFC! ExtraDutyAmountFC ExtraDutyPercentage Quantity StatisticalNetWeight
rw Double: StatisticalQuantity StatisticalValue VATAmountFC VATBaseAmountDC
rw Double: VATBaseAmountFC VATPercentage
rw String: CostCenter/8 CostUnit/8 Description/60 IntraStatArea IntraStatCountry
rw String: IntraStatDeliveryTerm IntraStatTransactionA IntraStatTransactionB
rw String: IntraStatTransportMethod Notes SerialNumber StatisticalNumber VATCode/3
rw DateTime: From To
ro Int32: Division LineNumber Type
ro Double: AmountDC VATAmountDC
ro String: AssetDescription CostCenterDescription CostUnitDescription
ro String: GLAccountCode GLAccountDescription ProjectDescription
ro String: ProjectWBSDescription SubscriptionDescription TrackingNumberDescription
ro String: VATCodeDescription CustomField
"""

COST_CENTERS = """
rw Guid: ID
rw String: Code!/8 Description!/50
rw Boolean: Active
rw DateTime: EndDate
ro Guid: Creator Modifier
ro Int32: Division
ro DateTime: Created Modified
ro String: CreatorFullName ModifierFullName CustomField
"""

COST_UNITS = COST_CENTERS.replace("rw Boolean: Active\n", "")

DELETED = """
ro Guid: ID EntityKey DeletedBy
ro Int32: Division EntityType
ro Int64: Timestamp
ro DateTime: DeletedDate
"""

DOCUMENTS = """
rw Guid: ID Account Category Contact ContractID DocumentFolder
rw Guid: FinancialTransactionEntryID Item Opportunity Project
rw String: Subject!/255 Body Costcenter/8 Costunit/8 Currency/3 Language/5
rw String: TeamsMeetingId
rw Int16: ProposedEntryStatus
rw Int32: Type! HID SalesInvoiceNumber SalesOrderNumber ShopOrderNumber
rw Double: AmountFC
rw DateTime: DocumentDate ExpiryDate
rw Boolean: ActionRegenerateEntryProposal InheritShare
ro Guid: Creator Modifier
ro Boolean: HasEmptyBody
ro Int32: Division SendMethod
ro DateTime: Created Modified
ro String: AccountCode AccountName CategoryDescription ContactFullName ContractNumber
ro String: CostcenterDescription CostunitDescription CreatorFullName
ro String: DocumentFolderCode DocumentFolderDescription DocumentViewUrl
ro String: EntryStatusDescription ItemCode
ro String: ItemDescription ModifierFullName ProjectCode ProjectDescription
ro String: TypeDescription CustomField
"""

DOCUMENT_ATTACHMENTS = """
rw Guid: ID Document!
rw Binary: Attachment!
rw String: FileName!/200
ro Double: FileSize
ro String: Url
"""

# A GET must filter on one of these.
ACCOUNTS_FILTER = """
Accountant AccountManager AddressLine1 AddressLine2 AddressLine3 Blocked BRIN BSN
ChamberOfCommerce City Classification Classification1 Classification2 Classification3
Classification4 Classification5 Classification6 Classification7 Classification8 Code
CodeAtSupplier Country Created Email EndDate Fax ID InvoiceAccount IsAccountant
IsReseller IsSales IsSupplier MainContact Modified Name Parent Phone Postcode PriceList
Reseller RSIN SearchCode StartDate Status Type VATNumber
"""
GL_ACCOUNTS_FILTER = """
BalanceSide BalanceType Code Created Description ID IsBlocked Modified SearchCode Type
VATCode
"""
