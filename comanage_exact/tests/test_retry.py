from datetime import datetime, timedelta
from itertools import pairwise
from unittest.mock import patch

import requests
from freezegun import freeze_time

from odoo.tests import tagged

from ..exact_api.client import ExactClient
from ..exact_api.exceptions import ExactUnavailable, ExactUnconfirmed
from ..sync.push_run import PushRun
from .common import ENTRIES_URL, NOW, TOKEN_URL, error_body
from .test_push import PushCase

START = datetime.fromisoformat(NOW)
MAINTENANCE = {"status": 503, "body": "<html>Server Unavailable</html>"}
LOST = {"body": requests.ReadTimeout("lost")}
FINE = {}
DOWN = {"body": requests.ConnectTimeout("down")}


def after(minutes):
    """Return the moment so many minutes after the tests began, as text."""
    return str(START + timedelta(minutes=minutes))


class RetryCase(PushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_known()
        cls.connection = cls.company.sudo().exact_connection_id

    def outbox(self, invoice):
        invoice.invalidate_recordset()
        return invoice.sudo().exact_outbox_id

    def due(self, invoice):
        return str(self.outbox(invoice).scheduled_at)

    def minute_due(self, invoice):
        return (self.outbox(invoice).scheduled_at - START) / timedelta(minutes=1)

    def states(self, *invoices):
        return [self.outbox(invoice).state for invoice in invoices]

    def push_after(self, minutes):
        """Run the cron so much later, with a young token; pauses hold."""
        self.connection.login_id.issued_at = after(minutes)
        with freeze_time(after(minutes)):
            self.push()
        self.env.invalidate_all()

    def meet(self, minutes, *, get=None, post=None):
        """Push while calls end as they are told; return the methods of the calls.

        :param dict get, post: what `responses` answers; False for no such call.
        """
        with self.exact() as mock:
            mock.assert_all_requests_are_fired = False
            if get is not None:
                mock.get(ENTRIES_URL, **(get or {"json": {"d": {"results": []}}}))
            if post:
                mock.post(ENTRIES_URL, **post)
            elif post is not None:
                self.answer_entry(mock)
            self.push_after(minutes)
        return "".join(call.request.method[0] for call in self.calls)


@tagged("post_install", "-at_install")
class TestRetry(RetryCase):
    """A booking is tried again for as long as it takes, each time a little later."""

    def fail_often(self, invoice, moment=0, **answer):
        """Let a booking fail nine times; return the minutes between the attempts."""
        waits = []
        for _attempt in range(9):
            # That of the connection is another one.
            self.connection.paused_until = False
            self.assertTrue(self.meet(moment, **answer))
            waits.append(self.minute_due(invoice) - moment)
            moment += waits[-1]
        return waits

    def test_unreachable_waits_longer_each_time_and_never_fails(self):
        invoice = self.queue()
        waits = self.fail_often(invoice, post=DOWN)
        self.assertEqual(waits, [1, 5, 15, 60, 240, 240, 240, 240, 240])
        self.assertEqual(self.states(invoice), ["pending"])

    def test_look_up_that_fails_waits_longer_each_time_and_never_fails(self):
        invoice = self.queue()
        self.meet(0, post=LOST)
        waits = self.fail_often(invoice, 2, get=MAINTENANCE)
        self.assertEqual(waits, [5, 15, 60, 240, 240, 240, 240, 240, 240])
        self.assertEqual(self.states(invoice), ["unconfirmed"])

    def test_invoice_that_is_lost_each_time_waits_longer_and_never_fails(self):
        invoice = self.queue()
        moments, minute = [], 0
        for _attempt in range(7):
            self.connection.write({"paused_until": False, "failing_since": False})
            if "P" not in self.meet(minute, get=FINE, post=LOST):
                minute = self.minute_due(invoice)
                self.connection.paused_until = False
                self.assertIn("P", self.meet(minute, get=FINE, post=LOST))
            moments.append(minute)
            self.assertEqual(self.states(invoice), ["unconfirmed"])
            # Its look-up is due first.
            minute = self.minute_due(invoice)
        gaps = [later - before for before, later in pairwise(moments)]
        self.assertEqual(gaps, [2, 5, 15, 60, 240, 240])

    def test_sentence_says_what_happens_next_and_when(self):
        invoice = self.queue()
        self.meet(0, post=DOWN)
        error = self.outbox(invoice).error
        self.assertIn("Exact Online is unavailable", error)
        self.assertRegex(error, r"Odoo will retry at .*9:01")
        self.assertIn("No action is needed", error)

    def test_sentence_about_a_lost_answer_says_when_it_is_looked_up(self):
        invoice = self.queue()
        self.meet(0, post=LOST)
        self.assertRegex(self.outbox(invoice).error, r"At .*9:02.*, Odoo checks")

    def test_sentence_after_too_many_failures_says_what_a_person_can_do(self):
        invoice = self.queue()
        self.outbox(invoice).failures = 5
        self.meet(0, post=DOWN)
        error = self.outbox(invoice).error
        self.assertIn("after 6 attempts", error)
        self.assertRegex(error, r"next at .*1:00")
        self.assertIn("book this one in Exact Online manually", error)
        self.assertNotIn("No action is needed", error)

    def test_success_forgets_the_failures(self):
        invoice = self.queue()
        self.meet(0, post=DOWN)
        self.meet(1, post=FINE)
        self.assertEqual(self.states(invoice), ["sent"])
        self.assertEqual(self.outbox(invoice).failures, 0)


@tagged("post_install", "-at_install")
class TestBreaker(RetryCase):
    """A connection without answers rests, tries with one booking, and goes on."""

    def test_three_lost_answers_in_a_row_pause_the_connection(self):
        invoices = [self.queue() for _index in range(6)]
        self.assertEqual(self.meet(0, post=LOST), "PPP")
        self.assertEqual(self.states(*invoices), ["unconfirmed"] * 3 + ["pending"] * 3)
        self.assertEqual(str(self.connection.paused_until), after(2))
        self.assertEqual(self.meet(1), "")

    def test_lost_answers_that_are_not_in_a_row_pause_nothing(self):
        invoices = [self.queue() for _index in range(6)]
        original, posts = ExactClient.post, []

        def post(client, resource, body):
            posts.append(body)
            if len(posts) % 3:
                raise ExactUnconfirmed("lost")
            return original(client, resource, body)

        with patch.object(ExactClient, "post", post):
            self.meet(0, post=FINE)
        self.assertEqual(len(posts), 6)
        self.assertEqual(self.states(*invoices).count("sent"), 2)

    def test_one_look_up_tries_whether_exact_is_back(self):
        invoices = [self.queue() for _index in range(6)]
        self.meet(0, post=LOST)
        self.assertEqual(self.meet(2, get=MAINTENANCE, post=FINE), "G")
        self.assertEqual(self.states(*invoices), ["unconfirmed"] * 3 + ["pending"] * 3)

    def test_pauses_grow_to_five_minutes_while_nothing_is_answered(self):
        for _index in range(9):
            self.queue()
        moments = []
        for minute in range(0, 25):
            if self.meet(minute, post=DOWN):
                moments.append(minute)
        self.assertEqual(moments, [0, 1, 3, 8, 13, 18, 23])

    def test_first_success_wakes_all_at_once(self):
        invoices = [self.queue() for _index in range(4)]
        for minute in (0, 1, 3, 8):
            self.meet(minute, post=DOWN)
        self.assertEqual(len({self.due(invoice) for invoice in invoices}), 4)
        late = self.outbox(invoices[0])
        late.scheduled_at = after(1000)
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([]).unlink()
        self.assertEqual(self.meet(13, post=FINE), "PPPP")
        self.assertEqual(self.states(*invoices), ["sent"] * 4)
        self.assertLessEqual(triggers.search_count([]), 1)
        self.assertFalse(self.connection.failing_since)
        self.assertFalse(self.connection.problem)

    def test_invoice_that_fails_by_itself_is_not_woken_by_the_others(self):
        alone = self.queue()
        self.outbox(alone).write({"failures": 5, "scheduled_at": after(240)})
        self.queue()
        self.meet(0, post=DOWN)
        self.assertEqual(self.meet(1, post=FINE), "P")
        self.assertEqual(self.due(alone), after(240))

    def test_answered_questions_are_no_proof_while_invoices_are_lost(self):
        invoices = [self.queue() for _index in range(9)]
        self.meet(0, post=LOST)
        calls = [self.meet(minute, get=FINE, post=LOST) for minute in range(1, 60)]
        # Each of the first three is looked up by two calls, and one is sent anew.
        self.assertEqual(calls[1], "GGGGGGP")
        self.assertLessEqual(sum(map(len, calls)), 20)
        self.assertNotIn("failed", self.states(*invoices))
        self.meet(75, get=FINE, post=FINE)
        self.assertEqual(self.states(*invoices), ["sent"] * 9)

    def test_token_endpoint_that_is_down_touches_no_booking(self):
        invoices = [self.queue() for _index in range(2)]
        for minute in (20, 21, 23, 28):
            self.connection.login_id.issued_at = after(0)
            with self.exact() as mock, freeze_time(after(minute)):
                mock.post(TOKEN_URL, status=503)
                self.push()
        self.assertEqual(self.states(*invoices), ["pending"] * 2)
        self.assertEqual(self.due(invoices[0]), NOW)
        self.assertTrue(self.connection.failing_since)
        self.assertEqual(self.meet(40, post=FINE), "PP")

    def test_refusal_is_an_answer(self):
        first, second = self.queue(), self.queue()
        self.meet(0, post=DOWN)
        refusal = {"status": 400, "json": error_body("Ongeldig: iets")}
        self.meet(1, get=FINE, post=refusal)
        self.assertFalse(self.connection.failing_since)
        self.assertEqual(self.states(first, second), ["failed"] * 2)

    def test_paused_connection_is_not_read(self):
        self.queue()
        self.connection.paused_until = after(1)
        with patch.object(PushRun, "_read_ahead") as read_ahead:
            self.push_after(0.5)
        self.assertFalse(read_ahead.called)

    def test_error_class_without_a_moment_is_unavailable(self):
        self.queue()
        with patch.object(ExactClient, "post", side_effect=ExactUnavailable("x")):
            self.meet(0)
        self.assertEqual(str(self.connection.paused_until), after(1))
