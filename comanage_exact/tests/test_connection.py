from datetime import timedelta

import requests
import responses
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..exact_api.exceptions import (
    ExactBadCredentials,
    ExactConsentLost,
    ExactError,
    ExactUnavailable,
)
from ..sync.connection import get_access_token
from .common import ENTRIES_URL, TOKEN_URL, ExactCommon

RENEWED = {
    "access_token": "new-access",
    "refresh_token": "new-refresh",
    "token_type": "bearer",
    "expires_in": "600",
}
# When the tokens of these tests may be renewed, which are of nine o'clock.
RENEWABLE_AT = "2026-03-10 09:09:30"


@tagged("post_install", "-at_install")
class TestConnection(ExactCommon):
    def setUp(self):
        super().setUp()
        self.connection = self.company.sudo().exact_connection_id

    def get_token(self):
        with self.enter_registry_test_mode():
            return get_access_token(self.connection)

    def get_token_error(self):
        """Return what the renewal raises.

        Without `assertRaises`, which rolls back what the own cursor committed.
        """
        try:
            self.get_token()
        except ExactError as err:
            return err
        return None

    def make_old(self):
        """Make the tokens renewable, whatever came before."""
        self.connection.login_id.write(
            {"issued_at": "2026-03-10 08:50:30", "retry_at": False, "refusals": 0}
        )

    # === TOKENS === #

    def test_young_token_is_used_without_a_call(self):
        self.connection.issued_at = "2026-03-10 08:50:31"
        with self.exact():
            self.assertEqual(self.get_token(), "access-123456")

    def test_old_token_is_renewed_and_both_are_kept(self):
        self.make_old()
        with self.exact() as mock:
            mock.post(
                TOKEN_URL,
                json=RENEWED,
                match=[
                    responses.matchers.urlencoded_params_matcher(
                        {
                            "grant_type": "refresh_token",
                            "refresh_token": "refresh-123456",
                            "client_id": "client-id",
                            "client_secret": "client-secret",
                        }
                    )
                ],
            )
            self.assertEqual(self.get_token(), "new-access")
        self.assertEqual(self.connection.refresh_token, "new-refresh")
        self.assertEqual(str(self.connection.issued_at), "2026-03-10 09:00:00")

    def test_too_early_keeps_the_token(self):
        for status, text in (
            (400, "Rate limit exceeded: access_token not expired"),
            (401, "Access Token not expired"),
        ):
            self.make_old()
            with self.subTest(status=status), self.exact() as mock:
                mock.post(
                    TOKEN_URL,
                    status=status,
                    json={"error": "access_denied", "error_description": text},
                )
                self.assertEqual(self.get_token(), "access-123456")

    def test_dead_refresh_token_asks_for_a_person(self):
        for error in (
            {"error": "invalid_grant", "error_description": "empty chainId"},
            {"error": "unauthorized_client", "error_description": "Old refresh token"},
            {
                "error": "invalid_request",
                "error_description": "The refresh token expired at 11/3/2021",
            },
        ):
            self.make_old()
            self.connection.login_id.write(
                {"state": "connected", "refresh_token": "dead"}
            )
            with self.subTest(error=error), self.exact() as mock:
                mock.post(TOKEN_URL, status=400, json=error)
                with self.assertLogs("odoo.addons.comanage_exact", "WARNING") as logs:
                    self.assertIsInstance(self.get_token_error(), ExactConsentLost)
            self.assertEqual(self.connection.state, "expired")
            self.assertFalse(self.connection.refresh_token)
            self.assertNotIn("dead", "".join(logs.output))

    def test_trouble_keeps_the_refresh_token(self):
        for answer in (
            {"body": requests.ConnectionError("refresh_token=refresh-123456")},
            {"status": 503, "body": "<html>"},
            {"status": 200, "json": {"access_token": "only"}},
            {"status": 500, "json": {"error": "server_error"}},
        ):
            self.make_old()
            with self.subTest(answer=answer), self.exact() as mock:
                mock.post(TOKEN_URL, **answer)
                error = self.get_token_error()
            self.assertIsInstance(error, ExactUnavailable)
            self.assertNotIn("refresh-123456", str(error))
            self.assertEqual(self.connection.state, "connected")
            self.assertEqual(self.connection.refresh_token, "refresh-123456")

    def test_wrong_secret_is_told_on_the_company(self):
        self.make_old()
        invoice = self.make_invoice()
        invoice.action_exact_send()
        with self.exact() as mock:
            mock.post(TOKEN_URL, status=400, json={"error": "invalid_request"})
            self.push()
        self.assertEqual(invoice.exact_state, "pending")
        self.company.invalidate_recordset()
        self.assertIn("client secret", self.company.exact_connection_problem)

    def queue_known(self):
        """Queue an invoice that needs no call but that of its entry."""
        self.make_known()
        invoice = self.make_invoice()
        invoice.action_exact_send()
        return invoice

    def refuse_at(self, moment, **answer):
        """Let Exact refuse the token of the next booking."""
        with freeze_time(moment), self.exact() as mock:
            mock.post(ENTRIES_URL, **answer)
            self.push()

    def test_stray_log_in_page_neither_renews_the_token_nor_stops_for_long(self):
        page = "<html><a href='/docs/Login.aspx?ReturnUrl=x'>Object moved</a></html>"
        for answer in (
            {"status": 401},
            {"status": 200, "body": page, "content_type": "text/html"},
        ):
            self.connection.login_id.refusals = 0
            invoice = self.queue_known()
            self.connection.paused_until = False
            with self.subTest(answer=answer):
                self.refuse_at("2026-03-10 09:00:00", **answer)
                self.assertEqual(invoice.exact_state, "pending")
                with freeze_time("2026-03-10 09:01:01"), self.exact() as mock:
                    # With the same token: no other call is announced.
                    self.answer_entry(mock)
                    self.push()
                self.assertEqual(invoice.exact_state, "sent")
            request = self.calls[0].request
            self.assertEqual(request.headers["Authorization"], "Bearer access-123456")
            # The number of an entry is taken once.
            invoice.sudo().exact_outbox_id.exact_guid = False

    def test_token_refused_twice_waits_until_it_is_renewable(self):
        invoice = self.queue_known()
        self.refuse_at("2026-03-10 09:00:00", status=401)
        self.refuse_at("2026-03-10 09:01:01", status=401)
        for moment in ("2026-03-10 09:02:02", "2026-03-10 09:09:29"):
            # Neither asked nor renewed, whoever tries.
            self.connection.paused_until = False
            with freeze_time(moment), self.exact():
                self.push()
                self.assertEqual(str(self.get_token_error().retry_at), RENEWABLE_AT)
        self.connection.invalidate_recordset()
        self.assertEqual(str(self.connection.paused_until), RENEWABLE_AT)
        with freeze_time(RENEWABLE_AT), self.exact() as mock:
            mock.post(TOKEN_URL, json=RENEWED)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(self.connection.login_id.refusals)

    def test_failing_renewal_is_tried_ever_less_often(self):
        self.make_old()
        start, moments = fields.Datetime.now(), []
        with self.exact() as mock:
            mock.post(TOKEN_URL, status=503, body="<html>")
            for minute in range(6 * 60):
                before = len(mock.calls)
                with freeze_time(start + timedelta(minutes=minute)):
                    self.assertIsInstance(self.get_token_error(), ExactUnavailable)
                if len(mock.calls) > before:
                    moments.append(minute)
        self.assertEqual(moments[:6], [0, 1, 3, 8, 18, 28])
        self.assertLess(len(moments), 40)
        # The first success is at most ten minutes late.
        with self.exact() as mock, freeze_time(start + timedelta(minutes=370)):
            mock.post(TOKEN_URL, json=RENEWED)
            self.assertEqual(self.get_token(), "new-access")
        self.assertFalse(self.connection.login_id.failing_since)

    def test_tokens_of_a_day_are_not_used_up(self):
        self.make_old()
        login = self.connection.login_id
        login.token_calls = ["2026-03-10", 200]
        with self.exact():
            error = self.get_token_error()
        self.assertEqual(str(error.retry_at), "2026-03-11 00:00:00")
        with self.exact() as mock, freeze_time("2026-03-11 00:00:00"):
            mock.post(TOKEN_URL, json=RENEWED)
            self.assertEqual(self.get_token(), "new-access")
        self.assertEqual(login.token_calls, ["2026-03-11", 1])

    def test_other_errors_of_the_token_endpoint_pass(self):
        for status, error in (
            (400, "temporarily_unavailable"),
            (400, "slow_down"),
            (429, "access_denied"),
            (403, "server_error"),
        ):
            self.make_old()
            with self.subTest(error=error), self.exact() as mock:
                mock.post(TOKEN_URL, status=status, json={"error": error})
                self.assertIs(type(self.get_token_error()), ExactUnavailable)
            self.assertFalse(self.connection.login_id.is_rejected)

    def test_new_secret_goes_on_at_once_where_the_old_one_was_rejected(self):
        self.make_old()
        invoice = self.queue_known()
        with self.exact() as mock:
            mock.post(TOKEN_URL, status=401, json={"error": "invalid_client"})
            # One call in an hour, whoever tries.
            for _index in range(2):
                self.assertIsInstance(self.get_token_error(), ExactBadCredentials)
            self.push()
        self.assertEqual(len(self.calls), 1)
        self.assertTrue(self.connection.paused_until)
        self.company.sudo().exact_client_secret = "renewed"
        self.assertFalse(self.connection.paused_until)
        with self.exact() as mock:
            mock.post(
                TOKEN_URL,
                json=RENEWED,
                match=[
                    responses.matchers.urlencoded_params_matcher(
                        {
                            "grant_type": "refresh_token",
                            "refresh_token": "refresh-123456",
                            "client_id": "client-id",
                            "client_secret": "renewed",
                        }
                    )
                ],
            )
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_certificate_and_proxy_have_sentences_of_their_own(self):
        for error, sentence in (
            (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"), "certificate"),
            (requests.exceptions.ProxyError("no tunnel"), "the proxy of the server"),
        ):
            self.make_old()
            self.connection.paused_until = False
            invoice = self.queue_known()
            with self.subTest(sentence=sentence), self.exact() as mock:
                mock.post(TOKEN_URL, body=error)
                self.push()
                self.assertEqual(invoice.exact_state, "pending")
                self.company.invalidate_recordset()
                self.assertIn(sentence, self.company.exact_connection_problem)

    def test_expired_connection_keeps_invoices_waiting(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        self.connection.state = "expired"
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_state, "pending")

    def test_copy_of_the_database_neither_renews_nor_books(self):
        self.make_old()
        invoice = self.make_invoice()
        invoice.action_exact_send()
        self.env["ir.config_parameter"].sudo().set_param("database.uuid", "a-copy")
        self.company.invalidate_recordset()
        self.assertEqual(self.company.exact_connection_state, "copied")
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_state, "pending")

    def test_disconnect_wipes_tokens_and_keeps_the_mapping(self):
        with self.enter_registry_test_mode():
            self.connection._disconnect()
        self.assertFalse(self.connection.access_token or self.connection.refresh_token)
        self.company.invalidate_recordset()
        self.assertEqual(self.company.exact_connection_state, "disconnected")
        self.assertTrue(self.company.exact_division_id)
        self.assertTrue(self.tax_21.exact_vat_code_id)

    # === SECRETS === #

    def test_nobody_reads_the_connection(self):
        administrator = self.env.ref("base.user_admin")
        connections = self.env["exact.connection"].with_user(administrator)
        self.assertFalse(connections.has_access("read"))

    def test_only_administrators_read_the_secret(self):
        fields_seen = self.company.fields_get()
        self.assertNotIn("exact_client_secret", fields_seen)
        self.assertNotIn("exact_connection_id", fields_seen)
