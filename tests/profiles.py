"""Two Exacts to prove the add-on with, where nobody knows which one it will meet.

`modern` is the simulator as it starts: the harder behaviour, or the one that is better
proven. `classic` is the other one of each pair. Source: API.md, sections 12 and 13.
"""

MODERN = {
    "language": "nl",
    "error_status": 500,
    "top_bare_list": True,
    "post_vat": "null",
    "post_expands": False,
    "divisions_checked": True,
    "payment_condition_required": True,
    "me_counts": False,
    "int64": "string",
    "timestamp_suffix": "optional",
    "put_prefer": "record",
    "rate_precision": "round",
    "journal_currency": "enforced",
    "wording": 0,
    "token_wording": "new",
    "too_early_status": 400,
    "broken_token": "401",
}
CLASSIC = {
    "language": "en",
    "error_status": 400,
    "top_bare_list": False,
    "post_vat": "filled",
    "post_expands": True,
    "divisions_checked": False,
    "payment_condition_required": False,
    "me_counts": True,
    "int64": "number",
    "timestamp_suffix": "required",
    "put_prefer": "nothing",
    "rate_precision": "ignore",
    "journal_currency": "ignored",
    "wording": 1,
    "token_wording": "old",
    "too_early_status": 401,
    "broken_token": "html",
}
PROFILES = {"classic": CLASSIC, "modern": MODERN}
