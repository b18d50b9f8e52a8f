from odoo.tests import tagged

from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestMappingChange(ExactCommon):
    """Changing a mapping tells how many invoices it concerns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_known()
        cls.settings = cls.company.sudo()
        cls.lists = cls.settings.env
        cls.own = {"company_id": cls.company.id}
        cls.account = cls.company_data["default_account_revenue"].sudo()
        cls.journal = cls.company_data["default_journal_sale"].sudo()

    def setUp(self):
        super().setUp()
        self.booked = self.make_invoice() + self.make_invoice()
        self.book(self.booked)
        self.waiting = self.make_invoice()
        self.waiting.action_exact_send()

    def book(self, invoices):
        invoices.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(set(invoices.mapped("exact_state")), {"sent"})

    def make(self, model, code, **values):
        return self.lists[model].create({**self.own, "code": code, **values})

    def assert_told(self, record, field_name, row, waiting, booked_with, booked=2):
        message = self.onchange(record, field_name, row)
        if waiting:
            self.assertIn(f"{waiting} waiting invoice(s) will be booked", message)
        else:
            self.assertNotIn("waiting", message)
        if booked_with:
            self.assertIn(
                f"{booked} invoice(s) were booked with {booked_with}", message
            )
        else:
            self.assertNotIn("were booked", message)

    def onchange(self, record, field_name, row):
        """Return the notification when `row` is chosen in the form of `record`."""
        record = record.sudo().with_company(self.company)
        result = record.onchange(
            {field_name: row.id}, [field_name], {field_name: {"fields": {}}}
        )
        warning = result.get("warning", {})
        if warning:
            self.assertEqual(warning["type"], "notification")
        return warning.get("message", "")

    def test_vat_code_of_a_tax(self):
        code = self.make("exact.vat.code", "44", percentage=0.21, vat_type="E")
        self.assert_told(self.tax_21, "exact_vat_code_id", code, 1, "4 21%")

    def test_choosing_the_same_again_says_nothing(self):
        message = self.onchange(self.tax_21, "exact_vat_code_id", self.vat_code_21)
        self.assertFalse(message)

    def test_tax_without_invoices_says_nothing(self):
        tax = self.tax_21.sudo().copy({"name": "unused"})
        self.assertFalse(self.onchange(tax, "exact_vat_code_id", self.vat_code_21))

    def test_booked_with_a_code_that_was_changed_since_does_not_count(self):
        code = self.make("exact.vat.code", "44", percentage=0.21, vat_type="E")
        self.tax_21.sudo().exact_vat_code_id = code
        self.assert_told(self.tax_21, "exact_vat_code_id", self.vat_code_21, 1, "")

    def test_gl_account_of_the_company_and_of_an_account(self):
        first, second = (
            self.make("exact.gl.account", code, is_bookable=True, exact_guid=guid)
            for code, guid in (("70", "a" * 8), ("71", "b" * 8))
        )
        old = self.settings.exact_gl_account_id.display_name
        self.assert_told(self.settings, "exact_gl_account_id", first, 1, old)
        self.account.exact_gl_account_id = first
        self.assert_told(self.settings, "exact_gl_account_id", second, 0, "")
        self.assert_told(self.account, "exact_gl_account_id", second, 1, "")

    def test_journal_of_the_company_and_of_a_journal(self):
        journal = self.make("exact.journal", "71")
        self.assert_told(self.settings, "exact_journal_id", journal, 1, "700 Sales")
        self.journal.exact_journal_id = self.settings.exact_journal_id
        self.assert_told(self.settings, "exact_journal_id", journal, 0, "")
        self.assert_told(self.journal, "exact_journal_id", journal, 1, "700 Sales")

    def test_journal_for_credit_notes_concerns_credit_notes_only(self):
        journal = self.make("exact.journal", "71")
        for record in (self.settings, self.journal):
            self.assert_told(record, "exact_credit_journal_id", journal, 0, "")
        self.make_invoice(move_type="out_refund").action_exact_send()
        for record in (self.settings, self.journal):
            self.assert_told(record, "exact_credit_journal_id", journal, 1, "")
        self.settings.exact_credit_journal_id = journal
        self.assert_told(self.settings, "exact_journal_id", journal, 1, "700 Sales")

    def test_payment_condition_of_the_company_and_of_a_term(self):
        old = self.make("exact.payment.condition", "30", name="30 days")
        new = self.make("exact.payment.condition", "60")
        term = self.env.ref("account.account_payment_term_30days")
        self.settings.exact_payment_condition_id = old
        # With it goes the one that was waiting.
        self.book(self.make_invoice() + self.make_invoice())
        field_name = "exact_payment_condition_id"
        self.assert_told(self.settings, field_name, new, 0, "30 30 days", booked=3)
        self.make_invoice(invoice_payment_term_id=term.id).action_exact_send()
        self.assert_told(term, "exact_payment_condition_id", new, 1, "")

    def test_settings_tell_the_same_as_the_company(self):
        journal = self.make("exact.journal", "71")
        settings = self.lists["res.config.settings"].with_company(self.company)
        result = settings.onchange(
            {"company_id": self.company.id, "exact_journal_id": journal.id},
            ["exact_journal_id"],
            {"company_id": {"fields": {}}, "exact_journal_id": {"fields": {}}},
        )
        message = result["warning"]["message"]
        self.assertIn("1 waiting invoice(s)", message)
        self.assertIn("2 invoice(s) were booked with 700 Sales", message)
