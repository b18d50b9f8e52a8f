"""The divisions that a user may open, and what `Me` says of the user."""

from .gate import current_division
from .seed_data import LEGISLATIONS

_COUNTRIES = {"BE": "België", "NL": "Nederland"}


OF_USER, OF_LICENCE, ALL = "system/Divisions", "hrm/Divisions", "system/AllDivisions"
LISTS = (OF_USER, OF_LICENCE, ALL)


def visible_rows(context, resource):
    """Return the rows of one of the lists of divisions, as the user sees it."""
    current = current_division(context.state, context.user)
    rows = [
        {**row, "Current": row["Code"] == current}
        for row in context.state.divisions().values()
        # One list names those, too, that the user may not open.
        if resource.uri == ALL or context.state.may_open(context.user, row["Code"])
    ]
    return list(map(_of_licence, rows)) if resource.uri == OF_LICENCE else rows


def _of_licence(row):
    """Return a division with the names that `hrm/Divisions` has for it."""
    return {
        **row,
        "HID": row["Hid"],
        "Main": row["IsMainDivision"],
        "CountryDescription": _COUNTRIES.get(row["Country"]),
        "CurrencyDescription": "Euro",
    }


def me(context):
    user, clock = context.user, context.state.clock
    code = current_division(context.state, user)
    accounting = user.accounting_division or code
    division = context.state.divisions()[accounting]
    first, _blank, last = user.full_name.partition(" ")
    return {
        "UserID": user.guid,
        "UserName": user.email,
        "Email": user.email,
        "FullName": user.full_name,
        "FirstName": first,
        "LastName": last,
        "CurrentDivision": code,
        "AccountingDivision": accounting,
        "DossierDivision": user.dossier_division,
        "DivisionCustomer": division["Customer"],
        "DivisionCustomerCode": division["CustomerCode"],
        "DivisionCustomerName": division["CustomerName"],
        "DivisionCustomerVatNumber": division["VATNumber"],
        "Language": user.language,
        "LanguageCode": f"{user.language}-{division['Country']}",
        "Legislation": LEGISLATIONS[division["Country"]],
        "ServerTime": clock.local().isoformat(timespec="seconds"),
        "ServerUtcOffset": (clock.local() - clock.moment()).total_seconds(),
        "CustomerCode": division["CustomerCode"],
        "PackageCode": "EOLAPPCENTER",
        "IsClientUser": True,
        "IsEmployeeSelfServiceUser": False,
        "IsMyFirmLiteUser": False,
        "IsStarterUser": False,
        "IsMyFirmPortalUser": user.is_portal_user,
        "IsOEIMigrationMandatory": user.must_migrate,
    }
