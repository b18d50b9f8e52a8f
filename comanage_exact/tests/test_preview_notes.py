from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..mappers.tax import TaxMapper
from .kinds import KindsCommon
from .test_preview import preview_of


@tagged("post_install", "-at_install")
class TestPreviewNotes(KindsCommon):
    """What is good to know before a booking, though nothing is wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.condition = cls.lists["exact.payment.condition"].create(
            {
                **cls.own,
                "code": "30",
                "name": "30 days",
                "payment_days": 30,
                "payment_method": "B",
                "share": 1,
            }
        )

    def notes(self, *lines, **values):
        preview = preview_of(self, self.make_lines(*lines, **values))
        self.assertFalse(preview.problems)
        return (preview.notes or "").splitlines()

    def make_term(self, *lines, **values):
        term = self.lists["account.payment.term"].create(
            {
                "name": "Term",
                "line_ids": [
                    Command.create(line)
                    for line in lines or ({"value_amount": 100, "nb_days": 30},)
                ],
                **values,
            }
        )
        term.with_company(self.company).exact_payment_condition_id = self.condition
        return term

    # === LINES === #

    def test_plain_invoice_has_no_notes(self):
        term = self.make_term()
        self.assertEqual(
            self.notes({"price_unit": 100}, invoice_payment_term_id=term.id), []
        )

    def test_lines_without_tax_are_named(self):
        (note,) = self.notes(
            {"price_unit": 100},
            {"price_unit": 5, "name": "Deposit", "tax": self.tax_21.browse()},
            {"price_unit": 0, "name": "Free", "tax": self.tax_21.browse()},
        )
        self.assertIn("“Deposit” has no VAT in Odoo", note)
        self.assertIn("VAT code 0", note)

    def test_tax_on_payment_is_told(self):
        account = self.company_data["default_account_tax_sale"].sudo()
        account.reconcile = True
        tax = self.make_tax(
            21,
            self.vat_code_21,
            tax_exigibility="on_payment",
            cash_basis_transition_account_id=account.id,
        )
        (note,) = self.notes({"price_unit": 100, "tax": tax})
        self.assertIn("is due on payment in Odoo", note)

    def test_tax_with_a_formula_takes_any_code_and_says_so(self):
        """Its add-on is not installed here, so that only the rate is unknown."""
        invoice = self.make_lines({"price_unit": 100})
        self.tax_21.sudo().exact_vat_code_id.percentage = 0.2
        self.assertIn("has a different rate", preview_of(self, invoice).problems)
        with patch.object(TaxMapper, "rate", None):
            preview = preview_of(self, invoice)
        self.assertFalse(preview.problems)
        self.assertIn("21% test has no fixed rate", preview.notes)

    # === COST CENTRES === #

    def make_account(self, name):
        plan = self.lists["account.analytic.plan"].create({"name": "Departments"})
        account = self.lists["account.analytic.account"].create(
            {"name": name, "plan_id": plan.id, "company_id": self.company.id}
        )
        return account.with_company(self.company)

    def test_analytic_account_without_cost_centre_is_told(self):
        account = self.make_account("Gent")
        line = {"price_unit": 100, "analytic_distribution": {str(account.id): 100}}
        self.assertEqual(self.notes(dict(line)), [], "Exact has no cost centres")
        center = self.lists["exact.cost.center"].create({**self.own, "code": "G"})
        (note,) = self.notes(dict(line))
        self.assertIn(f"cost unit: {account.display_name}.", note)
        account.exact_cost_center_id = center
        self.assertEqual(self.notes(dict(line)), [])
        self.company.sudo().exact_gl_account_id.use_cost_center = 2
        (note,) = self.notes(dict(line))
        self.assertIn("does not allow a cost centre", note)

    # === PAYMENT === #

    def test_instalments_are_told(self):
        term = self.make_term(
            {"value_amount": 30, "nb_days": 0}, {"value_amount": 70, "nb_days": 60}
        )
        (note,) = self.notes({"price_unit": 100}, invoice_payment_term_id=term.id)
        self.assertIn("the whole amount is due on 05/09/2026", note)

    def test_cash_discount_that_exact_does_not_give_is_told(self):
        term = self.make_term(
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
            early_pay_discount_computation="excluded",
        )
        (note,) = self.notes({"price_unit": 100}, invoice_payment_term_id=term.id)
        self.assertIn("gives 2% discount for payment within 7 days", note)
        self.condition.write({"discount_percentage": 0.02, "discount_days": 7})
        self.assertEqual(
            self.notes({"price_unit": 100}, invoice_payment_term_id=term.id), []
        )

    def test_cash_discount_that_odoo_does_not_give_is_told(self):
        self.condition.write({"discount_percentage": 2, "discount_days": 8})
        term = self.make_term()
        (note,) = self.notes({"price_unit": 100}, invoice_payment_term_id=term.id)
        self.assertIn("30 30 days gives 2% discount for payment within 8 days", note)

    def test_notes_are_printed(self):
        term = self.make_term(
            {"value_amount": 30, "nb_days": 0}, {"value_amount": 70, "nb_days": 60}
        )
        invoice = self.make_lines({"price_unit": 1}, invoice_payment_term_id=term.id)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "comanage_exact.exact_preview_document", preview_of(self, invoice).ids
        )[0]
        self.assertIn(b"Good to know:", html)
        self.assertIn(b"has several due dates", html)
