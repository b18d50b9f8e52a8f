import requests
import responses

from odoo.tests import tagged

from ..exact_api.exceptions import (
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
        self.connection.issued_at = "2026-03-10 08:50:30"

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
        self.make_old()
        for status, text in (
            (400, "Rate limit exceeded: access_token not expired"),
            (401, "Access Token not expired"),
        ):
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
            self.connection.write({"state": "connected", "refresh_token": "dead"})
            with self.subTest(error=error), self.exact() as mock:
                mock.post(TOKEN_URL, status=400, json=error)
                with self.assertLogs("odoo.addons.comanage_exact", "WARNING") as logs:
                    self.assertIsInstance(self.get_token_error(), ExactConsentLost)
            self.assertEqual(self.connection.state, "expired")
            self.assertFalse(self.connection.refresh_token)
            self.assertNotIn("dead", "".join(logs.output))

    def test_trouble_keeps_the_refresh_token(self):
        self.make_old()
        for answer in (
            {"body": requests.ConnectionError("refresh_token=refresh-123456")},
            {"status": 503, "body": "<html>"},
            {"status": 200, "json": {"access_token": "only"}},
            {"status": 500, "json": {"error": "server_error"}},
        ):
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

    def test_token_that_exact_refuses_is_renewed_next_time(self):
        self.make_known()
        invoice = self.make_invoice()
        invoice.action_exact_send()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=401)
            self.push()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertFalse(self.connection.access_token)
        with self.exact() as mock:
            mock.post(TOKEN_URL, json=RENEWED)
            self.answer_entry(mock)
            self.push_at("2026-03-10 09:10:00")
        self.assertEqual(invoice.exact_state, "sent")

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
