import json

import requests

from odoo.tests import tagged

from .common import ACCOUNTS_URL, CUSTOMER_GUID, ENTRIES_URL, ENTRY_GUID, error_body
from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestPushTrouble(PushCase):
    """Answers that were lost, requests that never arrived, errors of ours."""

    def connection(self):
        return self.company.sudo().exact_connection_id

    # === IN DOUBT === #

    def lose_answer(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, body=requests.ReadTimeout("lost"))
            self.push()
        self.assertEqual(invoice.exact_state, "unconfirmed")
        return invoice

    def test_lost_answer_is_left_alone_for_two_minutes(self):
        invoice = self.lose_answer()
        with self.exact():
            self.push_at("2026-03-10 09:01:59")
        self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_lost_answer_of_a_booked_entry_is_adopted(self):
        invoice = self.lose_answer()
        with self.exact() as mock:
            self.answer_look_up(mock, self.row())
            self.push_at("2026-03-10 09:02:00")
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(invoice.exact_state, "sent")

    def test_entry_of_another_invoice_is_not_adopted(self):
        self.make_known()
        other = self.queue()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        invoice = self.lose_answer()
        with self.exact() as mock:
            self.answer_look_up(mock, self.row(YourRef=invoice.name))
            self.push_at("2026-03-10 09:02:00")
        self.assertEqual(other.exact_guid, ENTRY_GUID)
        self.assertEqual(invoice.exact_state, "failed")
        self.assertFalse(invoice.exact_guid)

    def test_lost_request_is_sent_again(self):
        invoice = self.lose_answer()
        with self.exact() as mock:
            self.answer_look_up(mock)
            self.answer_entry(mock)
            self.push_at("2026-03-10 09:02:00")
        methods = [call.request.method for call in self.calls]
        self.assertEqual(methods, ["GET", "GET", "POST"])
        self.assertEqual(invoice.exact_state, "sent")

    def test_look_up_that_fails_stays_in_doubt(self):
        invoice = self.lose_answer()
        with self.exact() as mock:
            mock.get(ENTRIES_URL, body=requests.ConnectionError("down"))
            self.push_at("2026-03-10 09:02:00")
        self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_look_up_that_is_refused_stays_in_doubt(self):
        invoice = self.lose_answer()
        with self.exact() as mock:
            mock.get(ENTRIES_URL, status=403, headers={"Reason": "DivisionBlocked"})
            self.push_at("2026-03-10 09:02:00")
        self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_number_taken_in_another_language_is_adopted_at_the_second_try(self):
        self.make_known()
        invoice = self.queue()
        # The look-up came too early: Exact was still busy with the first request.
        invoice.sudo().exact_outbox_id.attempts = 1
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=400, json=error_body("Utilisé: Numéro"))
            self.answer_look_up(mock, self.row())
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_entry_with_our_reference_and_another_total_is_shown(self):
        invoice = self.lose_answer()
        with self.exact() as mock:
            self.answer_look_up(mock, self.row(AmountFC=121.01))
            self.push_at("2026-03-10 09:02:00")
        self.assertEqual(invoice.exact_state, "failed")
        self.assertIn("121.01", invoice.exact_error)
        self.assertIn("Correct or delete it in Exact", invoice.exact_error)

    def test_unreadable_answers_are_in_doubt(self):
        self.make_known()
        for answer in (
            {"status": 503, "body": "<html>Server Unavailable</html>"},
            {"status": 500, "json": error_body("A problem has occurred. The cause")},
            {"status": 201, "body": '{"d": {"EntryID": "3333'},
            {"status": 408},
            {"body": requests.ConnectionError("Connection aborted")},
        ):
            with self.subTest(answer=answer):
                invoice = self.queue()
                self.connection().lost_answers = 0
                with self.exact() as mock:
                    mock.post(ENTRIES_URL, **answer)
                    self.push()
                self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_worker_that_died_is_looked_up(self):
        self.make_known()
        invoice = self.queue()
        invoice.sudo().exact_outbox_id.write(
            {"state": "sending", "claimed_at": "2026-03-10 08:44:59", "attempts": 1}
        )
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_lost_customer_is_found_and_not_created_twice(self):
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, body=requests.ReadTimeout("lost"))
            self.push()
        sent = json.loads(self.calls[0].request.body)
        other = self.queue()
        with self.exact():
            # The second invoice of the customer must not create it meanwhile.
            self.push_at("2026-03-10 09:01:00")
        self.assertEqual(other.exact_state, "pending")
        with self.exact() as mock:
            mock.get(
                ACCOUNTS_URL,
                json={"d": {"results": [{**sent, "ID": CUSTOMER_GUID}]}},
            )
            self.answer_entry(mock)
            self.push_at("2026-03-10 09:03:00")
        self.assertEqual((invoice + other).mapped("exact_state"), ["sent", "sent"])

    # === NOT RECEIVED === #

    def test_rate_limit_counts_no_attempt_and_waits_for_the_reset(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL,
                status=429,
                headers={"X-RateLimit-Minutely-Reset": "1773133260000"},
            )
            self.push()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(invoice.exact_outbox_id.attempts, 0)
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 09:01:00")

    def test_used_up_minute_pauses_without_a_429(self):
        self.make_known()
        first, second = self.queue(), self.queue()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL,
                status=201,
                json={"d": {"EntryID": ENTRY_GUID}},
                headers={
                    "X-RateLimit-Minutely-Remaining": "0",
                    "X-RateLimit-Minutely-Reset": "1773133260000",
                },
            )
            self.push()
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(first.exact_state, "sent")
        self.assertEqual(second.exact_state, "pending")
        self.company.invalidate_recordset()
        self.assertIn(
            "limit has been reached. Resumes at", self.company.exact_connection_problem
        )

    def test_cron_rests_while_a_company_cannot_work(self):
        # What remains makes Odoo start a cron again at once.
        self.queue()
        self.queue()
        self.connection().state = "expired"
        with self.exact():
            self.push()
        progress = self.env["ir.cron.progress"].sudo()
        last = progress.search(
            [("cron_id", "=", self.cron_push.id)], order="id desc", limit=1
        )
        self.assertEqual((last.done, last.remaining), (0, 0))

    def test_error_of_ours_leaves_the_others_alone(self):
        self.make_known()
        broken, fine = self.queue(), self.queue()
        self.break_reading(broken)
        with (
            self.exact() as mock,
            self.assertLogs("odoo.addons.comanage_exact", "ERROR"),
        ):
            self.answer_entry(mock)
            self.push()
        self.assertEqual(broken.exact_state, "failed")
        self.assertEqual(broken.exact_outbox_id.error_kind, "internal")
        self.assertEqual(fine.exact_state, "sent")
