"""Answers of Exact Online, kept to be judged and replayed: a step each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from .client import ExactClient, Observer
from .exceptions import ExactOtherDivision
from .odata import collection, storable
from .rate_limits import Limits

# Headers that the add-on reads, or that say what an answer is.
HEADERS = (
    "Content-Type",
    "Preference-Applied",
    "Reason",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-RateLimit-Minutely-Limit",
    "X-RateLimit-Minutely-Remaining",
    "X-RateLimit-Minutely-Reset",
)
WRAPPED, BARE = "results", "bare"
# Characters of an answer; a full page of customers has some 500,000.
MAX_TEXT = 5_000_000


@dataclass(frozen=True)
class Exchange:
    """One request and its answer.

    :param str step: the name of what the request was made for.
    :param int status: of HTTP; 0 where the answer was lost.
    :param str lost: the class of the error where it was lost.
    :param int row_count: where rows of a list were left out; None for all of them.
    """

    step: str
    method: str
    resource: str
    url: str
    body: dict[str, Any] | None = None
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    lost: str = ""
    row_count: int | None = None

    @cached_property
    def payload(self) -> Any:
        """The answer as JSON, amounts as Decimal; None where it is something else."""
        try:
            return storable(json.loads(self.text, parse_float=Decimal))
        except (ValueError, RecursionError):
            return None

    @property
    def is_usable(self) -> bool:
        """Whether the request succeeded, with an answer that is not a web page."""
        is_page = "html" in self.headers.get("Content-Type", "").lower()
        return 200 <= self.status < 300 and not is_page

    @property
    def content(self) -> Any:
        """What Exact puts into `d`; None where there is no such thing."""
        payload = self.payload if self.is_usable else None
        return payload.get("d") if isinstance(payload, dict) else None

    @property
    def shape(self) -> str | None:
        """How a list comes: WRAPPED or BARE; None where it is no list."""
        if collection(self.content) is None:
            return None
        return BARE if isinstance(self.content, list) else WRAPPED

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of a list that can be read; none where it is no list."""
        rows = collection(self.content) or []
        return [row for row in rows if isinstance(row, dict)]

    @property
    def count(self) -> int:
        """How many rows there were."""
        return len(self.rows) if self.row_count is None else self.row_count

    @property
    def next_url(self) -> str | None:
        return self.content.get("__next") if self.shape == WRAPPED else None

    @property
    def entity(self) -> dict[str, Any]:
        """The record of an answer to a POST, or to a PUT; empty where there is none."""
        content = self.content
        return content if isinstance(content, dict) and not self.shape else {}

    @property
    def messages(self) -> list[str]:
        """The findings of a refusal; none where it is not one of Exact's own form."""
        try:
            value = self.payload["error"]["message"]["value"]
        except (KeyError, TypeError):
            return []
        return [line.strip() for line in str(value).splitlines() if line.strip()]

    @property
    def options(self) -> dict[str, str]:
        """The options of OData that were asked with, without their dollar sign."""
        query = parse_qs(urlsplit(self.url).query)
        return {name.lstrip("$"): values[0] for name, values in query.items()}

    @property
    def selected(self) -> list[str]:
        """The properties that were asked for."""
        return [name for name in self.options.get("select", "").split(",") if name]


# What an exchange is made of, as JSON can hold it.
STORED = (
    *("step", "method", "resource", "url", "body"),
    *("status", "headers", "text", "lost", "row_count"),
)


def store(exchanges: Iterable[Exchange]) -> str:
    """Write exchanges with all that they have, names and numbers of others included."""
    return json.dumps(
        [{name: getattr(exchange, name) for name in STORED} for exchange in exchanges]
    )


def restore(stored: str) -> list[Exchange]:
    """Read what `store` wrote."""
    return [Exchange(**values) for values in json.loads(stored or "[]")]


class Recorder(Observer):
    """Keeps every exchange of a client, and lets another observer hear of it, too.

    Set `step` before a call.
    """

    def __init__(self, exchanges: Iterable[Exchange] = ()) -> None:
        self._observer = Observer()
        self._call: tuple[str, str, dict[str, Any] | None] = ("", "", None)
        self.step = ""
        self.exchanges = list(exchanges)

    def listen(self, client: ExactClient) -> None:
        """Hear of the calls of a client, with whoever heard of them before."""
        self._observer, client.observer = client.observer, self

    def called(self, method: str, resource: str, body: dict[str, Any] | None) -> None:
        self._observer.called(method, resource, body)
        self._call = (method, resource, body)

    def answered(
        self, resource: str, response: requests.Response, limits: Limits
    ) -> None:
        method, _resource, body = self._call
        headers = {
            name: response.headers[name] for name in HEADERS if name in response.headers
        }
        exchange = Exchange(
            step=self.step,
            method=method,
            resource=resource,
            url=response.request.url or "",
            body=body,
            status=response.status_code,
            headers=headers,
            text=response.text[:MAX_TEXT],
        )
        self.exchanges.append(exchange)
        self._observer.answered(resource, response, limits)

    def lost(self, err: requests.RequestException) -> None:
        method, resource, body = self._call
        url = getattr(err.request, "url", None) or ""
        exchange = Exchange(
            self.step, method, resource, url, body, lost=type(err).__name__
        )
        self.exchanges.append(exchange)
        self._observer.lost(err)

    def misplaced(self, err: ExactOtherDivision) -> None:
        self._observer.misplaced(err)


class Evidence:
    """The exchanges of a check, by step; a step that was not made is not there."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self.exchanges = list(exchanges)
        self._by_step = {exchange.step: exchange for exchange in self.exchanges}

    def get(self, step: str) -> Exchange | None:
        return self._by_step.get(step)

    def answered(self, step: str) -> Exchange | None:
        """Return the exchange of a step that succeeded."""
        exchange = self.get(step)
        return exchange if exchange and exchange.is_usable else None
