from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..sync.verification import verify_booked
from .common import ENTRIES_URL, ENTRY_GUID
from .test_number_claim import NumberClaimCase


@tagged("post_install", "-at_install")
class TestDecision(NumberClaimCase):
    """A manager decides about what Odoo cannot confirm; nothing waits for ever."""

    def setUp(self):
        super().setUp()
        self.manager = new_test_user(
            self.env(user=self.env.ref("base.user_root"), su=True),
            login="exact_decider",
            groups="account.group_account_user,comanage_exact.group_exact_manager",
            company_id=self.company.id,
        )

    def wait_for_nothing(self):
        """Return an invoice that nobody can ask Exact Online about any more."""
        invoice = self.lose()
        login = self.company.sudo().exact_connection_id.login_id
        login.write({"state": "expired", "access_token": False, "refresh_token": False})
        self.outbox(invoice).claimed_at = "2026-03-10 08:00:00"
        self.env.flush_all()
        return invoice

    def decide(self, record, is_there, number="2600001"):
        record = record.with_user(self.manager)
        is_booking = record._name == "exact.outbox"
        action = record.action_decide() if is_booking else record.action_exact_decide()
        wizard = self.env["exact.decision"].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"is_there": is_there, "number": number})
        with self.enter_registry_test_mode():
            wizard.action_decide()
        self.env.invalidate_all()

    def note(self, invoice):
        return "".join(invoice.sudo().message_ids.mapped("body"))

    def test_nobody_decides_within_the_hour(self):
        invoice = self.lose()
        self.outbox(invoice).claimed_at = "2026-03-10 08:00:01"
        self.assertFalse(self.outbox(invoice).is_decidable)
        with self.assertRaisesRegex(UserError, "one hour after it was sent"):
            self.decide(invoice, "no")

    def test_only_an_accountant_decides(self):
        invoice = self.wait_for_nothing()
        clerk = new_test_user(
            self.env(su=True),
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            invoice.with_user(clerk).action_exact_decide()
        self.assertTrue(invoice.with_user(self.manager).is_exact_decidable)

    def test_not_there_without_consent_and_division(self):
        invoice = self.wait_for_nothing()
        self.env.cr.execute(
            "UPDATE res_company SET exact_division_id = NULL WHERE id = %s",
            [self.company.id],
        )
        self.env.invalidate_all()
        self.decide(self.outbox(invoice), "no")
        outbox = self.outbox(invoice)
        self.assertEqual((outbox.state, outbox.must_look_up), ("pending", True))
        self.assertIn("is not in Exact Online", self.note(invoice))
        invoice.button_draft()
        self.assertEqual(outbox.state, "cancelled")

    def test_not_there_is_looked_up_once_more_before_it_goes(self):
        invoice = self.lose()
        self.outbox(invoice).claimed_at = "2026-03-10 08:00:00"
        self.decide(invoice, "no")
        with self.exact() as mock:
            self.answer_look_up(mock, self.row(invoice, EntryNumber=2600001))
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(invoice.exact_guid, ENTRY_GUID)

    def test_there_is_linked_where_exact_can_be_read(self):
        invoice = self.lose()
        self.outbox(invoice).claimed_at = "2026-03-10 08:00:00"
        with self.exact() as mock:
            self.answer_look_up(mock, self.row(invoice, EntryNumber=5, Journal="710"))
            self.decide(invoice, "yes", "5")
        outbox = self.outbox(invoice)
        self.assertEqual((outbox.state, outbox.exact_guid), ("sent", ENTRY_GUID))
        self.assertEqual((outbox.exact_number, outbox.exact_journal), ("5", "710"))
        self.assertIn("is entry 5", self.note(invoice))

    def test_there_is_refused_where_exact_has_no_such_entry(self):
        invoice = self.lose()
        self.outbox(invoice).claimed_at = "2026-03-10 08:00:00"
        with self.exact() as mock:
            self.answer_look_up(mock)
            with self.assertRaisesRegex(UserError, "no sales entry 5"):
                self.decide(invoice, "yes", "5")
        self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_there_without_consent_is_noted_and_verified_later(self):
        invoice = self.wait_for_nothing()
        self.decide(invoice, "yes")
        outbox = self.outbox(invoice)
        self.assertEqual((outbox.state, outbox.exact_number), ("sent", "2600001"))
        self.assertTrue(outbox.is_verification_due)
        self.assertFalse(outbox.exact_guid)
        login = self.company.sudo().exact_connection_id.login_id
        login.write({"state": "connected", "access_token": "new"})
        row = self.row(invoice, EntryNumber=2600001)
        with (
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
            self.exact() as mock,
        ):
            mock.get(ENTRIES_URL, json={"d": {"results": [row]}})
            env = self.env(cr=cr, user=SUPERUSER_ID, su=True)
            verify_booked(self.company.with_env(env))
        self.env.invalidate_all()
        self.assertEqual(len(self.calls), 2)
        self.assertEqual(outbox.exact_guid, ENTRY_GUID)

    def test_number_has_to_be_one(self):
        invoice = self.wait_for_nothing()
        for number in ("", "x", "9" * 12, "0"):
            with self.subTest(number), self.assertRaises(UserError):
                self.decide(invoice, "yes", number)
        self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_withdrawal_without_an_answer_is_decided(self):
        for is_there, state in (("yes", "sent"), ("no", "cancelled")):
            with self.subTest(is_there):
                invoice = self.make_invoice()
                invoice.action_exact_send()
                outbox = self.outbox(invoice)
                outbox.write(
                    {
                        "state": "withdrawing",
                        "attempts": 1,
                        "exact_number": "1",
                        "withdrawal": {"asked_at": "2026-03-10 08:00:00"},
                    }
                )
                self.decide(outbox, is_there)
                self.assertEqual(outbox.state, state)
