"""What is known of Exact Online's refusals, as a specification of the simulator.

Each test is a fact that is documented or was seen, by the section it belongs to: 2.6
rights, 4.1 form of a refusal, 4.2 status, 4.3 texts.
"""

import pytest

from .facts import (
    ACCOUNTS,
    ENTRIES,
    JOURNALS,
    PURCHASES,
    brief,
)
from .simulator_api import (
    BELGIAN,
    DUTCH_USER,
    ENGLISH_USER,
    RESTRICTED_USER,
    SECOND,
    Api,
    findings,
)

# === 2.6 RIGHTS === #


def test_2_6_no_token(api):
    response = api.get(JOURNALS, headers={"Authorization": None})

    assert response.status_code == 401
    assert "WWW-Authenticate" in response.headers


def test_2_6_expired_token_is_told_in_a_header(simulator, api):
    simulator.control.advance(601)

    response = api.get(JOURNALS)

    assert response.status_code == 401
    told = response.headers["WWW-Authenticate"]
    assert "expired" in told


@pytest.mark.parametrize(
    ("scope", "method", "text"),
    [
        (
            {"crm.accounts": "manage"},
            "GET",
            "Forbidden - Application Scope Violated. Cannot read"
            " 'organization.administration' scope.",
        ),
    ],
)
def test_2_6_scope_is_missing(simulator, scope, method, text):
    simulator.control.register_app("narrow", "secret", scopes=scope)
    api = Api(simulator, client_id="narrow")

    response = api.call(method, "system/Divisions")

    assert (response.status_code, findings(response)) == (403, [text])


@pytest.mark.parametrize(
    "reason", ["BlockedUser", "InactiveUser", "BlockedCustomer", "LicenseExpired"]
)
def test_2_6_reason_of_a_403(simulator, api, reason):
    simulator.control.settings(forbidden_reason=reason)

    response = api.get(JOURNALS)

    assert (response.status_code, response.headers["Reason"]) == (403, reason)


@pytest.mark.parametrize("division", [BELGIAN, 999])
@pytest.mark.parametrize("resource", [JOURNALS, "system/Divisions", ENTRIES])
def test_2_6_division_that_is_not_allowed(simulator, division, resource):
    api = Api(simulator, RESTRICTED_USER, SECOND)

    response = api.get(resource, division=division, select="Created")

    assert response.status_code == 403
    assert "Forbidden - WrongDivision" in response.text
    assert response.headers["Reason"] == "NoDivisionAccess"


# === 4.1 AND 4.2 FORM OF A REFUSAL === #


def test_4_1_findings_are_collected(api):
    response = api.post(ENTRIES, {})

    error = response.json()["error"]
    assert (error["code"], error["message"]["lang"]) == ("", "")
    assert len(findings(response)) > 1
    assert all(text.startswith("Verplicht: ") for text in findings(response))


@pytest.mark.parametrize(
    ("user", "word"), [(DUTCH_USER, "Verplicht"), (ENGLISH_USER, "Mandatory")]
)
def test_4_1_language_is_that_of_the_user(simulator, user, word):
    api = Api(simulator, user)

    response = api.post(ACCOUNTS, {}, headers={"Accept-Language": "fr"})

    assert findings(response)[0].startswith(f"{word}: ")


def test_4_2_findings_are_500_by_default_and_syntax_is_400(simulator, api):
    assert api.post(ACCOUNTS, {}).status_code == 500
    assert api.post(ACCOUNTS, {"NotAField": 1}).status_code == 400
    assert api.get(JOURNALS, filter="Code eq").status_code == 400

    simulator.control.settings(error_status=400)

    assert api.post(ACCOUNTS, {}).status_code == 400


GENERIC = (
    ("problem", "en", "A problem has occurred. The cause of this issue will be"),
    ("null_reference", "en", "Object reference not set to an instance of an object."),
    ("null_reference", "nl", "De objectverwijzing is niet op een exemplaar ingesteld."),
)


@pytest.mark.parametrize(("text", "language", "start"), GENERIC)
def test_4_2_generic_trouble(simulator, api, text, language, start):
    simulator.control.fault("status_500_generic", text=text, language=language)

    response = api.get(JOURNALS)

    assert response.status_code == 500
    assert findings(response)[0].startswith(start)


@pytest.mark.parametrize("status", [200, 503, 504])
def test_4_2_maintenance(simulator, api, status):
    simulator.control.fault("maintenance", status=status)

    response = api.get(JOURNALS)

    assert response.status_code == status
    if status == 200:
        assert "<html" in response.text.lower()
    else:
        assert "Server maintenance: Due to server maintenance" in response.text


@pytest.mark.parametrize("process", [False, True])
def test_4_2_generic_trouble_leaves_open_what_became_of_a_booking(
    simulator, api, process
):
    body = api.entry_body(Customer=api.customer(PaymentConditionSales="30"))
    simulator.control.fault("status_500_generic", method="POST", process=process)

    assert api.post(ENTRIES, body).status_code == 500

    assert len(simulator.control.entries()) == process


# === 4.3 TEXTS === #


@pytest.fixture(params=[(DUTCH_USER, 0), (ENGLISH_USER, 1)], ids=["nl", "en"])
def reader(request, simulator):
    """Give the calls of a user, with what picks the text in their language."""
    user, index = request.param
    api = Api(simulator, user)
    api.text = lambda *texts: texts[index]
    api.customer_guid = api.customer(PaymentConditionSales="30")
    return api


def refusal(api, *lines, **values):
    """Return the findings on an entry."""
    values.setdefault("Customer", api.customer_guid)
    response = api.post_entry(*lines, **values)
    assert response.status_code == 500, brief(response)
    return findings(response)


def test_4_3_no_default_condition(reader):
    found = refusal(reader, Customer=reader.customer(PaymentConditionSales=None))

    assert (
        reader.text("Verplicht: Betalingsconditie", "Mandatory: Payment condition")
        in found
    )
    assert reader.text("Verplicht: Vervaldatum", "Mandatory: Due date") in found


def test_4_3_due_date_alone_does_not_replace_the_condition(reader):
    found = refusal(
        reader,
        Customer=reader.customer(PaymentConditionSales=None),
        DueDate="2026-04-10",
    )

    assert found == [
        reader.text("Verplicht: Betalingsconditie", "Mandatory: Payment condition")
    ]


def test_4_3_condition_of_the_entry_is_enough(reader):
    customer = reader.customer(PaymentConditionSales=None)

    assert (
        reader.post_entry(Customer=customer, PaymentCondition="30").status_code == 201
    )


@pytest.mark.parametrize(
    ("values", "dutch", "english"),
    [
        (
            {"EntryDate": "2011-03-10"},
            "Verplicht: Boekjaar",
            "Mandatory: Financial year",
        ),
        (
            {"Journal": "999"},
            "Ongeldige referentie: Journals",
            "Invalid reference: Journals",
        ),
        (
            {"PaymentCondition": "99"},
            "Ongeldige referentie: Betalingsconditie",
            "Invalid reference: Payment condition",
        ),
        ({"Journal": "600"}, "Ongeldig: Dagboek", "Invalid: Journal"),
        (
            {"Journal": "702", "Currency": "USD", "Rate": 0.92},
            "Niet toegestaan: Wisselkoers",
            "Not allowed: Exchange rate",
        ),
    ],
)
def test_4_3_refusals_of_a_header(reader, values, dutch, english):
    found = refusal(reader, **values)

    expected = reader.text(dutch, english)
    assert any(text.startswith(expected) for text in found), found


@pytest.mark.parametrize(
    ("values", "dutch", "english"),
    [
        (
            {"VATCode": "99"},
            "Ongeldige referentie: Btw-code",
            "Invalid reference: VAT code",
        ),
        (
            {"CostCenter": "NONE"},
            "Ongeldige referentie: Kostenplaats",
            "Invalid reference: Cost center",
        ),
        (
            {"CostUnit": "NONE"},
            "Ongeldige referentie: Kostendrager",
            "Invalid reference: Cost unit",
        ),
        (
            {"VATCode": "0", "VATAmountFC": 5},
            "Een btw bedrag is niet toegestaan als u gebruikmaakt van een btw-code",
            "A VAT amount is not allowed",
        ),
    ],
)
def test_4_3_refusals_of_a_line(reader, values, dutch, english):
    found = refusal(reader, reader.line(**values))

    expected = reader.text(dutch, english)
    assert any(text.startswith(expected) for text in found), found


@pytest.mark.parametrize("code", ["400000", "440000", "451000", "550000"])
def test_4_3_type_of_a_gl_account(reader, code):
    found = refusal(reader, reader.line(GLAccount=reader.gl_account(code)))

    expected = reader.text(
        "Ongeldig: Grootboekrekeningtype", "Invalid: G/L account type"
    )
    assert any(text.startswith(expected) for text in found), found


@pytest.mark.parametrize("status", ["A", "S", "P"])
def test_4_3_only_customers_are_sold_to(reader, status):
    customer = reader.customer(Status=status, PaymentConditionSales="30")

    found = refusal(reader, Customer=customer)

    assert found == [reader.text("Ongeldig: Klant (Type)", "Invalid: Customer (Type)")]


def test_4_3_code_that_exists(reader):
    reader.customer(Code="4711")

    response = reader.post(ACCOUNTS, {"Name": "Other", "Code": "4711"})

    expected = reader.text("Gegeven bestaat reeds.", "Data already exists")
    assert (response.status_code, findings(response)) == (500, [expected])


def test_4_3_own_code_in_a_change(reader):
    guid = reader.customer(Code="4711")

    response = reader.put(f"{ACCOUNTS}(guid'{guid}')", {"Code": "4711"})

    expected = reader.text("Gegeven bestaat reeds.", "Data already exists")
    assert findings(response) == [expected]


def test_4_3_number_in_use_in_its_journal_and_year_alone(reader):
    values = {"Customer": reader.customer_guid, "EntryNumber": 26700500}
    assert reader.post_entry(**values).status_code == 201

    found = refusal(reader, **values)

    expected = ("In gebruik: Boekstuknummer", "In use: Entry number")
    assert found == [reader.text(*expected)]
    assert reader.post_entry(**values, Journal="702").status_code == 201
    assert reader.post_entry(**values | {"EntryDate": "2025-03-10"}).status_code == 201


@pytest.mark.parametrize("wording", [1, 2, 3, 4, 50])
def test_4_3_other_wordings_are_told_too(simulator, reader, wording):
    values = {"Customer": reader.customer_guid, "EntryNumber": 26700500}
    assert reader.post_entry(**values).status_code == 201
    simulator.control.settings(wording=wording)

    (text,) = refusal(reader, **values)

    assert any(
        word in text.lower() for word in ("in use", "in gebruik", "bestaat", "exists")
    )


def test_4_3_closed_period(simulator, reader):
    simulator.control.close_period(BELGIAN, 2026, 3)

    (text,) = refusal(reader, EntryDate="2026-03-10")

    assert text.startswith(
        reader.text("Periode is afgesloten: 2026", "Period is closed")
    )


def test_4_3_processed_entry_is_not_changed(simulator, reader):
    entry = reader.booked(Customer=reader.customer_guid)
    guid = entry["EntryID"]
    simulator.control.change_row(BELGIAN, ENTRIES, guid, Status=50)

    response = reader.put(f"{ENTRIES}(guid'{guid}')", {"YourRef": "x"})

    expected = reader.text("Reeds verwerkt", "Already processed")
    assert (response.status_code, findings(response)) == (500, [expected])


def test_4_3_vat_code_of_purchases_on_a_sale(reader):
    (text,) = refusal(reader, reader.line(VATCode="A4"))

    assert reader.text("Ongeldig", "Invalid") in text
    assert "Inkoop" in text or "Purchase" in text.title()


def test_4_3_vat_is_allowed_in_sales_journals_whatever_they_say(simulator, reader):
    simulator.control.change_row(BELGIAN, JOURNALS, "700", AllowVAT=False)

    assert reader.post_entry(Customer=reader.customer_guid).status_code == 201


def test_4_3_debtor_account_must_be_the_journals(reader):
    other = reader.gl_account("493000")
    customer = reader.customer(PaymentConditionSales="30", GLAR=other)

    found = refusal(reader, Customer=customer)

    assert any(
        reader.text("klantenrekening van deze relatie", "accounts receivable") in text
        for text in found
    )


def test_4_3_cost_centre_that_the_gl_account_requires(reader):
    account = reader.gl_account("705000")
    found = refusal(reader, reader.line(GLAccount=account))

    assert found == [reader.text("Verplicht: Kostenplaats", "Mandatory: Cost center")]
    line = reader.line(GLAccount=account, CostCenter="VERK")
    assert reader.post_entry(line, Customer=reader.customer_guid).status_code == 201


def test_4_3_supplier_must_be_one(reader):
    account = reader.gl_account("604000")
    line = {"GLAccount": account, "AmountFC": 100, "VATCode": "A4"}
    body = {"Journal": "600", "Supplier": reader.customer_guid, "DueDate": "2026-12-01"}
    body.update(PaymentCondition="30", PurchaseEntryLines=[line])

    response = reader.post(PURCHASES, body)

    assert response.status_code == 500
    expected = reader.text("ongeldig: leverancier (type)", "invalid: supplier (type)")
    assert expected in response.text.lower()
