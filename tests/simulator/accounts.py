"""Creates, changes and deletes accounts: customers and suppliers."""

import re

from .body import check_values
from .errors import Findings
from .resources import RESOURCES
from .seed_data import COUNTRIES, LANGUAGES
from .validation import ENTRIES
from .values import next_number

ACCOUNTS = "crm/Accounts"
STATUSES = ("A", "S", "P", "C")
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
# 18 digits fit.
HIGHEST_CODE = 10**18 - 1
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def create_account(context, values):
    if not context.settings.keep_client_guid:
        values.pop("ID", None)
    findings = check_values(context, RESOURCES[ACCOUNTS], values)
    findings += _check(context, values, None)
    _raise(findings)
    _clean(context, values)
    division = context.state.divisions()[context.division]
    defaults = {
        "Status": "A",
        "Country": division["Country"],
        "Type": "A",
        "Blocked": False,
        "IsSupplier": False,
        "IsAnonymised": 0,
        "IsBank": False,
        "SalesCurrency": division["Currency"],
        "PurchaseCurrency": division["Currency"],
    }
    for name, value in defaults.items():
        if values.get(name) is None:
            values[name] = value
    if not (values.get("Code") or "").strip():
        values["Code"] = _next_code(context)
    _derive(context, values)
    return context.state.insert(context.division, ACCOUNTS, values, context.user)


def update_account(context, account, values):
    # Without a code no account is left.
    if not (values.get("Code") or "").strip():
        values.pop("Code", None)
    findings = check_values(context, RESOURCES[ACCOUNTS], values, is_put=True)
    findings += _check(context, values, account)
    _raise(findings)
    _clean(context, values)
    account.update(values)
    _derive(context, account)
    context.state.stamp(RESOURCES[ACCOUNTS], account, context.user)


def delete_account(context, account):
    for entry in context.rows(ENTRIES).values():
        if entry["Customer"] == account["ID"]:
            raise Findings([context.about("in_use", "Customer")])
    context.state.delete(context.division, ACCOUNTS, account["ID"])


def _raise(findings):
    if findings:
        raise Findings(list(dict.fromkeys(findings)))


def _check(context, values, account):
    findings = _check_code(context, values.get("Code"), account)
    findings += _check_references(context, values)
    status = values.get("Status")
    if status is not None and status not in STATUSES:
        findings.append(context.about("invalid", "Status", status))
    country = (values.get("Country") or (account or {}).get("Country") or "").strip()
    number = values.get("VATNumber")
    if number and not _is_vat_number(number, country):
        findings.append(context.about("invalid", "VATNumber", number))
    email = values.get("Email")
    if email and not _EMAIL.fullmatch(email):
        findings.append(context.about("invalid", "Email", email))
    return findings


def _check_code(context, code, account):
    code = (code or "").strip()
    if not code:
        return []
    if not re.fullmatch(r"[0-9]+", code):
        return [context.about("invalid", "Code", code)]
    other = context.by_code(ACCOUNTS, code)
    is_own = other is account
    if other and not (is_own and context.settings.put_own_code == "accept"):
        return [context.say("exists")]
    return []


def _check_references(context, values):
    findings = []
    country = values.get("Country")
    if country and country.strip() not in COUNTRIES:
        findings.append(context.about("reference", "Country"))
    language = values.get("Language")
    if language and language.strip() not in LANGUAGES:
        findings.append(context.about("reference", "Language"))
    codes = {
        "PaymentConditionSales": "cashflow/PaymentConditions",
        "PaymentConditionPurchase": "cashflow/PaymentConditions",
        "SalesVATCode": "vat/VATCodes",
        "PurchaseVATCode": "vat/VATCodes",
    }
    for name, uri in codes.items():
        if values.get(name) and not context.by_code(uri, values[name]):
            findings.append(context.about("reference", name))
    return findings


def _is_vat_number(number, country):
    """Check the form only; blanks and dots do not count."""
    bare = re.sub(r"[ .\-]", "", number).upper()
    prefix = bare[:2] if bare[:2].isalpha() else country
    pattern = _VAT_NUMBERS.get(prefix, r"[A-Z0-9+*]{4,15}")
    return re.fullmatch(pattern, bare) is not None


def _clean(context, values):
    """Strip codes; empty currencies that are not active, as Exact silently does."""
    for name in ("Code", "Country", "SalesVATCode", "PurchaseVATCode"):
        if values.get(name):
            values[name] = values[name].strip()
    for name in ("SalesCurrency", "PurchaseCurrency"):
        if values.get(name) and not context.find("general/Currencies", values[name]):
            values[name] = None


def _next_code(context):
    codes = {int(row["Code"]) for row in context.rows(ACCOUNTS).values()}
    return str(next_number(codes, HIGHEST_CODE))


def _derive(context, account):
    account["IsSales"] = account["Status"] == "C"
    account["SearchCode"] = (account.get("SearchCode") or account["Name"])[:30].upper()
    for name in ("PaymentConditionSales", "PaymentConditionPurchase"):
        row = context.by_code("cashflow/PaymentConditions", account.get(name))
        account[f"{name}Description"] = row["Description"] if row else None
    for name in ("SalesVATCode", "PurchaseVATCode"):
        row = context.by_code("vat/VATCodes", account.get(name))
        account[f"{name}Description"] = row["Description"] if row else None
