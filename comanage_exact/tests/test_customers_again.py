from odoo.tests import tagged

from .common import CUSTOMER_GUID
from .common_customers import CustomersCommon


@tagged("post_install", "-at_install")
class TestTwins(CustomersCommon):
    """Two contacts that are one customer, created by two workers at once."""

    def setUp(self):
        super().setUp()
        self.directory = self.env["exact.directory"].sudo()._get(self.company)
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
        self.assertIn("waits until it is sure", invoice.exact_error)

    def test_another_customer_does_not_wait(self):
        self.claim("2026-03-10 08:59:58")
        self.partner.vat = "BE0202239951"
        self.book(creates=True)

    def test_a_creation_that_came_to_nothing_holds_nobody_for_long(self):
        self.claim("2026-03-10 08:57:59")
        self.book(creates=True)
        self.assertEqual(list(self.directory.claims), [str(self.partner.id)])

    def test_twin_of_a_created_customer_gets_its_account(self):
        self.book(creates=True)
        self.book(partner_id=self.twin.id)
        self.assertEqual(self.twin.exact_guid, CUSTOMER_GUID)
