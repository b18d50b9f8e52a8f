"""Each piece of evidence about Exact Online, played at the simulator."""

import json

import pytest

from .evidence import CASES, NOT_PLAYED, PLAYS, World, play
from .simulator import serve
from .simulator_api import fixed_clock

PLAYED = [case for case in CASES if case not in NOT_PLAYED]
COUNT = 70


@pytest.fixture
def simulator():
    """Give a simulator with its defaults: they are a part of the evidence."""
    with serve(clock=fixed_clock()) as running:
        yield running


# === THE CASES === #


@pytest.mark.parametrize("case_id", PLAYED)
def test_case(simulator, case_id):
    play(World(simulator), case_id)


def test_every_case_is_played():
    assert len(CASES) == COUNT
    assert set(PLAYS) <= set(CASES)
    assert NOT_PLAYED == {}


# === EVERY CASE CAN FAIL === #


def notices(case_id, simulator, distort=None, **overrides):
    """Assert that a case is red at a service that answers otherwise."""
    world = World(simulator)
    world.distort = distort or world.distort
    world.overrides = overrides
    world.settings()
    with pytest.raises(AssertionError):
        play(world, case_id)


@pytest.mark.parametrize("case_id", PLAYED)
def test_other_status_is_noticed(simulator, case_id):
    notices(case_id, simulator, lambda status, *rest: (299, *rest))


@pytest.mark.parametrize(
    ("case_id", "name", "value"),
    [
        ("me-shape", "int64", "number"),
        ("divisions", "int64", "number"),
        ("list-top-60-bare", "top_bare_list", False),
        ("list-top-60-wrapped", "top_bare_list", True),
        ("vatcodes", "top_bare_list", False),
        ("unit-padded", "top_bare_list", False),
        ("list-no-top", "page_size", 1000),
        ("next-top-shrinks", "page_size", 50),
        ("accounts-no-filter", "mandatory_filter", True),
        ("glaccounts-no-filter", "mandatory_filter", False),
        ("salesinvoice-get-vat", "post_vat", "filled"),
        ("purchaseentry-post", "post_vat", "filled"),
        ("purchaseentry-post", "post_expands", True),
        ("purchaseentry-post", "payment_condition_required", True),
        ("payment-condition-missing", "payment_condition_required", False),
        ("500-business-old", "error_status", 400),
        ("purchase-first-refusal", "error_status", 400),
        ("entry-own-number", "number_range", "journal"),
        ("entry-document-put", "document_links", ["create"]),
        ("foreign-guid-dropped", "foreign_guid", "refuse"),
        ("divisions-wrong-division", "divisions_checked", False),
        ("put-prefer", "put_prefer", "nothing"),
        ("number-in-use-nl", "wording", 9),
        ("url-length", "max_url", 7000),
        ("me-not-counted", "me_counts", True),
        ("limit-headers-documented", "day_limit", 9000),
        ("limit-contract", "contract_limit", None),
        ("error-limit", "error_limit", 1000),
        ("token-early", "too_early_status", 401),
        ("token-early", "renew_after", 0),
        ("token-old", "token_wording", "new"),
        ("post-size-limit", "attachment_limit", 20_000_000),
    ],
)
def test_other_behaviour_is_noticed(simulator, case_id, name, value):
    notices(case_id, simulator, **{name: value})


def spoiled(change):
    """Return a distortion that changes each part of the JSON of an answer."""

    def changed(value):
        if isinstance(value, dict):
            value = {key: changed(item) for key, item in value.items()}
        elif isinstance(value, list):
            value = [changed(item) for item in value]
        return change(value)

    def distort(status, headers, text):
        try:
            body = json.loads(text)
        except ValueError:
            return status, headers, text
        return status, headers, json.dumps(changed(body))

    return distort


def without(*names):
    return spoiled(
        lambda value: (
            {key: item for key, item in value.items() if key not in names}
            if isinstance(value, dict)
            else value
        )
    )


def of_kind(kind, change):
    return spoiled(lambda value: change(value) if type(value) is kind else value)


def headless(status, headers, text):
    return status, {}, text


def other_text(text):
    return "Oeps." if " " in text.strip() else text


DISTORTIONS = {
    "padding": (
        of_kind(str, str.strip),
        "me-shape vatcodes divisions padding-2013 unit-padded",
    ),
    "types of models": (
        without("__metadata"),
        "me-shape list-top-60-bare transactions-exist salesinvoice-get-vat"
        " purchaseentry-post divisions documents-post",
    ),
    "flags": (
        of_kind(bool, lambda value: None),
        "me-shape vatcodes journals-defaults divisions documents-post",
    ),
    "numbers as texts": (
        of_kind(int, str),
        "account-types peppol-type-int purchaseentry-post entry-own-number"
        " entry-number-form attachment-official wrong-division-booked",
    ),
    "nulls": (
        spoiled(lambda value: "" if value is None else value),
        "account-post-plain account-types vatcodes purchaseentry-post"
        " attachment-vendor-limit salesinvoice-get-vat",
    ),
    "dates with a time": (
        of_kind(str, lambda text: text.replace("00000)/", "00001)/")),
        "purchaseentry-post date-midnight",
    ),
    "layout": (of_kind(str, str), "raw-escapes"),
    "lines": (
        without("SalesEntryLines", "PurchaseEntryLines", "VATPercentages"),
        "salesinvoice-get-vat purchaseentry-post vatcodes",
    ),
    "wrapped lists": (
        spoiled(
            lambda value: value.get("results", value) if type(value) is dict else value
        ),
        "me-shape list-no-top accounts-no-filter divisions list-top-60-wrapped"
        " receivableslist-sign sync-terms-date",
    ),
    "signs": (of_kind(int, abs), "receivableslist-sign"),
    "texts": (
        of_kind(str, other_text),
        "vat-not-allowed-journal purchase-first-refusal payment-condition-missing"
        " 500-business-old number-in-use-nl document-type put-lines unknown-property"
        " bad-guid top-level byte-array null-reference-nl period-closed not-balanced"
        " token-early token-old",
    ),
    "headers": (
        headless,
        "divisions-wrong-division token-early limit-headers-documented limit-varies"
        " limit-429-headers",
    ),
    "content type": (
        lambda status, headers, text: (
            status,
            {**headers, "Content-Type": "text/html"},
            text,
        ),
        "account-put account-delete entry-document-put",
    ),
    "body": (
        lambda status, headers, text: (status, headers, f"{text} "),
        "account-put account-delete token-empty-200 limit-contract count-accept",
    ),
}


@pytest.mark.parametrize(
    ("case_id", "name"),
    [(case, name) for name, row in DISTORTIONS.items() for case in row[1].split()],
)
def test_other_shape_is_noticed(simulator, case_id, name):
    notices(case_id, simulator, DISTORTIONS[name][0])
