import json
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..exact_api import bodies
from ..mappers.sales_entry import SalesEntryMapper
from .common import CUSTOMER_GUID, ENTRIES_URL, error_body, problem_texts
from .common_period import PeriodCommon

CLOSED = "Periode is afgesloten: 2026 - 3"


@tagged("post_install", "-at_install")
class TestPeriod(PeriodCommon):
    """The financial period of the accounting date, whatever the invoice date is."""

    def body(self, invoice):
        return bodies.sales_entry(SalesEntryMapper(invoice).entry(CUSTOMER_GUID))

    def period_of(self, invoice):
        body = self.body(invoice)
        names = ("EntryDate", "ReportingYear", "ReportingPeriod")
        return tuple(body.get(name) for name in names)

    # === WHAT IS SENT === #

    def test_period_is_sent_whenever_it_is_known(self):
        self.assertEqual(self.period_of(self.make_invoice()), ("2026-03-10", 2026, 3))

    def test_lock_date_moves_the_period_and_not_the_entry_date(self):
        invoice = self.make_moved()
        self.assertEqual(str(invoice.invoice_date), "2026-02-20")
        self.assertEqual(str(invoice.date), "2026-03-10")
        self.assertEqual(self.period_of(invoice), ("2026-02-20", 2026, 3))

    def test_lock_date_moves_it_to_another_year(self):
        invoice = self.make_moved("2025-12-20", "2025-12-31")
        self.assertEqual(str(invoice.date), "2026-01-31")
        self.assertEqual(self.period_of(invoice), ("2025-12-20", 2026, 1))

    def test_credit_note_has_the_period_of_its_own_date(self):
        invoice = self.make_moved(move_type="out_refund")
        self.assertEqual(self.period_of(invoice), ("2026-02-20", 2026, 3))

    def test_accounting_date_written_by_a_caller_decides(self):
        invoice = self.make_invoice(post=False, date="2026-04-02")
        invoice.date = "2026-04-02"
        invoice.action_post()
        self.assertEqual(self.period_of(invoice), ("2026-03-10", 2026, 4))

    def test_accounting_date_of_quick_edit_decides(self):
        self.company.sudo().quick_edit_mode = "out_invoices"
        with Form(self.make_invoice(post=False)) as form:
            form.date = "2026-04-02"
        invoice = form.record
        invoice.action_post()
        self.assertEqual(self.period_of(invoice), ("2026-03-10", 2026, 4))

    def test_broken_year_sends_the_numbers_of_exact(self):
        self.make_years(2025, 2026, first=7)
        self.assertEqual(self.period_of(self.make_invoice()), ("2026-03-10", 2025, 9))

    def test_unknown_periods_are_left_to_exact(self):
        self.make_years()
        invoice = self.make_invoice()
        self.assertEqual(self.period_of(invoice), ("2026-03-10", None, None))
        self.assertEqual(problem_texts(invoice), [])

    def test_branch_uses_the_periods_of_its_owner(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        self.assertEqual(branch.exact_owner_id, self.company)
        found = branch.exact_owner_id._exact_find_period(date(2026, 5, 31))
        self.assertEqual(found, self.find_period("2026-05"))

    def test_preview_shows_the_period(self):
        invoice = self.make_moved()
        action = invoice.action_exact_preview()
        preview = self.env["exact.preview"].sudo().browse(action["res_id"])
        self.assertEqual(preview.period, "2026-03")

    def test_booked_invoice_is_equal_to_the_period_that_was_sent(self):
        invoice = self.make_moved()
        self.book(invoice)
        outbox = invoice.sudo().exact_outbox_id
        self.assertEqual(outbox.request["ReportingPeriod"], 3)
        self.assertFalse(invoice.exact_difference)

    def test_other_period_in_the_answer_is_told(self):
        invoice = self.make_moved()
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock, ReportingYear=2026, ReportingPeriod=2)
            self.push()
        self.assertEqual(
            invoice.exact_difference,
            "Financial period: in Exact Online the entry is in period 2026-02 instead "
            "of 2026-03.",
        )

    def test_reset_and_confirmed_again_is_as_it_was_sent(self):
        self.env.user.sudo().group_ids += self.env.ref(
            "comanage_exact.group_exact_manager"
        )
        for sent in (True, False):
            invoice = self.make_invoice()
            self.book(invoice)
            outbox = invoice.sudo().exact_outbox_id
            if not sent:
                # Before the periods were known.
                request = {**outbox.request}
                del request["ReportingYear"], request["ReportingPeriod"]
                outbox.request = request
            # That it was closed meanwhile changes nothing.
            self.find_period("2026-03")._note_closed("700")
            invoice.button_draft()
            invoice.action_post()
            self.assertFalse(invoice.exact_difference)
            self.find_period("2026-03")._note_open("700")

    # === TOLD BEFORE === #

    def test_date_outside_the_table_is_told_before_any_call(self):
        invoice = self.make_invoice(invoice_date="2027-01-05")
        self.assertEqual(
            problem_texts(invoice),
            [
                "Exact Online has no financial period for 01/05/2027, the accounting "
                f"date of {invoice.name}. Create the financial year there, then click "
                "Refresh Lists on the company, Exact Online tab."
            ],
        )
        invoice.action_exact_send()
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_error_kind, "period")

    def test_date_before_the_table_may_go_to_its_first_period(self):
        invoice = self.make_invoice(invoice_date="2024-12-30")
        (text,) = problem_texts(invoice)
        self.assertIn("book it in period 2025-01 with the same invoice date", text)
        self.fail_before(invoice)
        invoice.action_exact_book_in_open_period()
        self.assertEqual(self.period_of(invoice), ("2024-12-30", 2025, 1))

    def fail_before(self, *invoices):
        """Have invoices stopped without a call."""
        for invoice in invoices:
            invoice.action_exact_send()
        with self.exact():
            self.push()
        for invoice in invoices:
            self.assertEqual(invoice.exact_error_kind, "period", invoice.exact_error)

    def test_other_problems_are_told_together(self):
        self.tax_21.sudo().exact_vat_code_id = False
        invoice = self.make_invoice(invoice_date="2027-01-05")
        self.assertEqual(len(problem_texts(invoice)), 2)

    # === CLOSED === #

    def refuse(self, *invoices, text=CLOSED, status=500, calls=1):
        """Send invoices of which Exact refuses as many as there are calls."""
        for invoice in invoices:
            invoice.action_exact_send()
        self.push_refused(text, status, calls)

    def push_refused(self, text=CLOSED, status=500, calls=1):
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=status, json=error_body(text))
            self.push()
        self.assertEqual(len(self.calls), calls)

    def push_accepted(self, **properties):
        with self.exact() as mock:
            self.answer_entry(mock, **properties)
            self.push()
        return [json.loads(call.request.body) for call in self.calls]

    def test_refusal_names_the_period_and_the_cure(self):
        invoice = self.make_moved()
        self.refuse(invoice)
        self.assertEqual(invoice.exact_state, "failed")
        self.assertEqual(invoice.exact_error_kind, "period")
        self.assertEqual(
            invoice.exact_error,
            f"Exact Online rejected {invoice.name} in financial period 2026-03: "
            "“Periode is afgesloten: 2026 - 3”. Click Book in First Open Period to "
            "book it in period 2026-04 with the same invoice date, or open period "
            "2026-03 in Exact Online, then click Send to Exact again.",
        )

    def test_year_that_exact_lost_is_told_likewise(self):
        invoice = self.make_invoice()
        self.refuse(invoice, text="Verplicht: Boekjaar", status=400)
        self.assertEqual(invoice.exact_error_kind, "period")
        self.assertIn("Book in First Open Period", invoice.exact_error)

    def test_last_period_has_no_later_one(self):
        self.make_years(2025)
        # Else it would be looked up first, as it is older.
        self.company.sudo().exact_connection_id.connected_at = "2025-01-01 09:00:00"
        self.company.sudo().exact_start_date = "2025-01-01"
        invoice = self.make_invoice(invoice_date="2025-12-30")
        self.refuse(invoice)
        self.assertIn("Open the period in Exact Online", invoice.exact_error)
        self.assertNotIn("First Open", invoice.exact_error)
        with self.assertRaisesRegex(UserError, "no later financial period"):
            invoice.action_exact_book_in_open_period()
        self.assertEqual(invoice.exact_state, "failed")

    def test_button_books_in_the_next_period_and_keeps_the_date(self):
        invoice = self.make_moved()
        self.refuse(invoice)
        invoice.action_exact_book_in_open_period()
        self.assertEqual(invoice.exact_state, "pending")
        (body,) = self.push_accepted(ReportingYear=2026, ReportingPeriod=4)
        self.assertEqual(body["EntryDate"], "2026-02-20")
        self.assertEqual((body["ReportingYear"], body["ReportingPeriod"]), (2026, 4))
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(invoice.exact_difference)
        notes = " ".join(invoice.sudo().message_ids.mapped("body"))
        self.assertIn("in financial period 2026-04", notes)

    def test_button_moves_on_when_that_one_is_closed_too(self):
        invoice = self.make_invoice()
        self.refuse(invoice)
        invoice.action_exact_book_in_open_period()
        self.push_refused("Periode is afgesloten: 2026 - 4")
        self.assertIn("in financial period 2026-04", invoice.exact_error)
        self.assertIn("in period 2026-05", invoice.exact_error)
        invoice.action_exact_book_in_open_period()
        (body,) = self.push_accepted()
        self.assertEqual(body["ReportingPeriod"], 5)

    def test_button_moves_on_even_after_the_lists_are_refreshed(self):
        invoice = self.make_invoice()
        self.refuse(invoice)
        self.env["exact.period"].sudo()._forget_closed(self.company)
        invoice.action_exact_book_in_open_period()
        (body,) = self.push_accepted()
        self.assertEqual(body["ReportingPeriod"], 4)

    def test_others_are_told_without_a_call(self):
        invoices = [self.make_invoice(), self.make_invoice(), self.make_moved()]
        self.refuse(*invoices)
        self.assertEqual({one.exact_error_kind for one in invoices}, {"period"})
        self.assertIn(
            f"Financial period 2026-03 of {invoices[1].name} is closed in Exact Online "
            "journal 700. Click Book in First Open Period to book it in period 2026-04",
            invoices[1].exact_error,
        )
        causes = [one.sudo().exact_outbox_id.cause for one in invoices]
        self.assertEqual(len(set(causes)), 1, "One alert for all of them")

    def test_all_that_wait_are_booked_from_the_list(self):
        invoices = self.make_invoice() + self.make_invoice()
        self.refuse(*invoices)
        other = self.make_invoice()
        outboxes = (invoices + other).exact_outbox_id
        action = outboxes.action_book_in_open_period()
        self.assertIn("2 invoices will", action["params"]["message"])
        with self.exact() as mock:
            self.answer_entry(mock, EntryID="44444444-4444-4444-8444-444444444441")
            self.answer_entry(mock, EntryID="44444444-4444-4444-8444-444444444442")
            self.push()
        self.assertEqual(set(invoices.mapped("exact_state")), {"sent"})
        self.assertFalse(other.exact_state)

    def test_other_journal_is_not_closed(self):
        self.refuse(self.make_invoice())
        self.company.sudo().exact_journal_id.code = "701"
        self.assertEqual(problem_texts(self.make_invoice()), [])

    def test_other_period_is_not_closed(self):
        self.refuse(self.make_invoice())
        self.assertEqual(
            problem_texts(self.make_invoice(invoice_date="2026-04-01")), []
        )

    def test_closed_period_is_asked_again_after_a_day(self):
        self.refuse(self.make_invoice())
        invoice = self.make_invoice()
        with freeze_time("2026-03-11 08:59:00"):
            self.assertEqual(len(problem_texts(invoice)), 1)
        with freeze_time("2026-03-11 09:00:01"):
            self.assertEqual(problem_texts(invoice), [])

    def test_refreshed_lists_let_those_go_that_wait(self):
        first, second = self.make_invoice(), self.make_invoice()
        self.refuse(first, second)
        rows = [
            {
                "ID": f"55555555-5555-4555-8555-{period.id:012}",
                "FinYear": period.year,
                "FinPeriod": period.number,
                "StartDate": str(period.start_date),
                "EndDate": str(period.end_date),
            }
            for period in self.company.sudo().exact_period_ids
        ]
        self.env["exact.period"].sudo()._store(self.company.sudo(), rows)
        self.assertFalse(self.find_period("2026-03").closed_journals)
        with self.enter_registry_test_mode():
            cron = self.env.ref("comanage_exact.ir_cron_exact_care")
            cron.sudo().method_direct_trigger()
        self.assertEqual({first.exact_state, second.exact_state}, {"pending"})

    def test_send_asks_exact_again_and_takes_the_others_along(self):
        first, second = self.make_invoice(), self.make_invoice()
        self.refuse(first, second)
        first.action_exact_send()
        first.sudo().exact_outbox_id.is_awaited = False
        with self.exact() as mock:
            self.answer_entry(mock, EntryID="44444444-4444-4444-8444-444444444441")
            self.answer_entry(mock, EntryID="44444444-4444-4444-8444-444444444442")
            self.push()
        self.assertEqual({first.exact_state, second.exact_state}, {"sent"})

    def test_send_drops_a_choice_that_was_refused(self):
        invoice = self.make_invoice()
        self.refuse(invoice)
        invoice.action_exact_book_in_open_period()
        self.push_refused("Periode is afgesloten: 2026 - 4")
        invoice.action_exact_send()
        (body,) = self.push_accepted()
        self.assertEqual(body["ReportingPeriod"], 3)

    def test_send_keeps_a_choice_that_waits(self):
        invoice = self.make_invoice()
        self.refuse(invoice)
        invoice.action_exact_book_in_open_period()
        invoice.action_exact_send()
        (body,) = self.push_accepted()
        self.assertEqual(body["ReportingPeriod"], 4)

    def test_reset_to_draft_drops_the_choice(self):
        invoice = self.make_invoice()
        self.refuse(invoice)
        invoice.action_exact_book_in_open_period()
        invoice.button_draft()
        invoice.action_post()
        self.assertFalse(invoice.sudo().exact_outbox_id.period_id)

    def test_choice_is_for_those_who_may_send(self):
        invoice = self.make_invoice()
        self.refuse(invoice)
        reader = new_test_user(
            self.env(su=True),
            login="period_reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            invoice.with_user(reader).action_exact_book_in_open_period()

    def test_unknown_periods_are_refused_as_before(self):
        self.make_years()
        invoice = self.make_invoice()
        self.refuse(invoice)
        self.assertEqual(invoice.exact_error_kind, "refused")
        self.assertIn("Open the period", invoice.exact_error)
