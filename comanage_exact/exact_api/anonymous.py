"""A recording without secrets and names, so that it can be sent to strangers.

What is not known to be harmless is replaced, always by the same; its type, length and
padding stay, because these are what a recording is about.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit

from .recording import Exchange
from .resources import (
    CURRENCIES,
    FINANCIAL_PERIODS,
    GL_ACCOUNTS,
    JOURNALS,
    PAYMENT_CONDITIONS,
    VAT_CODES,
)

# Rows of a list that a file keeps.
KEPT_ROWS = 20
FILLER = "x"

# Texts with few values, each published by Exact.
_KEPT_TEXTS = {
    *("Type", "Status", "Country", "Currency", "Language", "LanguageCode"),
    *("Legislation", "OssCountry", "VATTransactionType", "EUSalesListing"),
    *("IntrastatType", "Timestamp", "Journal", "VATCode", "PaymentCondition"),
    *("EntryDate", "type", "lang", "BlockingStatus"),
}
# Codes that say nothing about people; those of customers and cost centres may.
_KEPT_CODES = {
    *(JOURNALS, GL_ACCOUNTS, VAT_CODES, PAYMENT_CONDITIONS, CURRENCIES),
    FINANCIAL_PERIODS,
}
# What divisions are called by, however they are asked for.
_DIVISIONS = {"CurrentDivision", "Division", "AccountingDivision"}
_KEPT_NUMBERS = {
    *("Percentage", "Rate", "FinYear", "FinPeriod", "PaymentDays", "Type"),
    *("PaymentEndOfMonths", "EntityType", "Status", "BlockingStatus"),
    *("ReportingYear", "ReportingPeriod", "Legislation", "Timestamp"),
}
# Steps about the test entry, whose amounts are nobody's secret.
OWN_STEPS = ("refusal", "book", "read_back", "change", "delete", "gone", "find")
_OWN_AMOUNTS = {"AmountFC", "AmountDC", "VATAmountFC", "VATAmountDC", "EntryNumber"}

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"/Date\(-?\d+\)/|\d{4}-\d\d-\d\d(T[\d:.]*)?")
_MAIL = re.compile(r"[^\s\"'<>@]+@[^\s\"'<>@]+")
_VAT_NUMBER = re.compile(r"\b[A-Z]{2}[0-9A-Z]{8,13}\b")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_LONG_NUMBER = re.compile(r"\d{5,}")
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"[0-9]{1,12}")
_NAME = re.compile(r"[A-Za-z_]\w{0,60}")


class Anonymizer:
    """Replaces what must not leave, the same by the same in all of a recording.

    :param secrets: texts known to be names, numbers or secrets, wherever they occur.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._replaced: dict[tuple[str, Any], Any] = {}
        self._divisions: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        for secret in secrets:
            if secret and len(secret) > 2:
                self.text(secret)

    # === VALUES === #

    def guid(self, value: str) -> str:
        number = self._number("guid", value.lower())
        replaced = f"00000000-0000-4000-8000-{number:012}"
        return replaced.upper() if value != value.lower() else replaced

    def division(self, value: Any) -> str:
        """Replace the number of a division, given as number or text."""
        key = str(value).strip()
        return self._divisions.setdefault(key, str(1000001 + len(self._divisions)))

    def text(self, value: str) -> str:
        """Replace a text by one of its length, with the blanks around it."""
        stripped = value.strip()
        if not stripped:
            return value
        if stripped not in self._texts:
            number = len(self._texts) + 1
            made = f"{FILLER}{number}".ljust(len(stripped), FILLER)
            if stripped.isdigit():
                made = str(number).rjust(len(stripped), "9")
            self._texts[stripped] = made
        return value.replace(stripped, self._texts[stripped], 1)

    def integer(self, value: int) -> int:
        """Replace a number by one with as many digits."""
        if abs(value) < 100:
            return value
        digits = len(str(abs(value)))
        number = 10 ** (digits - 1) + self._number(f"int{digits}", value)
        return number if value > 0 else -number

    def amount(self, value: Decimal) -> Decimal:
        """Replace an amount by one of its sign and decimals."""
        if not value:
            return value
        number = 100 + self._number("amount", abs(value))
        decimals = min(max(-value.as_tuple().exponent, 0), 9)
        replaced = Decimal(number).quantize(Decimal(1).scaleb(-decimals))
        return replaced if value > 0 else -replaced

    def _number(self, kind: str, value: Any) -> int:
        return self._replaced.setdefault((kind, value), len(self._replaced) + 1)

    def scrub(self, text: str) -> str:
        """Replace in a sentence what is known, and what looks like a secret."""
        for known in sorted(self._texts, key=len, reverse=True):
            if len(known) > 2:
                pattern = rf"(?<!\w){re.escape(known)}(?!\w)"
                text = re.sub(pattern, lambda _m, k=known: self._texts[k], text)
        text = _ADDRESS.sub(lambda match: self.address(match[0]), text)
        text = _GUID.sub(lambda match: self.guid(match[0]), text)
        text = _MAIL.sub("mail@example.com", text)
        text = _VAT_NUMBER.sub("XX000000000", text)
        return _LONG_NUMBER.sub(self._scrub_number, text)

    def _scrub_number(self, match: re.Match[str]) -> str:
        number = match[0]
        made = {*self._divisions.values(), *self._texts.values()}
        if number in made or set(number) <= {"0"} or _is_made_guid(match):
            return number
        return self._divisions.get(number) or "0" * len(number)

    def address(self, url: str) -> str:
        """Replace host, division and keys of an address; its form stays."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.text(url)
        host = parts.hostname or ""
        kept = host if host.startswith("start.exactonline.") else "exact.example"
        path = re.sub(
            r"(/api/v1/)(\d+)", lambda m: m[1] + self.division(m[2]), parts.path
        )
        path = re.sub(r"(Divisions\()(\d+)", lambda m: m[1] + self.division(m[2]), path)
        query = f"?{self._query(parts.query)}" if parts.query else ""
        return f"{parts.scheme}://{kept}{self._keys(path)}{query}"

    def _query(self, query: str) -> str:
        query = unquote(query.replace("+", " "))
        return self._keys(query)

    def _keys(self, text: str) -> str:
        text = _GUID.sub(lambda match: self.guid(match[0]), text)
        return _QUOTED.sub(self._literal, text)

    def _literal(self, match: re.Match[str]) -> str:
        value = match[1]
        is_harmless = len(value) < 5 or _DATE.fullmatch(value) or _GUID.fullmatch(value)
        return f"'{value if is_harmless else self.text(value)}'"

    def whole(self, text: str) -> str:
        """Replace the divisions in a whole file, wherever one was left."""
        for known, made in self._divisions.items():
            if len(known) < 4:
                # It could be anything; where it stood for a division, it is replaced.
                continue
            text = re.sub(rf"(?<!\d){re.escape(known)}(?!\d)", made, text)
        return text

    # === EXCHANGES === #

    def exchange(self, exchange: Exchange) -> dict[str, Any]:
        """Return an exchange as JSON can hold it, with the first rows of a list."""
        is_own = exchange.step in OWN_STEPS
        walk = _Walk(self, exchange.resource, is_own)
        found = {
            "step": exchange.step,
            "method": exchange.method,
            "resource": exchange.resource,
            "url": self.address(exchange.url) if exchange.url else "",
            "status": exchange.status,
            "headers": {
                name: self.scrub(value) if name == "Reason" else value
                for name, value in exchange.headers.items()
            },
            "layout": _layout(exchange),
        }
        if exchange.body is not None:
            found["body"] = walk.value(exchange.body)
        if exchange.lost:
            found["lost"] = exchange.lost
        if found["layout"]["form"] == "json":
            found["answer"] = walk.value(_shortened(exchange))
        if exchange.shape:
            found["row_count"] = exchange.count
        return found


class _Walk:
    """Goes through the values of one exchange."""

    def __init__(self, anonymizer: Anonymizer, resource: str, is_own: bool) -> None:
        self._anonymizer = anonymizer
        self._resource = resource
        self._is_own = is_own

    def value(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {
                self._key(key): self.value(item, key) for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.value(item, name) for item in value]
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value, name)
        return self._number(value, name)

    def _key(self, name: str) -> str:
        return name if _NAME.fullmatch(name) else self._anonymizer.text(name)

    def _text(self, value: str, name: str) -> str:
        anonymizer = self._anonymizer
        if _GUID.fullmatch(value.strip("{}")):
            return value.replace(value.strip("{}"), anonymizer.guid(value.strip("{}")))
        if name in ("uri", "__next"):
            return anonymizer.address(value)
        if name == "value":
            return anonymizer.scrub(value)
        is_code = name == "Code" and self._resource in _KEPT_CODES
        is_kept = is_code or name in _KEPT_TEXTS
        if is_kept and len(value) <= 60 or _DATE.fullmatch(value):
            return value
        if self._is_division(name) and _NUMBER.fullmatch(value.strip()):
            return anonymizer.division(value)
        return anonymizer.text(value)

    def _is_division(self, name: str) -> bool:
        is_key = name == "Code" and "Divisions" in self._resource
        return name in _DIVISIONS or is_key

    def _number(self, value: int | float | Decimal, name: str) -> Any:
        if self._is_division(name) and _NUMBER.fullmatch(str(value)):
            return int(self._anonymizer.division(value))
        is_kept = name in _KEPT_NUMBERS or self._is_own and name in _OWN_AMOUNTS
        if is_kept or isinstance(value, float):
            return value
        if isinstance(value, int):
            return self._anonymizer.integer(value)
        return self._anonymizer.amount(value)


def _is_made_guid(match: re.Match[str]) -> bool:
    around = match.string[max(0, match.start() - 24) : match.end()]
    return bool(_GUID.search(around) and "0000-4000-8000-" in around)


def _shortened(exchange: Exchange) -> Any:
    payload, shape = exchange.payload, exchange.shape
    if not shape:
        return payload
    content = payload["d"]
    rows = (content if isinstance(content, list) else content["results"])[:KEPT_ROWS]
    if isinstance(content, list):
        return {**payload, "d": rows}
    return {**payload, "d": {**content, "results": rows}}


# === TEXT OF ANSWERS === #


def _layout(exchange: Exchange) -> dict[str, Any]:
    """Say how an answer is written, which its values do not."""
    text = exchange.text
    if exchange.payload is not None:
        return {
            "form": "json",
            "has_crlf": "\r\n" in text,
            "has_escaped_slashes": "\\/" in text,
        }
    is_page = "html" in exchange.headers.get("Content-Type", "").lower()
    form = "page" if is_page or text.lstrip()[:1] == "<" else "text"
    return {"form": form if text.strip() else "empty", "length": len(text)}


def dump(
    value: Any, *, has_crlf: bool = False, has_escaped_slashes: bool = False
) -> str:
    """Write JSON with every digit of its amounts, laid out as Exact does on request."""
    amounts: list[Decimal] = []
    # Stands for an amount; nobody can know it beforehand.
    sign = f"amount-{uuid.uuid4()}-"

    def mark(item: Any) -> Any:
        amounts.append(item)
        return f"{sign}{len(amounts) - 1}"

    # In ASCII, which holds even half a character.
    text = json.dumps(value, indent=2, default=mark)
    text = re.sub(rf'"{sign}(\d+)"', lambda match: str(amounts[int(match[1])]), text)
    if has_escaped_slashes:
        text = text.replace("/", "\\/")
    return text.replace("\n", "\r\n") if has_crlf else text


def load(found: dict[str, Any]) -> Exchange:
    """Return the exchange that a file has."""
    layout = dict(found.get("layout") or {})
    form = layout.pop("form", "empty")
    texts = {"page": "<html><body>…</body></html>", "text": "…", "empty": ""}
    text = dump(found["answer"], **layout) if form == "json" else texts[form]
    return Exchange(
        step=found["step"],
        method=found["method"],
        resource=found["resource"],
        url=found["url"],
        body=found.get("body"),
        status=found["status"],
        headers=found["headers"],
        text=text,
        lost=found.get("lost", ""),
        row_count=found.get("row_count"),
    )
