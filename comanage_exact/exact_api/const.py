"""Facts about Exact Online that the rest of the add-on builds on."""

from datetime import timedelta

# One host per country; an app and its tokens are good for one of them only.
SITES = {
    "nl": "https://start.exactonline.nl",
    "be": "https://start.exactonline.be",
    "de": "https://start.exactonline.de",
    "fr": "https://start.exactonline.fr",
    "es": "https://start.exactonline.es",
    "uk": "https://start.exactonline.co.uk",
    "us": "https://start.exactonline.com",
}
# Where an app is registered; the country decides on which site it is good.
APP_CENTER = "https://apps.exactonline.com/%s/V2/Manage"
APP_CENTER_PAGES = {
    "nl": "nl/nl-NL",
    "be": "be/nl-BE",
    "de": "de/de-DE",
    "fr": "fr/fr-FR",
    "es": "es/es-ES",
    "uk": "gb/en-GB",
    "us": "us/en-US",
}
# The rights of an app, as the App Center names them, and whether it also writes.
APP_RIGHTS = (
    ("crm/accounts", True),
    ("financial/accounting", True),
    ("financial/cashflow", False),
    ("financial/costcenters", False),
    ("financial/currencies", False),
    ("financial/generalledgers", False),
    ("organization/administration", False),
    ("organization/documents", True),
)
AUTH_PATH = "/api/oauth2/auth"
TOKEN_PATH = "/api/oauth2/token"
API_PATH = "/api/v1"
RETURN_ROUTE = "/comanage_exact/oauth/return"

# Seconds to connect, seconds to wait for an answer.
TIMEOUT = (5, 30)
# Seconds that a call may take in all, and one with a file in it.
CALL_SECONDS = 60
UPLOAD_SECONDS = 90
# What a server tells of a moment is believed within these: its clock may differ from
# ours, and a day is the longest that Exact makes anybody wait.
LEAST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=25)

# An access token lives 600 s and is not renewable before 570 s.
TOKEN_RENEWABLE_AFTER = 570
# Of one app and user. Exact once announced that more are refused.
TOKEN_CALLS_PER_DAY = 200

# Per app and division. Answers name the limits that hold, which may be higher.
CALLS_PER_MINUTE = 60
CALLS_PER_DAY = 5000
# Of all apps and divisions of one Exact customer together. A 429 may therefore come
# long before a division has used up its own.
CALLS_PER_CONTRACT = 20_000
# Addresses without a division are free.
FREE_PREFIX = "current/"
# What code lists and checks leave over.
CALLS_KEPT_FOR_INVOICES = {"minute": 20, "day": 500}

# More than 10 client errors per resource and hour block the app's key for everybody,
# so we stop before.
CLIENT_ERRORS = (400, 401, 403, 404)
MAX_CLIENT_ERRORS_PER_HOUR = 8

# The longest address that Exact takes, as it is sent; some 90 conditions on an ID.
MAX_URL = 6000

MAX_ENTRY_NUMBER = 2**31 - 1

# Longest texts that Exact stores, the cautious value where sources differ.
MAX_LENGTH = {
    "account_name": 50,
    "address_line": 60,
    "postcode": 20,
    "city": 30,
    "phone": 50,
    "email": 80,
    "vat_number": 20,
    "chamber_of_commerce": 20,
    "peppol_id": 60,
    "your_ref": 30,
    "payment_reference": 35,
    "description": 60,
    "subject": 60,
    "file_name": 200,
}

# Accounts.Status of a customer; the others are prospects, suspects and none of these.
ACCOUNT_STATUS_CUSTOMER = "C"

# documents/DocumentTypes.ID
DOCUMENT_TYPE_SALES_INVOICE = 10
# Exact publishes no limit; this much is safe.
MAX_ATTACHMENT_BYTES = 10_000_000

# Journals.Type, VATCodes.Type, .VATTransactionType and .EUSalesListing.
JOURNAL_TYPE_SALES = 20
VAT_TYPE_EXCLUSIVE = "E"
VAT_TYPE_INCLUSIVE = "I"
VAT_TYPE_BASE_ONLY = "B"
VAT_TYPE_NONE = "N"
VAT_TRANSACTION_PURCHASE = "P"
VAT_LISTING_NONE = "N"

# Divisions.Status 1 is active, BlockingStatus 0 is not blocked.
DIVISION_ACTIVE = 1
DIVISION_NOT_BLOCKED = 0

# Entry lines refuse these GLAccounts.Type: cash and bank, receivable, payable, VAT.
GL_TYPES_REFUSED = (10, 12, 14, 16, 20, 22, 24)

# GLAccounts.UseCostcenter and .UseCostunit; 0 is optional.
COST_MANDATORY = 1
COST_FORBIDDEN = 2
