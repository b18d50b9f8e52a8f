"""Booked invoices, and the entries that Exact tells of them."""

import uuid

from ..exact_api import bodies
from ..mappers.sales_entry import SalesEntryMapper
from .common import ENTRIES_URL, ExactCommon, exact_date

MONTH = {"date_from": "2026-03-01", "date_to": "2026-03-31"}


class ComparisonCommon(ExactCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_known()
        cls.cron_comparison = cls.env.ref("comanage_exact.ir_cron_exact_comparison")

    @classmethod
    def make_rate(cls, currency, rate, company=None):
        """Give a currency a rate, and return it."""
        currency = cls.env.ref(currency).sudo()
        currency.active = True
        currency.rate_ids.create(
            {
                "name": "2026-03-01",
                "rate": rate,
                "currency_id": currency.id,
                "company_id": (company or cls.company).id,
            }
        )
        return currency

    @classmethod
    def make_journal(cls, code):
        """Return another sales journal of Odoo, whose numbers begin at one."""
        journal = cls.company_data["default_journal_sale"].sudo()
        revenue = cls.company_data["default_account_revenue"]
        return journal.copy({"code": code, "default_account_id": revenue.id})

    # === EXACT === #

    def book(self, invoice, url=ENTRIES_URL, **told):
        """Book an invoice, and return its entry as Exact tells it from then on.

        :param told: what the entry has there by now.
        """
        guid = str(uuid.uuid4())
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock, url, EntryID=guid)
            self.push()
        self.assertEqual(invoice.exact_state, "sent", invoice.exact_error)
        return self.tell(invoice.sudo().exact_outbox_id.request, EntryID=guid, **told)

    def book_by_hand(self, invoice, **told):
        """Return an entry that somebody booked in Exact for an invoice."""
        moves = invoice.sudo()
        entry = SalesEntryMapper(moves).entry()
        return self.tell(bodies.sales_entry(entry), EntryID=str(uuid.uuid4()), **told)

    @staticmethod
    def tell(body, **told):
        """Return the row of Exact for the body of a POST."""
        lines, rate = body["SalesEntryLines"], body.get("Rate", 1)
        vat = round(sum(line["VATAmountFC"] for line in lines), 2)
        total = round(vat + sum(line["AmountFC"] for line in lines), 2)
        return {
            "EntryNumber": body["EntryNumber"],
            "EntryDate": exact_date(body["EntryDate"]),
            "Journal": body["Journal"],
            "YourRef": body["YourRef"],
            "Customer": body["Customer"],
            "CustomerName": "Deco Addict",
            "Currency": body["Currency"],
            "Rate": rate,
            "AmountFC": total,
            "AmountDC": round(total * rate, 2),
            "VATAmountDC": round(vat * rate, 2),
            "SalesEntryLines": {
                "results": [
                    {
                        **{
                            name: line[name]
                            for name in ("VATCode", "AmountFC", "VATAmountFC")
                        },
                        "AmountDC": round(line["AmountFC"] * rate, 2),
                        "VATAmountDC": round(line["VATAmountFC"] * rate, 2),
                    }
                    for line in lines
                ]
            },
            **told,
        }

    # === COMPARING === #

    def make_comparison(self, **values):
        return self.env["exact.comparison"].create({**MONTH, **values})

    def compare(self, *rows, looked_up=None, comparison=None, url=ENTRIES_URL):
        """Compare with entries of Exact.

        :param list looked_up: what a look-up by ID finds, where one is expected.
        """
        comparison = comparison or self.make_comparison()
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.get(url, json={"d": {"results": list(rows)}})
            if looked_up is not None:
                mock.get(url, json={"d": {"results": looked_up}})
            comparison.action_compare()
        self.assertEqual(comparison.state, "done", comparison.problem)
        return comparison

    def compare_one(self, *rows, **options):
        """Return (result, sentence) of the only line, or of the only one not equal."""
        lines = self.compare(*rows, **options).line_ids
        line = lines.filtered(lambda line: line.kind != "equal") or lines
        self.assertEqual(len(line), 1, lines.mapped("kind"))
        return line.kind, line.message or ""

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.cron_comparison.sudo().method_direct_trigger()

    def totals(self, comparison):
        """Return {VAT code: base and VAT of both sides}."""
        return {
            total.vat_code: (
                total.odoo_base,
                total.exact_base,
                total.odoo_vat,
                total.exact_vat,
            )
            for total in comparison.total_ids
        }
