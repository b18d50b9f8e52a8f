import json
import uuid

import responses

from odoo import Command
from odoo.tests import tagged

from .common import ENTRIES_URL, GL_GUID, exact_date
from .common_period import PeriodCommon

OTHER_GL_GUID = GL_GUID.replace("2", "7")


@tagged("post_install", "-at_install")
class TestComparisonMonth(PeriodCommon):
    """A month of forty documents of all kinds, and what an accountant makes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lists = cls.env(su=True)
        cls.own = {"company_id": cls.company.id}
        vat_account = cls.company_data["default_account_tax_sale"]
        vat_code_6 = cls.vat_code_21.sudo().copy({"code": "2", "percentage": 0.06})
        tax = cls.tax_21.sudo()
        lines = tax.invoice_repartition_line_ids + tax.refund_repartition_line_ids
        of_tax = lines.filtered(lambda line: line.repartition_type == "tax")
        of_tax.account_id = vat_account
        cls.tax_6 = cls.tax_21.sudo().copy(
            {"name": "6% test", "amount": 6, "exact_vat_code_id": vat_code_6.id}
        )
        cls.dollar = cls.make_rate("base.USD", 1.1731)
        cls.plan = cls.lists["account.analytic.plan"].create({"name": "Departments"})
        cls.gent, cls.brussels = (cls.make_center(code) for code in ("GENT", "BRU"))
        cls.company.sudo().exact_start_date = "2026-03-05"
        cls.manual_journal = cls.make_journal("OFF")
        cls.manual_journal.exact_manual_only = True
        cls.manual_customer = cls.customer.sudo().copy({"name": "Off", "vat": False})
        cls.make_known(cls.manual_customer)
        cls.manual_customer.with_company(cls.company).exact_manual_only = True

    @classmethod
    def make_center(cls, code):
        center = cls.lists["exact.cost.center"].create({**cls.own, "code": code})
        account = cls.lists["account.analytic.account"].create(
            {"name": code, "plan_id": cls.plan.id, "company_id": cls.company.id}
        )
        account.with_company(cls.company).exact_cost_center_id = center
        return account

    # === DOCUMENTS === #

    def make_shared(self, *shares):
        """Return an invoice with a line for each (amount, tax, analytic account)."""
        return self.make_invoice(
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Line",
                        "price_unit": amount,
                        "tax_ids": [Command.set(tax.ids)],
                        "analytic_distribution": account and {str(account.id): 100},
                    }
                )
                for amount, tax, account in shares
            ]
        )

    def make_dollars(self, *amounts):
        invoice = self.make_invoice(
            currency_id=self.dollar.id,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Line",
                        "price_unit": amount,
                        "tax_ids": [Command.set(tax.ids)],
                    }
                )
                for amount, tax in zip(amounts, (self.tax_21, self.tax_6), strict=False)
            ],
        )
        return invoice

    def make_entry(self, amount, journal=None, *, is_typed=False):
        """Return a manual entry as a point of sale closes its day.

        :param bool is_typed: somebody entered the VAT without its tax.
        """
        data = self.company_data
        journal = journal or data["default_journal_sale"]
        taxes = {} if is_typed else {"tax_ids": [Command.set(self.tax_21.ids)]}
        items = [
            (data["default_account_receivable"], -1.21 * amount, {}),
            (data["default_account_revenue"], amount, taxes),
        ]
        if is_typed:
            items.append((data["default_account_tax_sale"], 0.21 * amount, {}))
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": "2026-03-31",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "balance": -round(credit, 2),
                            "name": "Day",
                            **values,
                        }
                    )
                    for account, credit, values in items
                ],
            }
        )
        move.action_post()
        return move

    # === EXACT === #

    def book_all(self, invoices):
        """Book invoices in one go, and return {invoice: its entry in Exact}."""

        def answer(request):
            body = json.loads(request.body)
            entity = {**self.tell(body), "EntryID": str(uuid.uuid4())}
            return 201, {}, json.dumps({"d": entity})

        invoices.action_exact_send()
        with self.exact() as mock:
            mock.add_callback(responses.POST, ENTRIES_URL, answer)
            # What is older than the start date may be there already.
            self.answer_look_up(mock)
            self.push()
        self.assertEqual(set(invoices.mapped("exact_state")), {"sent"})
        return {
            invoice: self.tell_all(invoice.sudo().exact_outbox_id)
            for invoice in invoices
        }

    def tell_all(self, outbox):
        row = self.tell(outbox.request, EntryID=outbox.exact_guid)
        row.update(ReportingYear=2026, ReportingPeriod=3)
        sent = outbox.request["SalesEntryLines"]
        for line, body in zip(row["SalesEntryLines"]["results"], sent, strict=True):
            line["GLAccountCode"] = "700000"
            line["CostCenter"] = body.get("CostCenter")
            line["CostUnit"] = body.get("CostUnit")
        vat_dc = sum(one["VATAmountDC"] for one in row["SalesEntryLines"]["results"])
        base_dc = sum(one["AmountDC"] for one in row["SalesEntryLines"]["results"])
        row.update(VATAmountDC=round(vat_dc, 2), AmountDC=round(base_dc + vat_dc, 2))
        return row

    @staticmethod
    def lines(row):
        return row["SalesEntryLines"]["results"]

    # === ODOO === #

    def read_trial_balance(self):
        """Return turnover and VAT of the sales journals, from journal items alone."""
        items = self.env["account.move.line"].search(
            [
                ("date", ">=", "2026-03-01"),
                ("date", "<=", "2026-03-31"),
                ("parent_state", "=", "posted"),
                ("journal_id.type", "=", "sale"),
                ("company_id", "=", self.company.id),
            ]
        )
        vat_account = self.company_data["default_account_tax_sale"]
        vat = items.filtered(lambda item: item.account_id == vat_account)
        income = items.filtered(lambda item: item.account_id.internal_group == "income")
        return [-round(sum(found.mapped("balance")), 2) for found in (income, vat)]

    def test_month_of_all_kinds_equals_the_trial_balance(self):
        make = self.make_invoice
        matching = [
            *(make(100 + index) for index in range(9)),
            make(30, move_type="out_refund"),
            make(12.34, 7.77, move_type="out_refund"),
            self.make_dollars(250, 99.99),
            self.make_dollars(77.77),
            self.make_shared(
                (60, self.tax_21, self.gent), (40, self.tax_21, self.brussels)
            ),
            make(81, journal_id=self.manual_journal.id),
        ]
        names = (
            "total gl_account period vat_code customer dollars center date deleted "
            "duplicated"
        )
        changed = {
            name: self.make_dollars(200, 300)
            if name == "dollars"
            else self.make_shared(
                (500, self.tax_21, self.gent), (50, self.tax_6, self.brussels)
            )
            for name in names.split()
        }
        february = make(17, invoice_date="2026-02-10")
        not_sent = make(900) + make(90, move_type="out_refund")
        left_out = (
            make(11, journal_id=self.manual_journal.id)
            + make(12, journal_id=self.manual_journal.id)
            + make(13, partner_id=self.manual_customer.id)
            + make(14, partner_id=self.manual_customer.id)
            + make(15, invoice_date="2026-03-02")
            + make(16, invoice_date="2026-03-03")
        )
        receipts = [make(amount, move_type="out_receipt") for amount in (21, 22, 23)]
        entries = [self.make_entry(1000), self.make_entry(2000, is_typed=True)]
        entries.append(self.make_entry(-300))
        self.make_entry(400, self.company_data["default_journal_misc"])
        invoices = self.env["account.move"].union(
            *matching, *changed.values(), february
        )
        documents = len(invoices | not_sent | left_out) + len(receipts + entries)
        self.assertEqual(documents, 40)

        rows = self.book_all(invoices)
        told = {name: rows[invoice] for name, invoice in changed.items()}
        self.change(told)
        deleted = told.pop("deleted")
        moved = told.pop("period")
        rows[february]["ReportingPeriod"] = 3
        twice = {**told["duplicated"], "EntryID": str(uuid.uuid4()), "EntryNumber": 9}
        stranger = {
            **rows[matching[0]],
            **{"EntryID": str(uuid.uuid4()), "EntryNumber": 8, "YourRef": "PO 8"},
        }
        read = [row for row in rows.values() if row not in (deleted, moved)]
        comparison = self.compare(*read, twice, stranger, looked_up=[moved])

        self.check_kinds(comparison, matching, changed, not_sent, left_out)
        self.check_sums(comparison)
        self.check_badges(matching, changed)
        self.assertFalse(comparison.conclusion, "Nothing green with differences")

    def change(self, told):
        """Do to the entries in Exact what their names say."""
        told["total"].update(AmountFC=661, AmountDC=661)
        self.lines(told["total"])[0].update(AmountFC=503, AmountDC=503)
        self.lines(told["gl_account"])[0]["GLAccountCode"] = "493000"
        told["period"].update(ReportingPeriod=4, EntryDate=exact_date("2026-04-01"))
        self.lines(told["vat_code"])[0]["VATCode"] = "2"
        told["customer"]["Customer"] = str(uuid.uuid4())
        first, second = self.lines(told["dollars"])
        first["VATAmountDC"] = round(first["VATAmountDC"] + 0.01, 2)
        second["VATAmountDC"] = round(second["VATAmountDC"] - 0.01, 2)
        self.lines(told["center"])[0]["CostCenter"] = "BRU"
        told["date"]["EntryDate"] = exact_date("2026-03-11")

    def check_kinds(self, comparison, matching, changed, not_sent, left_out):
        lines = comparison.line_ids
        by_move = {line.move_id: line for line in lines if line.kind != "duplicate"}
        for invoice in (*matching, changed["duplicated"]):
            self.assertEqual(by_move[invoice].kind, "equal", by_move[invoice].message)
        self.assertEqual(by_move[changed["deleted"]].kind, "missing_exact")
        for name, sentence in (
            ("total", "Base for VAT code 4: 500.00 in Odoo, 503.00 in Exact Online."),
            ("gl_account", "G/L account 493000: 0.00 in Odoo, 500.00 in Exact Online."),
            ("period", "in period 2026-04 instead of 2026-03"),
            ("vat_code", "Base for VAT code 2: 50.00 in Odoo, 550.00 in Exact Online."),
            ("customer", "booked to a different customer"),
            ("dollars", "VAT for VAT code 2 in company currency: 15.34 in Odoo, 15.33"),
            ("center", "Cost centre GENT: 500.00 in Odoo, 0.00 in Exact Online."),
            ("date", "Date: 03/10/2026 in Odoo, 03/11/2026 in Exact Online."),
        ):
            with self.subTest(name):
                self.assertEqual(by_move[changed[name]].kind, "different")
                self.assertIn(sentence, by_move[changed[name]].message)
        for invoice in not_sent:
            self.assertEqual(by_move[invoice].kind, "not_sent")
        reasons = ("Journal", "Journal", "Customer", "Customer", "Dated", "Dated")
        for invoice, reason in zip(left_out, reasons, strict=True):
            self.assertEqual(by_move[invoice].kind, "left_out")
            self.assertTrue(by_move[invoice].message.startswith(reason))
        self.assertEqual(
            lines.filtered(lambda line: line.kind == "duplicate").move_id,
            changed["duplicated"],
        )
        self.assertEqual(
            lines.filtered(lambda line: line.kind == "missing_odoo").reference, "PO 8"
        )

    def check_sums(self, comparison):
        summary = comparison.summary_ids
        rows = {row.kind: row for row in summary}
        counts = {kind: row.count for kind, row in rows.items()}
        self.assertEqual(
            counts,
            {
                "equal": 16,
                # With the one of February that somebody moved to March.
                "different": 9,
                "missing_exact": 1,
                "not_sent": 2,
                "missing_odoo": 1,
                "duplicate": 1,
                "left_out": 6,
                "receipt": 3,
                "manual": 3,
                "elsewhere": 1,
            },
        )
        turnover, vat = self.read_trial_balance()
        here = summary.filtered(lambda row: row.kind != "elsewhere")
        self.assertAlmostEqual(sum(here.mapped("odoo_base")), turnover)
        self.assertAlmostEqual(sum(here.mapped("odoo_vat")), vat)
        self.assertAlmostEqual(
            sum(here.mapped("odoo_total")), turnover + vat, msg="The trial balance"
        )
        self.assertEqual(rows["left_out"].odoo_base, 81)
        self.assertEqual(
            (rows["receipt"].odoo_base, rows["receipt"].odoo_vat), (66, 13.86)
        )
        self.assertEqual(rows["manual"].odoo_vat, 567)
        self.assertEqual(rows["elsewhere"].odoo_base, 400)
        # What is compared has as much in Exact as Odoo has, but for what is named.
        self.assertEqual(rows["equal"].difference, 0)
        self.assertEqual(rows["missing_odoo"].exact_total, 121)
        self.assertEqual(rows["missing_exact"].difference, -658)

    def check_badges(self, matching, changed):
        """No invoice stays green that was found different, and green has its date."""
        for invoice in matching:
            outbox = invoice.sudo().exact_outbox_id
            self.assertEqual((outbox.status, outbox.finding), ("sent", "equal"))
            self.assertTrue(outbox.compared_at)
        for name, invoice in changed.items():
            outbox = invoice.sudo().exact_outbox_id
            expected = {"deleted": "deleted", "duplicated": "sent"}
            with self.subTest(name):
                self.assertEqual(outbox.status, expected.get(name, "differs"))
                self.assertEqual(outbox.verified, name == "duplicated")
