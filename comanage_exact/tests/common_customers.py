import json

from .common import ACCOUNTS_URL, API_URL, CUSTOMER_GUID, ExactCommon

OTHER_GUID = "44444444-4444-4444-8444-444444444444"
SYNC_URL = f"{API_URL}/sync/CRM/Accounts"
DELETED_URL = f"{API_URL}/sync/Deleted"
# What Exact has of Deco Addict, so that nothing is filled in.
PLACE = {"AddressLine1": "Rue de la Loi 1", "Postcode": "1000", "City": "Brussel"}
MAIL = {
    "Email": "ap@deco.example",
    "Language": "EN        ",
    # Odoo has it from the VAT number.
    "ChamberOfCommerce": "0477.472.701",
}
CUSTOMER_URL = f"{ACCOUNTS_URL}(guid'{CUSTOMER_GUID}')"


class CustomersCommon(ExactCommon):
    """An invoice to Deco Addict is due; Exact's accounts are told by each test."""

    def setUp(self):
        super().setUp()
        # Odoo has a check of its own, which companies may switch off.
        self.partner = self.customer.sudo().with_context(no_vat_validation=True)

    def add_account(self, guid=CUSTOMER_GUID, **values):
        row = {
            "ID": guid,
            "Code": "            100100",
            "Name": "Deco Addict",
            "Status": "C",
            "Country": "BE ",
            **PLACE,
            **values,
        }
        accounts = self.env["exact.account"].sudo()
        accounts._store(self.company, [row])
        return accounts.search([("exact_guid", "=", guid)])

    def send(self, invoice=None, **values):
        invoice = invoice or self.make_invoice(**values)
        invoice.action_exact_send()
        self.push()
        return invoice

    def book(self, invoice=None, *, creates=False, **values):
        """Send an invoice that arrives; return it and the calls as (method, body)."""
        with self.exact() as mock:
            # What Exact lacks of a customer that was found is filled in.
            filled = mock.put(CUSTOMER_URL, status=204)
            if creates:
                self.answer_account(mock)
            self.answer_entry(mock)
            invoice = self.send(invoice, **values)
            if not filled.call_count:
                mock.remove(filled)
        self.assertEqual(invoice.exact_state, "sent", invoice.exact_error)
        return invoice

    def get_match(self, partner=None):
        partner = partner or self.partner
        return self.env["exact.match"].search([("partner_id", "=", partner.id)])

    def bodies(self, method):
        return [
            json.loads(call.request.body)
            for call in self.calls
            if call.request.method == method
        ]
