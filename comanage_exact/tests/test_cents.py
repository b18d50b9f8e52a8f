from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..sync.recheck import retry_if_fixed
from .common import ENTRY_GUID
from .kinds import KindsCommon


@tagged("post_install", "-at_install")
class TestCents(KindsCommon):
    """Invoices that Exact converts to other cents, whatever the rate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_known()
        dollar = cls.env.ref("base.USD").sudo()
        dollar.active = True
        dollar.rate_ids = [
            Command.clear(),
            Command.create(
                {"company_id": cls.company.id, "name": "2026-03-10", "rate": 1.0837}
            ),
        ]
        # 2.11 dollars of VAT are 1.95 euros; Odoo converts before it rounds.
        cls.invoice = cls.make_lines({"price_unit": 10.03}, currency_id=dollar.id)
        cls.outbox = cls.invoice.sudo().exact_outbox_id

    def send(self):
        self.invoice.action_exact_send()
        with self.exact():
            self.push()
        self.outbox = self.invoice.sudo().exact_outbox_id

    def test_it_does_not_leave_and_both_amounts_are_told(self):
        self.send()
        self.assertEqual(
            (self.outbox.state, self.outbox.error_kind), ("failed", "cents")
        )
        self.assertIn("at 11.21\xa0€ (VAT 1.95\xa0€)", self.outbox.error)
        self.assertIn("Odoo has 11.20\xa0€ (VAT 1.94\xa0€)", self.outbox.error)
        self.assertFalse(self.outbox.attempts)
        self.assertEqual(self.outbox.cause, "cents")

    def test_a_person_may_want_it_and_the_difference_stays_visible(self):
        self.send()
        self.invoice.action_exact_accept_rounding()
        self.assertEqual(self.outbox.state, "pending")
        with self.exact() as mock:
            self.answer_entry(mock, AmountDC=11.21, VATAmountDC=1.95)
            self.push()
        self.assertEqual(self.outbox.exact_guid, ENTRY_GUID)
        self.assertEqual(self.outbox.request["Rate"], 0.923)
        self.assertFalse(self.outbox.verified)
        self.assertIn("1.94 in Odoo, 1.95 in Exact", self.outbox.difference)
        notes = self.invoice.message_ids.mapped("body")
        self.assertTrue(any("rounding difference" in note for note in notes))

    def test_wanting_it_ends_with_a_reset_to_draft(self):
        self.send()
        self.invoice.action_exact_accept_rounding()
        self.invoice.button_draft()
        self.invoice.action_post()
        self.send()
        self.assertEqual(self.outbox.error_kind, "cents")

    def test_wanting_it_cures_no_other_problem(self):
        self.tax_21.sudo().exact_vat_code_id = False
        self.send()
        self.assertIn("has no Exact Online VAT code", self.outbox.error)
        self.outbox.with_env(self.env).action_accept_rounding()
        with self.exact():
            self.push()
        self.assertEqual(
            (self.outbox.state, self.outbox.error_kind), ("failed", "check")
        )
        self.assertNotIn("Rounding Difference", self.outbox.error)
        self.tax_21.sudo().exact_vat_code_id = self.vat_code_21
        retry_if_fixed(self.outbox)
        self.assertEqual(self.outbox.state, "pending")

    def test_wanting_what_is_not_asked_changes_nothing(self):
        other = self.make_invoice()
        other.action_exact_accept_rounding()
        self.assertFalse(other.exact_state)

    def test_nobody_else_may_want_it(self):
        self.send()
        stranger = new_test_user(
            self.env(su=True), login="stranger", groups="base.group_user"
        )
        with self.assertRaises(AccessError):
            self.invoice.with_user(stranger).action_exact_accept_rounding()
