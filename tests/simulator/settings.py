"""What can be switched: all that is unsure about Exact, and the limits for tests."""

from .errors import ControlError

NUMBER = "number"
COUNT = "count"
FLAG = "flag"
TEXT_LIST = "list of texts"

# Name: (default, what it may be, meaning).
TABLE = {
    "language": ("user", ("user", "nl", "en"), "of findings; user: their own"),
    "wording": (0, COUNT, "which of the recorded wordings of a finding is used"),
    "error_status": (500, (500, 400), "of findings by the bookkeeping"),
    "minute_limit": (60, COUNT, "calls a minute, client and division"),
    "day_limit": (5000, COUNT, "calls a day, client and division"),
    "contract_limit": (20_000, COUNT, "calls a day, all divisions and apps"),
    "error_limit": (10, COUNT, "client errors an hour and endpoint, then a block"),
    "block_seconds": (3600, NUMBER, "length of the first block; doubles with each"),
    "block_scope": ("app", ("app", "endpoint"), "what is blocked"),
    "me_counts": (False, FLAG, "calls of current/Me draw from the division's limits"),
    "token_life": (600, NUMBER, "seconds an access token works"),
    "renew_after": (570, NUMBER, "seconds before a renewal is accepted"),
    "refresh_days": (30, NUMBER, "days an unused refresh token lives"),
    "code_life": (180, NUMBER, "seconds between consent and exchange"),
    "token_wording": ("new", ("new", "old"), "of a reused refresh token"),
    "too_early_status": (400, (400, 401), "of a renewal that comes too early"),
    "reuse_kills_newest": (False, FLAG, "a reused refresh token ends its chain"),
    "consent_kills_access": (False, FLAG, "a new consent ends old access tokens too"),
    "token_day_limit": (None, COUNT, "token calls a day, app and user"),
    "broken_token": ("401", ("401", "html"), "answer to an unknown token"),
    "forbidden_reason": (
        None,
        (
            "BlockedUser",
            "InactiveUser",
            "BlockedCustomer",
            "LicenseExpired",
            "DivisionBlocked",
            "NoDivisionAccess",
        ),
        "every call is answered 403 with this Reason",
    ),
    "divisions_checked": (
        True,
        FLAG,
        "the list of divisions is refused under one that may not be opened",
    ),
    "page_size": (60, COUNT, "rows of a page"),
    "max_url": (6000, COUNT, "longest address, as it was sent"),
    "top_bare_list": (True, FLAG, "with $top up to a page the rows are in d itself"),
    "int64": ("string", ("string", "number"), "how Int64 is written in JSON"),
    "post_expands": (False, FLAG, "the answer to a POST has the lines in it"),
    "post_vat": (
        "null",
        ("null", "filled", "prefer"),
        "of the header in the answer to a POST of an entry; prefer: filled where the"
        " call asked for the record",
    ),
    "put_prefer": (
        "record",
        ("record", "nothing"),
        "answer to a PUT that asks for the record",
    ),
    "select_required": ((), TEXT_LIST, "more resources that ask for $select"),
    "mandatory_filter": (
        True,
        FLAG,
        "a list that has a twin for sync wants a $filter on a listed property",
    ),
    "timestamp_suffix": (
        "optional",
        ("optional", "required"),
        "the L behind a Timestamp in $filter",
    ),
    "escaped_dates": (
        "refuse",
        ("refuse", "take"),
        r'dates of a body in the form "\/Date(0)\/"',
    ),
    "case_insensitive": (False, FLAG, "texts in $filter match in any case"),
    "numbers_as_text": (True, FLAG, "a number is accepted where a text belongs"),
    "overlong": ("refuse", ("refuse", "cut"), "texts that are too long"),
    "control_characters": ("refuse", ("refuse", "replace"), "in texts"),
    "put_own_code": ("refuse", ("refuse", "accept"), "PUT of an account's own Code"),
    "keep_client_guid": (False, FLAG, "a POST may choose the GUID of the record"),
    "payment_condition_required": (
        True,
        FLAG,
        "the division has no default for accounts that have none",
    ),
    "vat_tolerance": (None, NUMBER, "how far VATAmountFC may be from the computed VAT"),
    "vat_on_base_only": ("refuse", ("refuse", "accept"), "VATAmountFC with type B"),
    "vat_conversion": (
        "code",
        ("code", "line", "sum"),
        "what of the VAT is converted: its sum by VAT code, that of each line, or the "
        "sum of the whole entry",
    ),
    "rate_precision": (
        "round",
        ("round", "ignore"),
        "decimals of an exchange rate; round: those that the currency has are used",
    ),
    "journal_currency": (
        "enforced",
        ("enforced", "ignored"),
        "whether a journal takes only the currencies and rates that it allows",
    ),
    "number_range": (
        "any",
        ("any", "journal"),
        "entry numbers that are accepted: journal for those of its own range",
    ),
    "foreign_guid": (
        "refuse",
        ("refuse", "drop"),
        "a GUID of another division; drop: left out without a word",
    ),
    "header_vat": ("ignore", ("ignore", "check"), "VATAmountFC of the header"),
    "attachment_limit": (10_000_000, COUNT, "bytes of an attachment"),
    "post_limit": (10_000_000, COUNT, "bytes of another POST, binaries as decoded"),
    "site": (
        "be",
        ("be", "nl", "de", "fr", "es", "co.uk", "com"),
        "country of the site, on which the longest body depends",
    ),
    "body_limit": (None, COUNT, "bytes of the longest body; none: that of the site"),
    "attachment_extensions": (
        ("pdf", "xml", "txt", "csv", "docx", "xlsx", "jpg", "jpeg", "png", "gif")
        + ("bmp", "tif", "tiff", "doc", "xls", "eml", "msg"),
        TEXT_LIST,
        "of files that may be attached",
    ),
    "document_links": (
        ("create", "change", "entry"),
        TEXT_LIST,
        "how an entry that is booked gets its document: by POST or PUT of the "
        "document, by PUT of the entry",
    ),
    "more_divisions": (0, COUNT, "further Belgian ones that are alike; when it starts"),
    "any_local_redirect": (True, FLAG, "redirect addresses of this machine are fine"),
}
MAY_BE_NONE = (
    "attachment_limit",
    "body_limit",
    "contract_limit",
    "forbidden_reason",
    "post_limit",
    "token_day_limit",
    "vat_tolerance",
)


class Settings:
    """The current values, as attributes."""

    def __init__(self, **values):
        self.reset()
        self.update(values)

    def reset(self):
        self.__dict__.update({name: row[0] for name, row in TABLE.items()})

    def update(self, values):
        """Set all of `values` or, with the first wrong one, none of them."""
        for name, value in values.items():
            _check(name, value)
        self.__dict__.update(values)

    def as_dict(self):
        return {name: self.__dict__[name] for name in TABLE}


def _check(name, value):
    if name not in TABLE:
        raise ControlError(f"There is no setting {name!r}; known are {sorted(TABLE)}.")
    if value is None and name in MAY_BE_NONE:
        return
    allowed = TABLE[name][1]
    if isinstance(allowed, tuple):
        fits = value in allowed and not isinstance(value, bool)
    elif allowed == FLAG:
        fits = isinstance(value, bool)
    elif allowed == TEXT_LIST:
        fits = isinstance(value, list | tuple) and all(
            isinstance(item, str) for item in value
        )
    else:
        kinds = int if allowed == COUNT else (int, float)
        fits = (
            isinstance(value, kinds)
            and not isinstance(value, bool)
            and 0 <= value < 1e9
        )
    if not fits:
        raise ControlError(f"The setting {name!r} must be {allowed}, not {value!r}.")
