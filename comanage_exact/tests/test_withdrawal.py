import json
from unittest.mock import patch

import requests
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..booking import withdrawal
from ..exact_api.client import ExactClient
from ..exact_api.exceptions import ExactRejected, ExactUnavailable, ExactUnconfirmed
from ..sync.claim import Claim
from ..sync.withdrawal import Withdrawal
from .common import CUSTOMER_GUID, ENTRIES_URL, ENTRY_GUID, exact_date
from .common_correction import ENTRY_URL, OTHER_GUID, CorrectionCommon

# What a person may have changed in Exact, each a reason not to delete the entry.
CHANGED = {
    "total": {"AmountFC": 121.01},
    "customer": {"Customer": OTHER_GUID},
    "date": {"EntryDate": exact_date("2026-03-11")},
    "number": {"EntryNumber": 2600002},
    "reference": {"YourRef": "PO 17"},
    "journal": {"Journal": "701"},
    "currency": {"Currency": "USD"},
    "base of a line": {"line": {"AmountFC": 99}},
    "VAT of a line": {"line": {"VATAmountFC": 20.99}},
    "VAT code": {"line": {"VATCode": "5"}},
    "G/L account": {"line": {"GLAccount": OTHER_GUID}},
    "cost centre": {"line": {"CostCenter": "ADMIN"}},
    "lines gone": {"SalesEntryLines": {"results": []}},
    "lines unknown": {"SalesEntryLines": {"__deferred": {"uri": "…"}}},
}
LOST = (
    {"body": requests.ReadTimeout("lost")},
    {"body": requests.ConnectionError("Connection aborted")},
    {"status": 503, "body": "<html>Server Unavailable</html>"},
    {"status": 408},
)


@tagged("post_install", "-at_install")
class TestWithdrawal(CorrectionCommon):
    """Our own entry is deleted in Exact, once and only if it is what was booked."""

    # === DONE === #

    def test_entry_is_deleted_and_proved_gone(self):
        self.withdraw()
        self.assertEqual(self.seen(), ("withdrawing", "withdrawing"))
        self.assertIn("Wrong price", self.last_message())
        with self.exact() as mock:
            self.answer(mock, [self.entry()], [])
            mock.delete(ENTRY_URL, status=204)
            self.push()
        self.assertEqual(self.methods(), ["GET", "DELETE", "GET"])
        self.assertEqual(self.seen(), ("cancelled", "withdrawn"))
        self.assertFalse(self.invoice.exact_guid or self.invoice.exact_error)
        self.assertIn("was deleted in Exact Online. Reason: Wrong", self.last_message())

    def test_corrected_invoice_goes_again_by_itself_with_the_same_number(self):
        number = self.outbox.request["EntryNumber"]
        self.withdraw_now()
        self.change(200)
        self.assertEqual(self.invoice.exact_state, "pending")
        with self.exact() as mock:
            self.answer(mock, [])
            self.answer_entry(mock, EntryID=OTHER_GUID)
            self.push_at("2026-03-10 10:00:00")
        self.assertEqual(self.methods(), ["GET", "POST"])
        self.assertEqual(self.body()["EntryNumber"], number)
        self.assertEqual(self.body()["SalesEntryLines"][0]["AmountFC"], 200)
        self.assertEqual(self.seen(), ("sent", "sent"))
        self.assertEqual(self.invoice.exact_guid, OTHER_GUID)

    def test_withdrawn_stays_out_until_somebody_sends_it(self):
        self.withdraw_now()
        with self.exact():
            self.push()
        self.assertTrue(self.invoice.is_exact_sendable)
        self.invoice.action_exact_send()
        self.assertEqual(self.invoice.exact_state, "pending")

    def test_changed_invoice_is_withdrawn_and_booked_again_with_one_click(self):
        self.change(200)
        self.withdraw()
        with self.exact() as mock:
            self.answer(mock, [self.entry()], [], [])
            mock.delete(ENTRY_URL, status=204)
            self.answer_entry(mock, EntryID=OTHER_GUID)
            self.push()
        self.assertEqual(self.methods(), ["GET", "DELETE", "GET", "GET", "POST"])
        self.assertEqual(self.body()["SalesEntryLines"][0]["AmountFC"], 200)
        self.assertEqual(self.seen(), ("sent", "sent"))

    def test_document_stays_and_is_shown_by_the_next_entry(self):
        document = self.outbox.document_id._get_or_create(self.outbox)
        document.write({"exact_guid": OTHER_GUID, "is_linked": True, "state": "done"})
        self.withdraw_now()
        self.assertEqual(document.exact_guid, OTHER_GUID)
        self.assertFalse(document.is_linked or document.state)
        self.assertIn("document with the PDF stays", self.last_message())

    # === NOT OURS, NOT THE SAME === #

    def test_changed_entry_is_left_alone(self):
        for what, told in CHANGED.items():
            self.withdraw()
            with self.subTest(what), self.exact() as mock:
                self.answer(mock, [self.entry(**told)])
                self.push()
            self.assertEqual(self.methods(), ["GET"], what)
            self.assertEqual(self.invoice.exact_state, "sent", what)
            self.assertIn("was not deleted because it was changed", self.last_message())
            self.assertIn("was changed in Exact", self.invoice.exact_error)

    def test_what_is_written_otherwise_is_no_change(self):
        request = self.outbox.request
        line = request["SalesEntryLines"][0]
        row = self.entry(
            Customer=CUSTOMER_GUID.upper(),
            line={"VATCode": "4  ", "GLAccount": line["GLAccount"].upper()},
        )
        self.assertEqual(withdrawal.changes(request, row), [])

    def test_entry_that_took_its_place_is_never_deleted(self):
        self.withdraw()
        with self.exact() as mock:
            self.answer(mock, [], [self.entry(EntryID=OTHER_GUID)])
            self.push()
        self.assertEqual(self.methods(), ["GET", "GET"])
        self.assertEqual(self.seen(), ("sent", "deleted"))
        self.assertIn("now has entry 2600001", self.invoice.exact_error)

    def test_processed_entry_is_left_alone(self):
        self.withdraw()
        with self.exact() as mock:
            self.answer(mock, [self.entry(Status=50)])
            self.push()
        self.assertEqual(self.invoice.exact_state, "sent")
        self.assertIn("is processed. Undo its processing", self.invoice.exact_error)

    # === REFUSED === #

    def test_refusal_says_what_an_accountant_can_do(self):
        for text, status, fix in (
            ("Al verwerkt", 400, "credit note in Odoo"),
            ("Periode is afgesloten", 400, "Open its financial period"),
            ("Forbidden", 403, "allow the connected user to delete"),
            ("Iets anders", 400, "Delete the entry in Exact Online and click"),
        ):
            self.withdraw()
            with self.subTest(text), self.exact() as mock:
                self.answer(mock, [self.entry()], [self.entry()])
                self.refuse(mock, text, status)
                self.push()
            self.assertEqual(self.methods(), ["GET", "DELETE", "GET"])
            self.assertEqual(self.seen(), ("sent", "sent"))
            self.assertIn("refused to delete entry 2600001", self.invoice.exact_error)
            self.assertIn(fix, self.invoice.exact_error)

    def test_refusal_of_what_is_gone_by_now_is_no_refusal(self):
        self.withdraw()
        with self.exact() as mock:
            self.answer(mock, [self.entry()], [])
            self.refuse(mock, "Forbidden", 403)
            self.push()
        self.assertEqual(self.seen(), ("cancelled", "withdrawn"))

    def test_refused_invoice_can_be_withdrawn_later(self):
        self.withdraw()
        with self.exact() as mock:
            self.answer(mock, [self.entry()], [self.entry()])
            self.refuse(mock, "Periode is afgesloten")
            self.push()
        self.withdraw_now()
        self.assertEqual(self.seen(), ("cancelled", "withdrawn"))

    # === LOST === #

    def wait_and_finish(self, moment="2026-03-10 09:02:00"):
        """Let the next run find the entry gone."""
        self.assertEqual(self.seen(), ("withdrawing", "withdrawing"))
        with self.exact() as mock:
            self.answer(mock, [], [], [])
            self.push_at(moment)
        self.assertEqual(set(self.methods()), {"GET"}, "Deleted once")
        self.assertEqual(self.seen(), ("cancelled", "withdrawn"))

    def restart(self):
        """Book the invoice anew, for the next case."""
        self.invoice.action_exact_send()
        with self.exact() as mock:
            self.answer(mock, [])
            self.answer_entry(mock)
            self.push()

    def test_lost_answer_to_the_deletion_is_looked_up(self):
        for answer in LOST:
            with self.subTest(answer=answer):
                self.withdraw()
                with self.exact() as mock:
                    self.answer(mock, [self.entry()])
                    mock.delete(ENTRY_URL, **answer)
                    self.push()
                self.assertIn("has not confirmed yet", self.invoice.exact_error)
                with self.exact():
                    # Exact may still be busy with it.
                    self.push_at("2026-03-10 09:01:59")
                self.wait_and_finish()
                self.restart()

    def test_deletion_that_never_arrived_is_made_again(self):
        for answer in (*LOST, {"body": requests.ConnectTimeout("down")}):
            with self.subTest(answer=answer):
                self.withdraw()
                with self.exact() as mock:
                    self.answer(mock, [self.entry()])
                    mock.delete(ENTRY_URL, **answer)
                    self.push()
                with self.exact() as mock:
                    self.answer(mock, [self.entry()], [])
                    mock.delete(ENTRY_URL, status=204)
                    self.push_at("2026-03-10 09:02:00")
                self.assertEqual(self.seen(), ("cancelled", "withdrawn"))
                self.restart()

    def test_lost_look_up_before_the_deletion(self):
        for answer in (*LOST, {"status": 429}):
            with self.subTest(answer=answer):
                self.withdraw()
                with self.exact() as mock:
                    self.answer(mock, answer)
                    self.push()
                self.assertEqual(self.methods(), ["GET"])
                self.wait_and_finish()
                self.restart()

    def test_lost_connection_leaves_it_for_later(self):
        self.withdraw()
        with self.exact() as mock:
            self.answer(mock, {"status": 401})
            self.push()
        self.assertEqual(self.methods(), ["GET"])
        self.assertEqual(self.invoice.exact_state, "withdrawing")

    def test_lost_proof_after_the_deletion(self):
        for answer in LOST:
            with self.subTest(answer=answer):
                self.withdraw()
                with self.exact() as mock:
                    self.answer(mock, [self.entry()], answer)
                    mock.delete(ENTRY_URL, status=204)
                    self.push()
                self.wait_and_finish()
                self.restart()

    def test_entry_that_is_still_there_is_not_gone(self):
        self.withdraw()
        with self.exact() as mock:
            self.answer(mock, [self.entry()], [self.entry()])
            mock.delete(ENTRY_URL, status=204)
            self.push()
        self.wait_and_finish()

    def test_trouble_never_ends_it(self):
        self.withdraw()
        self.outbox.attempts = 40
        with self.exact() as mock:
            self.answer(mock, {"status": 503})
            self.push()
        self.assertEqual(self.invoice.exact_state, "withdrawing")
        self.assertEqual(str(self.invoice.exact_scheduled_at), "2026-03-10 13:00:00")

    # === KILLED === #

    def test_worker_that_died_is_followed_by_a_look_up(self):
        # As the claim leaves it, which is committed before the first call.
        for entries, calls in (
            ([self.entry()], ["GET", "DELETE", "GET"]),
            ([], ["GET", "GET", "GET"]),
        ):
            self.withdraw()
            self.outbox._claim_withdrawal()
            with self.exact():
                # It may be alive and busy.
                self.push_at("2026-03-10 09:14:59")
            with self.subTest(calls=calls), self.exact() as mock:
                self.answer(mock, entries, [], [])
                if entries:
                    mock.delete(ENTRY_URL, status=204)
                    mock.assert_all_requests_are_fired = False
                self.push_at("2026-03-10 09:15:00")
            self.assertEqual(self.methods(), calls)
            self.assertEqual(self.seen(), ("cancelled", "withdrawn"))
            self.restart()

    def test_bug_of_ours_deletes_nothing_and_is_tried_again(self):
        self.withdraw()

        def broken(*_args):
            raise ZeroDivisionError

        self.patch(withdrawal, "changes", broken)
        with (
            self.exact() as mock,
            self.assertLogs("odoo.addons.comanage_exact", "ERROR"),
        ):
            self.answer(mock, [self.entry()])
            self.push()
        self.assertEqual(self.methods(), ["GET"])
        self.assertEqual(self.invoice.exact_state, "withdrawing")
        self.assertIn("internal error", self.invoice.exact_error)

    def test_second_worker_leaves_it_alone(self):
        self.withdraw()
        self.outbox._claim_withdrawal()
        outbox = self.outbox.with_company(self.company)
        with self.exact():
            self.assertFalse(Withdrawal(outbox, None)._claim())

    def withdraw_while(self, change, error):
        """Withdraw an entry that others take over during the deletion.

        The tests have one transaction, so that the rollback may undo what the others
        wrote; it is still not written over.

        :return: state, ID and moment of the row, and whether its text is the same.
        """
        self.withdraw()
        text, lock = self.outbox.error, Claim.lock

        def lock_late(claim):
            self.env.cr.execute(
                f"UPDATE exact_outbox SET {change} WHERE id = %s", self.outbox.ids
            )
            claim.outbox.invalidate_recordset()
            return lock(claim)

        with (
            self.exact() as mock,
            patch.object(Claim, "lock", lock_late),
            patch.object(ExactClient, "delete", side_effect=error),
            patch("odoo.addons.comanage_exact.sync.isolation._logger.exception"),
        ):
            mock.assert_all_requests_are_fired = False
            self.answer(mock, [self.entry()], [])
            self.push()
        self.env.invalidate_all()
        row = self.outbox
        return row.state, row.exact_guid, str(row.scheduled_at), row.error == text

    def test_what_others_made_of_it_is_not_written_over(self):
        errors = (
            None,
            ExactUnconfirmed("lost"),
            ExactUnavailable("down"),
            ExactRejected(["Forbidden"], 403),
            ZeroDivisionError("ours"),
        )
        connection = self.company.sudo().exact_connection_id
        for others, change in (
            ("sent", "state = 'sent', claimed_at = '2026-03-10 08:59'"),
            ("cancelled", "state = 'cancelled'"),
            ("withdrawing", "attempts = attempts + 1"),
        ):
            for error in errors:
                with self.subTest(change=change, error=error):
                    state, guid, moment, is_same = self.withdraw_while(change, error)
                    self.assertIn(state, ("withdrawing", others))
                    self.assertEqual(guid, ENTRY_GUID)
                    self.assertEqual(moment, "2026-03-10 09:15:00")
                    self.assertTrue(is_same)
                self.outbox.write({"state": "sent", "exact_guid": ENTRY_GUID})
                connection.write({"paused_until": False, "failing_since": False})

    def test_worker_that_was_away_deletes_nothing(self):
        self.withdraw()
        with self.exact() as mock, freeze_time("2026-03-10 09:00:00") as clock:
            row = json.dumps({"d": {"results": [self.entry()]}})

            def answer(_request):
                clock.tick(16 * 60)
                return 200, {}, row

            mock.add_callback("GET", ENTRIES_URL, answer)
            self.push()
        self.assertEqual(self.methods(), ["GET"])
        self.assertEqual(self.seen(), ("withdrawing", "withdrawing"))

    def test_intent_ends_with_the_withdrawal(self):
        self.withdraw_now()
        self.assertFalse(self.outbox.withdrawal)
        self.restart()
        self.withdraw()
        with self.exact() as mock:
            self.answer(mock, [self.entry(Status=50)])
            self.push()
        self.assertFalse(self.outbox.withdrawal)

    # === WHO MAY, AND WHAT === #

    def test_only_managers_withdraw(self):
        clerk = new_test_user(
            self.env(su=True),
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            self.invoice.with_user(clerk).action_exact_withdraw()
        wizard = self.env["exact.withdraw"].sudo()._make(self.invoice.sudo())
        with self.assertRaises(AccessError):
            wizard.with_user(clerk).action_withdraw()
        self.assertEqual(self.invoice.exact_state, "sent")

    def test_reason_is_asked_for(self):
        for reason in (False, " "):
            with self.assertRaisesRegex(UserError, "Enter why entry 2600001"):
                self.withdraw(reason=reason)
        self.assertEqual(self.invoice.exact_state, "sent")

    def test_what_somebody_else_entered_is_not_ours_to_delete(self):
        self.outbox.request = False
        with self.assertRaisesRegex(UserError, "entered in Exact Online manually"):
            self.invoice.action_exact_withdraw()

    def test_credited_invoice_is_not_withdrawn_before_its_credit_note(self):
        credit_note = self.invoice._reverse_moves(cancel=True)
        self.assertEqual(credit_note.exact_state, "pending")
        with self.assertRaisesRegex(UserError, f"is credited by {credit_note.name}"):
            self.invoice.action_exact_withdraw()

    def test_nothing_changes_an_invoice_while_it_is_withdrawn(self):
        self.withdraw()
        for method in ("button_draft", "button_cancel"):
            with self.assertRaisesRegex(UserError, "is being withdrawn"):
                getattr(self.invoice, method)()
        with self.assertRaisesRegex(UserError, "is not booked in Exact Online"):
            self.invoice.action_exact_withdraw()
        with self.assertRaisesRegex(UserError, "is not booked in Exact Online"):
            self.invoice.action_exact_check()

    def test_draft_is_withdrawn_too(self):
        self.invoice.button_draft()
        self.withdraw_now()
        self.assertEqual(self.seen(), ("cancelled", "withdrawn"))
        self.invoice.action_post()
        self.assertEqual(self.invoice.exact_state, "pending")

    def test_look_up_asks_for_the_entry_alone(self):
        self.withdraw_now()
        for call in self.calls:
            self.assertTrue(call.request.url.startswith(ENTRIES_URL))
            self.assertIn(ENTRY_GUID, call.request.url)
