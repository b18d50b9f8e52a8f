from datetime import datetime

from odoo.tests import tagged

from .common import ENTRIES_URL, error_body
from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestCare(PushCase):
    """A cause that was cured: all that waited for it goes."""

    def setUp(self):
        super().setUp()
        self.make_known()
        self.cron_care = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()

    def care(self):
        with self.enter_registry_test_mode():
            self.cron_care.method_direct_trigger()

    def is_triggered(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        return bool(triggers.search([("cron_id", "=", self.cron_care.id)]))

    def forget_triggers(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([("cron_id", "=", self.cron_care.id)]).unlink()

    def fail_unmapped(self, count=2):
        """Return failed invoices of a tax without a VAT code."""
        self.tax_21.sudo().exact_vat_code_id = False
        invoices = self.env["account.move"]
        for _index in range(count):
            invoices += self.queue()
        with self.exact():
            self.push()
        self.assertEqual(set(invoices.mapped("exact_state")), {"failed"})
        self.forget_triggers()
        return invoices

    def states(self, invoices):
        return set(invoices.mapped("exact_state"))

    # === CHECKS === #

    def test_mapped_tax_sends_all_that_waited_for_it(self):
        invoices = self.fail_unmapped()
        self.tax_21.sudo().exact_vat_code_id = self.vat_code_21
        self.assertTrue(self.is_triggered())
        self.care()
        self.assertEqual(self.states(invoices), {"pending"})
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.states(invoices), {"sent"})

    def test_nothing_goes_while_the_cause_persists(self):
        invoices = self.fail_unmapped()
        self.care()
        self.assertEqual(self.states(invoices), {"failed"})

    def test_held_and_withdrawn_invoices_stay(self):
        invoices = self.fail_unmapped()
        invoices[0].button_draft()
        self.tax_21.sudo().exact_vat_code_id = self.vat_code_21
        self.care()
        self.assertEqual(invoices.mapped("exact_state"), ["cancelled", "pending"])

    def test_every_mapping_wakes_the_care(self):
        self.fail_unmapped(1)
        own = {"company_id": self.company.id}
        journal = self.env["exact.journal"].sudo().create({**own, "code": "71"})
        condition = self.env["exact.payment.condition"].sudo()
        condition = condition.create({**own, "code": "30"})
        account = self.company_data["default_account_revenue"].sudo()
        term = self.env.ref("account.account_payment_term_30days").sudo()
        sales = self.company_data["default_journal_sale"].sudo()
        company = self.company.sudo()
        for record, name, value in (
            (account, "exact_gl_account_id", company.exact_gl_account_id.id),
            (sales, "exact_journal_id", journal.id),
            (sales, "exact_credit_journal_id", journal.id),
            (term, "exact_payment_condition_id", condition.id),
            (company, "exact_journal_id", journal.id),
            (company, "exact_number_suffix", "1"),
            (company, "exact_mismatch_reason", "because"),
        ):
            self.forget_triggers()
            with self.subTest(name=name):
                record.with_company(self.company).write({name: value})
                self.assertTrue(self.is_triggered())

    def test_saving_a_mapping_wakes_nobody_where_nothing_failed(self):
        self.forget_triggers()
        self.tax_21.sudo().exact_vat_code_id = False
        self.assertFalse(self.is_triggered())

    def test_another_company_stays(self):
        invoice = self.fail_unmapped(1)
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self._set_up_connection(other, 777)
        self.care()
        self.assertEqual(invoice.exact_state, "failed")

    def test_row_that_breaks_keeps_no_other_back(self):
        broken, fine = self.fail_unmapped()
        self.tax_21.sudo().exact_vat_code_id = self.vat_code_21
        self.break_reading(broken)
        with self.assertLogs("odoo.addons.comanage_exact", "ERROR"):
            self.care()
        self.assertEqual(broken.exact_state, "failed")
        self.assertEqual(fine.exact_state, "pending")

    # === REFUSALS === #

    def refuse(self, count=3, text="Periode is afgesloten: 2026 - 3"):
        invoices = self.env["account.move"]
        for _index in range(count):
            invoices += self.queue()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=500, json=error_body(text))
            self.push()
        self.assertEqual(self.states(invoices), {"failed"})
        return invoices

    def test_one_that_gets_through_takes_the_others_along(self):
        invoices = self.refuse()
        other = self.refuse(1, "Ongeldig: Klant (Type)")
        invoices[0].action_exact_send()
        # As if it had gone by itself, with nobody to be told.
        invoices[0].sudo().exact_outbox_id.is_awaited = False
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.states(invoices), {"sent"})
        self.assertEqual(other.exact_state, "failed", "It failed for something else")

    def test_one_that_is_refused_again_takes_nobody_along(self):
        invoices = self.refuse()
        invoices[0].action_exact_send()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL,
                status=500,
                json=error_body("Periode is afgesloten: 2026 - 3"),
            )
            self.push()
        self.assertEqual(self.states(invoices), {"failed"})
        self.assertEqual(len(self.calls), 1)

    # === CRON === #

    def test_button_tells_of_a_cron_that_is_off_or_late(self):
        cron = self.cron_push.sudo()
        invoice = self.make_invoice()
        cron.active = False
        message = invoice.action_exact_send()["params"]["message"]
        self.assertIn("is inactive", message)
        cron.write({"active": True, "nextcall": datetime(2026, 3, 10, 8, 29, 59)})
        message = invoice.action_exact_send()["params"]["message"]
        self.assertIn("half an hour late", message)
        cron.nextcall = datetime(2026, 3, 10, 8, 30)
        message = invoice.action_exact_send()["params"]["message"]
        self.assertNotIn("scheduled action", message)
