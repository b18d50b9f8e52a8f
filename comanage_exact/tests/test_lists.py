from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestLists(ExactCommon):
    """Divisions and lists: whose they are, and the night that fetches them."""

    def test_a_broken_company_keeps_no_other_from_its_lists(self):
        other = self.company.sudo().create({"name": "Other"})
        self._set_up_connection(other, 654321)
        fetched = []

        def fetch(company):
            fetched.append(company)
            if len(fetched) == 1:
                raise ValueError("broken")
            if len(fetched) == 2:
                raise SerializationFailure

        companies = type(self.company)
        cron = self.env.ref("comanage_exact.ir_cron_exact_fetch").sudo()
        with (
            patch.object(companies, "_exact_fetch_or_explain", fetch),
            patch.object(type(self.env["exact.check"]), "_run"),
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.comanage_exact", "ERROR") as logs,
        ):
            cron.method_direct_trigger()
        self.assertEqual(
            {company.id for company in fetched}, {self.company.id, other.id}
        )
        # That somebody else was faster is no error.
        self.assertEqual(len(logs.records), 1, logs.output)
