from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from .common import ExactCommon

# What the tours type and choose, as it arrives; relations by their code.
EXPECTED = {
    "exact_site": "de",
    "exact_client_id": "typed-client-id",
    "exact_app_secret": "typed-secret",
    "exact_mismatch_reason": "Same company, former VAT number",
    "exact_division_id": "222222",
    "exact_journal_id": "71",
    "exact_credit_journal_id": "72",
    "exact_gl_account_id": "701000",
    "exact_payment_condition_id": "60",
    "exact_cost_center_id": "C1",
    "exact_cost_unit_id": "P1",
    "exact_no_vat_code_id": "0",
    "exact_number_prefix": "7{yy}",
    "exact_number_suffix": "1",
    "exact_credit_note_prefix": "8{yy}",
    "exact_debit_note_prefix": "6{yy}",
    "exact_trigger": "posted",
    "exact_delay": 15,
    "exact_start_date": "2026-02-01",
    "exact_history_days": 45,
    "exact_convert_prospects": True,
    "exact_send_pdf": False,
}


@tagged("post_install", "-at_install")
class TestTours(ExactCommon, HttpCase):
    """An administrator in a real browser."""

    is_frozen = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.company.sudo()
        cls.lists = cls.settings.env
        cls.own = {"company_id": cls.company.id}
        # Connected it could not change its site.
        cls.settings.exact_connection_id.state = "disconnected"
        # The charts of Odoo's tests have taxes that the settings would complain of.
        cls.settings.tax_exigibility = True
        cls.settings.vat = "BE0477472701"
        cls.settings.exact_division_id.vat_number = "BE0123456749"
        for model, code, name, values in (
            ("division", "222222", "Second", {"vat_number": "BE0123456749"}),
            ("journal", "71", "Second journal", {}),
            ("journal", "72", "Credit notes", {}),
            ("gl.account", "701000", "Second account", {"is_bookable": True}),
            ("payment.condition", "60", "Sixty days", {}),
            ("vat.code", "0", "No VAT", {"vat_type": "N"}),
            ("cost.center", "C1", "Sales Belgium", {}),
            ("cost.unit", "P1", "Project", {}),
        ):
            cls.make(model, code, name=name, **values)
        cls.administrator = new_test_user(
            cls.lists,
            login="administrator",
            groups="base.group_system,account.group_account_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.make_invoice(invoice_date="2026-01-10")

    @classmethod
    def make(cls, model, code, **values):
        return cls.lists[f"exact.{model}"].create({**cls.own, "code": code, **values})

    def read_settings(self):
        self.env.invalidate_all()
        values = {}
        for name in EXPECTED:
            value = self.settings[name]
            is_relation = self.settings._fields[name].relational
            values[name] = value.code if is_relation else value
        return {**values, "exact_start_date": str(values["exact_start_date"])}

    def open(self, path, tour):
        self.start_tour(f"/odoo/{path}", tour, login="administrator")

    def test_company_form_saves_what_was_typed(self):
        path = f"action-base.action_res_company_form/{self.company.id}"
        self.open(path, "exact_company_form")
        self.assertEqual(self.read_settings(), EXPECTED)

    def test_settings_lead_to_the_company(self):
        self.open("action-account.action_account_config", "exact_settings_form")

    def test_settings_that_nobody_touched_stay(self):
        before = self.read_settings()
        settings = self.lists["res.config.settings"].with_user(self.administrator)
        settings.with_company(self.company).create({}).execute()
        self.assertEqual(self.read_settings(), before)

    def test_vat_codes_are_accepted_by_a_click(self):
        for code, values in (
            ("51", {"name": "21% inclusive", "vat_type": "I"}),
            ("52", {"name": "21% purchase", "transaction_type": "P"}),
        ):
            self.make("vat.code", code, percentage=0.21, **{"vat_type": "E", **values})
        tax = self.tax_21.sudo().copy({"name": "Doubtful tax"})
        self.assertTrue(tax.exact_proposed_vat_code_id, tax.exact_proposal_reason)
        self.open("action-comanage_exact.account_tax_action", "exact_vat_codes")
        tax.invalidate_recordset()
        self.assertEqual(tax.exact_vat_code_id, tax.exact_proposed_vat_code_id)

    def test_readiness_leads_to_the_cure(self):
        self.tax_21.sudo().exact_vat_code_id = False
        path = f"action-base.action_res_company_form/{self.company.id}"
        self.open(path, "exact_readiness")
