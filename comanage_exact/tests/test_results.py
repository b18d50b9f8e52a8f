from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import ENTRIES_URL, ExactCommon, error_body

FOREIGN = {
    "EntryID": "44444444-4444-4444-8444-444444444444",
    "Journal": "700",
    "EntryNumber": 2600001,
    "EntryDate": "/Date(1773100800000)/",
    "YourRef": "<b>Other</b>",
    "CustomerName": "Somebody else",
    "AmountFC": 12.5,
}


@tagged("post_install", "-at_install")
class TestTell(ExactCommon):
    """The user hears of the result without reloading the page."""

    def setUp(self):
        super().setUp()
        self.make_known()
        self.told = []

        def send(users, kind, message, **options):
            if kind == "simple_notification":
                self.told.append((users, message))

        users = type(self.env["res.users"])
        self.startPatcher(patch.object(users, "_bus_send", send))

    def push_with(self, **answer):
        with self.exact() as mock:
            if answer:
                mock.post(ENTRIES_URL, **answer)
            else:
                self.answer_entry(mock)
            self.push()

    def test_one_booked_invoice_is_told_with_its_number(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        self.push_with()
        ((user, message),) = self.told
        self.assertEqual(user, self.env.user)
        self.assertEqual(message["type"], "success")
        self.assertIn(
            f"{invoice.name} is booked as {invoice.exact_number}", message["message"]
        )

    def test_many_are_told_in_one_message(self):
        invoices = [self.make_invoice() for _index in range(3)]
        for invoice in invoices:
            invoice.action_exact_send()
        self.push_with()
        ((_user, message),) = self.told
        names = ", ".join(f"{one.name} as {one.exact_number}" for one in invoices)
        self.assertEqual(message["message"], f"3 invoices are booked: {names}.")

    def test_problem_is_told_as_its_sentence(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        self.push_with(status=500, json=error_body("Ongeldig: iets"))
        ((_user, message),) = self.told
        self.assertEqual((message["type"], message["sticky"]), ("danger", True))
        self.assertEqual(message["message"], invoice.exact_error)

    def test_each_user_hears_of_his_own(self):
        clerk = new_test_user(
            self.env(su=True),
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        mine, theirs = self.make_invoice(), self.make_invoice()
        mine.action_exact_send()
        theirs.with_user(clerk).action_exact_send()
        self.push_with()
        told = {user: message["message"] for user, message in self.told}
        self.assertIn(mine.name, told[self.env.user])
        self.assertIn(theirs.name, told[clerk])

    def test_what_goes_by_itself_disturbs_nobody(self):
        self.company.sudo().write({"exact_trigger": "posted", "exact_delay": 0})
        invoice = self.make_invoice()
        self.push_with()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(self.told)

    def test_result_is_told_once(self):
        self.make_invoice().action_exact_send()
        self.push_with()
        self.make_invoice().action_exact_send()
        self.push_with()
        self.assertEqual(len(self.told), 2)
        self.assertNotIn("2 invoices", self.told[1][1]["message"])

    # === HOLD AND RELEASE === #

    def test_released_invoice_keeps_its_moment(self):
        self.company.sudo().exact_trigger = "posted"
        invoice = self.make_invoice()
        invoice.action_exact_hold()
        self.assertEqual(invoice.exact_state, "held")
        invoice.action_exact_release()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 10:00:00")

    def test_released_late_it_goes_now(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        invoice.action_exact_hold()
        invoice.sudo().exact_outbox_id.scheduled_at = "2026-03-10 08:00:00"
        invoice.exact_outbox_id.action_release()
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 09:00:00")

    # === SIDE BY SIDE === #

    def test_entry_of_another_is_shown_beside_ours(self):
        invoice, other = self.make_invoice(), self.make_invoice()
        (invoice + other).action_exact_send()
        taken = error_body("In gebruik: Boekstuknummer")
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=400, json=taken)
            self.answer_look_up(mock, FOREIGN)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertEqual(other.exact_state, "sent", "It stops that invoice alone")
        comparison = str(invoice.exact_conflict_html)
        for text in ("Deco Addict", "Somebody else", "121.00", "12.50", "03/10/2026"):
            self.assertIn(text, comparison)
        self.assertIn("&lt;b&gt;Other", comparison)
        self.assertFalse(other.exact_conflict_html)

    def test_comparison_goes_with_the_next_attempt(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        outbox = invoice.sudo().exact_outbox_id
        outbox.foreign_entry = FOREIGN
        invoice.action_exact_send()
        self.assertFalse(outbox.conflict_html)
