import json
from unittest.mock import patch

import requests
from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..mappers.sales_entry import SalesEntryMapper
from ..sync import comparison, isolation
from ..sync.comparison_result import ComparisonResult
from .common import ENTRIES_URL, NOW
from .common_comparison import ComparisonCommon


@tagged("post_install", "-at_install")
class TestComparisonCron(ComparisonCommon, CronMixinCase):
    """A comparison that is not through at once, and what goes wrong with one."""

    def setUp(self):
        super().setUp()
        self.comparison = self.make_comparison()

    def start(self, **answer):
        """Press the button; Exact gives one answer."""
        with (
            self.enter_registry_test_mode(),
            self.exact() as mock,
            self.capture_triggers(self.cron_comparison.id) as capture,
        ):
            if answer:
                mock.get(ENTRIES_URL, **answer)
            self.comparison.action_compare()
        return capture.records

    def go_on(self, *rows):
        with self.exact() as mock:
            mock.get(ENTRIES_URL, json={"d": {"results": list(rows)}})
            self.run_cron()

    # === WAITING === #

    def test_exact_out_of_reach_is_told_and_tried_again(self):
        row = self.book(self.make_invoice())
        trigger = self.start(body=requests.ConnectionError("down"))
        self.assertEqual(self.comparison.state, "fetching")
        self.assertIn("is currently unavailable", self.comparison.problem)
        self.assertEqual(str(trigger.call_at), "2026-03-10 09:05:00")
        self.go_on(row)
        self.assertEqual(self.comparison.state, "done")
        self.assertFalse(self.comparison.problem)

    def test_exact_out_of_reach_for_an_hour_stops_it(self):
        self.comparison.sudo().write({"state": "fetching", "failed_calls": 12})
        with self.exact() as mock:
            mock.get(ENTRIES_URL, status=503)
            self.run_cron()
        self.assertEqual(self.comparison.state, "failed")
        self.assertIn("Click Compare Now to start over", self.comparison.problem)

    def test_used_up_minute_is_waited_for(self):
        headers = {"X-RateLimit-Minutely-Reset": "1773133260000"}
        trigger = self.start(status=429, headers=headers)
        self.assertEqual(self.comparison.state, "fetching")
        self.assertFalse(self.comparison.problem)
        self.assertEqual(str(trigger.call_at), "2026-03-10 09:01:00")

    def test_too_many_refusals_are_waited_for(self):
        self.company.sudo().exact_connection_id.budget = {
            "hour": "2026-03-10T10:00:00",
            "errors": {"salesentry/SalesEntries": 8},
        }
        trigger = self.start()
        self.assertEqual(self.comparison.state, "fetching")
        self.assertEqual(str(trigger.call_at), "2026-03-10 10:00:00")

    def test_refusal_stops_it_with_the_reason(self):
        self.start(status=403, headers={"Reason": "No right"})
        self.assertEqual(self.comparison.state, "failed")
        self.assertIn("No right", self.comparison.problem)

    def test_nobody_waits_longer_than_for_one_more_page(self):
        row = self.book(self.make_invoice())
        second = self.book(self.make_invoice())
        with freeze_time(NOW) as clock, self.exact() as mock:

            def answer(_request):
                clock.tick(11)
                return 200, {}, self.page(row)

            mock.add_callback("GET", ENTRIES_URL, answer)
            with (
                self.enter_registry_test_mode(),
                self.capture_triggers(self.cron_comparison.id) as capture,
            ):
                self.comparison.action_compare()
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(self.comparison.state, "fetching")
        self.assertEqual(self.comparison.fetched_count, 1)
        self.assertTrue(capture.records)
        self.go_on(second)
        self.assertEqual(self.comparison.state, "done")
        self.assertEqual(self.comparison.equal_count, 2)

    @staticmethod
    def page(row):
        """Return the body of a page that others follow."""
        following = f"{ENTRIES_URL}?$skiptoken=guid'{row['EntryID']}'"
        return json.dumps({"d": {"results": [row], "__next": following}})

    def test_long_comparison_is_left_to_the_cron(self):
        rows = [self.book(self.make_invoice()) for _index in range(2)]
        with patch.object(comparison, "COMPARED_AT_ONCE", 1):
            self.start(json={"d": {"results": rows}})
            self.assertEqual(self.comparison.state, "fetching")
            self.assertEqual(self.comparison.fetched_count, 2)
        with self.exact():
            self.run_cron()
        self.assertEqual(self.comparison.state, "done")

    def count_queries(self):
        """Return how many queries a comparison of all unsent invoices takes."""
        record = self.make_comparison().sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        ComparisonResult(record).store()
        return self.env.cr.sql_log_count - before

    def test_many_invoices_are_read_together(self):
        for _index in range(3):
            self.make_invoice()
        few = self.count_queries()
        for _index in range(20):
            self.make_invoice()
        self.assertLess(self.count_queries() - few, 20)

    def make_booked(self, count):
        invoices = [self.make_invoice() for _index in range(count)]
        moves = self.env["account.move"].union(*invoices).sudo()
        moves._exact_create_outboxes()
        for move in moves:
            number = SalesEntryMapper(move).likely_number
            move.exact_outbox_id.write(
                {
                    **{"state": "sent", "exact_guid": str(move.id)},
                    **{"exact_number": number, "exact_journal": "700"},
                    "synced_at": "2026-03-10 08:00:00",
                }
            )

    def test_findings_of_many_bookings_are_written_together(self):
        self.make_booked(3)
        few = self.count_queries()
        self.make_booked(20)
        self.assertLess(self.count_queries() - few, 25)

    # === ONE NEVER STOPS THE OTHERS === #

    def check_the_next_is_done(self, sentence, *answers):
        """Run the cron for our comparison, which fails, and for one after it."""
        following = self.make_comparison()
        (self.comparison + following).sudo().state = "fetching"
        with self.exact() as mock:
            for rows in answers:
                mock.get(ENTRIES_URL, json={"d": {"results": rows}})
            self.run_cron()
        self.assertEqual(self.comparison.state, "failed")
        self.assertIn(sentence, self.comparison.problem)
        return following

    def test_company_without_a_journal_any_more_stops_its_own_alone(self):
        self.comparison.sudo().state = "fetching"
        self.company.sudo().exact_journal_id = False
        with self.exact():
            self.run_cron()
        self.assertEqual(self.comparison.state, "failed")
        self.assertIn("has no Exact Online sales journal", self.comparison.problem)

    def test_company_that_was_disconnected_stops_its_own_alone(self):
        self.comparison.sudo().state = "fetching"
        self.company.sudo().exact_connection_id.state = "disconnected"
        with self.exact():
            self.run_cron()
        self.assertEqual(self.comparison.state, "failed")
        self.assertIn("is not connected", self.comparison.problem)

    def test_answer_that_no_code_expects_stops_its_own_alone(self):
        row = self.book(self.make_invoice())
        strange = {**row, "SalesEntryLines": {"results": [{"AmountFC": "?"}]}}
        with self.assertLogs(isolation.__name__, "ERROR"):
            following = self.check_the_next_is_done("internal error", [strange], [row])
        self.assertEqual(following.state, "done")
        self.assertEqual(following.equal_count, 1)

    def test_it_can_be_started_anew_after_it_stopped(self):
        self.comparison.sudo().write({"state": "failed", "problem": "Something"})
        self.compare(self.book(self.make_invoice()), comparison=self.comparison)
        self.assertFalse(self.comparison.problem)
