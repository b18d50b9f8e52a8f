from odoo import fields
from odoo.tests import tagged

from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestPreview(ExactCommon):
    """The booking as Exact will get it, shown before anything is sent."""

    def preview(self, invoice):
        action = invoice.action_exact_preview()
        return self.env[action["res_model"]].browse(action["res_id"])

    def lines(self, preview):
        return [
            (line.kind, line.debit, line.credit, (line.vat_code or "").split(" ")[0])
            for line in preview.line_ids
        ]

    def test_invoice_is_shown_in_debit_and_credit(self):
        preview = self.preview(self.make_invoice(100, 50))
        self.assertEqual(
            self.lines(preview),
            [
                ("debtor", 181.5, 0, ""),
                ("line", 0, 100, "4"),
                ("line", 0, 50, "4"),
                ("vat", 0, 31.5, ""),
            ],
        )
        self.assertEqual(preview.debit, preview.credit)

    def test_header_is_that_of_the_entry(self):
        invoice = self.make_invoice()
        preview = self.preview(invoice)
        self.assertEqual(preview.number, "2600001")
        self.assertEqual(preview.reference, invoice.name)
        self.assertEqual(preview.journal, "700 Sales")
        self.assertEqual(preview.entry_date, fields.Date.to_date("2026-03-10"))
        self.assertIn("Deco Addict", preview.customer)
        self.assertFalse(preview.problems)

    def test_credit_note_stands_on_the_other_side(self):
        preview = self.preview(self.make_invoice(move_type="out_refund"))
        self.assertEqual(
            self.lines(preview),
            [
                ("debtor", 0, 121, ""),
                ("line", 100, 0, "4"),
                ("vat", 21, 0, ""),
            ],
        )

    def test_draft_is_shown_as_provisional(self):
        preview = self.preview(self.make_invoice(post=False, invoice_date=False))
        self.assertTrue(preview.is_provisional)
        self.assertFalse(preview.problems)
        self.assertFalse(preview.number)
        self.assertEqual(preview.debit, 121)

    def test_draft_in_another_currency_without_a_date_is_shown(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        invoice = self.make_invoice(
            post=False, invoice_date=False, currency_id=dollar.id
        )
        self.assertEqual(self.preview(invoice).debit, 121)

    def test_all_problems_are_on_top(self):
        self.tax_21.sudo().exact_vat_code_id = False
        self.company.sudo().write(
            {"exact_journal_id": False, "exact_gl_account_id": False}
        )
        preview = self.preview(self.make_invoice())
        self.assertEqual(len(preview.problems.splitlines()), 3)
        self.assertTrue(preview.line_ids[1].is_missing)

    def test_it_works_before_there_is_a_connection(self):
        company = self.company.sudo()
        company.exact_connection_id.unlink()
        company.write(
            {
                "exact_journal_id": False,
                "exact_gl_account_id": False,
                "exact_division_id": False,
            }
        )
        self.env["exact.vat.code"].sudo().search([]).unlink()
        preview = self.preview(self.make_invoice())
        self.assertEqual((preview.debit, preview.credit), (121, 121))
        self.assertIn("no sales journal", preview.problems)

    def test_company_currency_is_shown_beside_another(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        rates = self.env["res.currency.rate"].sudo()
        rates.create(
            {
                "name": "2026-03-01",
                "rate": 1.25,
                "currency_id": dollar.id,
                "company_id": self.company.id,
            }
        )
        preview = self.preview(self.make_invoice(currency_id=dollar.id))
        self.assertEqual(preview.rate, "0.800000")
        self.assertEqual((preview.total_dc, preview.vat_dc), (96.8, 16.8))

    def test_nothing_is_queued_by_looking(self):
        invoice = self.make_invoice()
        self.preview(invoice)
        self.assertFalse(invoice.exact_outbox_id)

    def test_it_prints_with_its_problems(self):
        self.tax_21.sudo().exact_vat_code_id = False
        preview = self.preview(self.make_invoice())
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(
            "comanage_exact.exact_preview_document", preview.ids
        )
        self.assertIn(b"This would keep the invoice", html)
        self.assertIn(b"missing", html)
