from odoo import Command
from odoo.tests import tagged

from .common import problem_texts
from .kinds import OTHER_GL_GUID, KindsCommon


@tagged("post_install", "-at_install")
class TestKindsUntaxed(KindsCommon):
    """What carries no VAT: lines without tax, fixed taxes alone, levies in per cent."""

    def make_own_line(self, amount, **values):
        """Make a tax that is no VAT, booked on an account of its own."""
        tax = self.make_tax(amount, **values)
        account = self.company_data["default_account_expense"]
        self.make_gl_account(account)
        parts = tax.repartition_line_ids
        parts.filtered(lambda part: part.repartition_type == "tax").account_id = account
        return tax

    # === LINES WITHOUT TAX === #

    def test_line_without_tax_has_the_code_for_untaxed_lines(self):
        invoice = self.make_lines(
            {"price_unit": 100},
            {"price_unit": 50, "name": "Deposit", "tax": self.tax_21.browse()},
        )
        self.assert_books(
            invoice, self.line(100.0, 21.0), self.line(50.0, 0.0, "0", name="Deposit")
        )

    def test_small_enterprise_has_no_tax_on_any_line(self):
        invoice = self.make_lines(
            {"price_unit": 100, "tax": self.tax_21.browse()},
            move_type="out_refund",
        )
        self.assert_books(invoice, self.line(-100.0, 0.0, "0"), EntryNumber=26900001)

    def test_line_without_tax_and_without_that_code_is_told(self):
        self.company.sudo().exact_no_vat_code_id = False
        invoice = self.make_lines(
            {"price_unit": 50, "name": "Deposit", "tax": self.tax_21.browse()}
        )
        (problem,) = problem_texts(invoice)
        self.assertIn("“Deposit” has no VAT", problem)
        self.assertIn("field VAT Code for Untaxed Lines", problem)

    # === ONLY A FIXED TAX === #

    def test_empties_that_come_back(self):
        """2 boxes of bottles are sold, 2 empty ones come back without a price."""
        empty = self.make_own_line(1.0, amount_type="fixed", invoice_label="Empties")
        invoice = self.make_lines(
            {
                "price_unit": 100,
                "quantity": 2,
                "discount": 10,
                "tax": empty + self.tax_21,
            },
            {"price_unit": 0, "quantity": -2, "tax": empty},
        )
        self.assertEqual(invoice.amount_total, 217.8)
        options = {"name": "Empties", "GLAccount": OTHER_GL_GUID}
        self.assert_books(
            invoice,
            self.line(180.0, 37.8),
            self.line(2.0, 0.0, "0", **options),
            self.line(-2.0, 0.0, "0", **options),
        )

    # === A PERCENTAGE THAT IS NO VAT === #

    def test_fee_in_per_cent_beside_the_vat(self):
        fee = self.make_own_line(
            2.5,
            exact_is_vat="own_line",
            invoice_label="Accommodation fee",
            include_base_amount=True,
            sequence=0,
        )
        vat = self.make_tax(15, self.make_code("15", 0.15))
        invoice = self.make_lines({"price_unit": 100, "tax": fee + vat})
        self.assertEqual(invoice.amount_total, 117.88)
        self.assert_books(
            invoice,
            self.line(100.0, 15.0, "15"),
            self.line(
                2.5, 0.38, "15", name="Accommodation fee", GLAccount=OTHER_GL_GUID
            ),
        )

    def test_tourist_tax_outside_the_vat_base(self):
        levy = self.make_own_line(
            12.5, exact_is_vat="own_line", invoice_label="Tourist tax"
        )
        refund = self.make_lines(
            {"price_unit": 100, "tax": levy + self.tax_6}, move_type="out_refund"
        )
        self.assert_books(
            refund,
            self.line(-100.0, -6.0, "2"),
            self.line(-12.5, 0.0, "0", name="Tourist tax", GLAccount=OTHER_GL_GUID),
            EntryNumber=26900001,
        )

    def test_two_taxes_are_told_with_both_cures(self):
        fee = self.make_own_line(2.5, name="Fee")
        invoice = self.make_lines({"price_unit": 100, "tax": fee + self.tax_21})
        told = problem_texts(invoice)[0]
        self.assertIn("more than one VAT tax (", told)
        self.assertIn(fee.display_name, told)
        self.assertIn("choose “Not VAT” on the tax", told)

    def test_amount_that_the_customer_withholds(self):
        withheld = self.make_own_line(
            -15, exact_is_vat="own_line", invoice_label="IRPF"
        )
        invoice = self.make_lines({"price_unit": 100, "tax": withheld + self.tax_21})
        self.assert_books(
            invoice,
            self.line(100.0, 21.0),
            self.line(-15.0, 0.0, "0", name="IRPF", GLAccount=OTHER_GL_GUID),
        )

    # === MARGIN === #

    def test_margin_scheme_shows_no_vat_and_its_code_has_a_rate(self):
        code = self.make_code("M", 0.21, vat_margin=1)
        invoice = self.make_lines({"price_unit": 100, "tax": self.make_tax(0, code)})
        self.assert_books(invoice, self.line(100.0, 0.0, "M"))

    # === ZEROS === #

    def test_zero_lines_are_left_out(self):
        invoice = self.make_lines(
            {"price_unit": 0, "name": "Free", "tax": self.tax_21.browse()},
            {"price_unit": 100},
        )
        self.assert_books(invoice, self.line(100.0, 21.0))

    def test_zero_lines_stay_where_there_is_nothing_else(self):
        invoice = self.make_lines({"price_unit": 0}, {"price_unit": 0})
        self.assert_books(invoice, self.line(0.0, 0.0), self.line(0.0, 0.0))

    # === PROPOSALS === #

    def test_levies_are_proposed_by_their_meaning(self):
        for name in ("Tourist tax 5%", "Toeristenbelasting", "Eco-contribution 2%"):
            tax = self.make_tax(5, name=name)
            with self.subTest(name=name):
                self.assertTrue(tax.is_exact_proposed_levy)
                self.assertEqual(tax.exact_proposal_confidence, "certain")
                tax.action_exact_accept_proposal()
                self.assertEqual(tax.exact_is_vat, "own_line")

    def test_vat_is_no_levy_whatever_it_is_for(self):
        tag = self.lists["account.account.tag"].create(
            {
                "name": "+03",
                "applicability": "taxes",
                "country_id": self.env.ref("base.be").id,
            }
        )
        tax = self.make_tax(21, name="Environment 21%")
        tax.invoice_repartition_line_ids.tag_ids = [Command.link(tag.id)]
        for vat in (tax, self.make_tax(6, name="Btw 6% milieu")):
            self.assertFalse(vat.is_exact_proposed_levy, vat.name)

    def test_levies_are_chosen_when_the_lists_are_read(self):
        tax = self.make_tax(5, name="Taxe de séjour")
        self.lists["account.tax"]._exact_map(self.company.sudo())
        self.assertEqual(tax.exact_is_vat, "own_line")
        tax.exact_is_vat = "vat"
        self.lists["account.tax"]._exact_map(self.company.sudo())
        self.assertEqual(tax.exact_is_vat, "vat", "A person's choice stays")
