"""Seeds the lists around accounts, items and documents of a division."""

from datetime import datetime
from decimal import Decimal

from . import seed_data as data
from .people import guid_for

SINCE = datetime(2020, 1, 1)

# Code, description, type (quantity, time, weight), main, time unit.
UNITS = (
    ("stuk", "Stuk", "O", 1, None),
    ("uur", "Uur", "T", 0, "h"),
    ("dag", "Dag", "T", 0, "d"),
    ("kg", "Kilogram", "W", 0, None),
    ("m", "Meter", "L", 0, None),
)
# Code, description, default; then by country: revenue, costs.
ITEM_GROUPS = (
    (
        "GOED",
        "Handelsgoederen",
        1,
        {"BE": ("700000", "604000"), "NL": ("8000", "7000")},
    ),
    ("DIENST", "Diensten", 0, {"BE": ("704000", "613000"), "NL": ("8000", "7000")}),
)
CLASSIFICATION_NAMES = ("Branche", "Regio")
# Code, description, number of its name.
CLASSIFICATIONS = (("HAND", "Handel", 1), ("INDU", "Industrie", 1), ("N", "Noord", 2))
DOCUMENT_CATEGORIES = ("Algemeen", "Financieel")
DEFAULT_CATEGORY = "Algemeen"
DOCUMENT_TYPE_CATEGORIES = {1: "Algemeen", 2: "Verkoop", 3: "Inkoop"}
FOLDERS = (("ALG", "Algemeen"),)

STATES = {
    "BE": {
        "VAN": "Antwerpen",
        "BRU": "Brussel",
        "WHT": "Henegouwen",
        "VLI": "Limburg",
        "WLG": "Luik",
        "WLX": "Luxemburg",
        "WNA": "Namen",
        "VOV": "Oost-Vlaanderen",
        "VBR": "Vlaams-Brabant",
        "WBR": "Waals-Brabant",
        "VWV": "West-Vlaanderen",
    },
    "NL": {
        "DR": "Drenthe",
        "FL": "Flevoland",
        "FR": "Friesland",
        "GE": "Gelderland",
        "GR": "Groningen",
        "LI": "Limburg",
        "NB": "Noord-Brabant",
        "NH": "Noord-Holland",
        "OV": "Overijssel",
        "UT": "Utrecht",
        "ZE": "Zeeland",
        "ZH": "Zuid-Holland",
    },
}


def fill(state, division, country):
    _add_units(state, division)
    _add_item_groups(state, division, country)
    _add_classifications(state, division)
    _add_states(state, division)
    _add_documents(state, division)
    _add_exchange_rates(state, division)
    _add_vat_percentages(state, division)


def _add(state, division, uri, key, **row):
    state.insert(division, uri, {"ID": guid_for(division, uri, key), **row})


def _add_units(state, division):
    for code, name, kind, main, time_unit in UNITS:
        row = {"Code": code, "Description": name, "Type": kind, "Main": main}
        row.update(TimeUnit=time_unit, Active=True)
        _add(state, division, "logistics/Units", code, **row)


def _add_item_groups(state, division, country):
    for code, name, is_default, ledger in ITEM_GROUPS:
        row = {"Code": code, "Description": name, "IsDefault": is_default}
        for prefix, number in zip(
            ("GLRevenue", "GLCosts"), ledger[country], strict=True
        ):
            account = state.by_code(division, "financial/GLAccounts", number)
            row[prefix] = account["ID"]
            row[f"{prefix}Code"] = account["Code"]
            row[f"{prefix}Description"] = account["Description"]
        _add(state, division, "logistics/ItemGroups", code, **row)


def _add_classifications(state, division):
    uri = "crm/AccountClassificationNames"
    for number, name in enumerate(CLASSIFICATION_NAMES, start=1):
        row = {"Description": name, "SequenceNumber": number}
        _add(state, division, uri, number, **row)
    for code, description, number in CLASSIFICATIONS:
        row = {
            "Code": code,
            "Description": description,
            "AccountClassificationName": guid_for(division, uri, number),
            "AccountClassificationNameDescription": CLASSIFICATION_NAMES[number - 1],
        }
        _add(state, division, "crm/AccountClassifications", code, **row)


def _add_states(state, division):
    for country, states in STATES.items():
        for code, name in states.items():
            row = {"Country": country, "State": code, "Name": name}
            row["DisplayValue"] = f"{code} - {name}"
            _add(state, division, "crm/AddressStates", f"{country}{code}", **row)


def _add_documents(state, division):
    for name in DOCUMENT_CATEGORIES:
        _add(state, division, "documents/DocumentCategories", name, Description=name)
    for number, name in DOCUMENT_TYPE_CATEGORIES.items():
        row = {"ID": number, "Description": name}
        state.insert(division, "documents/DocumentTypeCategories", row)
    for number, (name, category, is_creatable) in data.DOCUMENT_TYPES.items():
        row = {
            "ID": number,
            "Description": name,
            "TypeCategory": category,
            "DocumentIsCreatable": is_creatable,
            "DocumentIsDeletable": is_creatable,
            "DocumentIsUpdatable": is_creatable,
            "DocumentIsViewable": True,
        }
        state.insert(division, "documents/DocumentTypes", row)
    for code, name in FOLDERS:
        row = {"Code": code, "Description": name, "Share": 0}
        _add(state, division, "documents/DocumentFolders", code, **row)


def _add_exchange_rates(state, division):
    own = state.divisions()[division]["Currency"]
    names = {code: name for code, name, _decimals in data.CURRENCIES}
    for code, rate in data.RATES.items():
        row = {
            "SourceCurrency": code,
            "SourceCurrencyDescription": names[code],
            "TargetCurrency": own,
            "TargetCurrencyDescription": names[own],
            "Rate": Decimal(rate),
            "StartDate": SINCE,
        }
        _add(state, division, "financial/ExchangeRates", code, **row)


def _add_vat_percentages(state, division):
    for vat_code in list(state.rows(division, "vat/VATCodes").values()):
        row = {
            "VATCodeID": vat_code["ID"],
            "Percentage": vat_code["Percentage"],
            "LineNumber": 1,
            "StartDate": SINCE,
            "Type": 0,
        }
        _add(state, division, "vat/VatPercentages", vat_code["Code"], **row)
