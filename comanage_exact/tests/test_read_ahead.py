import time
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.base.models import ir_cron

from ..exact_api.client import ExactClient
from ..sync.job_time import JobTime
from ..sync.push_run import CompanyTurn, PushRun
from .common import ACCOUNTS_URL
from .common_customers import OTHER_GUID, SYNC_URL
from .test_push import PushCase

PUSH_RUN = "odoo.addons.comanage_exact.sync.push_run"
READ_AHEAD = f"{PUSH_RUN}.READ_AHEAD"


class TestCompanyTurn(BaseCase):
    """What was read ahead is used while it is young."""

    def test_draft_is_used_while_it_is_young(self):
        turn = CompanyTurn(company_id=1, waiting=1, expires=time.monotonic() + 60)
        turn.prepared.append("draft")
        self.assertEqual(turn.pop_prepared(), "draft")
        self.assertIsNone(turn.pop_prepared())

    def test_draft_is_dropped_when_it_is_old(self):
        turn = CompanyTurn(company_id=1, waiting=1, expires=time.monotonic() - 1)
        turn.prepared.append("draft")
        self.assertIsNone(turn.pop_prepared())


@tagged("post_install", "-at_install")
class TestReadAhead(PushCase):
    """Rows are read together, and each goes as it is when its turn comes."""

    def setUp(self):
        super().setUp()
        self.make_known()

    def push_and_meanwhile(self, query, *values, accounts=()):
        """Push while somebody else changes the database during the first call.

        :param accounts: that Exact tells of, if it is to be asked for them.
        """
        original = ExactClient.post

        def post(client, resource, body):
            answer = original(client, resource, body)
            if len(self.mock.calls) == 1:
                self.env.cr.execute(query, values)
            return answer

        with self.exact() as self.mock, patch.object(ExactClient, "post", post):
            if accounts:
                self.mock.get(SYNC_URL, json={"d": {"results": accounts}})
                # What it lacks there goes before the invoice.
                self.mock.put(f"{ACCOUNTS_URL}(guid'{OTHER_GUID}')", status=204)
            self.answer_entry(self.mock)
            self.push()

    def bodies(self):
        return [call.request.body.decode() for call in self.calls]

    def test_invoice_that_changed_goes_as_it_is_now(self):
        self.queue()
        changed = self.queue()
        self.push_and_meanwhile(
            "UPDATE account_move SET payment_reference = 'as it is now',"
            " write_date = write_date + interval '1 millisecond' WHERE id = %s",
            changed.id,
        )
        self.assertEqual(len(self.calls), 2)
        self.assertIn("as it is now", self.bodies()[1])

    def test_customer_that_came_meanwhile_is_looked_up_in_exact_first(self):
        other = self.customer.sudo().copy({"name": "Other", "vat": "BE0202239951"})
        directory = self.env["exact.directory"].sudo()._find(self.company)
        directory.refreshed_at = False
        self.queue()
        changed = self.queue()
        account = {
            "ID": OTHER_GUID,
            "Name": "Other",
            "VATNumber": "BE0202239951",
            "Status": "C",
            "Timestamp": 2001,
        }
        self.push_and_meanwhile(
            "UPDATE account_move SET partner_id = %s, commercial_partner_id = %s,"
            " write_date = write_date + interval '1 millisecond' WHERE id = %s",
            *(other.id, other.id, changed.id),
            accounts=[account],
        )
        self.assertEqual(changed.exact_state, "sent", changed.exact_error)
        self.assertIn(OTHER_GUID, self.calls[-1].request.body.decode())

    def test_row_that_was_put_on_hold_stays(self):
        self.queue()
        held = self.queue()
        with self.assertNoLogs("odoo.addons.comanage_exact", "ERROR"):
            self.push_and_meanwhile(
                "UPDATE exact_outbox SET state = 'held' WHERE move_id = %s", held.id
            )
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(held.exact_state, "held")

    def test_no_more_are_read_than_fit_into_memory(self):
        for _index in range(3):
            self.queue()
        turn = CompanyTurn(self.company.id, waiting=3)
        with patch(READ_AHEAD, 2):
            PushRun(self.env(su=True))._read_ahead(turn)
        self.assertEqual(len(turn.prepared), 2)

    def test_no_more_are_read_than_go_while_they_are_young(self):
        for _index in range(3):
            self.queue()
        turn = CompanyTurn(self.company.id, waiting=3)
        run = PushRun(self.env(su=True))
        # Two bookings of a company take eight seconds, with one of another in between.
        run.seconds, run.tried = 4, 2
        run.turns.append(CompanyTurn(self.company.id + 1, waiting=1))
        run._read_ahead(turn)
        self.assertEqual(len(turn.prepared), 2)

    def test_no_more_are_read_than_go_before_the_run_ends(self):
        for _index in range(3):
            self.queue()
        turn = CompanyTurn(self.company.id, waiting=3)
        run = PushRun(self.env(su=True))
        run.time.slice_ends_at = time.monotonic() + 1
        run._read_ahead(turn)
        self.assertEqual(len(turn.prepared), 2)

    def test_invoices_beyond_those_read_together_go_in_the_same_run(self):
        invoices = [self.queue() for _index in range(3)]
        with self.exact() as mock, patch(READ_AHEAD, 2):
            self.answer_entry(mock)
            self.push()
        states = {invoice.exact_state for invoice in invoices}
        self.assertEqual(states, {"sent"})

    def test_invoices_that_take_long_to_read_are_booked_too(self):
        invoices = [self.queue() for _index in range(3)]
        with self.exact() as mock, patch(f"{READ_AHEAD}_SECONDS", -1):
            self.answer_entry(mock)
            self.push()
        states = {invoice.exact_state for invoice in invoices}
        self.assertEqual(states, {"sent"})

    def count_queries(self, *, waiting, pushed):
        """Push some of those that wait; return the queries it took."""
        for _index in range(waiting):
            self.queue()
        allowed = [True] * pushed + [False]
        before = self.env.cr.sql_log_count
        with (
            self.exact() as mock,
            patch.object(JobTime, "allows_booking", side_effect=allowed),
            patch.object(JobTime, "slice_left", return_value=10),
            patch.object(ir_cron, "MIN_RUNS_PER_JOB", 1),
            patch.object(ir_cron, "MIN_TIME_PER_JOB", 0),
        ):
            self.answer_entry(mock)
            self.push()
        self.assertEqual(len(self.calls), pushed)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_backlog(self):
        # The first run fills caches of the registry.
        self.count_queries(waiting=2, pushed=2)
        few = self.count_queries(waiting=3, pushed=2)
        many = self.count_queries(waiting=15, pushed=2)
        self.assertEqual(many, few)

    def test_one_invoice_more_takes_few_queries(self):
        self.count_queries(waiting=2, pushed=2)
        two = self.count_queries(waiting=6, pushed=2)
        four = self.count_queries(waiting=6, pushed=4)
        # Three of them read its period, its number format and its cost centres; four
        # make sure that the booking is still in this worker's hands, and four note in
        # its chatter and on open screens as what it is booked; one claims its number.
        self.assertLessEqual((four - two) / 2, 32)
