import requests
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..exact_api.exceptions import ExactRejected
from ..sync import correction_messages
from ..sync.verification import note_missing
from .common import ENTRIES_URL, ENTRY_GUID, error_body, exact_date
from .common_correction import OTHER_GUID, CorrectionCommon


@tagged("post_install", "-at_install")
class TestDeleted(CorrectionCommon):
    """An entry that was deleted in Exact: found, booked again, linked or left."""

    def test_button_finds_it(self):
        action = self.check([], [], [])
        self.assertEqual(self.methods(), ["GET"] * 3)
        urls = [call.request.url for call in self.calls]
        self.assertIn(ENTRY_GUID, urls[0])
        self.assertIn("EntryNumber+eq+2600001+and+ReportingYear+eq+2026", urls[1])
        self.assertIn("YourRef+eq", urls[2])
        self.assertNotIn("Journal+eq", urls[2])
        self.assertEqual(self.seen(), ("sent", "deleted"))
        self.assertFalse(self.invoice.is_exact_verified)
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("Click Book Again", self.invoice.exact_difference)
        self.assertNotIn("redit", self.invoice.exact_difference)

    def test_button_finds_it_equal(self):
        self.outbox._note_finding("differs", "The total differs.")
        action = self.check([self.entry()])
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(self.seen(), ("sent", "sent"))

    def test_button_finds_it_different(self):
        self.check([self.entry(AmountFC=120)])
        self.assertEqual(self.seen(), ("sent", "differs"))
        self.assertIn("121.00 in Odoo, 120", self.invoice.exact_difference)

    def test_entry_that_took_its_place_is_named(self):
        self.check([], [self.entry(EntryID=OTHER_GUID)])
        self.assertEqual(self.invoice.exact_status, "deleted")
        self.assertIn("entry 2600001 in journal 700", self.invoice.exact_difference)

    def test_silent_exact_changes_nothing(self):
        with self.assertRaises(UserError):
            self.check({"status": 503})
        self.assertEqual(self.seen(), ("sent", "sent"))

    # === BOOK AGAIN === #

    def test_it_is_booked_again_with_the_same_number(self):
        number = self.outbox.request["EntryNumber"]
        self.find_deleted()
        self.book_again()
        self.assertEqual(self.invoice.exact_state, "pending")
        self.assertIn("booked again with the same number", self.last_message())
        with self.exact() as mock:
            self.answer(mock, [])
            self.answer_entry(mock, EntryID=OTHER_GUID)
            self.push()
        self.assertEqual(self.body()["EntryNumber"], number)
        self.assertEqual(self.seen(), ("sent", "sent"))
        self.assertEqual(self.invoice.exact_guid, OTHER_GUID)

    def test_nothing_is_booked_again_that_is_there(self):
        self.find_deleted()
        action = self.book_again([self.entry()])
        self.assertIn("is still in Exact", action["params"]["message"])
        self.assertEqual(self.seen(), ("sent", "sent"))

    def test_nothing_is_booked_again_that_is_there_under_another_id(self):
        other = self.entry(EntryID=OTHER_GUID)
        for answers in (([], [other]), ([], [], [other])):
            self.find_deleted()
            action = self.book_again(*answers)
            self.assertEqual(action["params"]["type"], "warning")
            self.assertEqual(self.seen(), ("sent", "deleted"))

    def test_unreachable_exact_proves_nothing(self):
        self.find_deleted()
        for answers in (
            ({"status": 503},),
            ([], {"body": requests.ReadTimeout("lost")}),
            ([], [], {"status": 500}),
        ):
            with self.subTest(answers=answers), self.assertRaises(UserError):
                self.book_again(*answers)
            self.assertEqual(self.seen(), ("sent", "deleted"))

    def test_second_click_books_nothing(self):
        self.find_deleted()
        self.book_again()
        with self.assertRaisesRegex(UserError, "is not booked in Exact Online"):
            self.invoice.action_exact_book_again()

    def test_nothing_is_booked_again_that_is_not_known_to_be_deleted(self):
        with self.assertRaisesRegex(UserError, "Click Check in Exact first"):
            self.invoice.action_exact_book_again()

    def test_entry_that_somebody_enters_meanwhile_is_not_doubled(self):
        self.find_deleted()
        self.book_again()
        row = self.entry(EntryID=OTHER_GUID, EntryNumber=77, Journal="701")
        with self.exact() as mock:
            self.answer(mock, [row])
            self.push()
        self.assertEqual(self.methods(), ["GET"])
        self.assertEqual(self.invoice.exact_error_kind, "conflict")
        self.assertIn("entry 77", self.invoice.exact_error)

    def test_lost_answer_of_the_second_booking_is_looked_up(self):
        self.find_deleted()
        self.book_again()
        with self.exact() as mock:
            self.answer(mock, [])
            mock.post(ENTRIES_URL, body=requests.ReadTimeout("lost"))
            self.push()
        self.assertEqual(self.invoice.exact_state, "unconfirmed")
        self.outbox.exact_guid = OTHER_GUID
        row = self.entry()
        self.outbox.exact_guid = False
        with self.exact() as mock:
            self.answer(mock, [row])
            self.push_at("2026-03-10 09:02:00")
        self.assertEqual(self.methods(), ["GET"])
        self.assertEqual(self.invoice.exact_guid, OTHER_GUID)
        self.assertEqual(self.seen(), ("sent", "sent"))

    # === LINK, LEAVE === #

    def test_other_entry_is_linked(self):
        self.find_deleted()
        row = self.entry(EntryID=OTHER_GUID, EntryNumber=77)
        self.invoice.sudo()._exact_link_entry(row)
        self.assertEqual(self.seen(), ("sent", "sent"))
        self.assertEqual(self.invoice.exact_guid, OTHER_GUID)
        self.assertEqual(str(self.invoice.exact_synced_at), "2026-03-10 09:00:00")

    def test_booked_invoice_is_linked_to_nothing_else(self):
        with self.assertRaisesRegex(UserError, "already booked"):
            self.invoice.sudo()._exact_link_entry(self.entry(EntryID=OTHER_GUID))

    def test_it_is_left(self):
        self.find_deleted()
        self.invoice.action_exact_accept()
        self.assertTrue(self.invoice.is_exact_accepted)
        self.assertEqual(self.seen(), ("sent", "deleted"))
        self.assertIn("accepted", self.last_message())
        self.outbox._note_finding("deleted", self.outbox.difference)
        self.assertTrue(self.invoice.is_exact_accepted, "The same once more")
        self.outbox._note_finding("differs", "The total differs.")
        self.assertFalse(self.invoice.is_exact_accepted, "Something new")

    # === ITS CREDIT NOTE === #

    def test_its_credit_note_stays_until_it_is_booked_again(self):
        self.find_deleted()
        credit_note = self.invoice._reverse_moves(
            [{"invoice_date": "2026-03-10"}], cancel=True
        )
        credit_note.action_exact_send()
        for _attempt in "before", "after it was left":
            with self.exact():
                self.push()
            self.assertEqual(credit_note.exact_state, "failed")
            self.assertIn("Book INV/2026/00001 again first", credit_note.exact_error)
            self.invoice.action_exact_accept()
            credit_note.action_exact_send()
        with self.exact():
            self.push()
        self.book_again()
        with self.exact() as mock:
            self.answer(mock, [])
            self.answer_entry(mock, EntryID=OTHER_GUID)
            self.answer_entry(mock, EntryID=ENTRY_GUID)
            self.push()
        self.assertEqual(self.methods(), ["GET", "POST", "POST"])
        self.assertEqual(credit_note.exact_state, "sent")

    def test_credit_note_of_what_was_withdrawn_stays(self):
        self.withdraw_now()
        credit_note = self.invoice._reverse_moves([{"invoice_date": "2026-03-10"}])
        credit_note.action_post()
        credit_note.action_exact_send()
        with self.exact():
            self.push()
        self.assertEqual(credit_note.exact_state, "failed")


@tagged("post_install", "-at_install")
class TestChanged(CorrectionCommon):
    """A booked invoice that was reset, changed and confirmed."""

    def test_it_says_so_field_by_field(self):
        self.change(200)
        self.assertEqual(self.seen(), ("sent", "changed"))
        table = str(self.invoice.exact_changes_html)
        self.assertIn("<td>242.00</td><td>121.00</td>", table)
        self.assertNotIn("Exact Online today", table)
        self.check([self.entry(AmountFC=130)])
        self.assertEqual(self.seen(), ("sent", "changed"))
        table = str(self.invoice.exact_changes_html)
        self.assertIn("<td>242.00</td><td>121.00</td><td>130.00</td>", table)

    def test_only_what_differs_is_marked(self):
        self.change(200)
        rows = str(self.invoice.exact_changes_html).split("<tr")
        marked = [row for row in rows if "table-warning" in row]
        self.assertEqual(len(marked), 4, "Total, VAT, base and VAT of the code")

    def test_equal_again_is_green_again(self):
        self.change(200)
        self.change(100)
        self.assertEqual(self.seen(), ("sent", "sent"))
        self.assertFalse(self.invoice.exact_changes_html)

    def test_what_was_found_before_is_found_again(self):
        for finding, text in (("equal", False), ("differs", "The total differs.")):
            self.outbox._note_finding(finding, text)
            self.change(200)
            self.change(100)
            self.assertEqual(self.outbox.finding, finding)
            self.assertEqual(self.outbox.difference, text)

    def test_reset_does_not_hide_that_the_entry_is_gone(self):
        self.find_deleted()
        self.change(200)
        self.assertEqual(self.seen(), ("sent", "deleted"))
        self.change(100)
        self.assertEqual(self.seen(), ("sent", "deleted"))

    def test_entry_corrected_by_hand_is_equal_again(self):
        self.change(200)
        row = self.entry(
            AmountFC=242,
            AmountDC=242,
            VATAmountDC=42,
            line={"AmountFC": 200, "VATAmountFC": 42, "GLAccountCode": "700000"},
        )
        self.check([row])
        self.assertEqual(self.seen(), ("sent", "sent"))

    def test_other_customer_is_not_made_equal_by_the_old_entry(self):
        other = self.env["res.partner"].sudo().create({"name": "Other"})
        other.with_company(self.company).exact_guid = OTHER_GUID
        self.invoice.button_draft()
        self.invoice.partner_id = other.id
        self.invoice.action_post()
        self.check([self.entry()])
        self.assertEqual(self.seen(), ("sent", "changed"))

    def change_account(self):
        """Reset the booked invoice, give its line another account, confirm it."""
        account, line = self.other_account(), self.invoice.invoice_line_ids
        self.invoice.button_draft()
        line.write({"account_id": account.id, "tax_ids": line.tax_ids.ids})
        self.invoice.action_post()

    def other_account(self):
        known = self.company.sudo().exact_gl_account_id
        revenue = self.company_data["default_account_revenue"].sudo()
        account = revenue.copy({"code": "701000", "name": "Other revenue"})
        account.with_company(self.company).exact_gl_account_id = known.copy(
            {"code": "701000", "exact_guid": OTHER_GUID}
        )
        return account

    def test_other_account_differs_whatever_somebody_accepts(self):
        self.change_account()
        row = self.entry(line={"GLAccountCode": "700000"})
        self.check([row])
        self.assertEqual(self.seen(), ("sent", "changed"))
        self.invoice.action_exact_accept()
        for _night in range(2):
            self.check([row])
            self.assertEqual(self.seen(), ("sent", "differs"))
            self.assertFalse(self.invoice.is_exact_verified)
            self.assertTrue(self.invoice.is_exact_accepted)
        self.check([self.entry(line={"GLAccountCode": "701000"})])
        self.assertEqual(self.seen(), ("sent", "sent"), self.outbox.difference)

    def test_other_account_is_unknown_without_the_lines(self):
        self.change_account()
        self.invoice.action_exact_accept()
        row = self.entry(SalesEntryLines={"__deferred": {"uri": "…"}})
        self.check([row])
        self.assertEqual(self.seen(), ("sent", "differs"))

    def test_other_customer_stays_different_once_accepted(self):
        other = self.env["res.partner"].sudo().create({"name": "Other"})
        other.with_company(self.company).exact_guid = OTHER_GUID
        self.invoice.button_draft()
        self.invoice.partner_id = other.id
        self.invoice.action_post()
        self.invoice.action_exact_accept()
        for _night in range(2):
            self.check([self.entry()])
            self.assertEqual(self.seen(), ("sent", "differs"))
            self.assertTrue(self.invoice.is_exact_accepted)
        line = {"GLAccountCode": "700000"}
        self.check([self.entry(Customer=OTHER_GUID, line=line)])
        self.assertEqual(self.seen(), ("sent", "sent"), self.outbox.difference)

    # === WHAT SOMEBODY ACCEPTED === #

    def test_accepted_stays_accepted_until_something_else_differs(self):
        for is_line_read in (True, False, True):
            lines = {} if is_line_read else {"SalesEntryLines": {"__deferred": {}}}
            self.check([self.entry(AmountFC=130, **lines)])
            if not self.invoice.is_exact_accepted:
                self.invoice.action_exact_accept()
            self.assertFalse(self.outbox.is_review_due)
            self.outbox.difference = "The same in other words"
        self.check([self.entry(AmountFC=130)])
        self.assertTrue(self.invoice.is_exact_accepted)
        self.check([self.entry(AmountFC=1130)])
        self.assertFalse(self.invoice.is_exact_accepted)
        self.assertTrue(self.outbox.is_review_due)

    def test_left_stays_left_in_whatever_words(self):
        self.find_deleted()
        self.invoice.action_exact_accept()
        note_missing(self.outbox)
        self.assertTrue(self.invoice.is_exact_accepted)
        self.assertFalse(self.outbox.is_review_due)

    def test_change_after_the_cents_alerts(self):
        cents = {"entry": [["total", "121", "121.01"]], "lines": []}
        more = {"entry": [["total", "121", "121.02"]], "lines": []}
        self.outbox.write({"finding": "differs", "found": cents})
        self.outbox._note_finding("differs", "…", found=more, is_rounding_only=True)
        self.assertFalse(self.outbox.is_review_due)
        self.outbox._note_finding("differs", "…", found=cents)
        self.assertTrue(self.outbox.is_review_due)

    def test_accepted_change_is_taken_as_it_is_found_first(self):
        self.change(200)
        self.invoice.action_exact_accept()
        self.check([self.entry()])
        self.assertTrue(self.invoice.is_exact_accepted)
        self.assertFalse(self.outbox.is_review_due)
        self.check([self.entry(AmountFC=122)])
        self.assertFalse(self.invoice.is_exact_accepted)
        self.assertTrue(self.outbox.is_review_due)

    # === WHAT WAS FOUND MEANWHILE === #

    def test_green_needs_a_comparison_after_one_of_the_change(self):
        booked_at = self.outbox.compared_at
        self.change(200)
        self.assertEqual(self.outbox.compared_at, booked_at)
        self.check([self.entry(AmountFC=130)])
        self.change(100)
        self.assertFalse(self.invoice.is_exact_verified)
        self.assertFalse(self.outbox.compared_at)
        self.assertTrue(self.outbox.is_verification_due)
        self.check([self.entry(AmountFC=130)])
        self.assertEqual(self.seen(), ("sent", "differs"))
        self.assertTrue(self.outbox.is_review_due)

    def test_accepted_and_restored_is_compared_again(self):
        self.change(200)
        self.invoice.action_exact_accept()
        self.change(100)
        self.assertFalse(self.invoice.is_exact_verified)
        self.assertTrue(self.outbox.is_verification_due)

    # === ADVICE === #

    def test_credit_note_is_no_way_out_of_a_change(self):
        self.change(200)
        self.assertIn("reset the invoice to what was booked", self.last_message())
        err = ExactRejected(["Periode is afgesloten"], 400)
        text = correction_messages.deletion_refused_text(self.outbox, err)
        self.assertIn("or reset the invoice in Odoo to what was booked", text)
        view = self.invoice.get_view(view_type="form")["arch"]
        strip = view.split("exact_strip != 'changed'")[1].split("exact_strip !=")[0]
        self.assertNotIn("action_reverse", strip)
        self.change(100)
        text = correction_messages.deletion_refused_text(self.outbox, err)
        self.assertIn("or create a credit note in Odoo", text)

    def test_accepted_is_different_but_no_longer_changed(self):
        self.change(200)
        self.invoice.action_exact_accept()
        self.assertEqual(self.seen(), ("sent", "differs"))
        self.assertTrue(self.invoice.is_exact_accepted)
        self.assertFalse(self.invoice.is_exact_verified)

    def test_manager_is_asked_before_the_reset_and_nobody_else(self):
        self.assertTrue(self.invoice.is_exact_reset_asked)
        self.assertFalse(self.make_invoice().is_exact_reset_asked)
        view = self.invoice.get_view(view_type="form")["arch"]
        self.assertIn("not show_reset_to_draft_button or is_exact_reset_asked", view)


@tagged("post_install", "-at_install")
class TestLookUpFirst(CorrectionCommon):
    """What Exact may have already is looked for before it is booked."""

    def push_and_find(self, invoice, *rows):
        with self.exact() as mock:
            self.answer(mock, list(rows))
            if not rows:
                self.answer_entry(mock, EntryID=OTHER_GUID)
            self.push()
        return self.methods()

    def make_old(self):
        invoice = self.make_invoice(invoice_date="2026-01-05")
        invoice.action_exact_send()
        return invoice

    def foreign(self, invoice, **values):
        return self.entry(
            EntryID=OTHER_GUID,
            YourRef=invoice.name,
            EntryNumber=77,
            Journal="701",
            EntryDate=exact_date("2026-01-05"),
            **values,
        )

    def test_older_than_the_start_date(self):
        self.company.sudo().exact_start_date = "2026-03-01"
        invoice = self.make_old()
        self.assertEqual(self.push_and_find(invoice, self.foreign(invoice)), ["GET"])
        self.assertNotIn("Journal+eq", self.calls[0].request.url)
        self.assertEqual(invoice.exact_error_kind, "conflict")
        self.assertIn("entry 77 in Exact Online journal 701", invoice.exact_error)
        self.assertIn("77", str(invoice.exact_conflict_html))

    def test_older_than_the_connection(self):
        connection = self.company.sudo().exact_connection_id
        connection.connected_at = "2026-03-01 09:00:00"
        self.company.sudo().exact_start_date = False
        self.assertEqual(self.push_and_find(self.make_old()), ["GET", "POST"])

    def test_all_others_take_one_call(self):
        self.book(self.make_invoice(), OTHER_GUID)
        self.assertEqual(self.methods(), ["POST"])

    def test_entry_of_another_invoice_or_year_is_none(self):
        self.company.sudo().exact_start_date = "2026-03-01"
        invoice = self.make_old()
        rows = [
            {**self.foreign(invoice), "EntryID": ENTRY_GUID},
            {**self.foreign(invoice), "EntryDate": exact_date("2024-01-05")},
        ]
        with self.exact() as mock:
            self.answer(mock, rows)
            self.answer_entry(mock, EntryID=OTHER_GUID)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_click_after_a_conflict_books_nothing_twice(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL, status=400, json=error_body("In gebruik: Boekstuknummer")
            )
            self.answer(mock, [], [{**self.foreign(invoice), "AmountFC": 1}])
            self.push()
        self.assertEqual(invoice.exact_error_kind, "conflict")
        invoice.action_exact_send()
        self.assertEqual(self.push_and_find(invoice, self.foreign(invoice)), ["GET"])
        self.assertEqual(invoice.exact_error_kind, "conflict")
        invoice.action_exact_send()
        self.assertEqual(self.push_and_find(invoice), ["GET", "POST"])
        self.assertEqual(invoice.exact_state, "sent")

    def make_failed(self, invoice):
        """Let the booking fail for a code that is not mapped."""
        code = self.tax_21.sudo().exact_vat_code_id
        self.tax_21.sudo().exact_vat_code_id = False
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.tax_21.sudo().exact_vat_code_id = code

    def test_what_failed_for_long_may_have_been_entered_by_hand(self):
        for moment, calls in (
            ("2026-03-10 20:00:00", ["POST"]),
            ("2026-03-31 09:00:00", ["GET"]),
        ):
            invoice = self.make_invoice(invoice_date="2026-03-10")
            invoice.action_exact_send()
            self.make_failed(invoice)
            with self.subTest(moment), freeze_time(moment), self.exact() as mock:
                mock.assert_all_requests_are_fired = False
                self.answer(mock, [self.foreign(invoice)])
                self.answer_entry(mock, EntryID=moment[:10])
                invoice.sudo().exact_outbox_id._retry_now()
                self.push_at(moment)
            self.assertEqual(self.methods(), calls)

    def test_what_was_on_hold_for_long_may_have_been_entered_by_hand(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        invoice.sudo().exact_outbox_id._hold()
        with freeze_time("2026-03-31 09:00:00"):
            invoice.sudo().exact_outbox_id._release()
        with self.exact() as mock:
            self.answer(mock, [self.foreign(invoice)])
            self.push_at("2026-03-31 09:00:00")
        self.assertEqual(self.methods(), ["GET"])

    def test_what_was_reset_may_have_been_entered_by_hand(self):
        for origin in ("button", "historical"):
            invoice = self.make_invoice()
            invoice.action_exact_send()
            invoice.sudo().exact_outbox_id.origin = origin
            invoice.button_draft()
            invoice.action_post()
            invoice.action_exact_send()
            with self.subTest(origin):
                self.assertEqual(
                    self.push_and_find(invoice, self.foreign(invoice)), ["GET"]
                )
                self.assertEqual(invoice.exact_error_kind, "conflict")
                invoice.button_draft()
                invoice.action_post()
                self.assertTrue(invoice.sudo().exact_outbox_id.must_look_up)
                invoice.sudo().exact_outbox_id._hold()

    def test_entry_is_ours_only_if_all_agrees(self):
        for told in (
            {"EntryDate": exact_date("2026-03-11")},
            {"Customer": OTHER_GUID},
            {"Currency": "USD"},
            {"EntryNumber": 77},
            {"Journal": "701"},
        ):
            invoice = self.make_invoice()
            invoice.action_exact_send()
            with self.exact() as mock:
                mock.post(ENTRIES_URL, body=requests.ReadTimeout("lost"))
                self.push()
            row = self.entry(invoice, **{"EntryID": OTHER_GUID, **told})
            with self.subTest(told), self.exact() as mock:
                self.answer(mock, [], [row])
                self.push_at("2026-03-10 09:02:00")
            self.assertEqual(invoice.exact_state, "failed")
            self.assertIn("table-warning", str(invoice.exact_conflict_html))
