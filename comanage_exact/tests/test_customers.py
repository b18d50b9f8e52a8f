from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CUSTOMER_GUID
from .common_customers import CUSTOMER_URL, MAIL, OTHER_GUID, CustomersCommon


@tagged("post_install", "-at_install")
class TestFinding(CustomersCommon):
    def assert_linked(self, **account):
        self.add_account(**account)
        self.book()
        self.assertEqual(self.partner.exact_guid, CUSTOMER_GUID)

    def assert_asked(self, reason, **account):
        self.add_account(**account)
        with self.exact():
            invoice = self.send()
        self.assertEqual(invoice.exact_status, "customer")
        self.assertIn("may already exist in Exact Online", invoice.exact_error)
        self.assertIn(reason, self.get_match().candidate_ids.reason)
        return invoice

    def test_same_vat_number_is_the_customer(self):
        self.assert_linked(Name="Other name", VATNumber="BE 0477.472.701")

    def test_vat_number_without_its_country_is_the_same(self):
        self.assert_linked(VATNumber="477472701")

    def test_same_registry_is_the_customer(self):
        self.partner.write({"vat": False, "company_registry": "0477.472.701"})
        self.assert_linked(Name="Other name", ChamberOfCommerce="0477472701")

    def test_same_mail_and_name_are_the_customer(self):
        self.partner.vat = False
        self.assert_linked(Name="DECO ADDICT NV", Email="AP@deco.example")

    def test_nobody_like_the_customer_makes_a_new_one(self):
        self.add_account(Name="Somebody else", VATNumber="BE0202239951")
        self.book(creates=True)
        self.assertEqual(self.partner.exact_guid, CUSTOMER_GUID)

    def test_stored_id_comes_before_all(self):
        self.make_known()
        self.add_account(OTHER_GUID, VATNumber="BE0477472701")
        self.book()
        self.assertEqual(self.bodies("POST")[0]["Customer"], CUSTOMER_GUID)

    def test_vat_number_comes_before_registry(self):
        self.partner.company_registry = "0477472701"
        self.add_account(OTHER_GUID, ChamberOfCommerce="0477472701")
        self.assert_linked(VATNumber="BE0477472701")

    def test_registry_comes_before_mail_and_name(self):
        self.partner.write({"vat": False, "company_registry": "0477472701"})
        self.add_account(OTHER_GUID, Email="ap@deco.example")
        self.assert_linked(Name="Other name", ChamberOfCommerce="0477472701")

    def test_same_name_alone_is_asked(self):
        self.partner.vat = False
        self.assert_asked("Same name")

    def test_company_with_this_name_and_another_mail_is_asked(self):
        self.partner.vat = False
        self.assert_asked("Same name", Email="office@deco.example")

    def test_person_with_this_name_and_another_mail_is_somebody_else(self):
        self.partner.write({"vat": False, "is_company": False})
        self.add_account(Email="office@deco.example")
        self.book(creates=True)

    def test_company_with_this_name_in_another_town_is_somebody_else(self):
        self.partner.vat = False
        self.add_account(Postcode="9000", City="Gent")
        self.book(creates=True)

    def test_same_mail_and_a_part_of_the_name_is_asked(self):
        self.partner.vat = False
        self.assert_asked("Same e-mail", Name="Deco", Email="ap@deco.example")

    def test_same_mail_with_another_name_is_somebody_else(self):
        self.partner.vat = False
        self.add_account(Name="Other", Email="ap@deco.example")
        self.book(creates=True)

    def test_same_name_with_another_vat_number_is_somebody_else(self):
        self.add_account(VATNumber="BE0202239951")
        self.book(creates=True)

    def test_same_name_in_another_country_is_somebody_else(self):
        self.partner.vat = False
        self.add_account(Country="NL ")
        self.book(creates=True)

    def test_several_with_the_same_vat_number_are_asked(self):
        self.add_account(OTHER_GUID, Name="Double", VATNumber="BE0477472701")
        self.add_account(VATNumber="BE0477472701")
        with self.exact():
            self.send()
        self.assertEqual(len(self.get_match().candidate_ids), 2)

    def test_the_strongest_candidate_comes_first_and_is_named(self):
        self.partner.write({"zip": "3500", "city": "Hasselt"})
        weak = {"Name": "Deco", "Postcode": "3600", "City": "Genk"}
        strong = {"Postcode": "3500", "City": "Hasselt"}
        self.add_account(OTHER_GUID, Code="1", VATNumber="BE0477472701", **weak)
        self.add_account(Code="2", VATNumber="BE0477472701", **strong)
        with self.exact():
            invoice = self.send()
        first, second = self.get_match().candidate_ids
        self.assertEqual((first.code, second.code), ("2", "1"))
        self.assertIn("as 2 Deco Addict", invoice.exact_error)
        self.assertEqual(first.street, "Rue de la Loi 1")
        self.assertTrue(first.reason.startswith("Same VAT number"))
        self.assertIn("same street", first.reason)
        self.assertIn("Another place", second.doubt)

    def test_account_of_another_contact_is_asked_and_the_free_one_is_taken(self):
        other = self.partner.copy({"name": "Deco Addict Export"}).sudo()
        other.exact_guid = OTHER_GUID
        self.add_account(OTHER_GUID, VATNumber="BE0477472701")
        self.add_account(VATNumber="BE0477472701")
        self.book()
        self.assertEqual(self.partner.exact_guid, CUSTOMER_GUID)

    def test_other_department_of_one_town_is_asked(self):
        self.partner.name = "Stad Brussel - Cultuur"
        self.assert_asked(
            "Same VAT number", Name="Stad Brussel - Sport", VATNumber="BE0477472701"
        )
        self.assertIn("Another department", self.get_match().candidate_ids.doubt)

    def test_name_that_exact_cut_is_no_proof(self):
        name = "Vereniging van Mede-eigenaars Residentie Zeezicht "
        self.partner.write({"vat": False, "name": f"{name}Blok A"})
        self.partner.company_registry = False
        self.assert_asked("Same e-mail", Name=name[:50], Email="ap@deco.example")

    def test_the_only_one_that_is_not_ended_is_the_customer(self):
        ended = {"EndDate": "/Date(1735689600000)/"}
        self.add_account(OTHER_GUID, VATNumber="BE0477472701", **ended)
        self.assert_linked(VATNumber="BE0477472701")

    def test_prospect_is_asked(self):
        self.assert_asked("a prospect", VATNumber="BE0477472701", Status="P")

    def test_supplier_is_asked(self):
        self.assert_asked(
            "a supplier only", VATNumber="BE0477472701", Status="A", IsSupplier=True
        )

    def test_blocked_account_is_asked(self):
        self.assert_asked("blocked in Exact", VATNumber="BE0477472701", Blocked=True)

    def test_ended_account_is_asked(self):
        self.assert_asked(
            "inactive in Exact Online",
            VATNumber="BE0477472701",
            EndDate="/Date(1735689600000)/",
        )

    def assert_becomes_a_customer(self, **account):
        self.company.sudo().exact_convert_prospects = True
        self.add_account(VATNumber="BE0477472701", **MAIL, **account)
        with self.exact() as mock:
            mock.put(CUSTOMER_URL, status=204)
            self.answer_entry(mock)
            invoice = self.send()
        self.assertEqual(self.bodies("PUT"), [{"Status": "C"}])
        self.assertEqual(invoice.exact_state, "sent")

    def test_prospect_becomes_a_customer_by_setting(self):
        self.assert_becomes_a_customer(Status="P")

    def test_supplier_becomes_a_customer_by_setting(self):
        self.assert_becomes_a_customer(Status="A", IsSupplier=True)

    def test_blocked_and_ended_accounts_are_asked_whatever_the_setting(self):
        self.company.sudo().exact_convert_prospects = True
        closed = {
            "blocked in Exact": {"Blocked": True, "EndDate": None},
            "inactive in Exact Online": {
                "Blocked": False,
                "EndDate": "/Date(1735689600000)/",
            },
        }
        for reason, values in closed.items():
            for status in ("C", "P", "A"):
                with self.subTest(reason, status=status):
                    self.assert_asked(
                        reason,
                        VATNumber="BE0477472701",
                        Status=status,
                        IsSupplier=status == "A",
                        **values,
                    )

    def test_contacts_and_addresses_are_booked_on_their_company(self):
        self.add_account(VATNumber="BE0477472701")
        for kind in ("contact", "delivery", "invoice"):
            contact = self.partner.create(
                {"name": "Jan", "parent_id": self.customer.id, "type": kind}
            )
            self.partner.exact_guid = False
            with self.subTest(kind):
                self.book(partner_id=contact.id)
                (entry,) = self.bodies("POST")
                self.assertEqual(entry["Customer"], CUSTOMER_GUID)
                self.assertEqual(self.partner.exact_guid, CUSTOMER_GUID)
                self.assertFalse(contact.exact_guid)

    def test_second_customer_of_one_run_with_one_vat_number_is_asked(self):
        twin = self.partner.copy({"vat": self.customer.vat, "name": "Deco twin"})
        invoices = self.make_invoice() + self.make_invoice(partner_id=twin.id)
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.send(invoices)
        self.assertEqual(sorted(invoices.mapped("exact_status")), ["customer", "sent"])
        candidate = self.get_match(twin).candidate_ids
        self.assertIn("Already linked to another contact", candidate.doubt)
        self.assertFalse(twin.sudo().exact_guid)


@tagged("post_install", "-at_install")
class TestMatchDesk(CustomersCommon):
    def setUp(self):
        super().setUp()
        self.partner.vat = False
        self.account = self.add_account(Language="EN")
        self.partner.write({"email": False, "company_registry": False})
        with self.exact():
            self.invoice = self.send()
        self.match = self.get_match()

    def care(self):
        cron = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_link_books_the_waiting_invoice_on_the_account(self):
        self.match.candidate_ids.action_link()
        self.care()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.invoice.exact_state, "sent")
        self.assertEqual(self.bodies("POST")[0]["Customer"], CUSTOMER_GUID)
        self.assertEqual(self.match.state, "linked")

    def test_link_says_that_the_invoice_goes_and_offers_the_next(self):
        other = self.partner.copy({"name": "Hops", "email": False})
        self.add_account(OTHER_GUID, Name="Hops")
        with self.exact():
            self.send(partner_id=other.id)
        action = self.match.candidate_ids.action_link()
        self.assertIn("1 waiting invoice", action["params"]["message"])
        self.assertEqual(action["params"]["next"]["res_id"], self.get_match(other).id)
        action = self.get_match(other).candidate_ids.action_link()
        self.assertNotIn(
            "res_id", {k for k, v in action["params"]["next"].items() if v}
        )

    def test_what_differs_is_decided_before_the_next_customer(self):
        self.account.phone = "+32 9 999 99 99"
        self.partner.phone = "+32 2 123 45 67"
        action = self.match.candidate_ids.action_link()
        self.assertEqual(action["params"]["next"]["res_id"], self.match.id)
        self.assertIn("+32 9 999 99 99", self.match.difference_html)
        self.match.action_send_differences()
        self.assertFalse(self.match.difference_html)
        self.care()
        with self.exact() as mock:
            mock.put(CUSTOMER_URL, status=204)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.bodies("PUT")[0]["Phone"], "+32 2 123 45 67")

    def test_create_makes_a_new_account(self):
        self.match.action_create()
        self.care()
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.invoice.exact_state, "sent")

    def test_later_keeps_the_invoices_waiting(self):
        self.match.action_later()
        self.care()
        self.assertEqual(self.invoice.exact_state, "failed")
        self.assertEqual(self.match.state, "later")

    def test_a_further_invoice_waits_without_another_question(self):
        with self.exact():
            second = self.send()
        self.assertEqual(second.exact_state, "failed")
        self.assertEqual(self.match.waiting_count, 2)
        self.assertEqual(len(self.get_match()), 1)

    def test_only_this_customer_waits(self):
        other = self.partner.copy({"name": "Another", "email": "other@deco.example"})
        self.book(creates=True, partner_id=other.id)

    def test_a_decision_is_made_once(self):
        self.match.action_create()
        with self.assertRaisesRegex(Exception, "A decision has already been recorded"):
            self.match.candidate_ids.action_link()

    def assert_becomes_a_customer(self, **account):
        self.account.write(account)
        self.match.candidate_ids.action_link()
        self.care()
        with self.exact() as mock:
            mock.put(CUSTOMER_URL, status=204)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.bodies("PUT"), [{"Status": "C"}])
        self.assertEqual([call.request.method for call in self.calls], ["PUT", "POST"])
        self.assertEqual(self.invoice.exact_state, "sent")

    def test_make_it_a_customer_tells_exact_before_the_invoice(self):
        self.assert_becomes_a_customer(status="P")

    def test_supplier_becomes_a_customer_by_button(self):
        self.assert_becomes_a_customer(status="A", is_supplier=True)

    def assert_not_linked(self, reason, **account):
        self.assertTrue(self.match.candidate_ids.is_linkable)
        self.account.write(account)
        self.assertFalse(self.match.candidate_ids.is_linkable)
        with self.assertRaisesRegex(UserError, reason):
            self.match.candidate_ids.action_link()
        self.assertEqual(self.match.state, "open")
        self.assertFalse(self.partner.exact_guid)

    def test_blocked_account_is_not_linked(self):
        self.assert_not_linked("blocked in Exact", is_blocked=True)

    def test_ended_account_is_not_linked(self):
        self.assert_not_linked("inactive in Exact Online", end_date="2026-03-09")

    def test_buttons_are_gone_once_it_is_decided(self):
        self.match.action_create()
        self.assertFalse(self.match.candidate_ids.is_linkable)
