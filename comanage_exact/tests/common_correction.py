import json

import responses

from .common import ENTRIES_URL, ENTRY_GUID, ExactCommon, error_body, exact_date

OTHER_GUID = "44444444-4444-4444-8444-444444444444"
ENTRY_URL = f"{ENTRIES_URL}(guid'{ENTRY_GUID}')"


class CorrectionCommon(ExactCommon):
    """A booked invoice, and a manager whom Exact answers as a test announces."""

    def setUp(self):
        super().setUp()
        manager = self.env.ref("comanage_exact.group_exact_manager")
        self.env.user.sudo().group_ids += manager
        self.make_known()
        self.invoice = self.make_invoice()
        self.book(self.invoice)
        self.outbox = self.invoice.sudo().exact_outbox_id

    def book(self, invoice, guid=ENTRY_GUID):
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock, EntryID=guid)
            self.push()
        self.assertEqual(invoice.exact_state, "sent", invoice.exact_error)

    def entry(self, invoice=None, *, line=None, **values):
        """Return the entry of an invoice as Exact has it, with its lines."""
        outbox = (invoice or self.invoice).sudo().exact_outbox_id
        request = outbox.request
        lines = [{**one, **(line or {})} for one in request["SalesEntryLines"]]
        return {
            "EntryID": outbox.exact_guid,
            "EntryNumber": request["EntryNumber"],
            "EntryDate": exact_date(request["EntryDate"]),
            "Journal": f" {request['Journal']} ",
            "YourRef": request["YourRef"],
            "Customer": request["Customer"],
            "CustomerName": "Deco Addict",
            "Currency": request["Currency"],
            "AmountFC": 121,
            "AmountDC": 121,
            "VATAmountDC": 21,
            "Status": 20,
            "SalesEntryLines": {"results": lines},
            **values,
        }

    def answer(self, mock, *answers):
        """Announce the answers to the GETs of entries, one after the other.

        :param answers: lists of rows, or what `responses` takes.
        """
        for answer in answers:
            if isinstance(answer, list):
                answer = {"json": {"d": {"results": answer}}}
            mock.add(responses.GET, ENTRIES_URL, **answer)

    def methods(self):
        return [call.request.method for call in self.calls]

    def body(self):
        """Return what the last call sent."""
        return json.loads(self.calls[-1].request.body)

    def seen(self, invoice=None):
        invoice = invoice or self.invoice
        return invoice.exact_state, invoice.exact_status

    def last_message(self, invoice=None):
        return str((invoice or self.invoice).message_ids[0].body)

    def change(self, price=200):
        """Reset the booked invoice, change it and confirm it."""
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.price_unit = price
        self.invoice.action_post()

    # === WITHDRAWING === #

    def withdraw(self, reason="Wrong price", **values):
        """Click Withdraw from Exact, and confirm it."""
        action = self.invoice.action_exact_withdraw()
        wizard = self.env["exact.withdraw"].browse(action["res_id"])
        wizard.write({"reason": reason, **values})
        wizard.action_withdraw()

    def refuse(self, mock, text, status=400):
        mock.delete(ENTRY_URL, status=status, json=error_body(text))

    def withdraw_now(self, **values):
        """Withdraw the invoice, which Exact allows."""
        self.withdraw(**values)
        with self.exact() as mock:
            self.answer(mock, [self.entry()], [])
            mock.delete(ENTRY_URL, status=204)
            self.push()

    # === DELETED === #

    def check(self, *answers, invoice=None):
        """Click Check in Exact, which answers the calls so."""
        with self.exact() as mock, self.enter_registry_test_mode():
            self.answer(mock, *answers)
            return (invoice or self.invoice).action_exact_check()

    def find_deleted(self, invoice=None):
        self.check([], [], [], invoice=invoice)

    def book_again(self, *answers, invoice=None):
        """Click Book Again, which Exact answers so; by default it has nothing."""
        with self.exact() as mock, self.enter_registry_test_mode():
            self.answer(mock, *(answers or ([], [], [])))
            return (invoice or self.invoice).action_exact_book_again()
