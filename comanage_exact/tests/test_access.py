from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestAccess(ExactCommon):
    """Who sees and does what."""

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice()
        self.invoice.action_exact_send()

    def make_user(self, groups):
        return new_test_user(
            self.env(su=True),
            login="somebody",
            groups=groups,
            company_id=self.company.id,
        )

    def test_customer_in_the_portal_reads_nothing_of_exact(self):
        portal = self.make_user("base.group_portal")
        portal.partner_id.sudo().commercial_partner_id = self.customer
        self.invoice.sudo().message_subscribe(portal.partner_id.ids)
        invoice = self.invoice.with_user(portal)
        self.assertEqual(invoice.read(["name"])[0]["name"], self.invoice.name)
        for name in ("exact_state", "exact_error", "exact_guid", "exact_outbox_id"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                invoice.read([name])

    def test_invoicing_user_sends_and_sees(self):
        clerk = self.make_user("account.group_account_invoice")
        invoice = self.invoice.with_user(clerk)
        invoice.action_exact_send()
        self.assertEqual(invoice.read(["exact_state"])[0]["exact_state"], "pending")
        self.assertTrue(invoice.exact_outbox_id.has_access("read"))
        self.assertFalse(invoice.exact_outbox_id.has_access("write"))

    def test_user_without_the_right_posts_and_sends_all_the_same(self):
        clerk = self.make_user("base.group_user")
        self.company.sudo().exact_trigger = "posted"
        invoice = self.make_invoice(post=False)
        invoice.with_user(clerk).sudo().action_post()
        self.assertEqual(invoice.exact_state, "pending")

    def test_another_company_sees_no_booking_and_no_list(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        stranger = new_test_user(
            self.env(su=True),
            login="stranger",
            groups="account.group_account_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        env = self.env(user=stranger)
        for model in ("exact.outbox", "exact.vat.code", "exact.journal"):
            with self.subTest(model=model):
                self.assertFalse(env[model].search([]))
        with self.assertRaises(AccessError):
            self.invoice.with_user(stranger).action_exact_send()

    def test_lists_are_fetched_and_never_typed(self):
        manager = self.make_user("account.group_account_manager,base.group_system")
        for model in ("vat.code", "journal", "gl.account", "payment.condition"):
            records = self.env[f"exact.{model}"].with_user(manager)
            with self.subTest(model=model):
                self.assertTrue(records.has_access("read"))
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(records.has_access(operation))
