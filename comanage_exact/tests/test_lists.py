from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ..sync.code_lists import CodeLists
from ..sync.onboarding import guess_division
from ..sync.readiness import Readiness
from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestLists(ExactCommon):
    """Divisions and lists: whose they are, and the night that fetches them."""

    def test_vat_number_may_be_written_in_several_ways(self):
        company, division = self.company.sudo(), self.company.sudo().exact_division_id
        division.copy({"code": "9", "vat_number": "BE0202239951"})
        company.vat = "BE0477472701"
        for number in ("0477.472.701", "477472701", "BE 477.472.701"):
            division.vat_number = number
            with self.subTest(number):
                self.assertEqual(guess_division(company), division)
                self.assertFalse(company._exact_get_division_problem())

    def test_number_of_another_country_is_another_number(self):
        company, division = self.company.sudo(), self.company.sudo().exact_division_id
        division.copy({"code": "9"})
        company.vat = "BE0477472701"
        division.vat_number = "NL0477472701"
        self.assertFalse(guess_division(company))
        self.assertIn("NL0477472701", company._exact_get_division_problem())

    def test_a_broken_company_keeps_no_other_from_its_lists(self):
        other = self.company.sudo().create({"name": "Other"})
        self._set_up_connection(other, 654321)
        fetched = []

        def fetch(lists):
            fetched.append(lists.company)
            if len(fetched) == 1:
                raise ValueError("broken")
            if len(fetched) == 2:
                raise SerializationFailure

        cron = self.env.ref("comanage_exact.ir_cron_exact_fetch").sudo()
        with (
            patch.object(CodeLists, "fetch_or_note_problem", fetch),
            patch.object(Readiness, "run"),
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.comanage_exact", "ERROR") as logs,
        ):
            cron.method_direct_trigger()
        self.assertEqual(
            {company.id for company in fetched}, {self.company.id, other.id}
        )
        # That somebody else was faster is no error.
        self.assertEqual(len(logs.records), 1, logs.output)
