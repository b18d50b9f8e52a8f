from unittest.mock import patch
from urllib.parse import unquote_plus

import requests
from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..const import MANAGERS
from ..sync import automatic_comparison
from .common import ENTRIES_URL
from .common_comparison import ComparisonCommon

TONIGHT = "2026-03-11 01:30:00"
TOMORROW = "2026-03-12 01:30:00"
THIRD = "2026-04-03 01:30:00"


class AutomaticCommon(ComparisonCommon, CronMixinCase):
    def setUp(self):
        super().setUp()
        # Not late, whatever the day is; see TestAlert.
        self.cron_push.sudo().nextcall = "2100-01-01 00:00:00"
        self.connection = self.company.sudo().exact_connection_id
        self.manager = new_test_user(
            self.env(su=True),
            login="exact_month_end",
            groups="comanage_exact.group_exact_manager,account.group_account_user",
            company_id=self.company.id,
        )

    def run_at(self, moment, *answers):
        """Run the scheduled action at another time; Exact gives these answers.

        :param answers: each a list of rows, or what `responses` takes.
        :return: names of the actions that it triggered.
        """
        self.connection.issued_at = moment
        with freeze_time(moment), self.exact() as mock:
            for answer in answers:
                if isinstance(answer, list):
                    answer = {"json": {"d": {"results": answer}}}
                mock.get(ENTRIES_URL, **answer)
            with self.capture_triggers() as capture:
                self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(len(self.calls), len(answers))
        return set(capture.records.cron_id.mapped("cron_name"))

    def filters(self):
        return [unquote_plus(call.request.url) for call in self.calls]

    def alerts(self, moment):
        """Let the alerts be made, and return those that stand."""
        cron = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()
        with freeze_time(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        activities = self.env["mail.activity"].sudo()
        return activities.search([("exact_cause", "!=", False)], order="id")


@tagged("post_install", "-at_install")
class TestNightlyComparison(AutomaticCommon):
    """Each night Odoo looks what became of the entries that it booked."""

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice()
        self.row = self.book(self.invoice)

    def test_matching_entry_is_compared_once_a_day(self):
        self.assertEqual(self.run_at(TONIGHT, [self.row]), set())
        self.assertEqual(self.invoice.exact_status, "sent")
        self.assertEqual(str(self.invoice.exact_compared_at), TONIGHT)
        self.assertIn(f"EntryID eq guid'{self.row['EntryID']}'", self.filters()[0])
        self.run_at("2026-03-11 02:30:00")
        self.assertFalse(self.env["exact.comparison"].search([]))
        self.assertFalse(self.alerts(TONIGHT))

    def test_what_was_booked_today_waits_for_the_night(self):
        self.run_at("2026-03-10 23:30:00")

    def test_changes_are_asked_with_one_call_the_next_night(self):
        self.run_at(TONIGHT, [self.row])
        changed = {**self.row, "AmountFC": 122, "AmountDC": 122}
        self.run_at(TOMORROW, [changed])
        self.assertIn("Modified ge datetime'2026-03-10T22:30:00'", self.filters()[0])
        self.assertEqual(self.invoice.exact_status, "differs")

    def test_old_entry_that_was_changed_is_found(self):
        self.run_at(TONIGHT, [self.row])
        outbox = self.invoice.sudo().exact_outbox_id
        outbox.synced_at = "2025-11-01 09:00:00"
        self.env.cr.execute(
            "UPDATE exact_outbox SET create_date = '2025-11-01' WHERE id = %s",
            [outbox.id],
        )
        recent = self.book(self.make_invoice())
        changed = {**self.row, "AmountFC": 122, "AmountDC": 122}
        self.run_at(TOMORROW, [changed], [recent])
        self.assertEqual(self.invoice.exact_status, "differs")

    def test_changed_entry_differs_and_alerts_once(self):
        changed = {**self.row, "AmountFC": 122, "AmountDC": 122}
        triggered = self.run_at(TONIGHT, [changed])
        self.assertEqual(triggered, {"Exact Online: Recheck Failed Invoices"})
        self.assertEqual(self.invoice.exact_status, "differs")
        self.assertFalse(self.invoice.is_exact_verified)
        self.assertIn("Total: 121.00 in Odoo, 122", self.invoice.exact_difference)
        alert = self.alerts(TONIGHT)
        self.assertEqual(alert.summary, "Changed in Exact Online")
        self.assertEqual(alert.res_id, self.invoice.id)
        self.assertIn("Total: 121.00 in Odoo, 122", alert.note)
        self.assertEqual(self.run_at(TOMORROW, [], [changed]), set())
        self.assertEqual(self.alerts(TOMORROW), alert)

    def test_deleted_entry_is_found_and_alerts_once(self):
        self.run_at(TONIGHT, [])
        self.assertEqual(self.invoice.exact_status, "deleted")
        alert = self.alerts(TONIGHT)
        self.assertEqual(alert.summary, "Deleted in Exact Online")
        self.run_at(TOMORROW, [], [])
        self.assertEqual(self.alerts(TOMORROW), alert)

    def test_alert_goes_when_the_entry_is_as_it_was(self):
        self.run_at(TONIGHT, [])
        self.assertTrue(self.alerts(TONIGHT))
        self.run_at(TOMORROW, [], [self.row])
        self.assertEqual(self.invoice.exact_status, "sent")
        self.assertFalse(self.alerts(TOMORROW))

    def test_alert_that_is_done_returns_for_another_invoice_alone(self):
        second = self.book(self.make_invoice())
        self.run_at(TONIGHT, [second])
        alert = self.alerts(TONIGHT)
        alert._action_done()
        self.run_at(TOMORROW, [], [second])
        self.assertFalse(self.alerts(TOMORROW))
        self.run_at("2026-03-13 01:30:00", [], [])
        again = self.alerts("2026-03-13 01:30:00")
        self.assertEqual(len(again), 1)
        self.assertIn("2 booked invoices no longer have an entry", again.note)

    def test_several_make_one_alert(self):
        for _index in range(2):
            self.book(self.make_invoice())
        self.run_at(TONIGHT, [])
        (alert,) = self.alerts(TONIGHT)
        self.assertIn("3 booked invoices no longer have an entry", alert.note)

    def test_difference_that_was_seen_when_linking_alerts_nobody(self):
        outbox = self.invoice.sudo().exact_outbox_id
        outbox.finding = False
        outbox._note_finding("differs", "The total differs.")
        changed = {**self.row, "AmountFC": 122, "AmountDC": 122}
        self.run_at(TONIGHT, [changed])
        self.assertEqual(self.invoice.exact_status, "differs")
        self.assertFalse(self.alerts(TONIGHT))

    def test_accepted_difference_alerts_nobody(self):
        self.run_at(TONIGHT, [])
        self.invoice.sudo().exact_outbox_id.is_accepted = True
        self.assertFalse(self.alerts(TONIGHT))
        self.run_at(TOMORROW, [], [])
        self.assertFalse(self.alerts(TOMORROW))

    def test_draft_waits_until_it_is_confirmed_again(self):
        self.invoice.with_user(self.manager).button_draft()
        self.run_at(TONIGHT)

    def test_no_call_without_connection(self):
        self.connection.state = "disconnected"
        self.run_at(TONIGHT)

    def test_what_was_booked_with_the_button_is_compared_too(self):
        self.company.sudo().exact_trigger = "manual"
        self.run_at(TONIGHT, [{**self.row, "AmountFC": 999}])
        self.assertEqual(self.invoice.exact_outbox_id.finding, "differs")

    def test_used_up_calls_postpone_it(self):
        headers = {"X-RateLimit-Minutely-Reset": "1773192660000"}
        triggered = self.run_at(TONIGHT, {"status": 429, "headers": headers})
        self.assertEqual(triggered, {"Exact Online: Compare Invoices with Entries"})
        self.run_at("2026-03-11 01:45:00", [self.row])
        self.assertEqual(str(self.invoice.exact_compared_at), "2026-03-11 01:45:00")

    def test_calls_are_left_to_the_invoices(self):
        self.connection.budget = {
            "minute": [60, 45, "2026-03-11T01:31:00"],
            "day": [5000, 45, "2026-03-12T00:00:00"],
        }
        triggered = self.run_at(TONIGHT)
        self.assertEqual(triggered, {"Exact Online: Compare Invoices with Entries"})
        self.assertEqual(self.invoice.exact_status, "sent")

    def test_exact_out_of_reach_is_tried_with_the_next_run(self):
        down = {"body": requests.ConnectTimeout()}
        self.assertEqual(self.run_at(TONIGHT, down), set())
        self.connection.paused_until = False
        self.run_at("2026-03-11 02:30:00", [self.row])
        self.assertTrue(self.invoice.is_exact_verified)

    def test_refused_question_for_changes_leaves_the_others(self):
        self.run_at(TONIGHT, [self.row])
        self.run_at(TOMORROW, {"status": 400}, [])
        self.assertEqual(self.invoice.exact_status, "deleted")

    def test_many_bookings_are_read_in_batches_the_oldest_first(self):
        rows = [self.row, *(self.book(self.make_invoice()) for _index in range(2))]
        with (
            patch.object(automatic_comparison, "BATCH", 1),
            patch.object(automatic_comparison, "MAX_BATCHES", 2),
        ):
            self.run_at(TONIGHT, [rows[0]], [rows[1]])
            self.run_at(TOMORROW, [], [rows[2]], [rows[0]])
        outboxes = self.env["exact.outbox"].sudo().search([("state", "=", "sent")])
        self.assertEqual(set(outboxes.mapped("finding")), {"equal"})

    def test_change_in_odoo_stays_and_is_not_asked_again_and_again(self):
        outbox = self.invoice.sudo().exact_outbox_id
        outbox._note_changed("The invoice was changed.")
        self.run_at(TONIGHT, [{**self.row, "AmountFC": 122, "AmountDC": 122}])
        self.assertEqual(outbox.finding, "changed")
        self.run_at("2026-03-11 02:30:00")


@tagged("post_install", "-at_install")
class TestMonthlyComparison(AutomaticCommon):
    """On the third day of a month the month before is compared."""

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice()
        self.row = self.book(self.invoice)
        # The nights between are not what is tried here.
        outbox = self.invoice.sudo().exact_outbox_id
        outbox.compared_at = THIRD
        self.connection.compared_at = THIRD

    def comparisons(self):
        return self.env["exact.comparison"].search([])

    def test_month_before_is_compared_once(self):
        self.run_at("2026-04-02 01:30:00")
        self.assertFalse(self.comparisons())
        self.run_at(THIRD, [self.row])
        record = self.comparisons()
        self.assertEqual(record.state, "done")
        self.assertTrue(record.is_automatic)
        dates = (str(record.date_from), str(record.date_to))
        self.assertEqual(dates, ("2026-03-01", "2026-03-31"))
        self.assertFalse(record.problem_count)
        self.run_at("2026-04-03 02:30:00")
        self.assertEqual(self.comparisons(), record)
        self.assertFalse(self.alerts(THIRD))

    def test_it_is_made_up_for_later(self):
        self.connection.compared_at = "2026-04-17 00:00:00"
        self.run_at("2026-04-17 01:30:00", [self.row])
        self.assertEqual(self.comparisons().state, "done")

    def test_month_without_bookings_is_left_out(self):
        self.connection.compared_at = "2026-05-03 00:00:00"
        self.run_at("2026-05-03 01:30:00")
        self.assertFalse(self.comparisons())

    def test_company_that_books_with_the_button_is_compared_too(self):
        self.company.sudo().exact_trigger = "manual"
        self.run_at(THIRD, [self.row])
        self.assertEqual(self.comparisons().state, "done")

    def stranger(self, **values):
        return {
            **self.row,
            "EntryID": "77777777-7777-4777-8777-777777777777",
            "EntryNumber": 26700999,
            "YourRef": "typed",
            **values,
        }

    def test_differences_alert_a_manager_until_the_month_matches(self):
        self.run_at(THIRD, [self.row, self.stranger()])
        alert = self.alerts(THIRD)
        managers = self.env.ref(MANAGERS).sudo().all_user_ids
        self.assertIn(alert.user_id, managers)
        self.assertEqual(alert.res_model, "res.partner")
        self.assertIn("found 1 difference.", alert.note)
        self.assertIn(f"exact_comparison_action/{self.comparisons().id}", alert.note)
        self.assertEqual(self.alerts(THIRD), alert)
        again = self.make_comparison()
        with freeze_time("2026-04-03 09:00:00"):
            self.connection.issued_at = "2026-04-03 09:00:00"
            self.compare(self.row, comparison=again)
        self.assertFalse(self.alerts("2026-04-03 09:00:00"))

    def test_accepted_differences_do_not_alert_again(self):
        self.run_at(THIRD, [self.row, self.stranger()])
        self.alerts(THIRD)._action_done()
        self.assertFalse(self.alerts("2026-04-03 02:30:00"))
        with freeze_time("2026-04-03 09:00:00"):
            self.connection.issued_at = "2026-04-03 09:00:00"
            other = {"EntryID": "88888888-8888-4888-8888-888888888888"}
            self.compare(
                self.row,
                self.stranger(),
                self.stranger(**other),
                comparison=self.comparisons(),
            )
        self.assertIn("2 differences", self.alerts("2026-04-03 09:00:00").note)

    def test_what_stopped_it_alerts(self):
        refused = {"status": 403, "headers": {"Reason": "No right"}}
        self.run_at(THIRD, refused)
        self.assertEqual(self.comparisons().state, "failed")
        self.assertIn("No right", self.alerts(THIRD).note)
        self.run_at("2026-04-03 02:30:00")

    def test_used_up_calls_postpone_it(self):
        headers = {"X-RateLimit-Minutely-Reset": "1775179860000"}
        triggered = self.run_at(THIRD, {"status": 429, "headers": headers})
        self.assertEqual(triggered, {"Exact Online: Compare Invoices with Entries"})
        self.run_at("2026-04-03 01:45:00", [self.row])
        self.assertEqual(self.comparisons().state, "done")

    def test_old_ones_are_removed_but_not_those_of_people(self):
        days = {"date_from": "2024-03-01", "date_to": "2024-03-31"}
        mine = self.make_comparison(**days)
        old = mine.sudo().create({**days, "is_automatic": True})
        kept = old.create(
            {"date_from": "2024-04-01", "date_to": "2024-04-30", "is_automatic": True}
        )
        self.run_at(THIRD, [self.row])
        self.assertFalse(old.exists())
        self.assertTrue(mine.exists() and kept.exists())

    def test_nobody_calls_a_comparison_automatic(self):
        self.assertFalse(self.make_comparison(is_automatic=True).is_automatic)


@tagged("post_install", "-at_install")
class TestAllJournals(ComparisonCommon):
    """A comparison reads the sales journals that Odoo does not use, too."""

    def setUp(self):
        super().setUp()
        self.row = self.book(self.make_invoice())

    def test_invoice_that_was_typed_into_another_journal_is_found(self):
        invoice = self.make_invoice(200)
        reference = invoice.name.lower().replace("/", " ")
        typed = self.book_by_hand(invoice, Journal="71", YourRef=reference)
        kind, message = self.compare_one(self.row, typed)
        self.assertEqual(kind, "different")
        self.assertIn("Already in Exact Online?", message)
        self.assertNotIn("Journal+eq", self.calls[0].request.url)

    def test_entry_with_the_reference_of_a_booked_invoice_is_a_duplicate(self):
        other = "77777777-7777-4777-8777-777777777777"
        second = {**self.row, "EntryID": other, "EntryNumber": 9, "Journal": "71"}
        kind, _message = self.compare_one(self.row, second)
        self.assertEqual(kind, "duplicate")

    def test_what_another_program_books_is_summed_up(self):
        others = [
            {
                **self.row,
                "EntryID": f"77777777-7777-4777-8777-{index:012}",
                "EntryNumber": index,
                "Journal": "71",
                "YourRef": f"shop {index}",
            }
            for index in range(3)
        ]
        comparison = self.compare(self.row, *others)
        self.assertEqual(comparison.line_ids.mapped("kind"), ["equal"])
        self.assertIn(
            "Journal 71: 3 entries there belong to no invoice in Odoo, total 363.00",
            comparison.other_journals,
        )
        self.assertEqual(set(comparison.total_ids.mapped("journal")), {"700"})
        self.assertFalse(comparison.conclusion, "Nothing green with these unexplained")
        own = {**others[0], "Journal": "700"}
        self.assertTrue(self.compare(self.row).conclusion)
        again = self.compare(self.row, own)
        self.assertFalse(again.other_journals)
        self.assertEqual(again.problem_count, 1)
        advice = again.problem_line_ids.message
        self.assertIn("put it on hold before you send it, and link it", advice)
