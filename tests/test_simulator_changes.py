"""Changing and deleting sales entries and their lines."""

import pytest

from .simulator_api import refused

ENTRIES = "salesentry/SalesEntries"
LINES = "salesentry/SalesEntryLines"


def one(resource, record):
    return f"{resource}(guid'{record.get('EntryID') or record['ID']}')"


def amounts(entry):
    return entry["AmountFC"], entry["VATAmountFC"], entry["AmountDC"]


def put_header(api, entry, **values):
    return api.put(one(ENTRIES, entry), values)


def reread(api, entry):
    return api.get(one(ENTRIES, entry)).json()["d"]


# === CHANGING === #


def test_put_changes_the_header(api):
    entry = api.booked(YourRef="old", Description="stays")

    response = put_header(api, entry, YourRef="new", AmountDC=5, EntryID="x")

    assert (response.status_code, response.content) == (204, b"")
    found = reread(api, entry)
    assert (found["YourRef"], found["Description"]) == ("new", "stays")
    assert found["AmountDC"] == 121


@pytest.mark.parametrize("lines", [[], [{"AmountFC": 1}], {"results": []}, None, "x"])
def test_put_cannot_carry_lines(api, lines):
    response = put_header(api, api.booked(), SalesEntryLines=lines)

    assert response.status_code == 400
    assert "Error processing request stream. Binding to new entities" in response.text


def test_lines_as_a_read_record_has_them_change_nothing(api):
    entry = api.booked()

    response = put_header(
        api, entry, SalesEntryLines=entry["SalesEntryLines"], YourRef="x"
    )

    assert response.status_code == 204
    assert len(api.lines_of(entry)) == 1


@pytest.mark.parametrize(("setting", "status"), [("record", 200), ("nothing", 204)])
def test_put_may_ask_for_the_record(simulator, api, setting, status):
    simulator.control.settings(put_prefer=setting)
    entry = api.booked()
    headers = {"Prefer": "return=representation"}

    response = api.put(one(ENTRIES, entry), {"YourRef": "x"}, headers=headers)

    assert response.status_code == status
    if status == 200:
        changed = response.json()["d"]
        assert (changed["YourRef"], changed["VATAmountFC"]) == ("x", 21)


def test_put_is_checked_like_a_post(api):
    entry = api.booked(EntryNumber=17)
    api.booked(EntryNumber=18)

    refused(put_header(api, entry, EntryNumber=18), 500, "In gebruik: Boekstuknummer")
    refused(put_header(api, entry, Journal="600"), 500, "Ongeldig: Dagboek (Type)")
    refused(put_header(api, entry, Customer=None), 500, "Verplicht: Relatie")
    assert put_header(api, entry, EntryNumber=17).status_code == 204


def test_put_of_the_date_moves_period_and_due_date(api):
    entry = api.booked(PaymentCondition="30")

    put_header(api, entry, EntryDate="2026-04-01")

    found = reread(api, entry)
    assert found["ReportingPeriod"] == 4
    assert found["DueDate"] == "/Date(1777593600000)/"


def test_put_of_the_rate_changes_domestic_amounts(api):
    entry = api.booked(Currency="USD")

    put_header(api, entry, Rate=0.5)

    assert reread(api, entry)["AmountDC"] == 60.5
    (line,) = api.lines_of(entry)
    assert (line["AmountDC"], line["VATAmountDC"]) == (50, 10.5)


def test_put_of_the_customer_changes_the_payment_reference(api):
    entry = api.booked(EntryNumber=17)

    put_header(api, entry, Customer=api.customer(Code="900"))

    assert reread(api, entry)["PaymentReference"] == "900/17"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_processed_or_closed_entry_stays(simulator, api, method):
    entry = api.booked()
    simulator.control.close_period(api.division, 2026, 3)
    simulator.control.change_row(api.division, ENTRIES, entry["EntryID"], Status=50)

    response = api.call(method, one(ENTRIES, entry), json={"YourRef": "x"})

    text = "Periode is afgesloten: 2026 - 3"
    assert "Reeds verwerkt\\r\\n" + text in response.text
    assert len(simulator.control.entries()) == 1


def test_delete_removes_the_entry_with_its_lines(simulator, api):
    entry = api.booked(EntryNumber=17)

    response = api.delete(one(ENTRIES, entry))

    assert (response.status_code, response.content) == (204, b"")
    assert api.rows(LINES) == [] == simulator.control.entries()
    assert api.delete(one(ENTRIES, entry)).status_code == 403
    assert api.get(one(ENTRIES, entry)).status_code == 404
    assert api.post_entry(EntryNumber=17).ok


# === LINES === #


def test_line_is_added(api):
    entry = api.booked()

    response = api.post(LINES, {**api.line(AmountFC=-200), "EntryID": entry["EntryID"]})

    assert response.status_code == 201
    assert response.json()["d"]["LineNumber"] == 2
    found = reread(api, entry)
    assert (found["AmountFC"], found["Type"]) == (-121, 21)


def test_line_needs_an_entry(api):
    refused(api.post(LINES, api.line()), 500, "Verplicht: Boeking")
    unknown = {**api.line(), "EntryID": "11111111-2222-3333-4444-555555555555"}
    refused(api.post(LINES, unknown), 500, "Ongeldige referentie: Boeking")


def test_line_is_checked_like_in_an_entry(api):
    entry = api.booked()
    line = {**api.line(VATCode="77"), "EntryID": entry["EntryID"]}

    refused(api.post(LINES, line), 500, "Ongeldige referentie: Btw-code")


@pytest.mark.parametrize(
    ("given", "changes", "expected"),
    [
        (None, {"AmountFC": 200}, (242, 42, 242)),
        (None, {"VATCode": "1"}, (106, 6, 106)),
        (20, {"AmountFC": 200}, (220, 20, 220)),
        (20, {"VATAmountFC": None}, (121, 21, 121)),
        (None, {"VATAmountFC": 22}, (122, 22, 122)),
    ],
)
def test_changed_line_changes_the_totals(api, given, changes, expected):
    entry = api.booked(api.line(VATAmountFC=given))
    (line,) = api.lines_of(entry)

    response = api.put(f"{LINES}(guid'{line['ID']}')", changes)

    assert response.status_code == 204
    assert amounts(reread(api, entry)) == expected


def test_deleting_the_last_line_deletes_the_entry(simulator, api):
    entry = api.booked(api.line(), api.line(AmountFC=50))
    first, second = api.lines_of(entry)

    api.delete(f"{LINES}(guid'{first['ID']}')")
    assert amounts(reread(api, entry)) == (60.5, 10.5, 60.5)
    api.delete(f"{LINES}(guid'{second['ID']}')")

    assert simulator.control.entries() == []
