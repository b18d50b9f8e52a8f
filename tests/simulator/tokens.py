"""Codes, access tokens and refresh tokens, with the rules that they live by."""

import base64
import json
import secrets
from dataclasses import dataclass, field

from .clock import to_moment

DAY = 86_400


class TokenRefusal(Exception):
    """A refusal of the token endpoint: status, JSON body and headers."""

    def __init__(self, status, error, description=None, reason=None):
        super().__init__(description or error)
        self.status = status
        self.body = {"error": error}
        if description:
            self.body["error_description"] = description
        self.headers = {"Reason": reason} if reason else {}


@dataclass
class Code:
    client_id: str
    user: str
    redirect_uri: str
    issued: float
    divisions: tuple | None = None
    used: bool = False


@dataclass
class Chain:
    """All tokens that go back to one consent; at most one per user and app lives.

    :param divisions: codes that were chosen at the consent; None for all.
    """

    client_id: str
    user: str
    divisions: tuple | None = None
    alive: bool = True
    access_ended: bool = False
    refresh: dict = field(default_factory=dict)


@dataclass
class Token:
    """An access or refresh token of a chain; `used` refresh tokens are dead."""

    chain: Chain
    issued: float
    used: bool = False


class Tokens:
    def __init__(self, settings, clock):
        self._settings = settings
        self._clock = clock
        self._codes = {}
        self._chains = {}
        self._access = {}
        self._refresh = {}
        self._calls = {}

    # === CONSENT === #

    def issue_code(self, client_id, user, redirect_uri, divisions=None):
        code = _token_text({"use": "code", "client": client_id})
        now = self._clock.now()
        self._codes[code] = Code(client_id, user, redirect_uri, now, divisions)
        return code

    def exchange(self, client_id, code, redirect_uri):
        """Trade a code for tokens; the user's older chain of this app ends."""
        kept = self._codes.get(code)
        if (
            not kept
            or kept.used
            or kept.client_id != client_id
            or kept.redirect_uri != redirect_uri
            or self._clock.now() - kept.issued > self._settings.code_life
        ):
            raise _not_allowed()
        self._count_call(client_id, kept.user)
        kept.used = True
        return self.start_chain(client_id, kept.user, kept.divisions)

    def start_chain(self, client_id, user, divisions=None):
        older = self._chains.get((client_id, user))
        if older:
            older.alive = False
            older.access_ended = self._settings.consent_kills_access
        chain = self._chains[client_id, user] = Chain(client_id, user, divisions)
        return self._issue(chain)

    def end_chains(self, user):
        """End all that a user ever consented to, as a new password does."""
        for kept in (*self._refresh.values(), *self._access.values()):
            if kept.chain.user == user:
                kept.chain.alive = False
                kept.chain.access_ended = True
        for code in self._codes.values():
            code.used = code.used or code.user == user

    # === RENEWAL === #

    def renew(self, client_id, refresh_token):
        kept = self._refresh.get(refresh_token)
        if not kept or kept.chain.client_id != client_id:
            raise self._dead_token()
        self._count_call(client_id, kept.chain.user)
        if kept.used or not kept.chain.alive:
            if kept.used and self._settings.reuse_kills_newest:
                kept.chain.alive = False
                kept.chain.access_ended = True
            raise self._dead_token()
        self._check_age(kept)
        kept.used = True
        return self._issue(kept.chain)

    def _check_age(self, kept):
        now = self._clock.now()
        end = kept.issued + self._settings.refresh_days * DAY
        if now > end:
            raise TokenRefusal(
                400,
                "invalid_request",
                f"The refresh token expired at {_american(end)} and it is now"
                f" {_american(now)}.",
            )
        if now - kept.issued >= self._settings.renew_after:
            return
        if self._settings.too_early_status == 401:
            text = "Access Token not expired"
            raise TokenRefusal(401, "access_denied", text, text)
        text = "Rate limit exceeded: access_token not expired"
        raise TokenRefusal(
            400, "access_denied", text, f"TooEarlyToRefreshTokens: {text}"
        )

    def _dead_token(self):
        if self._settings.token_wording == "old":
            return TokenRefusal(401, "unauthorized_client", "Old refresh token used.")
        return _not_allowed()

    def _count_call(self, client_id, user):
        day = int(self._clock.now()) // DAY
        key = client_id, user, day
        self._calls[key] = self._calls.get(key, 0) + 1
        limit = self._settings.token_day_limit
        if limit is not None and self._calls[key] > limit:
            raise TokenRefusal(400, "access_denied", "Rate limit exceeded")

    # === ACCESS === #

    def _issue(self, chain):
        now = self._clock.now()
        access = _token_text({"use": "access", "client": chain.client_id})
        refresh = _token_text({"use": "refresh", "client": chain.client_id})
        self._access[access] = Token(chain, now)
        self._refresh[refresh] = Token(chain, now)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": str(self._settings.token_life),
            "refresh_token": refresh,
        }

    def owner(self, access_token):
        """Return the chain of an access token, fresh or not; None if never issued."""
        kept = self._access.get(access_token)
        return kept.chain if kept else None

    def is_fresh(self, access_token):
        kept = self._access.get(access_token)
        return (
            kept is not None
            and not kept.chain.access_ended
            and self._clock.now() - kept.issued < self._settings.token_life
        )


def _not_allowed():
    """Return the refusal of a dead code or refresh token."""
    text = "Token is not allowed, because of invalid or empty chainId"
    return TokenRefusal(400, "invalid_grant", text, f"Unknown: {text}")


def _token_text(claims):
    """Return a long text like Exact's, with characters that need URL-encoding."""
    head = base64.b64encode(json.dumps({"alg": "A256", **claims}).encode()).decode()
    middle = base64.b64encode(secrets.token_bytes(240)).decode()
    return f"{head}.{middle}+/!{secrets.token_urlsafe(16)}=="


def _american(seconds):
    """Write a moment as '7/31/2022 7:45:12 PM'."""
    moment = to_moment(seconds)
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    return (
        f"{moment.month}/{moment.day}/{moment.year}"
        f" {hour}:{moment.minute:02}:{moment.second:02} {half}"
    )
