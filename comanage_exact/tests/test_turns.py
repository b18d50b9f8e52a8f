import itertools
import re
import time
from contextlib import contextmanager
from unittest.mock import patch

import requests

from odoo.tests import tagged

from odoo.addons.base.models import ir_cron

from ..const import CRON_DIGEST
from ..sync import digest as digest_module
from ..sync import recheck
from ..sync.automatic_comparison import NightlyComparison
from ..sync.code_lists import NightlyFetch
from ..sync.digest import Digest
from ..sync.documents import DocumentUpload
from ..sync.push import Push
from ..sync.scheduled_actions import ACTIONS, MODULE
from ..sync.sweep import Sweep
from .common import BASE_URL, ExactCommon
from .common_companies import OtherCompany


@tagged("post_install", "-at_install")
class TestTurns(OtherCompany, ExactCommon):
    """Three companies, a second for each run: each action serves them all in three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()
        cls.set_up_third_company()
        cls.companies = cls.company.sudo() + cls.other + cls.third
        cls.make_known()

    def run_cron(self, name, times):
        """Run an action; each look at the clock takes as long as a run may.

        :return: the run's progress, one record for each time.
        """
        cron = self.env.ref(f"comanage_exact.ir_cron_exact_{name}").sudo()
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 1)
        self.patch(ir_cron, "MIN_RUNS_PER_JOB", 1)
        runs = []
        for _index in range(times):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            progress = self.env["ir.cron.progress"].sudo()
            runs += progress.search(
                [("cron_id", "=", cron.id)], order="id desc", limit=1
            )
        return runs

    def use_up_the_time(self):
        """Let the clock go on by more than a second; returns at once."""
        self.clock = getattr(self, "clock", 0) + 2

    def patch_clock(self):
        real = time.monotonic
        self.clock = 0
        self.patch(time, "monotonic", lambda: real() + self.clock)

    def test_each_action_serves_all_in_three_runs(self):
        own = [("module", "=", MODULE), ("model", "=", "ir.cron")]
        names = self.env["ir.model.data"].sudo().search(own).mapped("complete_name")
        # The digest rests until a company wants it.
        self.assertEqual(set(names), {*ACTIONS, CRON_DIGEST})
        self.patch_clock()
        for name in names:
            name = name.rsplit("_", 1)[-1]
            with self.subTest(action=name):
                self.served = []
                with getattr(self, f"serve_{name}")():
                    runs = self.run_cron(name, 3)
                self.assertEqual(len(self.served), 3)
                self.assertEqual(set(self.served), set(self.companies.ids))
                self.assertGreater(runs[0].remaining, 0)

    def serve(self, company):
        """Work on a company, which takes as long as a run may."""
        self.served.append(company.id)
        self.use_up_the_time()

    def queue_two_of_each(self):
        """Return bookings of the first company, of the second and of the third."""
        invoices = self.env["account.move"].sudo()
        for make in (
            self.make_invoice,
            self.make_other_invoice,
            self.make_third_invoice,
        ):
            invoices += make() + make()
        invoices.with_user(self.accountant).action_exact_send()
        return invoices.exact_outbox_id

    @contextmanager
    def serve_push(self):
        self.queue_two_of_each()

        def push(push):
            self.serve(push.outbox.company_id)
            return True

        with patch.object(Push, "run", push):
            yield

    @contextmanager
    def serve_document(self):
        rows = self.queue_two_of_each()
        for row in rows:
            row.write({"state": "sent", "attempts": 1, "exact_guid": str(row.id)})
        documents = rows.document_id._get_or_create(rows)
        documents.write({"state": "waiting", "due_at": "2026-03-10 08:00:00"})

        def follow(upload):
            upload.document._claim()
            self.serve(upload.outbox.company_id)

        with patch.object(DocumentUpload, "follow", follow):
            yield

    @contextmanager
    def serve_fetch(self):
        with patch.object(NightlyFetch, "_fetch", lambda _run, one: self.serve(one)):
            yield

    @contextmanager
    def serve_care(self):
        rows = self.queue_two_of_each()
        rows[::2].write({"state": "failed", "error_kind": "check"})
        self.patch(recheck, "BATCH", 1)

        def check(outbox):
            self.serve(outbox.company_id)

        with patch.object(recheck, "retry_if_fixed", check):
            yield

    @contextmanager
    def serve_comparison(self):
        def run(comparison):
            comparison.connection.compared_at = "2026-03-10 09:00:00"
            self.serve(comparison.company)

        def is_due(comparison):
            return not comparison.connection.compared_at

        with (
            patch.object(NightlyComparison, "run", run),
            patch.object(NightlyComparison, "is_due", is_due),
        ):
            yield

    @contextmanager
    def serve_digest(self):
        self.companies.exact_digest = "weekly"
        self.companies.exact_digest_since = "2026-01-01"
        reader = self.env.user.sudo()

        def mail(digest):
            self.serve(digest.company)

        with (
            patch.object(digest_module, "find_readers", lambda _company: reader),
            patch.object(Digest, "mail", mail),
        ):
            yield

    def test_nightly_fetch(self):
        served = []

        def fetch(_run, company):
            served.append(company.id)
            self.use_up_the_time()

        self.patch_clock()
        with patch.object(NightlyFetch, "_fetch", fetch):
            runs = self.run_cron("fetch", 3)
            self.assertEqual(set(served), set(self.companies.ids))
            self.assertEqual([run.remaining for run in runs], [2, 1, 0])
            # The next night all of them again, who waited longest first.
            self.run_cron("fetch", 3)
        self.assertEqual(served[3:], served[:3])

    def test_who_waits_longest_is_first_where_a_run_was_never_continued(self):
        served = []

        def fetch(_run, company):
            served.append(company.id)
            self.use_up_the_time()

        self.patch_clock()
        with patch.object(NightlyFetch, "_fetch", fetch):
            for _night in range(3):
                self.run_cron("fetch", 1)
                # Nothing says any more that something was left.
                self.env["ir.cron.progress"].sudo().search([]).unlink()
                self.env.flush_all()
        self.assertEqual(set(served), set(self.companies.ids))

    def test_company_that_breaks_is_not_first_each_night(self):
        served = []

        def fetch(_run, company):
            served.append(company.id)
            self.use_up_the_time()
            raise ZeroDivisionError

        self.patch_clock()
        with (
            patch.object(NightlyFetch, "_fetch", fetch),
            self.assertLogs("odoo.addons.comanage_exact.sync.isolation", "ERROR"),
        ):
            self.run_cron("fetch", 3)
        self.assertEqual(set(served), set(self.companies.ids))

    def test_sweep_that_breaks_keeps_no_company_from_its_lists(self):
        served = []
        with (
            patch.object(Sweep, "_find", side_effect=ZeroDivisionError),
            patch.object(
                NightlyFetch, "_fetch", lambda _run, company: served.append(company.id)
            ),
            self.assertLogs("odoo.addons.comanage_exact.sync.isolation", "ERROR"),
        ):
            self.run_cron("fetch", 1)
        self.assertEqual(set(served), set(self.companies.ids))

    def test_run_without_time_begins_nothing(self):
        self.patch_clock()
        served = []

        def fetch(_run, company):
            served.append(company.id)
            self.use_up_the_time()

        self.patch(ir_cron, "MIN_RUNS_PER_JOB", 10)
        cron = self.env.ref("comanage_exact.ir_cron_exact_fetch").sudo()
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 1)
        with (
            patch.object(NightlyFetch, "_fetch", fetch),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.assertEqual(len(served), 1, "Odoo runs it up to ten times")

    def test_company_out_of_reach_takes_few_calls(self):
        """Each may take half a minute, and Odoo ends a worker after two."""
        (self.companies - self.company).exact_connection_id.state = "disconnected"
        self.companies[1:].exact_division_id = False
        with self.exact() as mock:
            mock.get(re.compile(BASE_URL), body=requests.ReadTimeout("slow"))
            self.run_cron("fetch", 1)
        self.assertLessEqual(len(self.calls), 2)

    def fail_invoices(self, count):
        invoices = self.env["account.move"]
        for _index in range(count):
            invoices += self.make_invoice()
        invoices.action_exact_send()
        rows = invoices.sudo().exact_outbox_id
        rows._transition("failed", error_kind="check")
        return rows

    @contextmanager
    def one_a_run(self):
        """Let each run have time for one; give the list of ids that are checked."""
        checked = []
        self.patch_clock()
        self.patch(recheck, "BATCH", 1)

        def check(outbox):
            checked.append(outbox.id)
            self.use_up_the_time()

        with patch.object(recheck, "retry_if_fixed", check):
            yield checked

    def test_recheck_reaches_the_last_one(self):
        rows = self.fail_invoices(3)
        with self.one_a_run() as checked:
            runs = self.run_cron("care", 3)
            self.assertEqual(checked, rows.ids)
            self.assertEqual([run.remaining for run in runs], [2, 1, 0])
            self.run_cron("care", 3)
        self.assertEqual(sorted(checked[3:]), rows.ids)

    def test_recheck_begins_again_where_a_cause_was_fixed_meanwhile(self):
        rows = self.fail_invoices(3)
        with self.one_a_run() as checked:
            self.run_cron("care", 2)
            self.env.invalidate_all()
            self.tax_21.sudo().exact_vat_code_id = False
            self.env["exact.outbox"]._trigger_recheck_of_problems()
            self.env.flush_all()
            self.run_cron("care", 3)
        self.assertEqual(set(checked[2:]), set(rows.ids))

    def test_recheck_that_has_time_writes_nothing_on_what_stays(self):
        rows = self.fail_invoices(2)
        with patch.object(recheck, "retry_if_fixed", lambda outbox: None):
            self.run_cron("care", 1)
        self.assertEqual(set(rows.mapped("recheck_round")), {0})


@tagged("post_install", "-at_install")
class TestCauses(ExactCommon):
    """What many invoices wait for, however long its text."""

    def test_problem_of_thousands_of_characters_is_stored_as_a_cause(self):
        # 30 lines of 300 characters that PostgreSQL cannot compress.
        letters = itertools.cycle(chr(code) for code in range(0x4E00, 0x9FA5))
        lines = ["".join(itertools.islice(letters, 300)) for _line in range(30)]
        text = "\n".join(lines)
        invoices = self.make_invoice() + self.make_invoice()
        invoices.action_exact_send()
        rows = invoices.sudo().exact_outbox_id
        for row in rows:
            row._fail("check", text)
        self.env.flush_all()
        self.assertEqual(rows[0].error, text)
        self.assertEqual(rows[0].cause, rows[1].cause)
        self.assertLessEqual(len(rows[0].cause), recheck.LONGEST_CAUSE)
        rows[1]._transition("pending")
        rows[1]._fail("check", text + "!")
        self.assertNotEqual(rows[0].cause, rows[1].cause)
