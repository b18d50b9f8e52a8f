from datetime import timedelta
from unittest.mock import MagicMock, patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from odoo.addons.bus.models import ir_websocket

from ..sync.screens import CHANNEL, MOST_IDS, REFRESH
from .common_companies import OtherCompany
from .test_push import PushCase

SENTENCE = "Tax 21% test has no Exact Online VAT code. Choose one on the tax."


class OverviewCase(PushCase):
    """Bookings in each status, and the figures that the screen shows of them."""

    def setUp(self):
        super().setUp()
        self.make_known()
        self.bookings = self.env["exact.outbox"]

    def look(self, company=None, companies=None):
        """Return what the screen shows of a company, of those that are selected."""
        self.env.flush_all()
        self.env.invalidate_all()
        company = company or self.company
        selected = companies or company
        overview = self.env["exact.overview"].with_context(
            allowed_company_ids=selected.ids
        )
        (section,) = [one for one in overview.get_overview() if one["id"] == company.id]
        return section

    def figure(self, key, section=None):
        section = section or self.look()
        (figure,) = [one for one in section["figures"] if one["key"] == key]
        return figure

    def rows(self, figure):
        return self.env["exact.outbox"].search(figure["domain"])

    def make_booking(self, **values):
        invoice = self.make_invoice(50)
        invoice._exact_queue(fields.Datetime.now() + timedelta(hours=1), "sent")
        booking = invoice.sudo().exact_outbox_id
        booking.write(values)
        return booking

    def make_booked(self, moment):
        return self.make_booking(state="sent", synced_at=moment)

    def make_failed(self, sentence, kind="check"):
        booking = self.make_booking()
        booking._fail(kind, sentence)
        return booking


@tagged("post_install", "-at_install")
class TestOverview(OverviewCase):
    """Each number of the Overview is the number of rows of the list behind it."""

    def test_each_number_is_the_number_of_rows_behind_it(self):
        values = (
            {"state": "pending"},
            {"state": "sending"},
            {"state": "unconfirmed"},
            {"state": "withdrawing"},
            {"state": "held"},
            {"state": "held"},
            {"state": "failed", "error_kind": "check", "error": SENTENCE},
            {"state": "misplaced", "error_kind": "misplaced", "error": "Elsewhere."},
            {"state": "failed", "error_kind": "customer", "error": "Which one?"},
            {"state": "sent", "finding": "differs", "synced_at": "2026-03-10 08:00"},
            {"state": "sent", "finding": "deleted", "synced_at": "2026-03-02 08:00"},
            {"state": "sent", "finding": "changed", "is_accepted": True},
            {"state": "sent", "finding": "equal", "synced_at": "2026-02-20 08:00"},
            {"state": "cancelled"},
        )
        bookings = [self.make_booking(**one) for one in values]
        section = self.look()
        counts = {one["key"]: one["count"] for one in section["figures"]}
        self.assertEqual(
            counts,
            {
                "waiting": 4,
                "held": 2,
                "attention": 2,
                "customer": 1,
                "different": 2,
                "today": 1,
                "month": 2,
            },
        )
        for figure in section["figures"]:
            with self.subTest(figure["key"]):
                self.assertEqual(len(self.rows(figure)), figure["count"])
        self.assertEqual(
            self.rows(self.figure("held", section)), bookings[4] + bookings[5]
        )
        _next, unconfirmed = self.figure("waiting", section)["notes"]
        self.assertEqual(unconfirmed["label"], "1 awaiting confirmation")
        self.assertEqual(self.rows(unconfirmed), bookings[2])

    def test_waiting_says_when_the_next_one_goes(self):
        self.make_booking(scheduled_at="2026-03-10 11:30:00")
        booking = self.make_booking(scheduled_at="2026-03-10 10:15:00")
        self.assert_next("Next at 10:15\u202fAM")
        booking.scheduled_at = "2026-03-10 08:00:00"
        self.assert_next("Next right away")
        booking.scheduled_at = "2026-03-20 08:00:00"
        self.assert_next("Next at 11:30\u202fAM")
        self.env["exact.outbox"].sudo().search([]).scheduled_at = "2026-03-12 08:00:00"
        self.assert_next("Next at 3/12/26, 8:00\u202fAM")

    def assert_next(self, text):
        (note,) = self.figure("waiting")["notes"]
        self.assertEqual(note["label"], text)

    def test_attention_is_grouped_by_cause(self):
        for _index in range(3):
            self.make_failed(SENTENCE)
        self.make_failed("The journal is blocked.")
        self.make_booking(state="misplaced", error="Elsewhere.")
        causes = self.look()["causes"]
        self.assertEqual(
            {cause["label"]: cause["count"] for cause in causes},
            {SENTENCE: 3, "The journal is blocked.": 1, "In another division": 1},
        )
        self.assertEqual(causes[0]["label"], SENTENCE)
        for cause in causes:
            self.assertEqual(len(self.rows(cause)), cause["count"])

    def test_rare_causes_are_one_line(self):
        for index in range(8):
            for _time in range(2 if index < 6 else 1):
                self.make_failed(f"Cause {'abcdefgh'[index]}.")
        self.make_booking(state="misplaced", error="Elsewhere.")
        causes = self.look()["causes"]
        self.assertEqual(len(causes), 7)
        self.assertEqual(
            (causes[-1]["label"], causes[-1]["count"]), ("Other causes", 3)
        )
        self.assertEqual(
            set(self.rows(causes[-1]).mapped("error")),
            {"Cause g.", "Cause h.", "Elsewhere."},
        )

    def test_booked_is_counted_by_days_of_the_reader(self):
        self.env.user.tz = "Pacific/Auckland"
        # There it is Tuesday the 10th of March, 10 pm.
        self.make_booked("2026-03-09 11:30:00")
        self.make_booked("2026-03-09 10:30:00")
        self.make_booked("2026-02-28 11:30:00")
        self.make_booked("2026-02-28 10:30:00")
        section = self.look()
        today, month = (self.figure(key, section) for key in ("today", "month"))
        self.assertEqual((today["count"], month["count"]), (1, 3))
        self.assertEqual([len(self.rows(one)) for one in (today, month)], [1, 3])
        days = section["days"]
        self.assertEqual(len(days), 30)
        self.assertEqual(sum(day["count"] for day in days), 4)
        for day in days:
            self.assertEqual(len(self.rows(day)), day["count"], day["label"])
        self.assertEqual((days[-1]["count"], days[-1]["height"]), (1, 100))
        self.assertEqual(days[-1]["label"], "03/10/2026: 1 invoice")

    def test_booked_amount_is_in_company_currency(self):
        self.make_booked("2026-03-10 08:00:00")
        refund = self.make_booked("2026-03-10 08:00:00")
        refund.move_id.write({"move_type": "out_invoice"})
        foreign = self.make_invoice(100, currency_id=self.make_dollar().id)
        foreign._exact_queue(fields.Datetime.now(), "sent")
        foreign.sudo().exact_outbox_id.write(
            {"state": "sent", "synced_at": "2026-03-10 08:30:00"}
        )
        (note,) = self.figure("today")["notes"]
        # Two of 60.50, and 121 dollars at two to the euro.
        self.assertEqual(note["label"], "181.50\xa0€")

    def make_dollar(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        rate = {"currency_id": dollar.id, "rate": 2, "name": "2026-01-01"}
        self.env["res.currency.rate"].sudo().search(
            [("currency_id", "=", dollar.id)]
        ).unlink()
        self.env["res.currency.rate"].sudo().create(
            {**rate, "company_id": self.company.id}
        )
        return dollar

    def test_health_is_that_of_the_company_page(self):
        self.make_failed(SENTENCE)
        self.make_booking()
        section = self.look()
        self.assertEqual(section["level"], self.company.sudo().exact_health_level)
        self.assertEqual(section["sentences"][0], self.company.sudo().exact_health_text)

    # === CONNECTION === #

    def test_connection_is_shown_with_calls_left_and_what_is_sent(self):
        connection = self.look()["connection"]
        self.assertEqual(
            (connection["label"], connection["level"]), ("Connected", "success")
        )
        self.assertEqual(connection["division"], "123456 Test")
        self.assertEqual(connection["calls"], "5,000 of 5,000 API calls left today")
        self.assertIn("Automatic sending is on", connection["sending"])
        self.assertTrue(connection["is_set_up"])

    def test_pause_is_shown_with_its_reason(self):
        self.company.sudo().exact_connection_id.write(
            {"paused_until": "2026-03-10 12:00:00", "problem": "Exact is down."}
        )
        section = self.look()
        self.assertEqual(section["connection"]["label"], "Paused")
        self.assertIn("Exact is down.", section["sentences"][0])
        # Said once is enough.
        self.assertFalse(section["connection"]["problem"])

    def test_expired_connection_leads_to_the_set_up(self):
        self.company.sudo().exact_connection_id.login_id.state = "expired"
        self.make_booking()
        section = self.look()
        self.assertEqual(section["connection"]["level"], "danger")
        self.assertFalse(section["connection"]["is_set_up"])
        self.assertTrue(section["is_used"])
        (sentence,) = section["sentences"]
        self.assertIn("has expired", sentence)
        # Nothing goes at the moment that it was scheduled for.
        self.assertEqual(self.figure("waiting", section)["notes"], [])

    def test_company_without_exact_is_told_what_comes_next(self):
        new = self.env["res.company"].sudo().create({"name": "New BV"})
        self.env.user.sudo().company_ids += new
        section = self.look(new)
        self.assertFalse(section["is_used"])
        self.assertIn("of New BV in Exact Online", section["next_step"])
        self.assertNotIn("figures", section)
        action = new.sudo(False).with_user(self.env.user).action_exact_setup()
        self.assertEqual(action["res_model"], "exact.setup")

    def test_connected_company_without_bookings_has_no_graph(self):
        section = self.look()
        self.assertEqual((section["days"], section["causes"]), ([], []))
        self.assertIn("No invoice was booked", section["nothing_booked"])

    # === COMPARISON === #

    def test_last_comparison_is_shown_and_opens(self):
        self.assertNotIn("id", self.look()["comparison"])
        comparisons = self.env["exact.comparison"].sudo()
        first, last = comparisons.create(
            [
                {"date_from": day, "date_to": day, "company_id": self.company.id}
                for day in ("2026-02-01", "2026-01-01")
            ]
        )
        first.write({"state": "done", "compared_at": "2026-03-01 08:00:00"})
        last.write({"state": "done", "compared_at": "2026-03-02 08:00:00"})
        shown = self.look()["comparison"]
        self.assertEqual((shown["id"], shown["result"]), (last.id, "No differences"))
        lines = self.env["exact.comparison.line"].sudo()
        lines.create(
            [{"comparison_id": last.id, "kind": "different"} for _time in range(2)]
        )
        shown = self.look()["comparison"]
        self.assertEqual(
            (shown["result"], shown["level"]), ("2 differences", "warning")
        )
        self.assertEqual(last.problem_count, 2)

    # === ACCESS === #

    def test_clerk_and_nobody_else_reads_it(self):
        clerk = new_test_user(
            self.env(su=True),
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        self.make_booking()
        overview = self.env["exact.overview"].with_user(clerk)
        (section,) = overview.get_overview()
        self.assertEqual(self.figure("waiting", section)["count"], 1)
        employee = new_test_user(self.env(su=True), login="employee")
        with self.assertRaises(AccessError):
            overview.with_user(employee).get_overview()

    def test_who_may_read_bookings_alone_reads_their_figures(self):
        system = self.env(su=True)
        group = system["res.groups"].create({"name": "Reads bookings"})
        system["ir.model.access"].create(
            {
                "name": "bookings",
                "model_id": system["ir.model"]._get_id("exact.outbox"),
                "group_id": group.id,
                "perm_read": True,
            }
        )
        reader = new_test_user(
            system,
            login="reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
        )
        reader.group_ids += group
        self.make_failed(SENTENCE)
        (section,) = self.env["exact.overview"].with_user(reader).get_overview()
        figure = self.figure("attention", section)
        self.assertEqual(figure["count"], 1)
        self.assertEqual(len(self.rows(figure).with_user(reader)), 1)
        self.assertNotIn("id", section["comparison"])


@tagged("post_install", "-at_install")
class TestOverviewOfCompanies(OtherCompany, OverviewCase):
    """A card for each selected company, counted together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()

    def queue_other(self):
        invoice = self.make_other_invoice()
        invoice._exact_queue(fields.Datetime.now() + timedelta(hours=1), "sent")
        return invoice.exact_outbox_id

    def test_each_selected_company_has_its_own_figures(self):
        ours = self.make_booking()
        theirs = self.queue_other() + self.queue_other()
        both = self.company + self.other
        for company, bookings in ((self.company, ours), (self.other, theirs)):
            figure = self.figure("waiting", self.look(company, both))
            self.assertEqual(figure["count"], len(bookings))
            self.assertEqual(self.rows(figure).sudo(), bookings)
        overview = self.env["exact.overview"]
        alone = overview.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual([one["id"] for one in alone.get_overview()], self.company.ids)

    def test_branch_counts_where_it_is_selected(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        self.env.user.sudo().company_ids += branch
        ours, theirs = self.make_booking(), self.make_booking()
        theirs.move_id.sudo().company_id = branch
        theirs.flush_recordset()
        self.assertEqual(theirs.company_id, branch)
        both = self.company + branch
        self.assertEqual(self.figure("waiting", self.look(companies=both))["count"], 2)
        self.assertEqual(self.figure("waiting", self.look())["count"], 1)
        section = self.look(branch)
        self.assertEqual(section["name"], "Branch")
        # Whose set-up opens, although its company is not switched on.
        alone = self.env["res.company"].with_context(allowed_company_ids=branch.ids)
        action = alone.browse(section["id"]).action_exact_setup()
        self.assertEqual(action["res_model"], "exact.setup")
        self.assertEqual(self.rows(self.figure("waiting", section)), theirs)
        self.assertTrue(ours)

    def test_another_company_takes_no_further_query(self):
        self.make_booking()
        self.queue_other()
        self.make_booked("2026-03-10 08:00:00")
        self.make_failed(SENTENCE)
        both = self.company + self.other
        counts = []
        for companies in (self.company, both):
            self.look(companies=companies)
            self.env.flush_all()
            self.env.invalidate_all()
            overview = self.env["exact.overview"].with_context(
                allowed_company_ids=companies.ids
            )
            before = self.env.cr.sql_log_count
            overview.get_overview()
            counts.append(self.env.cr.sql_log_count - before)
        one, two = counts
        self.assertLessEqual(one, 25)
        self.assertEqual(one, two)


@tagged("post_install", "-at_install")
class TestScreens(OverviewCase):
    """Open screens hear of each change once, and an idle one of nothing."""

    def setUp(self):
        super().setUp()
        self.heard = []
        self.patch(
            self.registry["bus.bus"],
            "_sendone",
            lambda _bus, channel, kind, message: self.heard.append(
                (channel, kind, message)
            ),
        )
        self.env.cr.precommit.run()
        self.heard.clear()

    def listen(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        heard = [message for _to, kind, message in self.heard if kind == REFRESH]
        self.assertLessEqual({one[0] for one in self.heard}, {(self.company, CHANNEL)})
        self.heard.clear()
        return heard

    def test_each_change_is_told_once_with_the_commit(self):
        bookings = self.make_booking() + self.make_booking()
        self.listen()
        bookings._refresh_screens()
        bookings._refresh_screens()
        (message,) = self.listen()
        self.assertEqual(message["outbox_ids"], bookings.ids)
        self.assertEqual(message["move_ids"], bookings.move_id.ids)
        self.assertEqual(message["journal_ids"], bookings.move_id.journal_id.ids)
        bookings._hold()
        self.assertEqual(len(self.listen()), 1)
        bookings[0]._release()
        (message,) = self.listen()
        self.assertEqual(message["outbox_ids"], bookings[0].ids)
        self.assertEqual(self.listen(), [])

    def test_finding_is_told_and_the_same_one_is_not(self):
        booking = self.make_booked("2026-03-10 08:00:00")
        self.listen()
        booking._note_finding("differs", "The total differs.")
        self.assertEqual(len(self.listen()), 1)
        booking._note_finding("differs", "The total differs.")
        self.assertEqual(self.listen(), [])

    def test_of_very_many_no_ids_are_told(self):
        ids = range(10**6, 10**6 + MOST_IDS + 1)
        booking = self.make_booking()
        booking._refresh_screens()
        changed = self.env.cr.precommit.data["comanage_exact.changed"]
        changed[self.company]["outbox_ids"].update(dict.fromkeys(ids))
        self.assertEqual(self.listen(), [{"is_many": True}])

    def test_progress_of_a_comparison_is_told(self):
        comparison = self.env["exact.comparison"].create(
            {
                "company_id": self.company.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-31",
            }
        )
        self.listen()
        for values in ({"state": "fetching"}, {"call_count": 3}, {"state": "done"}):
            comparison.sudo().write(values)
            self.assertEqual(self.listen(), [{"comparison_ids": comparison.ids}])
        comparison.sudo().write({"next_url": "https://start.exactonline.be/"})
        self.assertEqual(self.listen(), [])

    def test_those_who_may_see_bookings_listen(self):
        system = self.env(su=True)
        clerk = new_test_user(
            system,
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        employee = new_test_user(system, login="employee")
        for user, expected in ((clerk, True), (employee, False)):
            channels = find_exact_channels(self.env(user=user))
            self.assertEqual(channels, [(self.company, CHANNEL)] if expected else [])


def find_exact_channels(env):
    """Return the channels of the add-on that a user listens to."""
    with patch.object(ir_websocket, "request", MagicMock()):
        channels = env["ir.websocket"]._build_bus_channel_list([])
    return [one for one in channels if isinstance(one, tuple) and one[1] == CHANNEL]


@tagged("post_install", "-at_install")
class TestJournalCards(OverviewCase):
    """The card of a sales journal on the Invoicing dashboard."""

    def cards(self, journals):
        self.env.flush_all()
        self.env.invalidate_all()
        data = journals._get_journal_dashboard_data_batched()
        return {key: one.get("exact_lines") for key, one in data.items()}

    def test_lines_lead_to_what_they_count(self):
        for _index in range(2):
            self.make_booking()
        self.make_failed(SENTENCE)
        self.make_failed("Which customer?", "customer")
        self.make_booked("2026-03-10 08:00:00")
        journal = self.env["exact.outbox"].search([], limit=1).move_id.journal_id
        lines = self.cards(journal)[journal.id]
        self.assertEqual(
            lines,
            {
                "waiting": "2 Waiting for Exact Online",
                "attention": "1 Needs Attention in Exact Online",
                "customer": "1 Waiting for Customer Match",
            },
        )
        for key, label in lines.items():
            action = journal.with_context(exact_line=key).action_exact_bookings()
            rows = self.env["exact.outbox"].search(action["domain"])
            self.assertEqual(len(rows), int(label.split()[0]), key)

    def test_other_journals_have_none_and_take_no_query_each(self):
        self.make_booking()
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.company.id)]
        )
        used = self.env["exact.outbox"].search([]).move_id.journal_id
        cards = self.cards(journals)
        self.assertEqual({key for key, lines in cards.items() if lines}, set(used.ids))

    def test_read_only_accountant_sees_it(self):
        self.make_booking()
        journal = self.env["exact.outbox"].search([], limit=1).move_id.journal_id
        reader = new_test_user(
            self.env(su=True),
            login="reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
        )
        self.assertIn("waiting", self.cards(journal.with_user(reader))[journal.id])
        action = journal.with_user(reader).action_exact_bookings()
        self.assertEqual(action["res_model"], "exact.outbox")
