from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestReset(ExactCommon):
    """Reset to draft, cancel and delete: what Exact has does not follow."""

    def setUp(self):
        super().setUp()
        manager = self.env.ref("comanage_exact.group_exact_manager")
        self.env.user.sudo().group_ids += manager
        self.make_known()
        self.invoice = self.make_invoice()
        self.invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.outbox = self.invoice.exact_outbox_id

    def clerk(self):
        return new_test_user(
            self.env(su=True),
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )

    def last_message(self):
        return str(self.invoice.message_ids[0].body)

    def test_others_cannot_change_what_is_booked(self):
        invoice = self.invoice.with_user(self.clerk())
        for method in ("button_draft", "button_cancel"):
            with self.assertRaisesRegex(UserError, "ask an Exact Online accountant"):
                getattr(invoice, method)()

    def test_manager_resets_with_a_warning_in_the_chatter(self):
        self.invoice.button_draft()
        self.assertEqual(self.invoice.state, "draft")
        self.assertEqual(self.invoice.exact_state, "sent")
        self.assertIn("is still booked in Exact Online as entry", self.last_message())
        self.assertFalse(self.outbox.verified)
        self.assertIn("manually", self.invoice.exact_difference)

    def test_manager_cancels_with_a_warning_in_the_chatter(self):
        self.invoice.button_draft()
        self.invoice.button_cancel()
        self.assertEqual(self.invoice.state, "cancel")
        self.assertIn("manually", self.invoice.exact_difference)

    def test_posted_again_unchanged_is_equal_again(self):
        self.invoice.button_draft()
        self.invoice.action_post()
        self.assertFalse(self.invoice.exact_difference)
        self.assertTrue(self.outbox.verified)

    def test_posted_again_changed_says_so_and_is_not_sent_again(self):
        self.company.sudo().exact_trigger = "posted"
        self.invoice.button_draft()
        line = self.invoice.invoice_line_ids
        self.invoice.invoice_line_ids = [Command.update(line.id, {"price_unit": 7})]
        self.invoice.action_post()
        self.assertIn("was confirmed again in Odoo", self.invoice.exact_difference)
        self.assertIn("was confirmed again in Odoo", self.last_message())
        self.assertEqual(self.invoice.exact_state, "sent")
        self.assertFalse(self.invoice.is_exact_sendable)
        with self.exact():
            self.invoice.action_exact_send()
            self.push()

    def test_posting_again_is_never_blocked_by_a_mapping(self):
        self.invoice.button_draft()
        self.tax_21.sudo().exact_vat_code_id = False
        self.invoice.action_post()
        self.assertIn("was confirmed again in Odoo", self.invoice.exact_difference)

    def test_nobody_deletes_what_is_booked(self):
        self.invoice.button_draft()
        with self.assertRaisesRegex(UserError, "is booked in Exact Online"):
            self.invoice.with_context(force_delete=True).unlink()
