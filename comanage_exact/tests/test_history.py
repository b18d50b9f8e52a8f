import json
from unittest.mock import patch

import requests

from odoo import fields
from odoo.tests import tagged

from ..models import exact_call
from ..models.exact_call import MAX_LENGTH
from .common import ACCOUNTS_URL, ENTRIES_URL, ExactCommon, error_body


@tagged("post_install", "-at_install")
class TestHistory(ExactCommon):
    """What was sent for an invoice, when, and what Exact said."""

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice()
        self.invoice.action_exact_send()

    def push_with(self, **answer):
        with self.exact() as mock:
            mock.post(ENTRIES_URL, **answer)
            self.push()
        return self.invoice.exact_outbox_id.call_ids

    def test_every_call_is_kept_with_time_request_and_answer(self):
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push()
        entry, account = self.invoice.exact_outbox_id.call_ids
        self.assertEqual(account.resource, "crm/Accounts")
        self.assertEqual(json.loads(account.request)["Name"], "Deco Addict")
        self.assertEqual(entry.resource, "salesentry/SalesEntries")
        self.assertEqual((entry.method, entry.status, entry.attempt), ("POST", 201, 1))
        self.assertEqual(str(entry.called_at), "2026-03-10 09:00:00")
        self.assertEqual(json.loads(entry.request)["YourRef"], self.invoice.name)
        self.assertEqual(json.loads(entry.answer)["d"]["YourRef"], self.invoice.name)

    def test_refusal_is_kept_as_exact_wrote_it(self):
        self.make_known()
        call = self.push_with(status=500, json=error_body("Verplicht: Dagboek"))
        self.assertEqual(call.status, 500)
        self.assertIn("Verplicht: Dagboek", call.answer)

    def test_lost_answer_is_kept_as_such(self):
        self.make_known()
        call = self.push_with(body=requests.ReadTimeout())
        self.assertEqual(call.status, 0)
        self.assertEqual(call.answer, "ReadTimeout")

    def test_check_that_fails_makes_no_call_and_no_history(self):
        self.tax_21.sudo().exact_vat_code_id = False
        with self.exact():
            self.push()
        self.assertEqual(self.invoice.exact_state, "failed")
        self.assertFalse(self.invoice.exact_outbox_id.call_ids)

    def test_secrets_are_removed(self):
        self.make_known()
        body = (
            '<a href="?access_token=secret-1&refresh_token=secret-2">'
            'Bearer secret-3 "client_secret": "secret-4"'
        )
        call = self.push_with(status=503, body=body, content_type="text/html")
        self.assertNotIn("secret-", call.answer)
        self.assertNotIn("access-123456", str(call.read()))

    def test_vat_codes_are_no_secrets(self):
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push()
        request = json.loads(self.invoice.exact_outbox_id.call_ids[0].request)
        self.assertEqual(request["SalesEntryLines"][0]["VATCode"], "4")

    def test_huge_and_hostile_answers_are_cut_and_stored(self):
        self.make_known()
        call = self.push_with(status=503, body="\x00<html>" + "é" * 2 * MAX_LENGTH)
        self.assertEqual(len(call.answer), MAX_LENGTH)

    def test_old_calls_are_deleted_after_the_days_of_the_company(self):
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, status=500, json=error_body("Ongeldig: Naam"))
            self.push()
        calls = self.invoice.exact_outbox_id.call_ids.sudo()
        self.company.sudo().exact_history_days = 30
        calls.called_at = "2026-02-08 09:00:01"
        calls._gc_history()
        self.assertTrue(calls.exists())
        calls.called_at = "2026-02-08 08:59:59"
        calls._gc_history()
        self.assertFalse(calls.exists())
        self.assertEqual(self.invoice.exact_state, "failed")

    def make_calls(self, count, **values):
        outbox = self.invoice.sudo().exact_outbox_id
        own = {"outbox_id": outbox.id, "company_id": outbox.company_id.id}
        own["called_at"] = fields.Datetime.now()
        return self.env["exact.call"].sudo().create([{**own, **values}] * count)

    def test_no_more_calls_are_kept_than_a_company_may_have(self):
        calls = self.make_calls(5)
        with patch.object(exact_call, "MAX_CALLS", 3):
            self.assertEqual(calls._gc_history(), (2, False))
        self.assertEqual(calls.exists(), calls[2:])

    def test_history_is_deleted_batch_by_batch(self):
        calls = self.make_calls(5, called_at="2025-01-01")
        with patch.object(exact_call, "VACUUM_BATCH", 2):
            self.assertEqual(calls._gc_history(), (2, True))
            self.assertEqual(calls.exists(), calls[2:])
            self.assertEqual(calls._gc_history(), (2, True))
            self.assertEqual(calls._gc_history(), (1, False))
        self.assertFalse(calls.exists())
