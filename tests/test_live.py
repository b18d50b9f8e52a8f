"""`make live`, with the simulator in the place of a real division."""

import json
import stat

import pytest

from dev import live
from dev.console import Problem

from .simulator import serve
from .simulator_api import (
    BELGIAN,
    CLIENT_ID,
    CLIENT_SECRET,
    REDIRECT_URI,
    Api,
    answer_of,
    consent,
)

SET = {
    "EXACT_CLIENT_ID": CLIENT_ID,
    "EXACT_CLIENT_SECRET": CLIENT_SECRET,
    "EXACT_REDIRECT_URI": REDIRECT_URI,
    "EXACT_DIVISION": str(BELGIAN),
}


def test_what_is_missing_is_said_and_nothing_fails(capsys):
    given = {"EXACT_DIVISION": "1"}
    assert live.main(given) == 0
    shown = capsys.readouterr().out
    assert "EXACT_CLIENT_ID      missing" in shown
    assert "EXACT_DIVISION       set" in shown


def test_address_of_the_consent_is_shown_without_a_token(capsys, tmp_path):
    tokens = str(tmp_path / "tokens.json")
    assert live.main({**SET, "EXACT_TOKENS": tokens}) == 0
    shown = capsys.readouterr().out
    assert (
        f"https://start.exactonline.nl/api/oauth2/auth?client_id={CLIENT_ID}" in shown
    )
    assert CLIENT_SECRET not in shown


@pytest.mark.parametrize(
    "host",
    [
        "http://start.exactonline.nl",
        "https://example.com",
        "http://127.0.0.1.example.com",
        "https://start.exactonline.nl@example.com",
        "https://start.exactonline.example.com",
    ],
)
def test_secrets_go_to_no_other_host(host):
    with pytest.raises(Problem, match="no site of Exact"):
        live.main({**SET, "EXACT_HOST": host, "EXACT_CODE": "code"})


def test_division_is_checked_and_nothing_is_left(environment, capsys, tmp_path):
    path = tmp_path / "tokens.json"
    with serve(minute_limit=1000) as simulator:
        Api(simulator).customer()
        code = answer_of(consent(simulator))["code"]
        control = simulator.control
        before = control.entries(), control.documents(), control.accounts()
        given = {
            **SET,
            "EXACT_HOST": simulator.url,
            "EXACT_TOKENS": str(path),
            "EXACT_GL_ACCOUNT": "700000",
        }
        status = live.main({**given, "EXACT_CODE": code})
        shown = capsys.readouterr().out
        assert status == 0, shown
        assert (control.entries(), control.documents(), control.accounts()) == before
        posts = [call for call in control.calls() if call["method"] == "POST"]
        booked = [call for call in posts if call["path"].endswith("/SalesEntries")]
        # One refused on purpose, one of the check, one of the invoice.
        assert len(booked) == 3
    assert "facts checked" in shown
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["refresh_token"]
    assert list(tmp_path.glob("check-*.json"))
