"""Bodies of sales entries: form and types; numbers; what settings decide."""

import json
import threading
import time

import pytest

from .simulator_api import DUTCH, ENGLISH_USER, Api, refused

ENTRIES = "salesentry/SalesEntries"
STRANGER = "11111111-2222-3333-4444-555555555555"
TOP_LEVEL = (
    "Error processing request stream. The request should be a valid top-level resource"
    " object."
)


def nothing_booked(api):
    return api.simulator.control.entries() == []


# === BODIES === #


@pytest.mark.parametrize("content", ["", "[]", "1", "{", '{"a":}', "NaN", "[" * 10_000])
def test_body_must_be_one_object(api, content):
    headers = {"Content-Type": "application/json"}

    refused(api.call("POST", ENTRIES, data=content, headers=headers), 400, TOP_LEVEL)


@pytest.mark.parametrize("wrap", [lambda line: {"results": [line]}, lambda line: line])
def test_lines_must_be_a_plain_array(api, wrap):
    body = api.entry_body(SalesEntryLines=wrap(api.line()))

    refused(api.post(ENTRIES, body), 400, TOP_LEVEL)
    assert nothing_booked(api)


@pytest.mark.parametrize("name", ["Foo", "customer", "entryNumber", "Item"])
def test_unknown_property_is_refused(api, name):
    response = api.post_entry(**{name: "x"})

    refused(
        response,
        400,
        f"Error processing request stream. The property name '{name}' specified for"
        " type 'Exact.Web.Api.Models.SalesEntry' is not valid.",
    )
    assert api.post_entry(api.line(Item="x")).status_code == 400


@pytest.mark.parametrize(
    ("name", "edm", "value"),
    [
        ("EntryDate", "DateTime", "/Date(1756684800000)/"),
        ("EntryDate", "DateTime", "01-09-2025"),
        ("EntryDate", "DateTime", "2025-02-30"),
        ("EntryDate", "DateTime", 20250901),
        ("EntryNumber", "Int32", "2670001x"),
        ("EntryNumber", "Int32", "٢٦"),
        ("EntryNumber", "Int32", "2147483648"),
        ("EntryNumber", "Int32", 2147483648),
        ("EntryNumber", "Int32", 1.5),
        ("EntryNumber", "Int32", True),
        ("ReportingYear", "Int16", 40000),
        ("Rate", "Double", "one"),
        ("Rate", "Double", True),
        ("Reversal", "Boolean", "true"),
        ("Reversal", "Boolean", 1),
        ("YourRef", "String", ["x"]),
        ("YourRef", "String", False),
        ("YourRef", "String", "\ud83d"),
        ("Customer", "Guid", 5),
    ],
)
def test_value_of_another_type_is_refused(api, name, edm, value):
    response = api.post_entry(**{"Customer": api.customer(), name: value})

    refused(
        response,
        400,
        "Error processing request stream. Error encountered in converting the value"
        f" from request payload for property '{name}' to type '{edm}', which is the"
        " property's expected type. See inner exception for more detail.",
    )
    assert nothing_booked(api)


@pytest.mark.parametrize("status", [400, 500])
def test_malformed_guid_is_400_always(simulator, api, status):
    simulator.control.settings(error_status=status)

    response = api.post_entry(Customer="{x}")

    refused(response, 400, "Niet herkende GUID-indeling.")


def test_numeric_texts_are_accepted_for_numbers(api):
    line = api.line(AmountFC="100.10", VATAmountFC=" 21.02 ")
    entry = api.booked(line, EntryNumber="26700017")

    assert (entry["AmountFC"], entry["EntryNumber"]) == (121.12, 26700017)


@pytest.mark.parametrize(
    "date",
    [
        "2026-03-10",
        "2026-03-10T00:00:00Z",
        "2026-03-10T14:30:59.123456789",
        "2026-03-10T23:59:59+01:00",
    ],
)
def test_dates_lose_the_time_of_day(api, date):
    entry = api.booked(EntryDate=date, DueDate=date)

    # Midnight UTC of that day.
    assert entry["EntryDate"] == entry["DueDate"] == "/Date(1773100800000)/"


@pytest.mark.parametrize(
    ("setting", "written", "status"),
    [
        ("refuse", "/Date(1773100800000)/", 400),
        ("refuse", r"\/Date(1773100800000)\/", 400),
        ("take", "/Date(1773100800000)/", 400),
        ("take", r"\/Date(1773100800000)\/", 201),
        ("take", r"\/Date(1773151200000+0100)\/", 201),
        ("take", r"\/Date(-99999999999999999)\/", 400),
    ],
)
def test_dates_as_they_are_read(api, setting, written, status):
    api.simulator.control.settings(escaped_dates=setting)
    content = json.dumps(api.entry_body(EntryDate="date")).replace(
        '"date"', f'"{written}"'
    )
    headers = {"Content-Type": "application/json"}

    response = api.call("POST", ENTRIES, data=content, headers=headers)

    assert response.status_code == status
    assert status == 400 or "(1773100800000)" in response.json()["d"]["EntryDate"]


def test_read_only_properties_are_ignored(api):
    entry = api.booked(
        AmountDC="5", Type=21, VATAmountDC=[], Status="x", EntryID=STRANGER
    )

    assert (entry["AmountDC"], entry["Type"], entry["Status"]) == (121, 20, 20)
    assert entry["EntryID"] != STRANGER


# === NUMBER === #


def test_used_number_is_refused(simulator, api):
    api.booked(EntryNumber=26700017)

    refused(api.post_entry(EntryNumber=26700017), 500, "In gebruik: Boekstuknummer")
    response = Api(simulator, ENGLISH_USER).post_entry(EntryNumber=26700017)
    refused(response, 500, "In use: Entry number")
    assert len(simulator.control.entries()) == 1


def test_number_is_unique_per_journal_year_and_division(simulator, api):
    api.booked(EntryNumber=17)

    api.booked(EntryNumber=17, Journal="701")
    api.booked(EntryNumber=17, EntryDate="2025-03-10")
    api.booked(EntryNumber=17, ReportingYear=2025, ReportingPeriod=1, Journal="701")
    dutch = Api(simulator, division=DUTCH)
    line = dutch.line(GLAccount=dutch.gl_account("8000"), VATCode="2")
    dutch.booked(line, EntryNumber=17, Journal="70")


def test_threads_with_the_same_number_book_it_once(simulator, api, monkeypatch):
    bodies = [api.entry_body(EntryNumber=26700017) for _number in range(6)]
    gate = threading.Barrier(len(bodies))
    insert = simulator.state.insert

    def slow_insert(*arguments):
        # Long enough for the others to find the number free, were there no lock.
        time.sleep(0.05)
        return insert(*arguments)

    monkeypatch.setattr(simulator.state, "insert", slow_insert)
    statuses = []

    def post(body):
        api = Api(simulator, ENGLISH_USER)
        gate.wait()
        statuses.append(api.post(ENTRIES, body).status_code)

    threads = [threading.Thread(target=post, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [201] + [500] * 5
    assert len(simulator.control.entries()) == 1


# === SETTINGS FOR WHAT IS UNSURE === #


def test_given_vat_is_taken_as_it_is(api):
    assert api.booked(api.line(VATAmountFC=55.55))["VATAmountFC"] == 55.55


def test_given_vat_may_have_a_tolerance(simulator, api):
    simulator.control.settings(vat_tolerance=0.02)

    assert api.post_entry(api.line(VATAmountFC=21.02)).ok
    refused(
        api.post_entry(api.line(VATAmountFC=21.03)), 500, "Ongeldig: Btw-bedrag [21.03]"
    )


def test_vat_of_the_header_may_be_compared(simulator, api):
    assert api.post_entry(VATAmountFC=20.99).ok
    simulator.control.settings(header_vat="check")

    refused(
        api.post_entry(VATAmountFC=20.99),
        500,
        "De boeking is niet in evenwicht op: 2026 / 3 (Type: Verkoopboeking) -"
        " Verschil: EUR -0,01",
    )
    assert api.post_entry(VATAmountFC=21).ok


def test_vat_on_base_only_may_be_accepted(simulator, api):
    simulator.control.settings(vat_on_base_only="accept")

    assert api.booked(api.line(VATCode="6", VATAmountFC=21))["AmountFC"] == 121


def test_payment_condition_is_mandatory_where_nothing_gives_one(api):
    bare = api.customer(PaymentConditionSales=None)
    condition, due_date = "Verplicht: Betalingsconditie", "Verplicht: Vervaldatum"

    refused(api.post_entry(Customer=bare), 500, condition, due_date)
    refused(api.post_entry(Customer=bare, DueDate="2026-04-10"), 500, condition)
    assert api.post_entry(Customer=bare, PaymentCondition="14").ok
    assert api.post_entry(Customer=api.customer(PaymentConditionSales="14")).ok


def test_division_may_have_a_default_payment_condition(simulator, api):
    simulator.control.settings(payment_condition_required=False)

    entry = api.booked(Customer=api.customer(PaymentConditionSales=None))

    assert entry["PaymentCondition"] == "30"
    # 30 days after 10 March.
    assert entry["DueDate"] == "/Date(1775692800000)/"


def test_long_texts_may_be_cut(simulator, api):
    simulator.control.settings(overlong="cut")

    assert api.booked(YourRef="x" * 40)["YourRef"] == "x" * 30


def test_control_characters_may_be_replaced(simulator, api):
    simulator.control.settings(control_characters="replace")

    assert api.booked(Description="a\x01b")["Description"] == "a?b"


def test_client_may_choose_the_guid_when_so_set(simulator, api):
    simulator.control.settings(keep_client_guid=True)

    assert api.booked(EntryID=STRANGER)["EntryID"] == STRANGER
    refused(api.post_entry(EntryID=STRANGER), 500, "Gegeven bestaat reeds.")


def test_numbers_for_texts_are_refused_when_so_set(simulator, api):
    assert api.post_entry(YourRef=5).ok
    simulator.control.settings(numbers_as_text=False)

    assert api.post_entry(YourRef=5).status_code == 400


def test_largest_amount_at_the_largest_rate_is_booked(api):
    line = api.line(AmountFC="999999999999999", VATAmountFC=0)
    entry = api.booked(
        line, Currency="USD", Rate="99999999999999.5", DueDate="2026-04-10"
    )

    assert entry["AmountDC"] > 9e28
