import re
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import BaseCase, new_test_user

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..booking.digest_period import DAILY, WEEKLY, last_period
from ..const import CRON_DIGEST
from ..sync.digest import Digest
from ..sync.scheduled_actions import find_action, find_missing, find_problem
from .common import ENTRY_GUID, ExactCommon

# 10 March is a Tuesday.
MONDAY = "2026-03-16 04:30:00"


class TestDigestPeriod(BaseCase):
    def test_week_is_the_last_one_that_is_over(self):
        for today in ("2026-03-16", "2026-03-18", "2026-03-22"):
            with self.subTest(today=today):
                period = last_period(WEEKLY, date.fromisoformat(today))
                self.assertEqual(period, (date(2026, 3, 9), date(2026, 3, 15)))
        self.assertEqual(period.after, date(2026, 3, 16))

    def test_day_is_yesterday(self):
        period = last_period(DAILY, date(2026, 3, 1))
        self.assertEqual(period, (date(2026, 2, 28), date(2026, 2, 28)))


@tagged("post_install", "-at_install")
class TestDigest(ExactCommon, CronMixinCase):
    """Mails how the bookings go, once to each reader."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.company.sudo()
        cls.cron = find_action(cls.settings.env, CRON_DIGEST)
        cls.make_known()
        cls.readers = cls.make_reader("anna") | cls.make_reader("bert")

    @classmethod
    def make_reader(cls, login, groups="account.group_account_manager", **values):
        return new_test_user(
            cls.env(su=True),
            login=login,
            groups=groups,
            email=f"{login}@example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    def switch_on(self, kind="weekly", readers=None):
        readers = self.readers if readers is None else readers
        self.settings.write(
            {
                "exact_digest": kind,
                "exact_digest_user_ids": [Command.set(readers.ids)],
            }
        )

    def run_digest(self, moment=MONDAY):
        """Return the mails that a run of the action makes."""
        mails = self.env["mail.mail"].sudo()
        before = mails.search([])
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        return (mails.search([]) - before).sorted("id")

    def book(self, amount=100, moment="2026-03-11 10:00:00"):
        invoice = self.make_invoice(amount)
        invoice._exact_queue(fields.Datetime.now(), "button")
        outbox = invoice.sudo().exact_outbox_id
        outbox.state = "sending"
        guid = f"{invoice.id:08}{ENTRY_GUID[8:]}"
        outbox._note_booked(guid, invoice.id, "700", "", synced_at=moment)
        return outbox

    def make_failed(self, error="Tax 21% has no Exact Online VAT code.", kind="check"):
        invoice = self.make_invoice()
        invoice._exact_queue(fields.Datetime.now(), "button")
        invoice.sudo().exact_outbox_id._fail(kind, error)
        return invoice.sudo().exact_outbox_id

    def read_text(self, mail):
        text = " ".join(re.sub("<[^>]+>", " ", mail.body_html).split())
        return text.replace("( ", "(").replace(" )", ")")

    # === SWITCHED ON AND OFF === #

    def test_nothing_runs_before_a_company_wants_it(self):
        self.assertFalse(self.cron.active)
        self.settings.exact_digest = "daily"
        self.assertTrue(self.cron.active)
        self.settings.exact_digest = False
        self.assertFalse(self.cron.active)

    def test_it_rests_without_a_reader_of_its_own_accord(self):
        with self.capture_triggers() as capture:
            self.assertFalse(self.run_digest())
        self.assertFalse(capture.records)

    def test_deleted_action_comes_back_where_it_is_wanted(self):
        self.cron.unlink()
        env = self.settings.env
        self.assertFalse(find_missing(env))
        self.settings.exact_digest = "daily"
        self.assertTrue(find_action(env, CRON_DIGEST).active)

    def test_company_is_saved_while_the_action_runs(self):
        self.settings.exact_digest = "daily"
        error = UserError("It is running.")
        with patch.object(type(self.cron), "write", side_effect=error):
            self.settings.exact_digest = False
        self.assertFalse(self.settings.exact_digest)

    def test_readiness_says_that_it_is_off(self):
        self.switch_on()
        self.cron.active = False
        self.cron_push.sudo().nextcall = "2100-01-01 00:00:00"
        self.assertIn("Mail Digest", find_problem(self.settings.env))

    # === WHEN AND TO WHOM === #

    def test_week_is_mailed_once_to_each_reader(self):
        self.switch_on()
        self.book()
        mails = self.run_digest()
        self.assertEqual(len(mails), 2)
        self.assertEqual(
            [mail.email_to for mail in mails],
            [reader.email_formatted for reader in self.readers],
        )
        self.assertEqual(
            mails[0].subject,
            f"Exact Online, {self.company.name}, 03/09/2026 – 03/15/2026: 1 booked",
        )
        self.assertFalse(self.run_digest())
        self.assertFalse(self.run_digest("2026-03-20 04:30:00"))
        self.assertTrue(self.run_digest("2026-03-23 04:30:00"))

    def test_server_that_was_down_on_monday_mails_later(self):
        self.switch_on()
        self.assertTrue(self.run_digest("2026-03-19 09:00:00"))

    def test_days_before_it_was_switched_on_are_not_told(self):
        self.switch_on()
        self.assertFalse(self.run_digest("2026-03-12 04:30:00"))

    def test_accountants_are_mailed_where_nobody_is_chosen(self):
        self.switch_on(readers=self.readers.browse())
        clerk = self.make_reader("clerk", "account.group_account_invoice")
        addresses = self.run_digest().mapped("email_to")
        self.assertIn(self.readers[0].email_formatted, addresses)
        self.assertNotIn(clerk.email_formatted, addresses)

    def test_who_left_or_lost_the_rights_is_not_mailed(self):
        self.switch_on()
        self.readers[0].active = False
        other = self.settings.create({"name": "Other"})
        self.readers[1].write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(self.run_digest())

    def test_copy_of_the_database_mails_nothing(self):
        self.switch_on()
        self.settings.exact_connection_id.login_id.database_uuid = "another"
        self.assertFalse(self.run_digest())

    def test_killed_run_is_gone_on_with_and_nobody_is_mailed_twice(self):
        self.switch_on()
        mail = Digest.mail

        def mail_first_only(digest):
            if digest.user == self.readers[1]:
                raise MemoryError
            mail(digest)

        with (
            patch.object(Digest, "mail", mail_first_only),
            self.assertLogs("odoo.addons.comanage_exact.sync.isolation", "ERROR"),
        ):
            [first] = self.run_digest()
        self.assertEqual(first.email_to, self.readers[0].email_formatted)
        [second] = self.run_digest()
        self.assertEqual(second.email_to, self.readers[1].email_formatted)

    def test_what_could_not_be_written_is_tried_again_the_same_day(self):
        self.switch_on("daily")
        self.book()
        with (
            patch.object(Digest, "mail", side_effect=MemoryError),
            self.assertLogs("odoo.addons.comanage_exact.sync.isolation", "ERROR"),
            self.capture_triggers(self.cron.id) as capture,
        ):
            self.assertFalse(self.run_digest("2026-03-12 04:30:00"))
        self.assertEqual(
            set(capture.records.mapped("call_at")), {datetime(2026, 3, 12, 5, 30)}
        )
        self.assertEqual(len(self.run_digest("2026-03-12 05:30:00")), 2)

    def test_nobody_takes_the_place_of_a_reader_who_left(self):
        self.switch_on(readers=self.readers[0])
        self.readers[0].active = False
        self.assertFalse(self.run_digest())

    def test_branch_that_the_reader_may_not_see_is_not_told(self):
        branch = self.settings.create({"name": "Branch", "parent_id": self.settings.id})
        hidden = self.book(500)
        hidden.move_id.company_id = branch
        hidden.flush_recordset()
        self.book(100)
        self.readers[1].company_ids += branch
        self.switch_on()
        one, other = self.run_digest()
        self.assertIn(": 1 booked", one.subject)
        self.assertIn(": 2 booked", other.subject)

    def test_day_that_is_not_over_for_the_reader_waits(self):
        self.switch_on("daily", readers=self.readers[0])
        self.readers[0].tz = "America/Los_Angeles"
        # In the evening there.
        self.book(moment="2026-03-12 03:00:00")
        for mail in self.run_digest("2026-03-12 04:30:00"):
            self.assertIn("03/10/2026: 0 booked", mail.subject)
        [mail] = self.run_digest("2026-03-13 04:30:00")
        self.assertIn("03/11/2026: 1 booked", mail.subject)

    def test_mail_and_its_note_are_one_transaction(self):
        self.switch_on()
        company, reader = self.settings, self.readers[0]
        mailings = self.env["exact.digest.mailing"].sudo()
        day = date(2026, 3, 15)
        with self.env.cr.savepoint() as savepoint:
            self.assertTrue(mailings._claim(company, reader, day))
            savepoint.rollback()
        self.assertTrue(mailings._claim(company, reader, day))
        self.assertFalse(mailings._claim(company, reader, day))

    # === WHAT IS SAID === #

    def test_quiet_day_has_no_mail_and_quiet_week_a_short_one(self):
        self.switch_on("daily")
        self.assertFalse(self.run_digest("2026-03-12 04:30:00"))
        self.switch_on("weekly")
        mail = self.run_digest()[0]
        self.assertIn("nothing is waiting or needs attention", self.read_text(mail))

    def test_day_with_news_is_mailed(self):
        self.switch_on("daily")
        self.book()
        self.assertEqual(len(self.run_digest("2026-03-12 04:30:00")), 2)

    def test_figures_causes_and_links(self):
        self.switch_on(readers=self.readers[0])
        self.book(100)
        self.book(200)
        self.book(400, moment="2026-03-16 00:00:00")
        first = self.make_failed()
        self.make_failed()
        self.make_failed("Deco Addict may already exist.", kind="customer")
        self.book()._note_finding("differs", "The total differs.")
        [mail] = self.run_digest()
        text = self.read_text(mail)
        self.assertIn("Booked 3 (484.00 €)", text)
        self.assertIn("2 × Tax 21% has no Exact Online VAT code. Fix", text)
        self.assertIn("Waiting for customer match 1", text)
        self.assertIn("Differences 1", text)
        self.assertIn("3 booked, needs attention: 3", mail.subject)
        base = self.settings.get_base_url()
        for path in (
            f"exact.outbox/{first.id}/action-comanage_exact.exact_fix_action",
            "action-comanage_exact.exact_outbox_action",
            "action-comanage_exact.exact_overview_action",
        ):
            self.assertIn(f'href="{base}/odoo/{path}"', mail.body_html)

    def test_days_are_those_of_the_reader(self):
        self.switch_on(readers=self.readers[0])
        self.book(moment="2026-03-15 23:30:00")
        self.readers[0].tz = "Europe/Brussels"
        [mail] = self.run_digest()
        self.assertIn(": 0 booked", mail.subject)

    def test_expired_connection_comes_first_with_its_fix(self):
        self.switch_on(readers=self.readers[0])
        self.settings.exact_connection_id.login_id.state = "expired"
        [mail] = self.run_digest()
        self.assertIn("has expired", self.read_text(mail))
        self.assertIn("exact_setup_fix_action", mail.body_html)

    def test_it_is_written_in_the_language_of_the_reader(self):
        self.env["res.lang"].sudo()._activate_lang("nl_NL")
        view = self.env.ref("comanage_exact.exact_digest_mail").sudo()
        view.update_field_translations("arch_db", {"nl_NL": {"Booked": "Geboekt"}})
        self.readers[1].lang = "nl_NL"
        self.switch_on()
        self.book()
        english, dutch = self.run_digest()
        self.assertIn("Booked 1", self.read_text(english))
        self.assertIn("Geboekt 1", self.read_text(dutch))
        self.assertIn("09-03-2026", dutch.subject)

    def test_what_is_known_of_old_mails_is_removed(self):
        self.switch_on()
        mailings = self.env["exact.digest.mailing"].sudo()
        mailings._claim(self.settings, self.readers[0], date(2026, 1, 11))
        self.run_digest()
        self.assertEqual(
            set(mailings.search([]).mapped("last_day")), {date(2026, 3, 15)}
        )
