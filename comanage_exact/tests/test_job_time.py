import signal
import threading
import time
from contextlib import contextmanager
from unittest.mock import Mock, patch

import requests
from freezegun import freeze_time

from odoo.service.server import WorkerCron
from odoo.tests import tagged
from odoo.tools import config

from odoo.addons.base.models import ir_cron

from ..exact_api import transport
from ..exact_api.exceptions import ExactError, ExactOutOfTime
from ..sync.connection import open_client
from ..sync.directory import Directory, get_directory
from ..sync.job_time import JobTime
from ..sync.push_run import PushRun
from .common import ExactCommon
from .common_companies import OTHER_URL, OtherCompany
from .common_customers import SYNC_URL
from .test_push import PushCase


def limits(seconds, cron=-1):
    """Let Odoo end a process after so many seconds."""
    return patch.dict(
        config.options, limit_time_real=seconds, limit_time_real_cron=cron
    )


@tagged("post_install", "-at_install")
class TestJobTime(PushCase):
    """No call is begun that might not end before Odoo ends the process."""

    def job_time(self, passed=0.0):
        """Return the time of a job that began so many seconds ago."""
        end = time.monotonic() - passed + ir_cron.MIN_TIME_PER_JOB
        return JobTime(self.env(context={"cron_end_time": end}))

    def test_last_booking_begins_long_before_the_process_ends(self):
        with limits(120):
            self.assertTrue(self.job_time(9).allows_booking())
            self.assertFalse(self.job_time(10).allows_booking())
            self.assertTrue(self.job_time(60).allows_call())
            self.assertFalse(self.job_time(62).allows_call())
            self.assertAlmostEqual(self.job_time(60).left(), 36, 3)

    def test_short_limit_leaves_time_for_a_booking(self):
        with limits(20):
            self.assertTrue(self.job_time(5).allows_booking())
            self.assertFalse(self.job_time(7).allows_booking())
            self.assertTrue(self.job_time(7).allows_call())
            self.assertFalse(self.job_time(9).allows_call())

    def test_limit_of_scheduled_actions_may_be_another(self):
        with limits(120, cron=20):
            self.assertFalse(self.job_time(9).allows_call())
        with limits(0, cron=0):
            self.assertTrue(self.job_time(500).allows_call())

    def test_process_of_which_nothing_is_known_has_time(self):
        with limits(20):
            self.assertTrue(JobTime(self.env).allows_booking())
            self.assertEqual(JobTime(self.env).left(), float("inf"))

    def test_longer_slice_of_another_scheduler_ends_no_later(self):
        with limits(120):
            end = time.monotonic() + 500
            job_time = JobTime(self.env(context={"cron_end_time": end}))
        self.assertAlmostEqual(job_time.left(), 96, 3)

    @contextmanager
    def process(self, handler):
        """Be a process of Odoo's that handles Control-C itself."""
        with patch.object(signal, "getsignal", return_value=handler):
            yield

    def test_action_has_its_time_whatever_its_worker_did_before(self):
        worker = object.__new__(WorkerCron)
        worker.multi, worker.watchdog_pipe = Mock(), (3, 4)
        with limits(20), self.process(worker.signal_handler):
            JobTime(self.env)
            self.job_time(17)
            worker.multi.pipe_ping.assert_not_called()
            self.job_time(3)
        worker.multi.pipe_ping.assert_called_once_with((3, 4))

    def test_action_has_its_time_in_a_server_without_workers(self):
        thread = threading.current_thread()
        long_ago = time.time() - 100
        for before in (long_ago, None):
            with (
                limits(20),
                self.process(signal.default_int_handler),
                patch.object(thread, "start_time", before, create=True),
            ):
                self.job_time()
                waited = thread.start_time and thread.start_time - long_ago
            self.assertEqual(waited and round(waited), before and 100)

    @contextmanager
    def open_client(self, passed):
        connection = self.company.sudo().exact_connection_id
        with (
            limits(120),
            self.enter_registry_test_mode(),
            open_client(connection, job_time=self.job_time(passed)) as client,
        ):
            yield client

    def test_call_for_which_no_time_is_left_is_not_made(self):
        with self.exact(), self.open_client(62) as client:
            with self.assertRaises(ExactOutOfTime):
                client.get("salesentry/SalesEntries")
        self.assertFalse(self.calls)

    def test_call_lasts_no_longer_than_what_is_left(self):
        seconds = []

        def request(*args, **options):
            seconds.append(options["seconds"])
            raise requests.ReadTimeout("lost")

        with patch.object(transport, "request", request):
            for passed in (0, 60):
                with self.open_client(passed) as client:
                    with self.assertRaises(ExactError):
                        client.get("salesentry/SalesEntries")
        self.assertEqual([round(each) for each in seconds], [60, 36])

    def test_token_call_keeps_to_it_too(self):
        login = self.company.sudo().exact_connection_id.login_id
        login.issued_at = "2026-03-10 08:00:00"
        with self.exact(), self.assertRaises(ExactOutOfTime), self.open_client(62):
            pass
        self.assertFalse(login.failures)

    def test_claimed_booking_without_time_for_its_call_goes_later(self):
        self.make_known()
        invoice = self.queue()
        allowed = patch.object(JobTime, "allows_call", return_value=False)
        with self.exact(), allowed, patch.object(ir_cron, "MIN_RUNS_PER_JOB", 1):
            self.push()
        outbox = invoice.sudo().exact_outbox_id
        self.assertEqual((outbox.state, outbox.attempts), ("pending", 0))
        self.assertEqual(str(outbox.scheduled_at), "2026-03-10 09:00:00")
        self.assertFalse(outbox.error)
        self.assertFalse(self.company.sudo().exact_connection_id.paused_until)
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_run_that_begins_too_late_says_what_remains(self):
        self.queue()
        context = {"cron_end_time": time.monotonic() - 1}
        with (
            self.exact(),
            patch.object(type(self.env["ir.cron"]), "_commit_progress") as progress,
        ):
            run = PushRun(self.env(su=True, context=context))
            run.run()
        self.assertTrue(run.is_unfinished)
        self.assertEqual(progress.call_args.kwargs, {"remaining": 1})

    def test_first_reading_of_customers_leaves_time_to_others(self):
        record = get_directory(self.company.sudo())
        record.refreshed_at = False
        pages = [
            {"results": [], "__next": f"{SYNC_URL}?$skiptoken={page}"}
            for page in range(3)
        ]
        with self.exact() as mock, self.enter_registry_test_mode():
            for page in [*pages, {"results": []}]:
                mock.get(SYNC_URL, json={"d": page})
            for is_over in (True, True, True, False):
                self.read_customers(record, is_over=is_over)
        self.assertEqual(len(self.calls), 4)
        record.invalidate_recordset()
        self.assertTrue(record.refreshed_at)

    def read_customers(self, record, *, is_over):
        """Read the customers in a job whose time is over, or is not."""
        end = time.monotonic() + (-1 if is_over else 60)
        with self.registry.cursor() as cr:
            own = record.with_env(self.env(cr=cr, su=True))
            own = own.with_context(cron_end_time=end)
            with open_client(own.company_id.exact_connection_id) as client:
                try:
                    Directory(own, client).refresh()
                except ExactOutOfTime:
                    self.assertTrue(is_over)
                else:
                    self.assertFalse(is_over)


@tagged("post_install", "-at_install")
class TestTurns(OtherCompany, ExactCommon):
    """A run that has time for one booking only lets another company begin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()
        cls.make_known()

    def test_company_that_waited_longest_is_first(self):
        ours = [self.make_invoice() for _index in range(3)]
        theirs = [self.make_other_invoice() for _index in range(3)]
        for invoices in (ours, theirs):
            for invoice in invoices:
                invoice.action_exact_send()
        divisions = []
        for run in range(6):
            with (
                freeze_time(f"2026-03-10 09:00:0{run}"),
                self.exact() as mock,
                patch.object(JobTime, "allows_booking", side_effect=[True, False]),
                patch.object(ir_cron, "MIN_RUNS_PER_JOB", 1),
                patch.object(ir_cron, "MIN_TIME_PER_JOB", 0),
                self.enter_registry_test_mode(),
            ):
                mock.assert_all_requests_are_fired = False
                self.answer_entry(mock)
                guid = f"66666666-6666-4666-8666-66666666666{run}"
                mock.post(OTHER_URL, status=201, json={"d": {"EntryID": guid}})
                self.cron_push.sudo().method_direct_trigger()
            divisions += [call.request.url.split("/")[5] for call in self.calls]
        self.assertEqual(divisions, ["123456", "222222"] * 3)
