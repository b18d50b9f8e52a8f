from odoo.tests import tagged

from .common import ACCOUNTS_URL, ENTRIES_URL, error_body
from .common_customers import OTHER_GUID, SYNC_URL
from .test_push import PushCase

ENTRIES = "salesentry/SalesEntries"
ACCOUNTS = "crm/Accounts"


@tagged("post_install", "-at_install")
class TestRefusedTogether(PushCase):
    """Refusals are few: none is spent on a cause that is known already."""

    def setUp(self):
        super().setUp()
        self.make_known()

    def states(self, invoices):
        return [invoice.sudo().exact_outbox_id.state for invoice in invoices]

    def queue_many(self, count, **values):
        return [self.queue(**values) for _index in range(count)]

    def push_refused(self, text):
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=400, json=error_body(text))
            self.push()
        return [call.request.method for call in self.calls].count("POST")

    def test_one_cause_of_several_takes_two_calls(self):
        for text in (
            "Ongeldig: Dagboek",
            "Ongeldig: Klant",
            "Niets wat iemand kent",
            "Wrong division",
        ):
            with self.subTest(text):
                invoices = self.queue_many(5)
                self.assertEqual(self.push_refused(text), 2)
                self.assertEqual(self.states(invoices), ["failed"] * 5)
                causes = {one.sudo().exact_outbox_id.cause for one in invoices}
                self.assertEqual(len(causes), 1)
                last = invoices[-1].sudo().exact_outbox_id
                self.assertIn(f"rejected {invoices[0].name}", last.error)
                self.company.sudo().exact_connection_id.budget = False

    def test_invoices_of_another_customer_or_date_still_go(self):
        other = self.customer.sudo().copy({"name": "Somebody else"})
        other.sudo().with_company(self.company).exact_guid = OTHER_GUID
        self.queue_many(3)
        different = [
            self.queue(partner_id=other.id),
            self.queue(invoice_date="2026-03-09"),
        ]
        self.assertEqual(self.push_refused("Niets wat iemand kent"), 4)
        for invoice in different:
            error = invoice.sudo().exact_outbox_id.error
            self.assertNotIn("applies to it as well", error)

    def test_all_follow_once_one_of_them_is_booked(self):
        invoices = self.queue_many(4)
        self.push_refused("Ongeldig: Dagboek")
        invoices[0].action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.states(invoices)[:2], ["sent", "sent"])

    def block(self, resource):
        connection = self.company.sudo().exact_connection_id
        connection.budget = {
            "hour": "2026-03-10T10:00:00",
            "errors": {resource: 8},
        }

    def test_booking_is_not_claimed_while_its_calls_are_kept_back(self):
        self.block(ENTRIES)
        invoices = self.queue_many(2)
        with self.exact():
            self.push()
        for outbox in [invoice.sudo().exact_outbox_id for invoice in invoices]:
            self.assertEqual((outbox.state, outbox.attempts), ("pending", 0))
            self.assertFalse(outbox.claimed_at)
            self.assertEqual(str(outbox.scheduled_at), "2026-03-10 10:00:00")
            self.assertIn("until the next hour", outbox.error)

    def test_only_new_customers_wait_where_customers_are_refused(self):
        self.block(ACCOUNTS)
        new = self.customer.sudo().copy({"name": "New one", "vat": False})
        waiting, going = self.queue(partner_id=new.id), self.queue()
        with self.exact() as mock:
            mock.assert_all_requests_are_fired = False
            mock.get(SYNC_URL, json={"d": {"results": []}})
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.states([waiting, going]), ["pending", "sent"])
        self.assertFalse(waiting.sudo().exact_outbox_id.claimed_at)
        urls = [call.request.url for call in self.calls]
        self.assertNotIn(ACCOUNTS_URL, urls)
