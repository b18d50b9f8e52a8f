import requests

from odoo.tests import tagged

from ..mappers.sales_entry import SalesEntryMapper
from .common import (
    ENTRIES_URL,
    TOKEN_URL,
    ExactCommon,
    error_body,
    problem_texts,
)
from .common_companies import OTHER_URL, OtherCompany


@tagged("post_install", "-at_install")
class TestFairness(OtherCompany, ExactCommon):
    """A company or a customer in trouble holds up nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()
        cls.make_known()

    def queue_three_of_each(self):
        """Queue those of our company first, then those of the other one."""
        ours = self.env["account.move"]
        theirs = ours.sudo()
        for _index in range(3):
            ours += self.make_invoice()
            theirs += self.make_other_invoice()
        ours.action_exact_send()
        theirs.action_exact_send()
        return ours, theirs

    def answer_other(self, mock):
        """Announce that the division of the other company books all."""
        self.answer_entry(mock, OTHER_URL)

    def states(self, invoices):
        return set(invoices.mapped("exact_state"))

    def test_companies_take_turns(self):
        self.queue_three_of_each()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.answer_other(mock)
            self.push()
        divisions = [call.request.url.split("/")[5] for call in self.calls]
        self.assertEqual(divisions, ["123456", "222222"] * 3)

    def test_throttled_company_holds_up_nobody(self):
        ours, theirs = self.queue_three_of_each()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=429)
            self.answer_other(mock)
            self.push()
        self.assertEqual(self.states(ours), {"pending"})
        self.assertEqual(self.states(theirs), {"sent"})
        self.assertEqual(len(self.calls), 4, "One call told that it has to wait")

    def test_expired_company_holds_up_nobody(self):
        ours, theirs = self.queue_three_of_each()
        self.company.sudo().exact_connection_id.issued_at = "2026-03-10 08:00:00"
        with self.exact() as mock:
            mock.post(TOKEN_URL, status=400, json={"error": "invalid_grant"})
            self.answer_other(mock)
            with self.assertLogs("odoo.addons.comanage_exact", "WARNING"):
                self.push()
        self.assertEqual(self.states(ours), {"pending"})
        self.assertEqual(self.states(theirs), {"sent"})

    def test_unreachable_company_holds_up_nobody(self):
        ours, theirs = self.queue_three_of_each()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL,
                body=requests.ConnectTimeout("down"),
            )
            self.answer_other(mock)
            self.push()
        self.assertEqual(self.states(ours), {"pending"})
        self.assertEqual(self.states(theirs), {"sent"})

    def test_company_that_refuses_everything_holds_up_nobody(self):
        ours, theirs = self.queue_three_of_each()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL,
                status=400,
                json=error_body("Ongeldig: Dagboek"),
            )
            self.answer_other(mock)
            self.push()
        self.assertEqual(self.states(ours), {"failed"})
        self.assertEqual(self.states(theirs), {"sent"})

    def test_companies_are_strictly_apart(self):
        ours, theirs = self.make_invoice(), self.make_other_invoice()
        self.assertEqual(SalesEntryMapper(theirs).company, self.other)
        self.assertFalse(problem_texts(ours) or problem_texts(theirs))
        # A code of one company is none for the other, whoever points to it.
        self.env.cr.execute(
            "UPDATE account_tax SET exact_vat_code_id = %s WHERE id = %s",
            [self.vat_code_21.id, self.other_tax.id],
        )
        self.other_tax.invalidate_recordset()
        self.assertIn("does not match", "".join(problem_texts(theirs)))
        self.assertFalse(problem_texts(ours))

    def test_disconnecting_one_leaves_the_other(self):
        with self.enter_registry_test_mode():
            self.other.exact_connection_id._disconnect()
        self.env.invalidate_all()
        self.assertEqual(self.company.exact_connection_state, "connected")
        self.assertEqual(self.other.exact_connection_state, "disconnected")
