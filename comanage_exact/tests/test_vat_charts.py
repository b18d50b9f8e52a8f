from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from . import vat_lists


class VatChartCase(AccountTestInvoicingCommon):
    """A company with the chart of a country, whose division has a list of codes."""

    vat_lists = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        prefix = f"{cls.company.id}_"
        rows = cls.env["ir.model.data"].search(
            [("model", "=", "account.tax"), ("name", "=like", f"{prefix}%")]
        )
        taxes = cls.env["account.tax"].browse(rows.mapped("res_id"))
        by_id = {tax.id: tax for tax in taxes if tax.type_tax_use == "sale"}
        cls.taxes = {
            data_row.name.removeprefix(prefix): by_id[data_row.res_id]
            for data_row in rows
            if data_row.res_id in by_id
        }

    def load(self, vat_list):
        """Make the division's codes these."""
        codes = self.env["exact.vat.code"].sudo()
        codes.with_context(active_test=False).search([]).unlink()
        codes.create(
            [{**values, "company_id": self.company.id} for values in vat_list.codes]
        )

    def get_chosen(self):
        return {name: tax.exact_vat_code_id.code for name, tax in self.taxes.items()}

    def check_lists(self):
        for label, vat_list in self.vat_lists.items():
            with self.subTest(label):
                self.load(vat_list)
                self.env["account.tax"]._exact_map(self.company)
                chosen = {
                    name: code or None for name, code in self.get_chosen().items()
                }
                self.assertEqual(chosen, vat_list.expected)
                for tax in self.taxes.values():
                    tax.write({"exact_vat_code_id": False, "exact_was_mapped": False})

    def check_proposals(self):
        """Check that the screen shows the same, and a hint to each other one."""
        for label, vat_list in self.vat_lists.items():
            self.load(vat_list)
            self.env.invalidate_all()
            for name, tax in self.taxes.items():
                with self.subTest(f"{label}: {name}"):
                    expected = vat_list.expected[name]
                    confidence = tax.exact_proposal_confidence
                    self.assertEqual(confidence == "certain", expected is not None)
                    if expected:
                        code = tax.exact_proposed_vat_code_id.code
                        self.assertEqual(code, expected)
                    self.assertTrue(tax.exact_proposal_reason)
                    self.assertNotIn("%(", tax.exact_proposal_reason)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestVatBelgium(VatChartCase):
    vat_lists = vat_lists.BELGIAN

    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template("be_comp")
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()

    def test_every_tax_gets_its_code_or_none(self):
        self.check_lists()

    def test_every_tax_shows_a_proposal_with_its_reason(self):
        self.check_proposals()

    def test_without_electronic_invoicing_the_boxes_are_enough(self):
        for tax in self.taxes.values():
            tax.ubl_cii_tax_category_code = False
            tax.ubl_cii_tax_exemption_reason_code = False
        self.check_lists()

    def test_code_chosen_by_a_person_stays(self):
        self.load(vat_lists.BELGIAN_DUTCH)
        other = self.env["exact.vat.code"].search([("code", "=", "M1")])
        tax = self.taxes["attn_VAT-OUT-21-L"]
        tax.exact_vat_code_id = other
        self.env["account.tax"]._exact_map(self.company)
        self.assertEqual(tax.exact_vat_code_id, other)
        tax.action_exact_accept_proposal()
        self.assertEqual(tax.exact_vat_code_id, other)

    def test_accepting_fills_proposals_and_names_the_rest(self):
        self.load(vat_lists.BELGIAN_GERMAN)
        clear = self.taxes["attn_VAT-OUT-21-L"]
        unclear = self.taxes["attn_VAT-OUT-12-L"]
        answer = (clear + unclear).action_exact_accept_proposal()
        self.assertEqual(clear.exact_vat_code_id.code, "6")
        self.assertFalse(unclear.exact_vat_code_id)
        self.assertIn(unclear.display_name, answer["params"]["message"])

    def test_doubtful_proposal_can_be_accepted(self):
        self.load(vat_lists.BELGIAN_DUTCH)
        codes = self.env["exact.vat.code"].search([])
        codes.filtered(lambda code: code.code in ("5", "0")).sudo().unlink()
        tax = self.taxes["attn_VAT-OUT-00-L"]
        self.assertEqual(tax.exact_proposal_confidence, "doubtful")
        tax.action_exact_accept_proposal()
        self.assertEqual(tax.exact_vat_code_id.code, "V")

    def test_only_accountants_accept_whether_or_not_they_keep_taxes(self):
        self.load(vat_lists.BELGIAN_DUTCH)
        tax = self.taxes["attn_VAT-OUT-21-L"]
        for group, is_allowed in (
            ("comanage_exact.group_exact_user", False),
            ("account.group_account_invoice", False),
            ("account.group_account_readonly", False),
            ("account.group_account_user", True),
            ("comanage_exact.group_exact_accountant", True),
            ("comanage_exact.group_exact_manager", True),
            ("account.group_account_manager", True),
        ):
            with self.subTest(group):
                user = new_test_user(
                    self.env,
                    login=group,
                    groups=f"base.group_user,{group}",
                    company_id=self.company.id,
                    company_ids=[(6, 0, self.company.ids)],
                )
                as_user = tax.with_user(user)
                if is_allowed:
                    as_user.action_exact_accept_proposal()
                    self.assertEqual(tax.exact_vat_code_id.code, "4")
                else:
                    with self.assertRaises(AccessError):
                        as_user.action_exact_accept_proposal()


@tagged("post_install_l10n", "post_install", "-at_install")
class TestVatNetherlands(VatChartCase):
    vat_lists = vat_lists.DUTCH

    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template("nl")
    @AccountTestInvoicingCommon.setup_country("nl")
    def setUpClass(cls):
        super().setUpClass()

    def test_every_tax_gets_its_code_or_none(self):
        self.check_lists()

    def test_every_tax_shows_a_proposal_with_its_reason(self):
        self.check_proposals()
