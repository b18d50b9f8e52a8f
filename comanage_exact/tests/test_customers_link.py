from odoo import fields
from odoo.tests import tagged

from ..exact_api.const import MAX_CLIENT_ERRORS_PER_HOUR
from ..exact_api.rate_limits import Budget
from ..exact_api.resources import ACCOUNTS
from .common import ACCOUNTS_URL, CUSTOMER_GUID, ENTRIES_URL, error_body
from .common_customers import CUSTOMER_URL, MAIL, OTHER_GUID, CustomersCommon

VAT = "BE0477472701"


@tagged("post_install", "-at_install")
class TestLinked(CustomersCommon):
    """What Exact has empty is filled in, what it has otherwise a person decides."""

    def test_what_exact_lacks_goes_before_the_invoice(self):
        self.partner.phone = "+32 2 123 45 67"
        self.add_account(VATNumber=VAT)
        self.book()
        self.assertEqual(
            self.bodies("PUT"),
            [
                {
                    "Email": "ap@deco.example",
                    "Language": "EN",
                    "ChamberOfCommerce": "0477472701",
                    "Phone": "+32 2 123 45 67",
                }
            ],
        )
        self.assertEqual(self.partner._exact_get_account().email, "ap@deco.example")
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_vat_number_is_filled_in_where_the_registry_found_it(self):
        self.add_account(**MAIL)
        self.book()
        self.assertEqual(self.bodies("PUT"), [{"VATNumber": VAT}])

    def test_what_differs_stays_until_it_is_decided(self):
        self.add_account(
            VATNumber=VAT, **{**MAIL, "Email": "old@deco.example"}, Phone="1"
        )
        self.book()
        self.assertEqual(self.bodies("PUT"), [])
        self.assertIn("old@deco.example", self.partner.exact_difference_html)
        self.assertNotIn("Postcode", self.partner.exact_difference_html)

    def make_differing(self):
        known = {**MAIL, "Email": "old@deco.example"}
        self.add_account(VATNumber=VAT, **known)
        self.book()

    def test_send_brings_it_with_the_next_invoice(self):
        self.make_differing()
        self.customer.action_exact_send_differences()
        self.assertFalse(self.partner.exact_difference_html)
        self.book()
        self.assertEqual(self.bodies("PUT"), [{"Email": "ap@deco.example"}])

    def test_keep_leaves_it(self):
        self.make_differing()
        self.customer.action_exact_keep_differences()
        self.assertFalse(self.partner.exact_difference_html)
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_a_later_change_decides_it_too(self):
        self.make_differing()
        self.partner.email = "new@deco.example"
        self.book()
        self.assertEqual(self.bodies("PUT"), [{"Email": "new@deco.example"}])
        self.assertFalse(self.partner.exact_difference_html)

    def test_what_became_equal_in_exact_is_not_shown(self):
        self.make_differing()
        self.add_account(VATNumber=VAT, **MAIL)
        self.env.invalidate_all()
        self.assertFalse(self.partner.exact_difference_html)

    # === SHARED === #

    def make_shared(self):
        self.add_account(VATNumber=VAT, **MAIL)
        self.book()
        twin = self.partner.copy(
            {"name": "Deco twin", "vat": VAT, "email": "t@d.example"}
        )
        with self.exact():
            invoice = self.send(partner_id=twin.id)
        self.assertEqual(invoice.exact_status, "customer")
        self.get_match(twin).candidate_ids.action_link()
        return twin, invoice

    def test_shared_account_is_changed_by_its_first_contact_only(self):
        twin, _invoice = self.make_shared()
        twin.city = "Gent"
        self.book(partner_id=twin.id)
        self.assertEqual(self.bodies("PUT"), [])
        self.partner.city = "Brugge"
        self.book()
        self.assertEqual(self.bodies("PUT"), [{"City": "Brugge"}])

    def test_the_next_contact_takes_over_from_one_that_was_archived(self):
        twin, _invoice = self.make_shared()
        self.partner.active = False
        twin.city = "Gent"
        self.book(partner_id=twin.id)
        self.assertEqual([body["City"] for body in self.bodies("PUT")], ["Gent"])
        self.partner.active = True
        self.assertEqual((twin | self.partner)._exact_first(), self.partner)

    def test_contact_that_shares_sends_no_differences(self):
        twin, _invoice = self.make_shared()
        self.assertIn("t@d.example", twin.exact_difference_html)
        with self.assertRaisesRegex(Exception, "shares its Exact Online customer"):
            twin.with_env(self.env).action_exact_send_differences()

    def test_the_first_one_is_told_by_the_link_not_by_its_age(self):
        older = self.partner.create({"name": "Deco older", "vat": VAT})
        self.partner, older = older, self.partner
        self.partner, older = older, self.partner
        self.add_account(VATNumber=VAT, **MAIL)
        self.book()
        self.assertEqual(self.partner._exact_first(), self.partner)
        older.write(
            {"exact_guid": CUSTOMER_GUID, "exact_linked_at": "2026-03-10 10:00:00"}
        )
        self.assertEqual((older | self.partner)._exact_first(), self.partner)
        older.exact_linked_at = "2026-03-01 10:00:00"
        self.assertEqual((older | self.partner)._exact_first(), older)

    # === LISTED VAT CODES === #

    def test_listed_code_brings_the_vat_number_to_exact(self):
        self.vat_code_21.eu_listing = "L"
        self.make_known()
        self.add_account(**MAIL)
        self.book()
        self.assertEqual(self.bodies("PUT"), [{"VATNumber": VAT}])
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_listed_code_with_the_number_in_exact_needs_nothing(self):
        self.vat_code_21.eu_listing = "L"
        self.make_known()
        self.add_account(VATNumber=VAT, **MAIL)
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_listed_code_waits_where_exact_refuses_the_vat_number(self):
        self.vat_code_21.eu_listing = "L"
        self.make_known()
        self.add_account(**MAIL)
        with self.exact() as mock:
            refusal = error_body("Ongeldig: Btw-nummer [BE0477472701]")
            mock.put(CUSTOMER_URL, status=500, json=refusal)
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertIn("no VAT number in Exact Online", invoice.exact_error)
        # Nothing is asked again before something changes.
        with self.exact():
            again = self.send()
        self.assertIn("no VAT number in Exact Online", again.exact_error)

    def test_listed_code_of_a_shared_account_without_a_number_waits(self):
        twin, invoice = self.make_shared()
        self.partner._exact_get_account().vat_number = False
        self.vat_code_21.eu_listing = "L"
        with self.exact():
            self.send(invoice)
        self.assertIn("no VAT number in Exact Online", invoice.exact_error)
        self.assertTrue(twin.exact_guid)

    # === FOUND BY ITS NUMBER === #

    def test_reference_finds_the_customer(self):
        self.company.sudo().exact_customer_number = "ref"
        self.partner.write({"vat": False, "company_registry": False, "ref": "100100"})
        self.add_account(OTHER_GUID, Code="100101")
        self.add_account(Code="           0100100", Language="EN")
        self.book()
        self.assertEqual(self.partner.exact_guid, CUSTOMER_GUID)

    def test_reference_of_another_name_is_asked(self):
        self.company.sudo().exact_customer_number = "ref"
        self.partner.write({"vat": False, "company_registry": False, "ref": "100100"})
        self.add_account(Code="100100", Name="Hops")
        with self.exact():
            invoice = self.send()
        self.assertEqual(invoice.exact_status, "customer")
        self.assertIn("Same customer number", self.get_match().candidate_ids.reason)

    def test_new_customer_gets_the_reference_as_its_number(self):
        self.company.sudo().exact_customer_number = "ref"
        self.partner.ref = "4711"
        self.book(creates=True)
        self.assertEqual(self.bodies("POST")[0]["Code"], "4711".rjust(18))
        # The code is never sent again.
        self.partner.ref = "4712"
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_exact_numbers_customers_unless_told(self):
        self.partner.ref = "4711"
        self.book(creates=True)
        self.assertNotIn("Code", self.bodies("POST")[0])

    def test_reference_that_another_customer_has_is_left_to_exact(self):
        self.company.sudo().exact_customer_number = "ref"
        self.partner.ref = "4711"
        self.add_account(OTHER_GUID, Code="4711", Name="Hops", VATNumber="BE0202239951")
        self.book(creates=True)
        self.assertNotIn("Code", self.bodies("POST")[0])
        self.assertIn("4711", self.partner.exact_problem)


@tagged("post_install", "-at_install")
class TestRefused(CustomersCommon):
    """A refused change of a customer keeps no invoice out of the books."""

    def setUp(self):
        super().setUp()
        self.book(creates=True)

    def send_refused(self, *texts, url=CUSTOMER_URL):
        with self.exact() as mock:
            for text in texts:
                answer = {"status": 500, "json": error_body(text)}
                mock.put(url, **(answer if text else {"status": 204}))
            self.answer_entry(mock)
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "sent", invoice.exact_error)
        return self.bodies("PUT")

    def test_invoice_is_booked_and_the_contact_says_why(self):
        self.partner.city = "Gent"
        self.send_refused("Relatie is geblokkeerd")
        self.assertIn("Relatie is geblokkeerd", self.partner.exact_problem)
        self.assertIn("City", self.partner.exact_problem)

    def test_it_is_tried_again_once_the_contact_changes(self):
        self.partner.city = "Gent"
        self.send_refused("Relatie is geblokkeerd")
        self.book()
        self.assertEqual(self.bodies("PUT"), [])
        self.partner.street = "Markt 1"
        bodies = self.send_refused("")
        self.assertEqual(bodies, [{"City": "Gent", "AddressLine1": "Markt 1"}])
        self.assertFalse(self.partner.exact_problem)

    def test_the_rest_goes_without_the_value_that_was_refused(self):
        self.partner.write({"city": "Gent", "email": "new@deco.example"})
        bodies = self.send_refused("Ongeldig: E-mail [new@deco.example]", "")
        self.assertEqual(bodies[1], {"City": "Gent"})
        self.assertIn("E-mail", self.partner.exact_problem)
        # What Exact has is not emptied.
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_several_refused_values_one_after_the_other(self):
        values = {"city": "Gent", "email": "new@deco.example", "lang": False}
        self.partner.write({**values, "phone": "12"})
        bodies = self.send_refused("Ongeldig: E-mail", "Ongeldig: Telefoon", "")
        self.assertEqual(bodies[2], {"City": "Gent", "Language": None})

    def test_new_customer_is_created_without_the_refused_value(self):
        own = {"vat": "BE0202239951", "company_registry": "0202239951"}
        other = self.partner.copy({"name": "Other", **own}).sudo()
        refusal = error_body("Ongeldige referentie: Taal\r\nOngeldig: E-mail []")
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, status=400, json=refusal)
            self.answer_account(mock)
            self.answer_entry(mock)
            invoice = self.send(partner_id=other.id)
        self.assertEqual(invoice.exact_state, "sent", invoice.exact_error)
        first, second = self.bodies("POST")[:2]
        self.assertEqual({*first} - {*second}, {"Language", "Email"})
        self.assertIn("E-mail, Language", other.exact_problem)
        self.book(partner_id=other.id)
        self.assertEqual(self.bodies("PUT"), [])

    def test_refusals_of_customers_that_used_up_their_limit_keep_no_invoice_out(self):
        self.partner.city = "Gent"
        budget, now = Budget(), fields.Datetime.now()
        for _count in range(MAX_CLIENT_ERRORS_PER_HOUR):
            budget.count_error(now, ACCOUNTS)
        self.company.sudo().exact_connection_id.budget = budget.dump()
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_entry_refused_for_itself_is_still_told(self):
        self.partner.city = "Gent"
        with self.exact() as mock:
            mock.put(
                CUSTOMER_URL, status=500, json=error_body("Relatie is geblokkeerd")
            )
            refusal = error_body("Ongeldige referentie: Klant")
            mock.post(ENTRIES_URL, status=500, json=refusal)
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertIn("Klant", invoice.exact_error)

    def test_merged_contact_keeps_all_that_is_known_of_the_account(self):
        self.partner.city = "Gent"
        self.send_refused("Relatie is geblokkeerd")
        names = ("exact_guid", "exact_linked_at", "exact_fingerprint", "exact_refused")
        names += ("exact_problem",)
        known = [self.partner[name] for name in names]
        self.assertTrue(all(known))
        kept = self.partner.copy({"name": "Deco Addict"})
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge([self.partner.id, kept.id], kept)
        self.assertEqual([kept.sudo()[name] for name in names], known)
