"""Two Exacts to prove the add-on with, where nobody knows which one it will meet.

`modern` is the simulator as it starts: the harder behaviour, or the one that is better
proven. `classic` is the other one of each pair. Source: API.md, sections 12 and 13.
"""

MODERN = {
    "language": "nl",
    "error_status": 500,
    "wording": 0,
    "payment_condition_required": True,
    "divisions_checked": True,
    "me_counts": False,
    "post_expands": False,
    "int64": "string",
    "token_wording": "new",
    "too_early_status": 400,
    "broken_token": "401",
}
CLASSIC = {
    "language": "en",
    "error_status": 400,
    "wording": 1,
    "payment_condition_required": False,
    "divisions_checked": False,
    "me_counts": True,
    "post_expands": True,
    "int64": "number",
    "token_wording": "old",
    "too_early_status": 401,
    "broken_token": "html",
}
PROFILES = {"classic": CLASSIC, "modern": MODERN}
