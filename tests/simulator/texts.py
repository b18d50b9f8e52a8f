"""What Exact says, in Dutch and English.

Where more than one wording of a finding is recorded, the one that is said first is in
`TEXTS`, and the setting `wording` picks one of `OTHER_WORDINGS`. The counterpart in the
other language is inferred where only one language is recorded.
"""

TEXTS = {
    "mandatory": ("Verplicht: {0}", "Mandatory: {0}"),
    "reference": ("Ongeldige referentie: {0}", "Invalid reference: {0}"),
    "invalid": ("Ongeldig: {0} [{1}]", "Invalid: {0} [{1}]"),
    "journal_type": ("Ongeldig: Dagboek (Type)", "Invalid: Journal (type)"),
    "customer_type": ("Ongeldig: Klant (Type)", "Invalid: Customer (Type)"),
    "supplier_type": ("Ongeldig: Leverancier (type)", "Invalid: Supplier (type)"),
    "gl_type": ("Ongeldig: Grootboekrekeningtype", "Invalid: G/L account type"),
    "blocked": ("Geblokkeerd: {0}", "Blocked: {0}"),
    "exists": ("Gegeven bestaat reeds.", "Data already exists"),
    "in_use": ("In gebruik: {0}", "In use: {0}"),
    "number_in_use": ("In gebruik: Boekstuknummer", "In use: Entry number"),
    "period_closed": (
        "Periode is afgesloten: {0} - {1}",
        "Period is closed: {0} - {1}",
    ),
    "processed": ("Reeds verwerkt", "Already processed"),
    "not_allowed": ("Niet toegestaan: {0}", "Not allowed: {0}"),
    "vat_on_no_vat": (
        "Een btw bedrag is niet toegestaan als u gebruikmaakt van een btw-code van het"
        ' type "geen btw"',
        'A VAT amount is not allowed if you use a VAT code of the type "No VAT"',
    ),
    "unbalanced": (
        "De boeking is niet in evenwicht op: {0} / {1} (Type: {4}) - Verschil: {2} {3}",
        "This entry is not balanced on: {0} / {1} (Type: {4}) - Difference: {2} {3}",
    ),
    "receivable_account": (
        "De klantenrekening van deze relatie is niet gelijk aan de rekening van het"
        " gebruikte verkoopdagboek",
        "The accounts receivable account of this account is not equal to the account of"
        " the sales journal used",
    ),
    "payable_account": (
        "De crediteurenrekening van deze relatie is niet gelijk aan die van het"
        " dagboek",
        "The accounts payable account of this account is not equal to that of the"
        " journal",
    ),
    "vat_account": (
        "{0} ({1}%): Ongeldig: Type (Rekening af te dragen btw)",
        "{0} ({1}%): Invalid: Type (VAT payable account)",
    ),
    "vat_direction": (
        "Ongeldig: U kunt geen btw-code van het type '{0}' gebruiken",
        "Invalid: You cannot use a VAT code of the type '{0}'",
    ),
    "too_long": (
        "Ongeldig: {0} (maximale lengte: {1})",
        "Invalid: {0} (maximum length: {1})",
    ),
    "document_type": ("Document Type not allowed", "Document Type not allowed"),
    "too_large": (
        "Bijlage is te groot (maximum: {0} bytes)",
        "Attachment is too large (maximum: {0} bytes)",
    ),
    "guid": ("Niet herkende GUID-indeling.", "Unrecognized Guid format."),
}

OTHER_WORDINGS = {
    "journal_type": (("Ongeldig: Dagboek", "Invalid: Journal"),),
    "customer_type": (("Ongeldig: Klant (type)", "Invalid: Customer (type)"),),
    "supplier_type": (("Ongeldig: Leverancier (Type)", "Invalid: Supplier (Type)"),),
    "exists": (("Gegeven bestaat reeds", "Data already exists."),),
    "number_in_use": (
        # Speaks of the entry's number, not of a document.
        ("In gebruik: Documentnummer", "In use: Document number"),
        ("Gegeven bestaat reeds.", "Data already exists"),
        ("Bestaat reeds: Boekstuknummer", "Already exists: Entry number"),
    ),
    "period_closed": (
        ("Periode is afgesloten: {0} – {1}", "Period is closed: {0} – {1}"),
        ("Periode is afgesloten", "Period is closed"),
    ),
    "receivable_account": (
        (
            "De debiteurenrekening van deze relatie is niet gelijk aan die van het"
            " dagboek",
            "The accounts receivable account of this account is not equal to that of"
            " the journal",
        ),
    ),
    "payable_account": (
        (
            "De leveranciersrekening van deze relatie is niet gelijk aan de rekening"
            " van het gebruikte inkoopdagboek",
            "The accounts payable account of this account is not equal to the account"
            " of the purchase journal used",
        ),
    ),
    "vat_direction": (("Niet toegestaan: Btw-code", "Not allowed: VAT code"),),
    "unbalanced": (
        (
            "De boeking is niet in evenwicht op: {0} / {1} – Verschil: {2} {3}",
            "This entry is not balanced on: {0} / {1} – Difference: {2} {3}",
        ),
    ),
}
# Findings about one property that have a text of their own.
NAMED = {("in_use", "EntryNumber"): "number_in_use"}

LABELS = {
    "Account": ("Relatie", "Account"),
    "Address": ("Adres", "Address"),
    "AddressLine1": ("Adres", "Address"),
    "AddressLine2": ("Adresregel 2", "Address line 2"),
    "AddressLine3": ("Adresregel 3", "Address line 3"),
    "AmountFC": ("Bedrag", "Amount"),
    "Attachment": ("Bijlage", "Attachment"),
    "BICCode": ("BIC-code", "BIC code"),
    "BankAccount": ("Bankrekening", "Bank account"),
    "BusinessEmail": ("E-mail", "Email"),
    "ChamberOfCommerce": ("KvK-nummer", "Chamber of commerce"),
    "City": ("Plaats", "City"),
    "Code": ("Code", "Code"),
    "Contact": ("Contactpersoon", "Contact"),
    "CostCenter": ("Kostenplaats", "Cost center"),
    "CostPriceCurrency": ("Valuta", "Currency"),
    "CostUnit": ("Kostendrager", "Cost unit"),
    "Country": ("Land", "Country"),
    "Currency": ("Valuta", "Currency"),
    "Customer": ("Relatie", "Account"),
    "Description": ("Omschrijving", "Description"),
    "Document": ("Document", "Document"),
    "DocumentFolder": ("Map", "Folder"),
    "DueDate": ("Vervaldatum", "Due date"),
    "Email": ("E-mail", "Email"),
    "EndDate": ("Einddatum", "End date"),
    "EntryDate": ("Datum", "Date"),
    "EntryID": ("Boeking", "Entry"),
    "EntryNumber": ("Boekstuknummer", "Entry number"),
    "ExchangeRate": ("Wisselkoers", "Exchange rate"),
    "FileName": ("Bestandsnaam", "File name"),
    "FinancialTransactionEntryID": ("Boeking", "Entry"),
    "FinancialYear": ("Boekjaar", "Financial year"),
    "FirstName": ("Voornaam", "First name"),
    "GLAccount": ("Grootboekrekening", "G/L account"),
    "HID": ("Nummer", "Number"),
    "Item": ("Artikel", "Item"),
    "ItemGroup": ("Artikelgroep", "Item group"),
    "Journal": ("Dagboek", "Journal"),
    "JournalReference": ("Journals", "Journals"),
    "Language": ("Taal", "Language"),
    "LastName": ("Achternaam", "Last name"),
    "MainContact": ("Contactpersoon", "Main contact"),
    "Name": ("Naam", "Name"),
    "PaymentCondition": ("Betalingsconditie", "Payment condition"),
    "PaymentConditionPurchase": ("Betalingsconditie", "Payment condition"),
    "PaymentConditionSales": ("Betalingsconditie", "Payment condition"),
    "PaymentReference": ("Betalingskenmerk", "Payment reference"),
    "Percentage": ("Percentage", "Percentage"),
    "Phone": ("Telefoon", "Phone"),
    "Postcode": ("Postcode", "Postcode"),
    "Price": ("Prijs", "Price"),
    "PurchaseCurrency": ("Valuta", "Currency"),
    "PurchaseEntryLines": ("Boekingsregels", "Entry lines"),
    "PurchaseVATCode": ("Btw-code", "VAT code"),
    "Quantity": ("Aantal", "Quantity"),
    "Rate": ("Wisselkoers", "Exchange rate"),
    "SalesEntryLines": ("Boekingsregels", "Entry lines"),
    "SalesVATCode": ("Btw-code", "VAT code"),
    "SalesVatCode": ("Btw-code", "VAT code"),
    "SourceCurrency": ("Valuta", "Currency"),
    "StartDate": ("Begindatum", "Start date"),
    "State": ("Provincie", "State"),
    "Subject": ("Onderwerp", "Subject"),
    "Supplier": ("Relatie", "Account"),
    "Type": ("Type", "Type"),
    "Unit": ("Eenheid", "Unit"),
    "purchase_entry": ("Inkoopboeking", "Purchase entry"),
    "sales_entry": ("Verkoopboeking", "Sales entry"),
    "vat_P": ("Inkoop", "Purchase"),
    "vat_S": ("Verkoop", "Sales"),
    "VATAmountFC": ("Btw-bedrag", "VAT amount"),
    "VATCode": ("Btw-code", "VAT code"),
    "VATNumber": ("Btw-nummer", "VAT number"),
    "VATPercentage": ("Btw-percentage", "VAT percentage"),
    "Warehouse": ("Magazijn", "Warehouse"),
    "YourRef": ("Uw ref.", "Your ref."),
}
LANGUAGES = ("nl", "en")

# The texts of the web service itself are English for everybody.
GENERIC = (
    "A problem has occurred. The cause of this issue will be investigated as soon as"
    " possible."
)
# .NET's own words, in the language of the user; the first outside Dutch and English
# is nobody's recording.
NULL_REFERENCE = {
    "nl": "De objectverwijzing is niet op een exemplaar ingesteld.",
    "en": "Object reference not set to an instance of an object.",
    "fr": "La référence d'objet n'est pas définie à une instance d'un objet.",
    "de": "Der Objektverweis wurde nicht auf eine Objektinstanz festgelegt.",
}
MAINTENANCE = (
    "Server maintenance: Due to server maintenance the Exact Online server is"
    " unavailable."
)
SEVERAL_USERS = (
    "Your One Exact Identity account is configured for multiple users. API Connections"
    " do not support this type of account."
)
SYNTAX = "Bad Request - Error in query syntax."
FILTER_NOT_SUPPORTED = "This $filter parameter is not supported for this resource"
FIELDS_NOT_SUPPORTED = "Filtering on these fields is not supported: {}"
MANDATORY_SELECT = "Please add a $select or a $top=1 statement to the query string."
MANDATORY_FILTER = (
    "This endpoint has mandatory filtering applied. A GET request for this endpoint"
    " must have a $filter parameter with one of the following fields in the url: {}"
)
NOT_TOP_LEVEL = (
    "Error processing request stream. The request should be a valid top-level resource"
    " object."
)
WRONG_TYPE = (
    "Error processing request stream. Error encountered in converting the value from"
    " request payload for property '{}' to type '{}', which is the property's expected"
    " type. See inner exception for more detail."
)
UNKNOWN_PROPERTY = (
    "Error processing request stream. The property name '{}' specified for type '{}' is"
    " not valid."
)
NO_SUCH_PROPERTY = "No property '{}' exists in type '{}' at position 0."
NEW_ENTITIES = (
    "Error processing request stream. Binding to new entities is not supported in PUT,"
    " MERGE or PATCH requests."
)
WRONG_DIVISION = "Forbidden - WrongDivision"
BAD_GUID = "Unrecognized 'Edm.Guid' literal 'guid'{}'' in '{}'."
INCOMPATIBLE = (
    "Operator '{}' incompatible with operand types '{}' and '{}' at position {}."
)
NO_SKIP = "The $skip parameter is not supported for this resource"
SCOPE = "Forbidden - Application Scope Violated. Cannot {} '{}' scope."


def say(language, key, *arguments, wording=0):
    """Return a text in 'nl' or 'en'.

    :param arguments: labels, or values.
    :param int wording: which of those recorded; beyond the last is the last.
    """
    wordings = (TEXTS[key], *OTHER_WORDINGS.get(key, ()))
    text = wordings[min(wording, len(wordings) - 1)]
    return text[LANGUAGES.index(language)].format(*arguments)


def label(language, name):
    """Return what the screens call a property; its own name where unknown."""
    return LABELS.get(name, (name, name))[LANGUAGES.index(language)]


def amount(language, value):
    """Write an amount as the screens do: 1.000,00 or 1,000.00."""
    text = f"{value:,.2f}"
    # The only English text that is known has the Dutch separators too.
    return text.translate(str.maketrans(",.", ".,"))
