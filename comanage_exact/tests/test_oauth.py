from datetime import datetime

import responses

from odoo.tests.common import BaseCase, tagged

from ..exact_api import oauth
from ..exact_api.exceptions import (
    ExactBadCredentials,
    ExactCodeSpent,
    ExactConsentLost,
    ExactTokenStillValid,
    ExactUnavailable,
)
from ..exact_api.rate_limits import Budget
from .common import BASE_URL, TOKEN_URL, ExactCommon

TOKENS = {"access_token": "a", "refresh_token": "b", "expires_in": "600"}
DEAD = {
    "error": "invalid_grant",
    "error_description": "Token is not allowed, because of invalid or empty chainId",
}
HTML = {"body": "<html>Server Unavailable</html>", "content_type": "text/html"}


@tagged("post_install", "-at_install")
class TestOAuth(BaseCase):
    """What the answers of the token endpoint mean."""

    _request_handler = ExactCommon._request_handler

    def call(self, **answer):
        """Renew with this answer, then exchange a code with it; return the errors."""
        errors = []
        for trade in (
            lambda: oauth.renew(BASE_URL, "id", "secret", "refresh"),
            lambda: oauth.exchange_code(BASE_URL, "id", "secret", "code", "uri"),
        ):
            with responses.RequestsMock() as mock:
                mock.post(TOKEN_URL, **answer)
                try:
                    trade()
                except Exception as err:
                    errors.append(type(err))
        return errors

    def test_number_may_be_a_text(self):
        for expires_in in ("600", 600):
            self.assertEqual(self.call(json={**TOKENS, "expires_in": expires_in}), [])

    def test_answer_without_tokens_is_a_lost_one(self):
        for answer in (
            {"body": ""},
            {"json": {}},
            {"json": []},
            {"json": {**TOKENS, "refresh_token": None}},
            {"json": {**TOKENS, "access_token": ""}},
            {"json": {**TOKENS, "expires_in": None}},
            HTML,
            {**HTML, "status": 503},
            {"status": 504, "body": "Server maintenance"},
            # A server in trouble says nothing about a consent.
            {"status": 500, "json": DEAD},
            {"status": 400, "body": ""},
        ):
            with self.subTest(answer=answer):
                self.assertEqual(self.call(**answer), [ExactUnavailable] * 2)

    def test_dead_code_is_no_dead_consent(self):
        expired = {"error": "invalid_request", "error_description": "The refresh token"}
        expired["error_description"] += " expired at 11/3/2021 2:50:46 PM"
        for answer in (
            {"status": 400, "json": DEAD},
            {"status": 401, "json": {"error": "unauthorized_client"}},
            {"status": 400, "json": expired},
        ):
            with self.subTest(answer=answer):
                errors = self.call(**answer)
                self.assertEqual(errors, [ExactConsentLost, ExactCodeSpent])

    def test_other_refusals(self):
        text = "Rate limit exceeded: access_token not expired"
        early = {"error": "access_denied", "error_description": text}
        for status in (400, 401):
            self.assertEqual(
                self.call(status=status, json=early), [ExactTokenStillValid] * 2
            )
        self.assertEqual(
            self.call(status=400, json={"error": "invalid_request"}),
            [ExactBadCredentials] * 2,
        )

    def test_call_without_a_division_costs_nothing(self):
        budget, now = Budget(), datetime(2026, 3, 10, 9)
        budget.reserve(now, "current/Me")
        self.assertEqual((budget.minute.used, budget.day.used), (0, 0))
        budget.reserve(now, "system/Divisions")
        self.assertEqual((budget.minute.used, budget.day.used), (1, 1))
        # Nor does a used-up day keep it back.
        budget.day.used = budget.day.limit
        budget.reserve(now, "current/Me")
