"""OAuth 2 with Exact Online: the consent address and the token calls."""

from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import requests

from . import transport
from .client import NOT_SENT
from .const import AUTH_PATH, CALL_SECONDS, TIMEOUT, TOKEN_PATH
from .exceptions import (
    ExactBadCredentials,
    ExactCodeSpent,
    ExactConsentLost,
    ExactError,
    ExactTokenStillValid,
    ExactUnavailable,
)

# Wordings of a refresh token that will never work again. They changed over the years
# and both are still met.
CONSENT_LOST_ERRORS = ("invalid_grant", "unauthorized_client")
CONSENT_LOST_TEXT = "refresh token expired"
# Of an app that Exact does not know. All else that it may answer passes.
CREDENTIALS_ERRORS = ("invalid_client", "invalid_request")
TOO_EARLY_TEXT = "access_token not expired"


class Tokens(NamedTuple):
    """What Exact hands out; `expires_in` in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


class User(NamedTuple):
    """Who gave a consent, as Exact names them."""

    guid: str
    name: str


def consent_url(base_url: str, client_id: str, redirect_uri: str, state: str) -> str:
    """Return the address where a person allows the connection.

    Slashes of `redirect_uri` stay as they are: Exact used to refuse encoded ones.
    """
    query = urlencode(
        {
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "state": state,
            "force_login": "0",
        },
        safe="/",
        quote_via=quote,
    )
    return f"{base_url}{AUTH_PATH}?{query}"


def exchange_code(
    base_url: str, client_id: str, client_secret: str, code: str, redirect_uri: str
) -> Tokens:
    """Trade the code of a consent for tokens.

    :param str redirect_uri: the very one that was sent to the consent page.
    :return: Tokens
    :raise ExactBadCredentials: wrong client id or secret.
    :raise ExactCodeSpent: the code was used or is too old.
    :raise ExactUnavailable: no usable answer; the code may be spent.
    """
    try:
        return _token_call(
            base_url,
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "client_id": client_id,
                "client_secret": client_secret,
            },
        )
    except ExactConsentLost as err:
        # Exact says it in the words of a dead refresh token.
        raise ExactCodeSpent(str(err)) from err


def renew(
    base_url: str,
    client_id: str,
    client_secret: str,
    refresh_token: str,
    *,
    seconds: float = CALL_SECONDS,
) -> Tokens:
    """Trade a refresh token, which dies by it, for new tokens.

    :param float seconds: that the call may take at most.
    :return: Tokens
    :raise ExactTokenStillValid: it is too early, the access token still works.
    :raise ExactConsentLost: the refresh token is dead.
    :raise ExactBadCredentials: wrong client id or secret.
    :raise ExactUnavailable: no usable answer, an empty one included. The tokens may
        have been renewed or not: the same refresh token is tried again.
    """
    return _token_call(
        base_url,
        {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": client_id,
            "client_secret": client_secret,
        },
        seconds,
    )


def _token_call(
    base_url: str, form: dict[str, str], seconds: float = CALL_SECONDS
) -> Tokens:
    try:
        with transport.prepare(requests.Session()) as session:
            response = transport.request(
                session,
                "POST",
                base_url + TOKEN_PATH,
                seconds=seconds,
                data=form,
                headers={"Accept": "application/json"},
                timeout=TIMEOUT,
            )
        answer = response.json()
    except requests.RequestException as err:
        # The text of the error may hold the form: only its class is passed on.
        kind = NOT_SENT.get(transport.why_not_sent(err), ExactUnavailable)
        raise kind(f"token call: {type(err).__name__}") from None
    if not isinstance(answer, dict):
        raise ExactUnavailable("token call: the answer is not an object")
    if response.status_code == 200:
        return _read_tokens(answer)
    raise _token_error(response, answer)


def _read_tokens(answer: dict[str, Any]) -> Tokens:
    access_token, refresh_token = (
        answer.get(name) for name in ("access_token", "refresh_token")
    )
    try:
        # Exact sends the number as a text.
        expires_in = int(answer["expires_in"])
    except (KeyError, ValueError, TypeError):
        expires_in = 0
    is_complete = all(
        isinstance(token, str) and token for token in (access_token, refresh_token)
    )
    if not is_complete or not expires_in:
        raise ExactUnavailable("token call: the answer lacks tokens")
    return Tokens(access_token, refresh_token, expires_in)


def _token_error(response: requests.Response, answer: dict[str, Any]) -> ExactError:
    error = str(answer.get("error", ""))
    text = str(answer.get("error_description") or response.headers.get("Reason") or "")
    lowered = text.lower().replace("access token not", "access_token not")
    if response.status_code >= 500:
        return ExactUnavailable(f"token call: HTTP {response.status_code}")
    if TOO_EARLY_TEXT in lowered:
        return ExactTokenStillValid(text)
    if error in CONSENT_LOST_ERRORS or CONSENT_LOST_TEXT in lowered:
        return ExactConsentLost(text or error)
    if error in CREDENTIALS_ERRORS and response.status_code >= 400:
        return ExactBadCredentials([text or error], response.status_code)
    return ExactUnavailable(f"token call: HTTP {response.status_code}")
