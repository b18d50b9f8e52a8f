from odoo.tests import tagged

from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestFinding(ExactCommon):
    """What is found about an entry decides what people see of its invoice."""

    def setUp(self):
        super().setUp()
        self.make_known()
        self.invoice = self.make_invoice()
        self.invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.outbox = self.invoice.sudo().exact_outbox_id

    def seen(self):
        outbox = self.outbox
        return outbox.finding, outbox.verified, self.invoice.exact_status

    def test_booked_equal_is_green(self):
        self.assertEqual(self.seen(), ("equal", True, "sent"))
        self.assertTrue(self.outbox.compared_at)

    def test_what_a_comparison_finds_is_seen_at_once(self):
        for finding in ("differs", "deleted"):
            with self.subTest(finding=finding):
                self.outbox._note_finding(finding, "The total differs.")
                self.assertEqual(self.seen(), (finding, False, finding))
                self.assertEqual(self.invoice.exact_difference, "The total differs.")
                self.outbox._note_finding("equal")
                self.assertEqual(self.seen(), ("equal", True, "sent"))
                self.assertFalse(self.invoice.exact_difference)

    def test_change_of_the_invoice_stays_until_equal_again(self):
        self.outbox._note_changed("The invoice was changed.")
        self.outbox._note_finding("differs", "The total differs.")
        self.assertEqual(self.seen(), ("changed", False, "changed"))
        self.assertEqual(self.invoice.exact_difference, "The invoice was changed.")
        self.outbox._note_finding("equal")
        self.assertEqual(self.seen(), ("equal", True, "sent"))

    def test_renamed_invoice_is_not_made_equal_by_equal_amounts(self):
        self.invoice.sudo().name = "INV/2026/00042"
        self.outbox._note_finding("equal")
        self.assertEqual(self.seen(), ("changed", False, "changed"))

    def test_accepted_cents_are_booked(self):
        self.outbox._note_finding("differs", "One cent.", is_rounding_only=True)
        self.assertEqual(self.seen(), ("differs", False, "sent"))

    def test_customer_to_be_matched_is_no_failure(self):
        self.outbox.write({"state": "failed", "error_kind": "customer"})
        self.assertEqual(self.invoice.exact_status, "customer")
        self.outbox.error_kind = "check"
        self.assertEqual(self.invoice.exact_status, "failed")
