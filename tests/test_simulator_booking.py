"""What Exact derives when it books a sales entry."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .simulator import serve
from .simulator.values import read_moment, rounded
from .simulator.vat import computed_vat, due_date, line_amounts
from .simulator_api import DUTCH, Api, fixed_clock, refused

ENTRIES = "salesentry/SalesEntries"


def amounts(entry):
    return entry["AmountFC"], entry["VATAmountFC"], entry["AmountDC"]


# === AMOUNTS === #


def test_minimal_entry_is_filled(api):
    customer = api.customer(PaymentConditionSales="14")

    entry = api.booked(Customer=customer, YourRef="INV/2026/00017")

    expected = {
        "Customer": customer,
        "CustomerName": "Deco Addict",
        "EntryNumber": 26700001,
        "InvoiceNumber": 26700001,
        "EntryDate": "/Date(1773100800000)/",
        "DueDate": "/Date(1774310400000)/",
        "ReportingYear": 2026,
        "ReportingPeriod": 3,
        "Currency": "EUR",
        "Rate": 1,
        "AmountFC": 121,
        "AmountDC": 121,
        "VATAmountFC": 21,
        "VATAmountDC": 21,
        "PaymentCondition": "14",
        "PaymentConditionDescription": "14 dagen",
        "JournalDescription": "Verkopen",
        "Status": 20,
        "Type": 20,
        "YourRef": "INV/2026/00017",
        "Division": api.division,
        "CreatorFullName": "Eva Peeters",
        # 12:00:30 UTC on the wall clocks of the Netherlands in winter.
        "Created": "/Date(1795352430000)/",
    }
    assert {name: entry[name] for name in expected} == expected


def test_line_is_filled(api):
    (line,) = api.lines_of(api.booked(api.line(CostCenter="VERK", Quantity=2)))

    expected = {
        "LineNumber": 1,
        "AmountFC": 100,
        "VATAmountFC": 21,
        "VATBaseAmountFC": 100,
        "VATCode": "4  ",
        "VATCodeDescription": "Btw 21%",
        "VATPercentage": 0.21,
        "GLAccountCode": "700000",
        "CostCenterDescription": "Verkoop",
        "Quantity": 2,
        "Type": 20,
    }
    assert {name: line[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"AmountFC": 100.1}, (121.12, 21.02, 121.12)),
        ({"AmountFC": 0.05, "VATCode": "2"}, (0.06, 0.01, 0.06)),
        ({"AmountFC": 100.1, "VATAmountFC": 21.03}, (121.13, 21.03, 121.13)),
        ({"AmountFC": 121, "VATCode": "3"}, (121, 21, 121)),
        ({"AmountFC": 100, "VATCode": "3", "VATAmountFC": 17}, (100, 17, 100)),
        ({"AmountFC": 100, "VATCode": "6"}, (100, 0, 100)),
        ({"AmountFC": 100, "VATCode": "0", "VATAmountFC": 0}, (100, 0, 100)),
        ({"AmountFC": 100, "VATCode": None}, (121, 21, 121)),
        ({"AmountFC": 100.005, "VATCode": "5"}, (100.01, 0, 100.01)),
        ({"AmountFC": -100.1}, (-121.12, -21.02, -121.12)),
        ({"AmountFC": 100, "VATPercentage": 0.21}, (121, 21, 121)),
    ],
)
def test_amounts(api, line, expected):
    assert amounts(api.booked(api.line(**line))) == expected


def test_vat_is_rounded_per_line(api):
    lines = [api.line(AmountFC=0.05, VATCode="1") for _number in range(3)]

    # 0.003 three times is nothing, though 0.009 would be a cent.
    assert amounts(api.booked(*lines)) == (0.15, 0, 0.15)


def test_charged_vat_is_not_paid(simulator, api):
    simulator.control.change_row(api.division, "vat/VATCodes", "4", Charged=True)

    assert amounts(api.booked()) == (100, 0, 100)


@given(
    cents=st.integers(-(10**11), 10**11),
    kind=st.sampled_from("EIBN"),
    percent=st.integers(0, 100),
)
def test_base_and_vat_add_up(cents, kind, percent):
    amount, fraction = rounded(Decimal(cents) / 100), Decimal(percent) / 100
    vat_code = {"Type": kind, "Percentage": fraction, "Charged": False}

    base, vat = line_amounts({"AmountFC": amount}, vat_code)

    assert vat == computed_vat({"AmountFC": amount}, vat_code)
    assert base + vat == amount + (vat if kind == "E" else 0)
    if kind in "EI":
        # Never more than half a cent from the exact VAT on the base.
        share = base if kind == "E" else amount / (1 + fraction)
        assert abs(vat - share * fraction) <= Decimal("0.005")


def test_negative_lines_are_a_credit_note(api):
    entry = api.booked(api.line(AmountFC=-100, VATAmountFC=-21), Type=20)

    assert (entry["Type"], entry["AmountFC"], entry["VATAmountFC"]) == (21, -121, -21)


def test_type_follows_the_total(api):
    plus, minus = api.line(AmountFC=100), api.line(AmountFC=-100.01)

    assert api.booked(plus, minus)["Type"] == 21
    assert api.booked(plus, plus, minus)["Type"] == 20


@pytest.mark.parametrize(
    ("values", "rate", "domestic"),
    [
        ({"Currency": "USD"}, 0.92, 111.32),
        ({"Currency": "USD", "Rate": 0.9}, 0.9, 108.9),
        # As many decimals as the currency has for its rate.
        ({"Currency": "GBP", "Rate": "1.234567"}, 1.23457, 149.39),
        ({"Currency": "EUR", "Rate": 1}, 1, 121),
    ],
)
def test_rate_is_the_value_of_one_foreign_unit(api, values, rate, domestic):
    entry = api.booked(**values)

    assert (entry["Rate"], entry["AmountFC"], entry["AmountDC"]) == (
        rate,
        121,
        domestic,
    )


@pytest.mark.parametrize(
    ("vat_conversion", "vat", "total"), [("code", 0.05, 0.35), ("line", 0.06, 0.36)]
)
def test_header_is_the_sum_of_the_converted_lines(
    api, simulator, vat_conversion, vat, total
):
    simulator.control.settings(vat_conversion=vat_conversion)
    lines = [api.line(AmountFC=0.11, VATAmountFC=0.02) for _index in range(3)]

    entry = api.booked(*lines, Currency="USD", Rate=0.9)

    # 0.11 and 0.02 become 0.10 and 0.02 each, 0.06 becomes 0.05.
    assert (entry["VATAmountDC"], entry["AmountDC"]) == (vat, total)
    (booked,) = simulator.control.entries()
    amounts = [(row["LineNumber"], row["AmountDC"]) for row in booked["Ledger"]]
    assert amounts == [(0, total), (1, -0.1), (2, -0.1), (3, -0.1), (9999, -vat)]


# === DATES AND NUMBERS === #


@pytest.mark.parametrize(
    ("ends", "days", "expected"),
    [
        (0, 30, "2026-02-16"),
        (2, 0, "2026-03-31"),
        (2, 15, "2026-04-15"),
        (12, 0, "2027-01-31"),
    ],
)
def test_due_date(ends, days, expected):
    condition = {"PaymentEndOfMonths": ends, "PaymentDays": days}

    found = due_date(read_moment("2026-01-17"), condition)

    assert found.date().isoformat() == expected


def test_given_due_date_is_kept(api):
    entry = api.booked(DueDate="2026-05-01", PaymentCondition="60")

    assert entry["DueDate"] == "/Date(1777593600000)/"


def test_entry_without_a_date_is_of_today(api):
    entry = api.booked(EntryDate=None)

    assert entry["EntryDate"] == "/Date(1795305600000)/"
    assert (entry["ReportingYear"], entry["ReportingPeriod"]) == (2026, 11)


def test_given_period_goes_before_the_date(api):
    entry = api.booked(ReportingYear=2025, ReportingPeriod=12)

    assert (entry["ReportingYear"], entry["ReportingPeriod"]) == (2025, 12)


def test_next_number_follows_the_highest(api):
    api.booked(EntryNumber=26700500)

    assert api.booked()["EntryNumber"] == 26700501
    assert api.booked(EntryDate="2025-01-01")["EntryNumber"] == 25700001
    assert api.booked(Journal="701")["EntryNumber"] == 26701001


def test_numbers_outside_the_range_do_not_move_the_sequence(api):
    assert api.booked(EntryNumber=2147483647)["EntryNumber"] == 2147483647
    assert api.booked(EntryNumber=17)["EntryNumber"] == 17

    assert api.booked()["EntryNumber"] == 26700001


def test_numbers_go_on_after_the_last_of_the_range(api):
    for number in (26700999, 26701000, 26701002):
        api.booked(EntryNumber=number)

    assert [api.booked()["EntryNumber"] for _ in range(2)] == [26701001, 26701003]


def test_short_journal_codes_leave_more_digits_to_the_sequence(simulator):
    dutch = Api(simulator, division=DUTCH)
    line = dutch.line(GLAccount=dutch.gl_account("8000"), VATCode="2")

    assert dutch.booked(line, Journal="70")["EntryNumber"] == 26700001


def test_range_of_the_journal_may_be_the_only_one(simulator, api):
    simulator.control.settings(number_range="journal")

    for number in (26700000, 26701000, 25700001, 700001):
        finding = f"Ongeldig: Boekstuknummer [{number}]"
        refused(api.post_entry(EntryNumber=number), 500, finding)
    assert api.booked(EntryNumber=26700999)["EntryNumber"] == 26700999
    assert api.post_entry(EntryNumber=25700001, EntryDate="2025-05-01").ok


def test_invoice_number_that_does_not_go_up_is_silently_ignored(api):
    api.booked(InvoiceNumber=500, EntryNumber=1)

    assert api.booked(InvoiceNumber=500, EntryNumber=2)["InvoiceNumber"] == 2
    assert api.booked(InvoiceNumber=501, EntryNumber=3)["InvoiceNumber"] == 501


# === ANSWER === #


@pytest.mark.parametrize("prefer", [None, "return=representation"])
@pytest.mark.parametrize("told", ["null", "filled", "prefer"])
def test_vat_of_the_header_in_the_answer(simulator, api, told, prefer):
    simulator.control.settings(post_vat=told)
    api.session.headers["Prefer"] = prefer

    answer = api.post_entry(Customer=_customer(api)).json()["d"]

    vat = 21 if told == "filled" or (told == "prefer" and prefer) else None
    assert (answer["VATAmountDC"], answer["VATAmountFC"]) == (vat, vat)
    # All the rest is told, whatever was asked for.
    read = api.get(answer["__metadata"]["uri"]).json()["d"]
    assert read == {**answer, "VATAmountDC": 21, "VATAmountFC": 21}
    assert "__deferred" in answer["SalesEntryLines"]


def test_answer_names_where_the_record_is(api):
    response = api.post_entry()

    assert response.headers["Location"] == response.json()["d"]["__metadata"]["uri"]


def _customer(api):
    body = {"Name": "x", "Status": "C", "PaymentConditionSales": "30"}
    return api.post("crm/Accounts", body).json()["d"]["ID"]


def test_answer_may_have_the_lines_in_it(simulator, api):
    simulator.control.settings(post_expands=True)

    answer = api.post_entry().json()["d"]

    assert answer["SalesEntryLines"]["results"][0]["AmountFC"] == 100


# === EVERYTHING AT ONCE === #

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
_NAMES = ["Customer", "Journal", "EntryDate", "Rate", "Currency", "SalesEntryLines"]
_NAMES += ["EntryNumber", "ReportingYear", "VATAmountFC", "PaymentCondition"]


@settings(max_examples=60, deadline=None)
@given(values=st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=3))
def test_any_body_is_booked_or_refused_with_a_text(fuzzed, values):
    response = fuzzed.post(ENTRIES, {**fuzzed.body, **values}, allow_redirects=False)

    assert response.status_code in (201, 400, 500)
    assert response.status_code == 201 or response.json()["error"]["message"]["value"]


@pytest.fixture(scope="module")
def fuzzed():
    limits = {"minute_limit": 10**6, "error_limit": 10**6, "day_limit": 10**6}
    with serve(clock=fixed_clock(), **limits) as running:
        api = Api(running)
        api.body = api.entry_body()
        yield api
