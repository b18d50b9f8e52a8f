import time

from psycopg2.errors import SerializationFailure

from odoo.tests import TransactionCase, tagged

from ..sync.isolation import each, is_time_over, isolated, isolated_in_batch

LOGGER = "odoo.addons.comanage_exact.sync.isolation"


@tagged("post_install", "-at_install")
class TestIsolation(TransactionCase):
    """What fails with one record of a scheduled action stops no other."""

    def setUp(self):
        super().setUp()
        names = ("First", "Second", "Third")
        self.partners = self.env["res.partner"].create(
            [{"name": name, "ref": "new"} for name in names]
        )
        mode = self.enter_registry_test_mode()
        mode.__enter__()
        self.addCleanup(mode.__exit__, None, None, None)
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        self.rows = self.partners.with_env(self.env(cr=cr))

    def work(self, error):
        """Write on each record; the second one meets an error after it."""
        for row in each(self.rows):
            with isolated(row):
                row.ref = "done"
                if row == self.rows[1]:
                    raise error

    def refs(self):
        return self.rows.browse(self.rows.ids).mapped("ref")

    def test_bug_is_undone_and_logged(self):
        with self.assertLogs(LOGGER, "ERROR"):
            self.work(ZeroDivisionError())
        self.assertEqual(self.refs(), ["done", "new", "done"])

    def test_record_of_another_worker_is_left_to_it(self):
        with self.assertNoLogs(LOGGER, "WARNING"):
            self.work(SerializationFailure())
        self.assertEqual(self.refs(), ["done", "new", "done"])

    def test_deleted_record_is_skipped(self):
        self.rows[1].unlink()
        seen = [row.ref for row in each(self.rows)]
        self.assertEqual(seen, ["new", "new"])

    def test_bug_is_followed_by_leaving_the_record_in_order(self):
        def put_in_order(err):
            row.ref = type(err).__name__

        row = self.rows[0]
        with self.assertLogs(LOGGER, "ERROR"), isolated(row, on_bug=put_in_order):
            raise ZeroDivisionError
        self.assertEqual(row.ref, "ZeroDivisionError")

    def test_bug_while_putting_in_order_stops_nobody(self):
        def fail(_err):
            raise KeyError("another one")

        with self.assertLogs(LOGGER, "ERROR") as logs, isolated(self.rows[0], fail):
            raise ZeroDivisionError
        self.assertEqual(len(logs.records), 2)

    def test_bug_in_a_batch_undoes_one_record_alone(self):
        with self.assertLogs(LOGGER, "ERROR"):
            for row in self.rows:
                with isolated_in_batch(row):
                    row.ref = "done"
                    if row == self.rows[1]:
                        raise ZeroDivisionError
        self.assertEqual(self.refs(), ["done", "new", "done"])

    def test_time_of_a_scheduled_action(self):
        self.assertFalse(is_time_over(self.env))
        for end, is_over in ((time.monotonic() - 1, True), (float("inf"), False)):
            env = self.env(context={"cron_end_time": end})
            self.assertEqual(is_time_over(env), is_over)
