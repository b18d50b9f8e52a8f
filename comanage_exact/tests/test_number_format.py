from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestNumberFormat(ExactCommon):
    def setUp(self):
        super().setUp()
        self.company = self.company.sudo()

    def assert_refused(self, sentence, **values):
        with self.assertRaisesRegex(ValidationError, sentence):
            self.company.write(values)
        self.env.invalidate_all(flush=False)

    def test_preview_follows_what_is_typed(self):
        self.make_invoice()
        self.make_invoice(move_type="out_refund")
        form = Form(self.company.with_user(self.env.ref("base.user_root")))
        self.assertEqual(
            form.exact_number_preview,
            "RINV/2026/00001 → 26900001\nINV/2026/00001 → 2600001",
        )
        form.exact_number_prefix = "{yyyy}7"
        self.assertIn("INV/2026/00001 → 2026700001", form.exact_number_preview)
        form.exact_number_prefix = "INV"
        self.assertIn("INV/2026/00001 → “I” is not a number", form.exact_number_preview)
        form.exact_number_prefix = "9999999999"
        self.assertIn(
            "INV/2026/00001 → greater than 2147483647", form.exact_number_preview
        )

    def test_preview_shows_the_last_ten(self):
        for _index in range(11):
            self.make_invoice()
        lines = self.company.exact_number_preview.splitlines()
        self.assertEqual(len(lines), 10)
        self.assertTrue(lines[0].startswith("INV/2026/00011"))

    def test_preview_says_once_what_is_wrong_with_all(self):
        for _index in range(3):
            self.make_invoice()
        form = Form(self.company.with_user(self.env.ref("base.user_root")))
        form.exact_number_prefix = "9999999999"
        self.assertEqual(
            form.exact_number_preview,
            "INV/2026/00003 … INV/2026/00001 → greater than 2147483647",
        )

    def test_preview_keeps_the_number_of_what_is_booked(self):
        invoice = self.make_invoice()
        invoice.sudo()._exact_create_outboxes()
        invoice.sudo().exact_outbox_id.write({"state": "sent", "exact_number": "41"})
        form = Form(self.company.with_user(self.env.ref("base.user_root")))
        form.exact_number_prefix = "{yyyy}7"
        text = "INV/2026/00001 → 41 (booked)"
        self.assertEqual(form.exact_number_preview, text)

    def test_anything_but_digits_and_variables_is_refused(self):
        self.assert_refused("“I” is not allowed", exact_number_prefix="INV{yy}")
        self.assert_refused("“{month}” is not", exact_number_suffix="{month}")
        self.assert_refused("“-” is not", exact_credit_note_prefix="-")
        self.assert_refused("“D” is not", exact_debit_note_prefix="D")
        journal = self.company_data["default_journal_sale"].sudo()
        with self.assertRaisesRegex(ValidationError, "“W” is not"):
            journal.exact_number_prefix = "W"

    def assert_warns(self, sentence, **values):
        """Save a format, which always works, and read what is said beside it."""
        self.company.write(values)
        self.company.invalidate_recordset()
        self.assertRegex(self.company.exact_number_warning or "", sentence)

    def test_letters_in_a_code_that_is_used_are_told(self):
        self.make_invoice()
        self.company.exact_journal_id.code = "VK"
        self.assert_warns("“VK” is not a number", exact_number_prefix="{journal}")

    def test_more_than_int32_is_told(self):
        self.make_invoice()
        self.assert_warns(
            "greater than 2147483647[^z]*"
            "Change Number Prefix of company_1_data to {yy}: click Use Proposed",
            exact_number_prefix="9999999999",
        )
        self.assertTrue(self.company.is_exact_number_proposed)

    def test_clash_of_invoice_and_credit_note_is_told(self):
        self.make_invoice()
        self.make_invoice(move_type="out_refund")
        self.assert_warns(
            "RINV/2026/00001 and INV/2026/00001 would both get .* 2600001 in Exact "
            "Online journal 700, financial year 2026",
            exact_credit_note_prefix="{yy}",
        )
        administrator = self.env.ref("base.user_admin")
        self.company.with_user(administrator).action_exact_use_number_format()
        self.assertEqual(self.company.exact_credit_note_prefix, "{yy}9")
        self.company.invalidate_recordset()
        self.assertFalse(self.company.exact_number_warning)

    def test_same_number_in_another_year_or_journal_is_no_clash(self):
        self.make_invoice()
        self.make_invoice(invoice_date="2025-03-10")
        self.company.exact_number_prefix = "9"
        refund = self.make_invoice(move_type="out_refund")
        journal = refund.journal_id.sudo().copy({"code": "RET", "type": "sale"})
        journal.exact_journal_id = self.company.exact_journal_id.copy({"code": "71"})
        journal.exact_number_prefix = False
        self.make_invoice(journal_id=journal.id)
        self.company.exact_start_date = False
        self.company.exact_number_prefix = "8"
        self.assertFalse(self.company.exact_number_warning)

    # === WHOM THE BUTTON OBEYS === #

    def test_only_who_may_change_settings_takes_the_proposal(self):
        told = "Only an Exact Online manager can change the entry numbers of company_1"
        with self.assertRaisesRegex(AccessError, told):
            self.company.with_user(self.accountant).action_exact_use_number_format()
        journal = self.company_data["default_journal_sale"]
        with self.assertRaises(AccessError):
            journal.with_user(self.accountant).action_exact_use_number_format()
