from odoo.exceptions import ValidationError
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
        form.exact_number_prefix = "{yyyy}{journal}"
        self.assertIn("INV/2026/00001 → too large", form.exact_number_preview)

    def test_preview_shows_the_last_ten(self):
        for _index in range(11):
            self.make_invoice()
        lines = self.company.exact_number_preview.splitlines()
        self.assertEqual(len(lines), 10)
        self.assertTrue(lines[0].startswith("INV/2026/00011"))

    def test_anything_but_digits_and_variables_is_refused(self):
        self.assert_refused("“I” is not allowed", exact_number_prefix="INV{yy}")
        self.assert_refused("“{month}” is not", exact_number_suffix="{month}")
        self.assert_refused("“-” is not", exact_credit_note_prefix="-")

    def test_letters_in_a_code_that_is_used_are_refused(self):
        self.make_invoice()
        self.company.exact_journal_id.code = "VK"
        self.assert_refused("“VK” is not a number", exact_number_prefix="{journal}")

    def test_more_than_int32_is_refused(self):
        self.make_invoice()
        self.assert_refused("greater than 2147483647", exact_number_prefix="99999")

    def test_clash_of_invoice_and_credit_note_is_refused(self):
        self.make_invoice()
        self.make_invoice(move_type="out_refund")
        self.assert_refused(
            "RINV/2026/00001 and INV/2026/00001 would both get .* 2600001",
            exact_credit_note_prefix="{yy}",
        )

    def test_same_number_in_another_year_or_journal_is_no_clash(self):
        self.make_invoice()
        self.make_invoice(invoice_date="2025-03-10")
        self.company.exact_number_prefix = "9"
        refund = self.make_invoice(move_type="out_refund")
        journal = refund.journal_id.sudo().copy({"code": "RET", "type": "sale"})
        journal.exact_journal_id = self.company.exact_journal_id.copy({"code": "71"})
        self.make_invoice(journal_id=journal.id)
        self.company.exact_number_prefix = "8"
