from unittest.mock import patch

import requests
from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ..sync.follow_up import FollowUp
from ..sync.push import Push
from .common import ENTRIES_URL
from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestPushTogether(PushCase):
    """Another worker writes at the same moment what this one wants to write."""

    def colliding(self, process, method, times):
        """Make a step of a process meet another worker, the first few times."""
        original = getattr(process, method)
        left = [SerializationFailure("could not serialize access")] * times

        def meet(step, *args, **kwargs):
            if left:
                raise left.pop()
            return original(step, *args, **kwargs)

        return patch.object(process, method, meet)

    def test_message_to_the_user_does_not_undo_the_booking(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock, self.colliding(FollowUp, "_notify_user", 3):
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_history_is_kept_at_the_second_try(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock, self.colliding(FollowUp, "_notify_user", 1):
            self.answer_entry(mock)
            self.push()
        outbox = invoice.sudo().exact_outbox_id
        calls = self.env["exact.call"].sudo().search([("outbox_id", "=", outbox.id)])
        self.assertEqual(calls.mapped("status"), [201])

    def test_row_that_another_worker_settles_does_not_end_the_turns(self):
        self.make_known()
        taken, invoice = self.queue(), self.queue()
        with self.exact() as mock, self.colliding(Push, "_store_error", 1):
            mock.post(ENTRIES_URL, body=requests.ReadTimeout("lost"))
            self.answer_entry(mock)
            self.push()
        self.assertEqual(taken.exact_state, "sending")
        self.assertEqual(invoice.exact_state, "sent")
