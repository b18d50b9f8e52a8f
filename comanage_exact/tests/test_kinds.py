from odoo import Command
from odoo.tests import tagged

from .kinds import OTHER_GL_GUID, KindsCommon


@tagged("post_install", "-at_install")
class TestKinds(KindsCommon):
    """Amounts: each kind of line and of rounding, compared whole."""

    def test_several_vat_rates(self):
        invoice = self.make_lines(
            {"price_unit": 100}, {"price_unit": 50, "tax": self.tax_6}
        )
        self.assert_books(invoice, self.line(100.0, 21.0), self.line(50.0, 3.0, "2"))

    def test_tax_included_in_price(self):
        tax = self.make_tax(21, self.vat_code_21, price_include_override="tax_included")
        invoice = self.make_lines(
            {"price_unit": 21.53, "tax": tax}, {"price_unit": 21.53, "tax": tax}
        )
        self.assert_books(invoice, self.line(17.8, 3.73), self.line(17.79, 3.74))

    def test_rounding_per_line(self):
        self.company.sudo().tax_calculation_rounding_method = "round_per_line"
        invoice = self.make_lines(*({"price_unit": 0.12} for _index in range(3)))
        self.assert_books(invoice, *(self.line(0.12, 0.03) for _index in range(3)))

    def test_rounding_globally(self):
        self.company.sudo().tax_calculation_rounding_method = "round_globally"
        invoice = self.make_lines(*({"price_unit": 0.12} for _index in range(3)))
        self.assertEqual(invoice.amount_tax, 0.08)
        self.assert_books(
            invoice,
            self.line(0.12, 0.02),
            self.line(0.12, 0.03),
            self.line(0.12, 0.03),
        )

    def test_discount_on_a_line(self):
        invoice = self.make_lines({"price_unit": 100, "discount": 12.5})
        self.assert_books(invoice, self.line(87.5, 18.38))

    def test_discount_as_a_line(self):
        invoice = self.make_lines(
            {"price_unit": 100}, {"price_unit": -12.5, "name": "Discount"}
        )
        self.assert_books(
            invoice, self.line(100.0, 21.01), self.line(-12.5, -2.63, name="Discount")
        )

    def test_zero_lines_sections_subsections_and_notes(self):
        invoice = self.make_lines(
            {"display_type": "line_section", "name": "Section"},
            {"display_type": "line_subsection", "name": "Subsection"},
            {"price_unit": 100},
            {"price_unit": 0, "name": "Free"},
            {"display_type": "line_note", "name": "Note"},
        )
        self.assert_books(invoice, self.line(100.0, 21.0))

    def test_quantities_with_decimals(self):
        invoice = self.make_lines({"price_unit": 3.33, "quantity": 2.75})
        self.assert_books(invoice, self.line(9.16, 1.92))

    def test_negative_line(self):
        invoice = self.make_lines(
            {"price_unit": 100}, {"price_unit": 30, "quantity": -1}
        )
        self.assert_books(invoice, self.line(100.0, 21.0), self.line(-30.0, -6.3))

    def test_down_payment_and_final_invoice(self):
        down = self.make_lines({"price_unit": 30, "name": "Down payment"})
        self.assert_books(down, self.line(30.0, 6.3, name="Down payment"))
        final = self.make_lines(
            {"price_unit": 100},
            {"price_unit": 30, "quantity": -1, "name": "Down payment"},
        )
        self.assert_books(
            final,
            self.line(100.0, 21.0),
            self.line(-30.0, -6.3, name="Down payment"),
            EntryNumber=2600002,
        )

    def test_total_of_zero(self):
        invoice = self.make_lines({"price_unit": 10}, {"price_unit": -10})
        self.assert_books(invoice, self.line(10.0, 2.1), self.line(-10.0, -2.1))

    # === ROUNDING TO COINS === #

    def make_rounding(self, strategy):
        account = self.company_data["default_account_expense"]
        self.make_gl_account(account)
        return self.lists["account.cash.rounding"].create(
            {
                "name": "To five cents",
                "rounding": 0.05,
                "strategy": strategy,
                "profit_account_id": account.id,
                "loss_account_id": account.id,
                "rounding_method": "HALF-UP",
            }
        )

    def test_cash_rounding_as_a_line(self):
        rounding = self.make_rounding("add_invoice_line")
        invoice = self.make_lines(
            {"price_unit": 10.01}, invoice_cash_rounding_id=rounding.id
        )
        self.assertEqual(invoice.amount_total, 12.1)
        self.assert_books(
            invoice,
            self.line(10.01, 2.1),
            self.line(-0.01, 0.0, "0", name="To five cents", GLAccount=OTHER_GL_GUID),
        )

    def test_cash_rounding_on_the_biggest_tax(self):
        rounding = self.make_rounding("biggest_tax")
        invoice = self.make_lines(
            {"price_unit": 10.01}, invoice_cash_rounding_id=rounding.id
        )
        self.assertEqual(invoice.amount_total, 12.1)
        self.assert_books(invoice, self.line(10.01, 2.09))

    def test_half_a_cent_rounded_globally_and_to_coins(self):
        """Odoo's tax details part from its ledger here; the ledger decides."""
        self.company.sudo().tax_calculation_rounding_method = "round_globally"
        included = self.make_tax(
            21, self.vat_code_21, price_include_override="tax_included"
        )
        rounding = self.make_rounding("add_invoice_line")
        options = {"tax": included, "price_unit": 0.0385, "quantity": 0.125}
        invoice = self.make_lines(options, invoice_cash_rounding_id=rounding.id)
        self.assertEqual(invoice.amount_total, 0.0)
        self.assertNotEqual(set(invoice.line_ids.mapped("amount_currency")), {0.0})
        self.assert_books(
            invoice,
            self.line(0.01, 0.0),
            self.line(-0.01, 0.0, "0", name="To five cents", GLAccount=OTHER_GL_GUID),
        )

    # === CREDIT NOTES === #

    def reverse(self, invoice):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        reversal = wizard.create(
            {"date": "2026-03-10", "journal_id": invoice.journal_id.id}
        )
        refund = reversal.refund_moves() and reversal.new_move_ids
        refund.action_post()
        return refund

    def test_credit_note_names_its_original(self):
        invoice = self.make_lines({"price_unit": 100, "name": "Desk"})
        refund = self.reverse(invoice)
        self.assert_books(
            refund,
            self.line(-100.0, -21.0, name="Desk"),
            EntryNumber=26900001,
            Description=f"{refund.name} {invoice.name} Deco Addict",
        )

    def test_credit_note_in_its_own_journal(self):
        self.company.sudo().exact_credit_journal_id = self.lists[
            "exact.journal"
        ].create({**self.own, "code": "71"})
        refund = self.make_lines({"price_unit": 100}, move_type="out_refund")
        self.assert_books(refund, self.line(-100.0, -21.0), Journal="71")

    def test_credit_note_waits_for_its_original(self):
        self.make_known()
        invoice = self.make_lines({"price_unit": 100})
        refund = self.reverse(invoice)
        invoice.action_exact_send()
        refund.action_exact_send()
        invoice.action_exact_hold()
        with self.exact():
            self.push()
        self.assertEqual(refund.exact_state, "pending")
        self.assertIn(
            f"credits {invoice.name}, which is not booked", refund.exact_error
        )
        self.assertFalse(refund.exact_outbox_id.attempts)
        invoice.action_exact_release()
        # As if it had gone by itself, with nobody to be told.
        invoice.sudo().exact_outbox_id.is_awaited = False
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        states = (invoice + refund).mapped("exact_state")
        self.assertEqual(states, ["sent", "sent"], "The original wakes it")
        self.assertFalse(refund.exact_error)

    def test_credit_note_of_an_invoice_that_never_goes_does_not_wait(self):
        self.make_known()
        invoice = self.make_lines({"price_unit": 100})
        refund = self.reverse(invoice)
        refund.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(refund.exact_state, "sent")

    # === TERMS AND TEXTS === #

    def test_several_instalments_are_due_at_the_last(self):
        term = self.lists["account.payment.term"].create(
            {
                "name": "Half now, half later",
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": 0}),
                    Command.create({"value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        invoice = self.make_lines({"price_unit": 100}, invoice_payment_term_id=term.id)
        self.assert_books(invoice, self.line(100.0, 21.0), DueDate="2026-05-09")

    def assert_reference(self, model, pattern):
        journal = self.company_data["default_journal_sale"].sudo()
        journal.invoice_reference_model = model
        invoice = self.make_lines({"price_unit": 100})
        body = self.assert_books(invoice, self.line(100.0, 21.0))
        self.assertRegex(body["PaymentReference"], pattern)

    def test_structured_communication_of_belgium(self):
        self.assert_reference("be", r"^\+\+\+\d{3}/\d{4}/\d{5}\+\+\+$")

    def test_structured_communication_of_europe(self):
        self.assert_reference("euro", r"^RF\d\d [0-9A-Z ]+$")

    def test_due_date_of_a_term(self):
        term = self.lists["account.payment.term"].create(
            {"name": "30 days", "line_ids": [Command.create({"nb_days": 30})]}
        )
        invoice = self.make_lines({"price_unit": 100}, invoice_payment_term_id=term.id)
        self.assert_books(invoice, self.line(100.0, 21.0), DueDate="2026-04-09")

    def test_customer_reference_is_in_the_description(self):
        invoice = self.make_lines({"price_unit": 100}, ref="PO 4711")
        self.assert_books(
            invoice,
            self.line(100.0, 21.0),
            Description=f"{invoice.name} PO 4711 Deco Addict",
        )

    def test_long_and_strange_texts_are_cut_and_stay_whole_in_odoo(self):
        family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
        name = 'Tom & "Jerry\'s" <b>\x07 \u202eשלום ' + "é" * 30 + family + "z" * 90
        invoice = self.make_lines({"price_unit": 100, "name": name})
        self.assert_books(
            invoice,
            self.line(
                100.0,
                21.0,
                name='Tom & "Jerry\'s" <b> \u202eשלום ' + "é" * 30,
            ),
        )
        self.assertEqual(invoice.invoice_line_ids.name, name)

    def test_long_texts_of_the_header_are_cut(self):
        self.customer.sudo().name = "Deco Addict " + "x" * 60
        invoice = self.make_lines(
            {"price_unit": 100}, payment_reference="RF" + "7" * 40, ref="PO"
        )
        description = f"{invoice.name} PO {self.customer.name}"[:60]
        self.assert_books(
            invoice,
            self.line(100.0, 21.0),
            Description=description,
            PaymentReference="RF" + "7" * 33,
        )
        self.assertEqual(invoice.payment_reference, "RF" + "7" * 40)

    def test_emoji_arrive_as_they_are(self):
        name = "Caf\u00e9 \U0001f389 \U0001f468\u200d\U0001f469\u200d\U0001f467"
        invoice = self.make_lines({"price_unit": 100, "name": name})
        self.assert_books(invoice, self.line(100.0, 21.0, name=name))
