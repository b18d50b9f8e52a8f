from odoo.tests import tagged

from ..sync.alerts import Alerts
from .common import CUSTOMER_GUID, ENTRIES_URL, ExactCommon, error_body, exact_date


@tagged("post_install", "-at_install")
class TestNumberRenamed(ExactCommon):
    """Numbers that change after booking, and numbers that Exact has in use."""

    def setUp(self):
        super().setUp()
        self.make_known()

    def book(self, invoice=None):
        invoice = invoice or self.make_invoice()
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        return invoice

    def rename(self, invoice, name):
        invoice.sudo().name = name

    def recheck(self):
        cron = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    # === RENAMED === #

    def test_renamed_invoice_is_told_and_keeps_its_number_in_exact(self):
        invoice = self.book()
        self.rename(invoice, "INV/2026/00042")
        self.assertEqual(invoice.exact_number, "2600001")
        self.assertIn(
            "INV/2026/00042 was called INV/2026/00001 when it was booked",
            invoice.exact_difference,
        )
        self.assertFalse(invoice.is_exact_verified)
        self.assertIn("was called", invoice.message_ids[0].body)

    def test_old_number_given_back_is_no_difference(self):
        invoice = self.book()
        before = invoice.is_exact_verified
        self.rename(invoice, "INV/2026/00042")
        self.rename(invoice, "INV/2026/00001")
        self.assertFalse(invoice.exact_difference)
        self.assertEqual(invoice.is_exact_verified, before)
        self.assertFalse(invoice.sudo().exact_outbox_id.is_renamed)

    def test_resequenced_invoices_are_one_alert(self):
        invoices = self.book() + self.make_invoice()
        second = invoices[1].sudo()
        second.action_exact_send()
        second.exact_outbox_id._transition("sending")
        second.exact_outbox_id._note_booked("guid", "2600002", "700", "")
        wizard = self.env["account.resequence.wizard"].sudo()
        wizard = wizard.with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create({"first_name": "INV/2026/00101", "ordering": "keep"})
        wizard.resequence()
        self.assertEqual(
            sorted(invoices.mapped("name")), ["INV/2026/00101", "INV/2026/00102"]
        )
        Alerts(self.env(su=True)).sync()
        activity = invoices.sudo().activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.summary, "Renamed after booking in Exact Online")
        self.assertIn("2 booked invoices have another number", activity.note)
        for invoice in invoices.sudo():
            self.rename(invoice, invoice.exact_outbox_id.booked_name)
        Alerts(self.env(su=True)).sync()
        self.assertFalse(activity.exists())

    def test_invoice_that_is_not_booked_yet_is_renamed_without_a_word(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        self.rename(invoice, "INV/2026/00042")
        self.assertFalse(invoice.exact_difference)
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_number, "2600042")
        self.assertEqual(invoice.sudo().exact_outbox_id.booked_name, "INV/2026/00042")

    # === IN USE === #

    def entry(self, number, reference, guid="someone's"):
        return {
            "EntryID": guid,
            "EntryNumber": number,
            "Journal": "700",
            "YourRef": reference,
            "Customer": CUSTOMER_GUID,
            "CustomerName": "Smit",
            "Currency": "EUR",
            "EntryDate": exact_date("2026-03-01"),
            "AmountFC": 50,
            "AmountDC": 50,
            "VATAmountDC": 0,
        }

    def refuse(self, invoice, *rows):
        invoice.action_exact_send()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL, status=400, json=error_body("In gebruik: Boekstuknummer")
            )
            self.answer_look_up(mock, *rows)
            if not rows:
                self.answer_look_up(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "failed")

    def test_number_typed_in_exact_names_a_format_that_avoids_it(self):
        invoice = self.make_invoice()
        self.refuse(invoice, self.entry(2600001, "by hand"))
        self.assertIn("click “Already in Exact Online?”", invoice.exact_error)
        self.assertIn(
            "change Number Prefix of company_1_data to {yy}1", invoice.exact_error
        )
        company = self.company.sudo()
        company.invalidate_recordset()
        self.assertIn("which “by hand” already has", company.exact_number_warning)
        company.with_user(
            self.env.ref("base.user_admin")
        ).action_exact_use_number_format()
        self.recheck()
        self.assertEqual(invoice.exact_state, "pending")
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_number, "26100001")

    def test_number_of_our_other_journal_names_the_format_of_one(self):
        self.assert_other_journal_is_named(self.book())

    def test_number_of_an_entry_that_is_verified_with_the_look_up(self):
        first = self.book()
        first.sudo().exact_outbox_id.is_verification_due = True
        self.assert_other_journal_is_named(first)

    def assert_other_journal_is_named(self, first):
        web = first.journal_id.sudo().copy({"code": "WEB"})
        web.exact_number_prefix = False
        second = self.make_invoice(journal_id=web.id)
        # As of what was booked before numbers were claimed.
        first.sudo().exact_outbox_id.claimed_number = False
        self.refuse(second, self.entry(2600001, first.name, first.exact_guid))
        self.assertIn(
            "Entry 2600001 in Exact Online journal 700 is the booking of "
            "INV/2026/00001 of company_1_data. Change Number Prefix of",
            second.exact_error,
        )
        self.assertIn("{yy}1", second.exact_error)

    def test_number_in_use_by_what_nobody_finds_names_another_format(self):
        invoice = self.make_invoice()
        self.refuse(invoice)
        self.assertIn(
            "Change Number Prefix of company_1_data to {yy}1, so that INV/2026/00001 "
            "gets another number",
            invoice.exact_error,
        )

    def test_entry_with_our_reference_is_left_for_a_person(self):
        invoice = self.make_invoice()
        self.refuse(invoice, self.entry(2600001, invoice.name))
        self.assertIn("a different total", invoice.exact_error)
        self.company.sudo().exact_number_prefix = "7{yy}"
        self.recheck()
        self.assertEqual(invoice.exact_state, "failed")
