"""Contacts, addresses and bank accounts of the simulator's accounts."""

import pytest

from .simulator_api import FINDING, SECOND, Api, refused

ACCOUNTS, CONTACTS = "crm/Accounts", "crm/Contacts"
ADDRESSES, BANKS = "crm/Addresses", "crm/BankAccounts"
BELGIAN_IBAN, DUTCH_IBAN = "BE68 5390 0754 7034", "NL91ABNA0417164300"


def one(api, resource, guid):
    response = api.get(f"{resource}(guid'{guid}')")
    assert response.status_code == 200, response.text
    return response.json()["d"]


def make(api, resource, **values):
    response = api.post(resource, values)
    assert response.status_code == 201, response.text
    return response.json()["d"]


def put(api, resource, guid, **values):
    return api.put(f"{resource}(guid'{guid}')", values)


def of_account(api, resource, account):
    return api.rows(resource, filter=f"Account eq guid'{account}'")


def deleted(api, resource, guid):
    assert api.delete(f"{resource}(guid'{guid}')").status_code == 204
    rows = api.rows(
        "sync/Deleted", filter="Timestamp gt 1L", select="EntityKey,EntityType"
    )
    return {row["EntityKey"]: row["EntityType"] for row in rows}


# === CONTACTS === #


def test_contact_is_filled(api):
    account = api.customer(City="Gent")

    contact = make(api, CONTACTS, Account=account, FirstName="An", LastName="Claes")

    assert contact["FullName"] == "An Claes"
    assert (contact["HID"], contact["AccountName"]) == (1, "Deco Addict")
    assert contact["AccountIsCustomer"] is True
    assert contact["IsMainContact"] is False
    assert contact["City"] == "Gent"
    assert make(api, CONTACTS, Account=account, LastName="Bos")["HID"] == 2


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"Account": None}, "Verplicht: Relatie"),
        ({"LastName": None}, "Verplicht: Achternaam"),
        ({"LastName": " "}, "Verplicht: Achternaam"),
        ({"Email": "nobody"}, "Ongeldig: E-mail [nobody]"),
        ({"Language": "Q"}, "Ongeldige referentie: Taal"),
        ({"HID": 0}, "Ongeldig: Nummer [0]"),
        ({"HID": 7}, "Gegeven bestaat reeds."),
        ({"LastName": "x" * 51}, "Ongeldig: Achternaam (maximale lengte: 50)"),
    ],
)
def test_refused_contact(api, values, text):
    account = api.customer()
    make(api, CONTACTS, Account=account, LastName="Claes", HID=7)

    response = api.post(CONTACTS, {"Account": account, "LastName": "Bos", **values})

    refused(response, FINDING, text)


def test_account_of_another_division_is_no_reference(simulator, api):
    stranger = Api(simulator, division=SECOND).customer()

    response = api.post(CONTACTS, {"Account": stranger, "LastName": "Bos"})

    refused(response, FINDING, "Ongeldige referentie: Relatie")


def test_contact_is_no_account(api):
    contact = make(api, CONTACTS, Account=api.customer(), LastName="Bos")["ID"]

    refused(
        api.post(CONTACTS, {"Account": contact, "LastName": "x"}),
        FINDING,
        "Ongeldige referentie: Relatie",
    )
    response = api.post_entry(Customer=contact, PaymentCondition="30")
    refused(response, FINDING, "Ongeldige referentie: Relatie")


def test_birth_names_overwrite_the_others(api):
    contact = make(
        api,
        CONTACTS,
        Account=api.customer(),
        LastName="Claes",
        BirthName="Maes",
        BirthNamePrefix="van",
    )

    assert contact["FullName"] == "van Maes"


def test_main_contact_is_chosen_at_the_account(api):
    account, other = api.customer(), api.customer()
    contact = make(api, CONTACTS, Account=account, LastName="Bos")["ID"]
    stranger = make(api, CONTACTS, Account=other, LastName="Ver")["ID"]

    refused(
        put(api, ACCOUNTS, account, MainContact=stranger),
        FINDING,
        "Ongeldige referentie: Contactpersoon",
    )
    assert put(api, ACCOUNTS, account, MainContact=contact).status_code == 204
    assert one(api, CONTACTS, contact)["IsMainContact"] is True
    assert deleted(api, CONTACTS, contact)[contact] == 5
    assert one(api, ACCOUNTS, account)["MainContact"] is None


def test_number_null_leaves_the_number(api):
    account = api.customer()
    contact = make(api, CONTACTS, Account=account, LastName="Bos")["ID"]

    assert put(api, CONTACTS, contact, HID=None).status_code == 204
    assert one(api, CONTACTS, contact)["HID"] == 1
    assert make(api, CONTACTS, Account=account, LastName="x", HID=2**31 - 1)
    # The highest number is taken: a gap is filled.
    assert make(api, CONTACTS, Account=account, LastName="y")["HID"] == 2


def test_contacts_are_told_by_sync_and_in_bulk(api):
    contact = make(api, CONTACTS, Account=api.customer(), LastName="Bos")["ID"]
    select = "ID,LastName,Timestamp"

    (before,) = api.rows("sync/CRM/Contacts", filter="Timestamp gt 1L", select=select)
    put(api, CONTACTS, contact, LastName="Ros")
    cursor = f"Timestamp gt {before['Timestamp']}L"
    (after,) = api.rows("sync/CRM/Contacts", filter=cursor, select=select)

    assert (before["LastName"], after["LastName"]) == ("Bos", "Ros")
    bulk = api.rows(
        "bulk/CRM/Contacts", filter="LastName eq 'Ros'", select="ID,LastName"
    )
    assert [row["ID"] for row in bulk] == [contact]


# === ADDRESSES === #

PLACE = {"AddressLine1": "Kerkstraat 1", "Postcode": "9000", "City": "Gent"}


def test_account_has_its_own_address_as_visit_address(api):
    account = api.customer(**PLACE)

    (address,) = of_account(api, ADDRESSES, account)

    assert {name: address[name] for name in PLACE} == PLACE
    assert (address["Type"], address["Main"]) == (1, True)
    put(api, ACCOUNTS, account, City="Brugge")
    assert one(api, ADDRESSES, address["ID"])["City"] == "Brugge"
    put(api, ADDRESSES, address["ID"], City="Aalst")
    assert one(api, ACCOUNTS, account)["City"] == "Aalst"


def test_identical_address_is_not_made_twice(api):
    account = api.customer(**PLACE)
    body = {"Account": account, "Type": 3, **PLACE}

    first, again = make(api, ADDRESSES, **body), make(api, ADDRESSES, **body)
    other = make(api, ADDRESSES, **{**body, "City": "Aalst"})

    assert again["ID"] == first["ID"]
    assert other["ID"] != first["ID"]
    # The visit address of the account is found, too.
    visit = make(api, ADDRESSES, **{**body, "Type": 1})["ID"]
    assert len(of_account(api, ADDRESSES, account)) == 3
    assert one(api, ADDRESSES, visit)["Main"] is True


def test_one_address_of_a_type_is_the_main_one(api):
    account = api.customer()
    first = make(api, ADDRESSES, Account=account, Type=4, City="Gent")
    second = make(api, ADDRESSES, Account=account, Type=4, City="Aalst")

    assert (first["Main"], second["Main"]) == (True, False)
    put(api, ADDRESSES, second["ID"], Main=True)
    assert one(api, ADDRESSES, first["ID"])["Main"] is False


def test_another_main_visit_address_is_the_one_of_the_account(api):
    account = api.customer(**PLACE)

    make(api, ADDRESSES, Account=account, Type=1, City="Aalst", Main=True)

    assert one(api, ACCOUNTS, account)["City"] == "Aalst"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"Type": None}, "Verplicht: Type"),
        ({"Type": 9}, "Ongeldig: Type [9]"),
        ({"Account": None}, "Verplicht: Relatie"),
        ({"Country": "XX"}, "Ongeldige referentie: Land"),
        ({"State": "XX"}, "Ongeldige referentie: Provincie"),
    ],
)
def test_refused_address(api, values, text):
    body = {"Account": api.customer(), "Type": 3, **PLACE, **values}

    refused(api.post(ADDRESSES, body), FINDING, text)


def test_visit_address_stays(api):
    account = api.customer()
    (address,) = of_account(api, ADDRESSES, account)

    refused(
        api.delete(f"{ADDRESSES}(guid'{address['ID']}')"), FINDING, "In gebruik: Adres"
    )
    refused(
        put(api, ADDRESSES, address["ID"], Type=3), FINDING, "Niet toegestaan: Type"
    )


# === BANK ACCOUNTS === #


def test_bank_account_is_filled_and_below_its_account(api):
    account = api.customer()

    bank = make(api, BANKS, Account=account, BankAccount=BELGIAN_IBAN)

    assert (bank["Main"], bank["Type"], bank["Format"]) == (True, "A", "IBAN")
    assert (bank["BankAccount"], bank["IBAN"]) == (BELGIAN_IBAN, "BE68539007547034")
    assert bank["BankAccountHolderName"] == "Deco Addict"
    (below,) = api.rows(f"{ACCOUNTS}(guid'{account}')/BankAccounts")
    assert below["ID"] == bank["ID"]
    (row,) = api.rows(
        ACCOUNTS,
        filter=f"ID eq guid'{account}'",
        select="ID,BankAccounts/IBAN",
        expand="BankAccounts",
    )
    assert [each["IBAN"] for each in row["BankAccounts"]["results"]] == [bank["IBAN"]]


def test_one_bank_account_is_the_main_one(api):
    account = api.customer()
    first = make(api, BANKS, Account=account, BankAccount=BELGIAN_IBAN)["ID"]
    second = make(api, BANKS, Account=account, BankAccount=DUTCH_IBAN, Main=True)

    assert second["Main"] is True
    assert one(api, BANKS, first)["Main"] is False
    assert deleted(api, BANKS, first)[first] == 48


@pytest.mark.parametrize(
    "number", ["BE68539007547035", "BE6853900754703", "123456", "XX", "٣٤٥"]
)
def test_bank_account_must_be_an_iban(api, number):
    body = {"Account": api.customer(), "BankAccount": number}

    refused(api.post(BANKS, body), FINDING, f"Ongeldig: Bankrekening [{number}]")


def test_bank_account_is_once_with_an_account(api):
    account, other = api.customer(), api.customer()
    make(api, BANKS, Account=account, BankAccount=BELGIAN_IBAN)

    body = {"Account": account, "BankAccount": BELGIAN_IBAN.replace(" ", "")}
    refused(api.post(BANKS, body), FINDING, "Gegeven bestaat reeds.")
    assert api.post(BANKS, {**body, "Account": other}).status_code == 201


def test_deleted_account_takes_its_own_along(api):
    account = api.customer()
    contact = make(api, CONTACTS, Account=account, LastName="Bos")["ID"]
    bank = make(api, BANKS, Account=account, BankAccount=BELGIAN_IBAN)["ID"]

    gone = deleted(api, ACCOUNTS, account)

    assert (gone[account], gone[contact], gone[bank]) == (2, 5, 48)
    assert sorted(gone.values()) == [2, 3, 5, 48]


# === CLASSIFICATIONS === #


def test_classification_of_an_account(api):
    rows = api.rows("crm/AccountClassifications")
    names = {
        row["SequenceNumber"] for row in api.rows("crm/AccountClassificationNames")
    }

    account = api.customer(Classification1=rows[0]["ID"])

    assert one(api, ACCOUNTS, account)["Classification1"] == rows[0]["ID"]
    assert names == {1, 2}
