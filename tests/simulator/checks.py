"""Checks that several resources share: places, languages, addresses of mail."""

import re

from .seed_data import COUNTRIES, LANGUAGES

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


def place_findings(record):
    """Check the country and the state in it, as they will be.

    A state that is stored must suit a new country, or be emptied with it.
    """
    context = record.context
    if not {"Country", "State"} & set(record.values):
        return []
    country = record.text("Country").upper()
    if country and country not in COUNTRIES:
        return [context.about("reference", "Country")]
    if not country:
        country = context.state.divisions()[context.division]["Country"].strip()
    state = record.text("State").upper()
    states = context.rows("crm/AddressStates").values()
    if state and not any(
        (row["Country"], row["State"]) == (country, state) for row in states
    ):
        return [context.about("reference", "State")]
    return []


def strip_place(record):
    for name in ("Country", "State"):
        if record.values.get(name) is not None:
            record.values[name] = record.values[name].strip().upper() or None


def language_findings(record):
    if record.values.get("Language") is None:
        return []
    language = record.values["Language"].strip() or None
    record.values["Language"] = language
    if language is None or language in LANGUAGES:
        return []
    return [record.context.about("reference", "Language")]


def email_findings(record, *names):
    return [
        record.context.about("invalid", name, record.values[name])
        for name in names
        if record.values.get(name) and not _is_email(record.values[name])
    ]


def _is_email(text):
    domain = text.rpartition("@")[2]
    return bool(_EMAIL.fullmatch(text)) and "." in domain.strip(".")


def currency_findings(record, *names):
    return [
        record.context.about("reference", name)
        for name in names
        if record.values.get(name)
        and not record.context.find("general/Currencies", record.values[name])
    ]
