"""Every record that is no entry: made, read, changed, deleted, and its references."""

import pytest

from .simulator.relations import RECORDS
from .simulator.resources import RESOURCES
from .simulator_api import FINDING, SECOND, Api

BODIES = {
    "crm/Accounts": {"Name": "Deco Addict"},
    "crm/Addresses": {"Type": 4, "City": "Gent"},
    "crm/BankAccounts": {"BankAccount": "BE68539007547034"},
    "crm/Contacts": {"LastName": "Claes"},
    "cashflow/PaymentConditions": {"Code": "45", "Description": "45 dagen"},
    "documents/Documents": {"Subject": "Invoice", "Type": 10},
    "documents/DocumentAttachments": {"FileName": "x.pdf", "Attachment": "aGk="},
    "documents/DocumentFolders": {"Code": "X", "Description": "Extra"},
    "financial/ExchangeRates": {"SourceCurrency": "GBP", "Rate": 1.2},
    "financial/GLAccounts": {"Code": "700900", "Description": "Extra"},
    "financial/Journals": {"Code": "790", "Description": "Extra", "Type": 20},
    "hrm/Costcenters": {"Code": "X", "Description": "Extra"},
    "hrm/Costunits": {"Code": "X", "Description": "Extra"},
    "logistics/Items": {"Code": "DESK", "Description": "Desk"},
    "logistics/SalesItemPrices": {"Price": 12},
    "vat/VATCodes": {"Code": "99", "Description": "Extra"},
}
# What another record has to be there for.
OWNERS = {
    "crm/Addresses": ("Account", "crm/Accounts"),
    "crm/BankAccounts": ("Account", "crm/Accounts"),
    "crm/Contacts": ("Account", "crm/Accounts"),
    "documents/DocumentAttachments": ("Document", "documents/Documents"),
    "logistics/SalesItemPrices": ("Item", "logistics/Items"),
}
CHANGES = {
    "crm/Accounts": {"City": "Aalst"},
    "crm/Addresses": {"City": "Aalst"},
    "crm/BankAccounts": {"Description": "Main"},
    "crm/Contacts": {"FirstName": "An"},
    "documents/Documents": {"Subject": "Bill"},
    "financial/ExchangeRates": {"Rate": 1.3},
    "logistics/SalesItemPrices": {"Price": 13},
}
REFERENCES = [
    (uri, name)
    for uri in RECORDS
    for name, prop in RESOURCES[uri].properties.items()
    if prop.edm == "Guid" and prop.writable and name != RESOURCES[uri].key
]
RECORDS_WITH = {
    verb: [uri for uri in RECORDS if verb in RESOURCES[uri].verbs] for verb in "UD"
}


def body_of(api, uri):
    body = dict(BODIES[uri])
    if uri in OWNERS:
        name, owner = OWNERS[uri]
        body[name] = make(api, owner)[RESOURCES[owner].key]
    return body


def make(api, uri):
    response = api.post(uri, body_of(api, uri))
    assert response.status_code == 201, response.text
    return response.json()["d"]


def address_of(uri, row):
    return f"{uri}(guid'{row[RESOURCES[uri].key]}')"


def test_every_record_has_a_body_here():
    assert set(BODIES) == set(RECORDS)


@pytest.mark.parametrize("uri", RECORDS)
def test_record_is_made_and_read_back(api, uri):
    row = make(api, uri)

    response = api.get(address_of(uri, row))

    assert response.status_code == 200
    read = response.json()["d"]
    if uri != "documents/DocumentAttachments":
        sent = {name: read[name] for name in BODIES[uri]}
        assert {
            name: value.strip() if isinstance(value, str) else value
            for name, value in sent.items()
        } == BODIES[uri]
    key = RESOURCES[uri].key
    listed = api.rows(uri, filter=f"{key} eq guid'{row[key]}'", select=key)
    assert [each[key] for each in listed] == [row[key]]


@pytest.mark.parametrize("uri", RECORDS)
def test_record_is_of_one_division(simulator, api, uri):
    row = make(api, uri)

    other = Api(simulator, division=SECOND)

    assert other.get(address_of(uri, row)).status_code == 404


@pytest.mark.parametrize("uri", RECORDS_WITH["U"])
def test_record_is_changed_and_stamped(simulator, api, uri):
    row = make(api, uri)
    simulator.clock.advance(120)
    change = CHANGES.get(uri, {"Description": "Other"})

    response = api.put(address_of(uri, row), change)

    assert response.status_code in (200, 204), response.text
    read = api.get(address_of(uri, row)).json()["d"]
    assert {name: read[name] for name in change} == change
    if "Modified" in read:
        assert read["Modified"] != read["Created"]


@pytest.mark.parametrize("uri", RECORDS_WITH["D"])
def test_record_is_deleted(api, uri):
    row = make(api, uri)

    assert api.delete(address_of(uri, row)).status_code == 204
    assert api.get(address_of(uri, row)).status_code == 404


@pytest.mark.parametrize(("uri", "name"), REFERENCES)
def test_reference_must_be_there_of_the_kind_and_in_the_division(
    simulator, api, uri, name
):
    target = RESOURCES[uri].references.get(name)
    wrong = ["11111111-2222-3333-4444-555555555555"]
    # A G/L account is there in every division; so is a contact in none by itself.
    wrong.append(make(api, "documents/DocumentFolders")["ID"])
    if target == "documents/DocumentFolders":
        wrong[-1] = api.gl_account()
    other = simulator.state.rows(SECOND, target) if target else ()
    wrong += list(other)[:1]
    body = body_of(api, uri)

    for guid in wrong:
        response = api.post(uri, {**body, name: guid})
        assert response.status_code == FINDING, (guid, response.text)
        assert "Ongeldige referentie" in response.text


@pytest.mark.parametrize("uri", RECORDS)
def test_mandatory_properties_are_named_at_once(api, uri):
    response = api.post(uri, {})

    names = [prop for prop in RESOURCES[uri].properties.values() if prop.mandatory]
    assert response.status_code == FINDING
    told = response.json()["error"]["message"]["value"].split("\r\n")
    assert len([text for text in told if text.startswith("Verplicht")]) >= len(names)
