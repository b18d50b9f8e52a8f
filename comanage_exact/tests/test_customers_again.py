from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..exact_api.client import ExactClient
from ..sync.customers import note_sent
from .common import CUSTOMER_GUID, ENTRIES_URL, error_body
from .common_customers import CUSTOMER_URL, MAIL, OTHER_GUID, CustomersCommon


@tagged("post_install", "-at_install")
class TestOnceDecided(CustomersCommon):
    """A decision is about one moment, one account and one division."""

    def setUp(self):
        super().setUp()
        self.partner.vat = False
        self.add_account()
        with self.exact():
            self.send()
        self.match = self.get_match()
        self.match.action_create()

    def test_created_once_it_is_searched_again_should_it_vanish(self):
        self.book(creates=True)
        self.assertEqual(self.match.state, "linked")
        self.env["exact.account"].sudo()._remove(self.company, [CUSTOMER_GUID])
        self.partner.vat = "BE0477472701"
        self.add_account(OTHER_GUID, VATNumber="BE0477472701", **MAIL)
        self.book()
        self.assertEqual(self.partner.exact_guid, OTHER_GUID)

    def test_another_division_asks_nothing_of_this_one(self):
        self.env["res.partner"]._exact_forget(self.company.sudo())
        self.assertFalse(self.get_match())


@tagged("post_install", "-at_install")
class TestKnownMeanwhile(CustomersCommon):
    """Both invoices are read before the first of them makes the customer known."""

    def setUp(self):
        super().setUp()
        # Nothing but the name, which is never enough to be sure.
        nothing = dict.fromkeys(("vat", "company_registry", "email"), False)
        self.partner.write(nothing)

    def assert_both_booked(self):
        invoices = self.make_invoice() + self.make_invoice()
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.send(invoices)
        self.assertEqual(invoices.mapped("exact_error"), [False, False])
        self.assertEqual(invoices.mapped("exact_state"), ["sent", "sent"])
        self.assertEqual(len(self.calls), 3)

    def test_second_invoice_of_a_new_customer_gets_the_account_of_the_first(self):
        self.assert_both_booked()

    def test_second_invoice_of_one_that_was_decided_to_be_new_does_so_too(self):
        self.add_account(OTHER_GUID)
        with self.exact():
            self.send()
        self.get_match().action_create()
        self.env["exact.outbox"].sudo().search([]).unlink()
        self.assert_both_booked()
        self.assertEqual(self.get_match().state, "linked")


@tagged("post_install", "-at_install")
class TestTwins(CustomersCommon):
    """Two contacts that are one customer, created by two workers at once."""

    def setUp(self):
        super().setUp()
        self.directory = self.env["exact.directory"].sudo()._find(self.company)
        self.twin = self.partner.copy(
            {"name": "Deco twin", "vat": "BE0477472701", "email": "twin@deco.example"}
        ).sudo()

    def claim(self, moment):
        self.directory.claims = {str(self.twin.id): moment}

    def test_invoice_waits_while_its_twin_is_created(self):
        self.claim("2026-03-10 08:59:58")
        with self.exact():
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 09:00:10")
        self.assertIn("waits until Odoo knows", invoice.exact_error)

    def test_another_customer_does_not_wait(self):
        self.claim("2026-03-10 08:59:58")
        self.partner.vat = "BE0202239951"
        self.book(creates=True)

    def test_a_creation_that_came_to_nothing_holds_nobody_for_long(self):
        self.claim("2026-03-10 08:57:59")
        self.book(creates=True)
        self.assertEqual(list(self.directory.claims), [str(self.partner.id)])

    def test_twin_of_a_created_customer_is_asked(self):
        self.book(creates=True)
        with self.exact():
            invoice = self.send(partner_id=self.twin.id)
        self.assertEqual(invoice.exact_status, "customer")
        self.assertFalse(self.twin.exact_guid)


@tagged("post_install", "-at_install")
class TestContact(CustomersCommon):
    """What people do with the contact in Odoo."""

    def test_new_customer_goes_with_all_that_odoo_knows(self):
        condition = self.env["exact.payment.condition"].sudo()
        term = self.env.ref("account.account_payment_term_30days").sudo()
        term.exact_payment_condition_id = condition.create(
            {"company_id": self.company.id, "code": "30", "name": "30 days"}
        )
        self.partner.write(
            {
                "street2": "Box 3",
                "phone": "+32 2 123 45 67",
                "company_registry": "0477.472.701",
                "property_payment_term_id": term.id,
                "peppol_eas": "0208",
                "peppol_endpoint": "0477472701",
            }
        )
        self.book(creates=True)
        self.assertEqual(
            self.bodies("POST")[0],
            {
                "Name": "Deco Addict",
                "Status": "C",
                "AddressLine1": "Rue de la Loi 1",
                "AddressLine2": "Box 3",
                "Postcode": "1000",
                "City": "Brussel",
                "Country": "BE",
                "Phone": "+32 2 123 45 67",
                "Email": "ap@deco.example",
                "Language": "EN",
                "VATNumber": "BE0477472701",
                "ChamberOfCommerce": "0477.472.701",
                "PaymentConditionSales": "30",
                "PeppolIdentifier": "0477472701",
                "PeppolIdentifierType": 208,
            },
        )

    def test_what_exact_does_not_know_is_left_out_before_the_call(self):
        self.env["res.lang"].sudo()._activate_lang("nb_NO")
        self.partner.write({"lang": "nb_NO", "email": "boekhouding@bedrijf"})
        self.book(creates=True)
        (customer, _entry) = self.bodies("POST")
        self.assertNotIn("Language", customer)
        self.assertNotIn("Email", customer)

    def test_mail_goes_to_the_first_address_for_invoices_that_is_one(self):
        own = {"parent_id": self.customer.id, "type": "invoice", "name": "Books"}
        self.partner.create({**own, "email": "books@deco"})
        self.partner.create({**own, "email": "a@deco.example; b@deco.example"})
        self.book(creates=True)
        self.assertEqual(self.bodies("POST")[0]["Email"], "a@deco.example")

    def test_swiss_number_goes_in_the_form_that_exact_wants(self):
        country = self.env.ref("base.ch").id
        self.partner.write({"country_id": country, "vat": "CHE109298651TVA"})
        self.book(creates=True)
        self.assertEqual(self.bodies("POST")[0]["VATNumber"], "CHE-109.298.651 TVA")

    def test_archived_customer_is_booked_and_forgotten_like_others(self):
        invoice = self.make_invoice()
        self.partner.active = False
        self.book(invoice, creates=True)
        self.assertEqual(self.partner.exact_guid, CUSTOMER_GUID)
        self.env["exact.account"].sudo()._remove(self.company, [CUSTOMER_GUID])
        self.assertFalse(self.partner.exact_guid)

    def test_merged_contact_keeps_the_account_of_the_other(self):
        self.book(creates=True)
        kept = self.partner.copy({"name": "Deco Addict"})
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge([self.partner.id, kept.id], kept)
        self.assertEqual(kept.sudo().exact_guid, CUSTOMER_GUID)
        self.book(partner_id=kept.id)
        self.assertEqual(len(self.calls), 1)

    def test_typed_id_that_is_none_is_told(self):
        self.partner.sudo().exact_guid = "{11111111-1111-4111-8111-111111111111}"
        with self.exact():
            invoice = self.send()
        self.assertIn("is not a valid Exact Online ID", invoice.exact_error)

    def test_change_during_a_run_is_told_with_the_next_invoice(self):
        self.book(creates=True)
        other = self.partner.copy({"name": "Another", "vat": False}).sudo()
        self.make_known(other)
        note_sent(other)
        self.partner.city = "Gent"
        invoices = self.make_invoice(partner_id=other.id) + self.make_invoice()
        original = ExactClient.post

        def post(client, resource, body):
            # Both are read ahead by now.
            self.env.cr.execute(
                "UPDATE res_partner SET street = 'Markt 5' WHERE id = %s",
                [self.partner.id],
            )
            return original(client, resource, body)

        with self.exact() as mock, patch.object(ExactClient, "post", post):
            mock.put(CUSTOMER_URL, status=204)
            self.answer_entry(mock)
            self.send(invoices)
        self.assertEqual(
            self.bodies("PUT"), [{"City": "Gent", "AddressLine1": "Markt 5"}]
        )

    def test_invoice_refused_for_a_vanished_account_goes_by_itself(self):
        self.make_known()
        with self.exact() as mock:
            refusal = error_body("Ongeldige referentie: Klant")
            mock.post(ENTRIES_URL, status=400, json=refusal)
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "failed")
        self.env["exact.account"].sudo()._remove(self.company, [CUSTOMER_GUID])
        self.assertEqual(invoice.exact_state, "pending")
        self.assertLessEqual(
            invoice.exact_scheduled_at, fields.Datetime.now() + timedelta(seconds=1)
        )
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_vat_number_goes_with_the_letters_of_its_country(self):
        self.partner.vat = "0477.472.701"
        self.book(creates=True)
        self.assertEqual(self.bodies("POST")[0]["VATNumber"], "BE0477472701")
