from odoo.tests import tagged

from ..mappers.customer import CustomerMapper
from ..mappers.sales_entry import SalesEntryMapper
from ..sync import messages
from .common import CUSTOMER_GUID
from .common_customers import OTHER_GUID, CustomersCommon


@tagged("post_install", "-at_install")
class TestCollective(CustomersCommon):
    def setUp(self):
        super().setUp()
        self.person = self.partner.create(
            {
                "name": "Jan Peeters",
                "is_company": False,
                "country_id": self.env.ref("base.be").id,
            }
        )
        self.account = self.add_account(OTHER_GUID, Name="Consumers Belgium")
        self.rule = self.add_rule(country_id=self.env.ref("base.be").id)

    def add_rule(self, **values):
        rules = self.env["exact.collective.rule"].sudo()
        own = {"company_id": self.company.id, "account_id": self.account.id}
        return rules.create({**own, **values})

    def get_customer(self, **values):
        values.setdefault("partner_id", self.person.id)
        self.book(**values)
        return self.bodies("POST")[-1]["Customer"]

    def test_consumer_is_booked_on_the_collective_account(self):
        self.assertEqual(self.get_customer(), OTHER_GUID)
        self.assertEqual(len(self.calls), 1)

    def test_the_real_name_is_in_the_text(self):
        self.get_customer()
        self.assertIn("Jan Peeters", self.bodies("POST")[0]["Description"])

    def test_consumer_gets_no_account_of_his_own(self):
        self.get_customer()
        self.assertFalse(self.person.sudo().exact_guid)

    def test_company_is_no_consumer(self):
        self.assertEqual(
            self.get_customer(partner_id=self.customer.id, creates=True), CUSTOMER_GUID
        )

    def test_consumer_of_another_country_has_an_account_of_his_own(self):
        self.person.country_id = self.env.ref("base.nl")
        self.assertEqual(self.get_customer(creates=True), CUSTOMER_GUID)

    def test_person_with_a_vat_number_is_no_consumer(self):
        self.person.vat = "BE0477472701"
        self.assertEqual(self.get_customer(creates=True), CUSTOMER_GUID)

    def test_invoice_over_the_amount_has_an_account_of_its_own(self):
        self.rule.amount_up_to = 120.99
        self.assertEqual(self.get_customer(creates=True), CUSTOMER_GUID)

    def test_invoice_of_the_amount_goes_together(self):
        self.rule.amount_up_to = 121
        self.assertEqual(self.get_customer(), OTHER_GUID)

    def test_credit_note_in_part_goes_where_its_original_went(self):
        self.rule.amount_up_to = 120
        original = self.make_invoice(partner_id=self.person.id)
        credit = self.make_invoice(
            10,
            partner_id=self.person.id,
            move_type="out_refund",
            reversed_entry_id=original.id,
        )
        self.assertFalse(SalesEntryMapper(credit).rule)
        self.rule.amount_up_to = 121
        self.assertEqual(SalesEntryMapper(credit).rule, self.rule)

    def test_consumer_on_an_intra_community_code_is_told(self):
        self.vat_code_21.eu_listing = "S"
        with self.exact():
            invoice = self.send(partner_id=self.person.id)
        self.assertIn(
            "has no VAT number, but Exact Online VAT code 4", invoice.exact_error
        )

    def test_vanished_account_is_told(self):
        self.account.unlink()
        with self.exact():
            invoice = self.send(partner_id=self.person.id)
        self.assertIn(
            "for consumers such as Jan Peeters no longer", invoice.exact_error
        )


@tagged("post_install", "-at_install")
class TestVatNumber(CustomersCommon):
    def get_error(self):
        with self.exact():
            return self.send().exact_error

    def test_wrong_vat_number_is_told_before_anything_leaves(self):
        self.partner.vat = "BE0477472702"
        self.assertIn("BE0477472702 is not a valid VAT number", self.get_error())

    def test_number_of_a_country_outside_the_union_is_not_judged(self):
        self.partner.write({"vat": "CHE123", "country_id": self.env.ref("base.ch").id})
        self.book(creates=True)

    def test_customer_without_a_number_is_fine(self):
        self.partner.vat = "/"
        self.book(creates=True)

    def test_numbers_of_other_countries_of_the_union_are_judged_by_their_rules(self):
        numbers = {
            "nl": {"NL004495445B01": True, "NL123456789B90": False},
            # VAT numbers of Greece do not begin with the code of the country.
            "gr": {"EL023456780": True, "EL123456781": False},
        }
        for country, judged in numbers.items():
            for number, is_valid in judged.items():
                with self.subTest(number):
                    self.partner.write(
                        {
                            "country_id": self.env.ref(f"base.{country}").id,
                            "vat": number,
                        }
                    )
                    found = CustomerMapper(self.partner).problems()
                    problems = messages.problem_texts(self.env, found)
                    told = f"{number} is not a valid VAT number for Deco Addict"
                    self.assertEqual(not problems, is_valid)
                    self.assertEqual(told in " ".join(problems), not is_valid)

    def test_intra_community_code_needs_a_vat_number(self):
        self.partner.vat = False
        # Goods, services, triangular trade.
        for listing in ("L", "S", "T"):
            self.vat_code_21.eu_listing = listing
            with self.subTest(listing):
                self.assertIn(
                    "has no VAT number, but Exact Online VAT code 4", self.get_error()
                )

    def test_code_that_is_on_no_listing_needs_no_vat_number(self):
        self.partner.vat = False
        self.vat_code_21.eu_listing = "N"
        self.book(creates=True)

    def test_all_problems_are_told_at_once(self):
        self.partner.vat = "BE0477472702"
        self.tax_21.sudo().exact_vat_code_id = False
        error = self.get_error()
        self.assertIn("is not a valid VAT number", error)
        self.assertIn("no Exact Online VAT code", error)
