"""HTTP with the REST API of Exact Online."""

import html
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from . import transport
from .const import (
    API_PATH,
    CALL_SECONDS,
    FREE_PREFIX,
    LEAST_WAIT,
    LONGEST_WAIT,
    TIMEOUT,
    UPLOAD_SECONDS,
)
from .exceptions import (
    ExactError,
    ExactOtherDivision,
    ExactProxyFailed,
    ExactRateLimited,
    ExactRejected,
    ExactUnauthorized,
    ExactUnavailable,
    ExactUnconfirmed,
    ExactUntrusted,
)
from .odata import collection, division_of, storable
from .rate_limits import Limits
from .trouble import is_trouble

BLOCKED_FOR = timedelta(hours=1)
# Lists of divisions: what they hold stands in no division.
ABOUT_DIVISIONS = ("system/Divisions", "system/AllDivisions", "hrm/Divisions")
# Twice the same as once, so that a lost answer is no doubt.
REPEATABLE = ("GET", "PUT")

JSON = "application/json"
Row = dict[str, Any]


class Observer:
    """Hears of every call of a client; this one does nothing."""

    def called(self, method: str, resource: str, body: Row | None) -> None:
        """Hear of a call about to be made; what it raises keeps the call back."""

    def answered(
        self, resource: str, response: requests.Response, limits: Limits
    ) -> None:
        """Hear of an answer, and of the calls that are left as it says."""

    def lost(self, err: requests.RequestException) -> None:
        """Hear that the call ended without an answer."""

    def seconds_left(self) -> float:
        """Return how long the next call may take at most."""
        return float("inf")

    def misplaced(self, err: ExactOtherDivision) -> None:
        """Hear that the answer is of another division, before it is raised."""


class ExactClient:
    """One division of Exact Online, seen through one access token.

    Never sleeps and never repeats a call. Every method raises ExactUnavailable,
    ExactRateLimited, ExactUnauthorized or ExactRejected; creating raises
    ExactUnconfirmed where the answer was lost on the way. An answer that names another
    division than this one raises ExactOtherDivision, whatever the call. An observer may
    raise further errors before a call.

    :param str base_url: scheme and host, e.g. 'https://start.exactonline.be'.
    :param int division: code of the administration; None for `current/Me` alone.
    """

    def __init__(
        self,
        base_url: str,
        division: int | str | None,
        token: str,
        *,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        observer: Observer | None = None,
    ) -> None:
        self._base_url = base_url
        self._division = division
        self._token = token
        self._session = transport.prepare(session or requests.Session())
        self._timeout = timeout
        self.observer = observer or Observer()

    def in_division(self, division: int | str) -> "ExactClient":
        """Return a client of another division, with the same token and observer."""
        return ExactClient(
            self._base_url,
            division,
            self._token,
            session=self._session,
            timeout=self._timeout,
            observer=self.observer,
        )

    @property
    def division(self) -> str:
        """The code of the division."""
        return str(self._division)

    def close(self) -> None:
        self._session.close()

    def get(self, resource: str, **options: Any) -> list[Row]:
        """Return the rows of one page.

        :param str resource: e.g. 'vat/VATCodes', or 'current/Me'.
        :param options: of OData without their dollar sign, e.g. select, filter, top.
        """
        rows, _next_url = self._page(resource, self._url(resource), options)
        return rows

    def get_page(
        self, resource: str, next_url: str | None = None, **options: Any
    ) -> tuple[list[Row], str | None]:
        """Return the rows of one page, and the address of the page after it.

        :param str next_url: as an earlier page gave it; without it, the first page.
        :return: (rows, address); the address is None after the last page.
        """
        if next_url:
            self._check_next(resource, next_url)
            return self._page(resource, next_url, {})
        return self._page(resource, self._url(resource), options)

    def get_all(self, resource: str, **options: Any) -> Iterator[Row]:
        """Yield every row, page by page."""
        rows, next_url = self.get_page(resource, **options)
        yield from rows
        while next_url:
            rows, next_url = self.get_page(resource, next_url)
            yield from rows

    def post(self, resource: str, body: Row) -> Row:
        """Create a record and return it as Exact stored it; amounts are Decimal."""
        response = self._send("POST", resource, self._url(resource), body=body)
        return self._read_entity(resource, response)

    def upload(self, resource: str, body: Row, content: Iterable[bytes]) -> Row:
        """Create a record with a file in it; return what Exact tells of it, its key.

        :param dict body: what observers hear, without the file.
        :param content: the JSON to send, an iterable of bytes with a length.
        """
        url = self._url(resource)
        response = self._send("POST", resource, url, body=body, content=content)
        return self._read_entity(resource, response)

    def put(self, resource: str, guid: str, body: Row) -> None:
        """Change a record; may be repeated, for twice the same changes nothing.

        :param str guid: of the record.
        :param dict body: the properties to change, None to empty one.
        """
        url = f"{self._url(resource)}(guid'{guid}')"
        response = self._send("PUT", resource, url, body=body)
        # 204 and nothing, or 200 and the record; an empty 200 is a lost answer.
        if response.status_code == 200 or response.content:
            try:
                self._read_entity(resource, response, "PUT")
            except ExactUnconfirmed as err:
                raise ExactUnavailable(str(err)) from err

    def delete(self, resource: str, guid: str) -> None:
        """Delete a record; ask afterwards whether it is gone where the answer is lost.

        :param str guid: of the record.
        """
        self._send("DELETE", resource, f"{self._url(resource)}(guid'{guid}')")

    # === HELPERS === #

    def _url(self, resource: str) -> str:
        if resource.startswith(FREE_PREFIX):
            return f"{self._base_url}{API_PATH}/{resource}"
        return f"{self._base_url}{API_PATH}/{self._division}/{resource}"

    def _check_next(self, resource: str, next_url: str) -> None:
        """Refuse to carry the token to another host or division."""
        here = urlsplit(f"{self._base_url}{API_PATH}/{self._division}/")
        there = urlsplit(next_url)
        is_same_host = (there.scheme, there.netloc) == (here.scheme, here.netloc)
        if is_same_host and there.path.startswith(here.path):
            return
        if is_same_host:
            # It tells of a division just as a record does.
            self._check_division("GET", resource, [{"__metadata": {"uri": next_url}}])
        raise ExactUnavailable("the next page is not on this division")

    def _check_division(self, method: str, resource: str, rows: list[Row]) -> None:
        """Refuse records that stand in another division than the one asked for.

        :raise ExactOtherDivision: the observer has heard of it.
        """
        if resource.startswith(FREE_PREFIX) or resource in ABOUT_DIVISIONS:
            return
        asked = self.division
        for row in rows:
            found = division_of(row)
            if found and found != asked:
                err = ExactOtherDivision(asked, found, method, resource, row)
                self.observer.misplaced(err)
                raise err

    def _read_entity(
        self, resource: str, response: requests.Response, method: str = "POST"
    ) -> Row:
        try:
            entity = _read_json(response)["d"]
            if isinstance(entity, dict) and "results" in entity:
                entity = entity["results"]
            if isinstance(entity, list) and len(entity) == 1:
                entity = entity[0]
            if not isinstance(entity, dict):
                raise TypeError("not an entity")
        except (ValueError, KeyError, TypeError) as err:
            raise ExactUnconfirmed(
                f"{method} {resource}: the answer is unreadable"
            ) from err
        self._check_division(method, resource, [entity])
        return entity

    def _page(
        self, resource: str, url: str, options: Row
    ) -> tuple[list[Row], str | None]:
        params = {f"${name}": value for name, value in options.items()}
        response = self._send("GET", resource, url, params=params)
        try:
            payload = _read_json(response)["d"]
            # With $top, and from some functions, a list comes bare.
            rows = collection(payload)
            next_url = None if isinstance(payload, list) else payload.get("__next")
            if rows is None or not all(isinstance(row, dict) for row in rows):
                raise TypeError("not a list of records")
        except (ValueError, KeyError, TypeError, AttributeError) as err:
            raise ExactUnavailable(f"GET {resource}: the answer is unreadable") from err
        self._check_division("GET", resource, rows)
        return rows, next_url

    def _send(
        self,
        method: str,
        resource: str,
        url: str,
        *,
        params: Row | None = None,
        body: Row | None = None,
        content: Iterable[bytes] | None = None,
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": JSON}
        seconds = CALL_SECONDS if content is None else UPLOAD_SECONDS
        if body is not None:
            headers["Content-Type"] = JSON
            if content is None:
                content = json.dumps(body).encode()
                # A file is not wanted back.
                headers["Prefer"] = "return=representation"
        self.observer.called(method, resource, body)
        try:
            response = transport.request(
                self._session,
                method,
                url,
                seconds=min(seconds, self.observer.seconds_left()),
                params=params,
                data=content,
                headers=headers,
                timeout=self._timeout,
            )
        except requests.RequestException as err:
            self.observer.lost(err)
            raise _transport_error(method, resource, err) from err
        limits = Limits.from_answer(response.headers, response.status_code, _now())
        self.observer.answered(resource, response, limits)
        if _is_usable(response):
            return response
        raise _refusal(method, resource, response, limits)


def _is_usable(response: requests.Response) -> bool:
    content_type = response.headers.get("Content-Type", "")
    return 200 <= response.status_code < 300 and "html" not in content_type


def _read_json(response: requests.Response) -> Any:
    """Parse with Decimal for amounts; a float would invent cents."""
    try:
        return storable(response.json(parse_float=Decimal))
    except RecursionError as err:
        raise ValueError("nested too deep") from err


def _transport_error(
    method: str, resource: str, err: requests.RequestException
) -> ExactError:
    """Tell a call that never left from one whose answer was lost."""
    text = f"{method} {resource}: {type(err).__name__}"
    if why := transport.why_not_sent(err):
        return NOT_SENT[why](text)
    if method in REPEATABLE:
        return ExactUnavailable(text)
    return ExactUnconfirmed(text)


# What kept a call from leaving.
NOT_SENT = {
    transport.CERTIFICATE: ExactUntrusted,
    transport.PROXY: ExactProxyFailed,
    transport.CONNECTION: ExactUnavailable,
}


def _refusal(
    method: str, resource: str, response: requests.Response, limits: Limits
) -> ExactError:
    """Return the exception for an answer that is not the wanted one."""
    label = f"{method} {resource}"
    status = response.status_code
    messages = _error_messages(response)
    if status == 401 or _is_login_page(response):
        return ExactUnauthorized(f"{label}: HTTP {status}")
    if status == 429:
        return ExactRateLimited(_retry_at(response, limits, bool(messages)))
    if 400 <= status < 500 and status != 408 and not _is_foreign_page(response):
        # The header tells more than the bare "Forbidden" that the body may hold.
        if reason := response.headers.get("Reason"):
            telling = [text for text in messages if text.lower() not in _BARE]
            messages = list(dict.fromkeys([*telling, reason]))
        fallback = [f"HTTP {status} without an explanation"]
        return ExactRejected(messages or fallback, status, resource)
    if not is_trouble(messages):
        return ExactRejected(messages, status, resource)
    if method in REPEATABLE:
        return ExactUnavailable(f"{label}: HTTP {status}")
    return ExactUnconfirmed(f"{label}: HTTP {status}")


_BARE = ("forbidden", "unauthorized", "bad request")


def _is_foreign_page(response: requests.Response) -> bool:
    """Tell whether something before the API answered, such as a maintenance page."""
    is_html = "html" in response.headers.get("Content-Type", "")
    return is_html and response.status_code != 403


def _is_login_page(response: requests.Response) -> bool:
    if "html" not in response.headers.get("Content-Type", ""):
        return False
    return "Login.aspx" in response.headers.get("Location", "") + response.text


def _error_messages(response: requests.Response) -> list[str]:
    """Return the findings of an error body, or nothing where it cannot be read."""
    try:
        value = _read_json(response)["error"]["message"]["value"]
    except (ValueError, KeyError, TypeError):
        return []
    lines = html.unescape(str(value)).splitlines()
    return [line.strip() for line in lines if line.strip()]


def _retry_at(response: requests.Response, limits: Limits, blocked: bool) -> datetime:
    """Return when to call again after a 429, naive UTC.

    A body with a text but no header is how the block after too many errors looks.
    """
    now = _now()
    wait = _retry_after(response.headers.get("Retry-After", ""), now)
    if wait is not None:
        return now + min(max(wait, LEAST_WAIT), LONGEST_WAIT)
    if limits.exhausted_until:
        return limits.exhausted_until
    if blocked:
        return now + BLOCKED_FOR
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """Return how long a header asks to wait, in seconds or until a date; or None."""
    if value.isascii() and value.isdigit():
        # Not even a number of days is known that would overflow it.
        return timedelta(seconds=int(value[:9]))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(tzinfo=None) - now
