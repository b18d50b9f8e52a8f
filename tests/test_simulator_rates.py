"""Exchange rates in the simulator: their decimals, and what a journal allows."""

import pytest

from .simulator_api import DUTCH, Api, refused

RATE = 0.9227646


def test_rate_is_used_with_the_decimals_of_its_currency(api):
    entry = api.booked(api.line(AmountFC=1_000_000), Currency="USD", Rate=RATE)

    assert entry["Rate"] == 0.922765
    assert api.lines_of(entry)[0]["AmountDC"] == 922_765


def test_each_currency_has_its_own_decimals(api):
    rows = api.rows("general/Currencies", select="Code,AmountPrecision")
    assert {row["Code"]: row["AmountPrecision"] for row in rows} == {
        "EUR": 6,
        "GBP": 5,
        "USD": 6,
    }
    entry = api.booked(api.line(AmountFC=1_000_000), Currency="GBP", Rate=RATE)

    assert api.lines_of(entry)[0]["AmountDC"] == 922_760


def test_decimals_may_mean_nothing(simulator, api):
    simulator.control.settings(rate_precision="ignore")
    entry = api.booked(api.line(AmountFC=1_000_000), Currency="USD", Rate=RATE)

    assert api.lines_of(entry)[0]["AmountDC"] == 922_764.6


def test_journal_as_delivered_takes_its_own_currency_only(simulator):
    dutch = Api(simulator, division=DUTCH)
    line = dutch.line(GLAccount=dutch.gl_account("8000"), VATCode="2")
    body = {"Currency": "USD", "Rate": 0.9, "Journal": "70"}
    refused(dutch.post_entry(line, **body), 500, "Niet toegestaan: Wisselkoers")

    simulator.control.settings(journal_currency="ignored")
    assert dutch.post_entry(line, **body).status_code == 201


@pytest.mark.parametrize("flag", [False, True])
def test_company_currency_in_a_journal_of_another(simulator, api, flag):
    simulator.control.change_row(
        api.division,
        "financial/Journals",
        "700",
        Currency="USD",
        AllowVariableCurrency=flag,
    )

    assert api.post_entry(Currency="EUR").ok is flag
    assert api.post_entry(Currency="USD", Rate=0.9).ok
