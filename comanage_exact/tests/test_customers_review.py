from unittest.mock import patch

from odoo.tests import tagged

from ..sync import customers
from .common import CUSTOMER_GUID, GL_GUID
from .common_customers import MAIL, OTHER_GUID, PLACE, SYNC_URL, CustomersCommon


@tagged("post_install", "-at_install")
class TestReview(CustomersCommon):
    """An open question is answered by itself once Exact or the contact answers it."""

    def setUp(self):
        super().setUp()
        known = {"VATNumber": "BE0477472701", **MAIL}
        self.account = self.add_account(**known)
        self.double = self.add_account(OTHER_GUID, **known)
        with self.exact():
            self.invoice = self.send()
        self.match = self.get_match()
        self.assertEqual(len(self.match.candidate_ids), 2)

    def care(self):
        cron = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def assert_booked(self, guid, *, creates=False):
        with self.exact() as mock:
            if creates:
                self.answer_account(mock)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.invoice.exact_state, "sent", self.invoice.exact_error)
        self.assertEqual(self.bodies("POST")[-1]["Customer"], guid)

    def test_merged_doubles_let_the_invoices_go(self):
        self.double.unlink()
        self.care()
        self.assertEqual(self.match.state, "linked")
        self.assert_booked(CUSTOMER_GUID)

    def test_ended_double_lets_the_invoices_go(self):
        self.account.end_date = "2026-03-01"
        self.care()
        self.assert_booked(OTHER_GUID)

    def test_without_candidates_the_customer_is_new(self):
        (self.account + self.double).unlink()
        self.care()
        self.assertFalse(self.get_match())
        self.assert_booked(CUSTOMER_GUID, creates=True)

    def test_what_was_put_off_is_answered_too(self):
        self.match.action_later()
        self.double.unlink()
        self.care()
        self.assertEqual(self.match.state, "linked")

    def test_open_question_shows_the_candidates_of_today(self):
        self.match.action_later()
        third = self.add_account(GL_GUID, VATNumber="BE0477472701", Blocked=True)
        self.double.is_blocked = True
        self.account.is_blocked = True
        self.care()
        self.assertEqual(self.match.state, "later")
        self.assertIn(third, self.match.candidate_ids.account_id)
        for reason in self.match.candidate_ids.mapped("reason"):
            self.assertIn("blocked in Exact", reason)
        self.assertEqual(self.invoice.exact_state, "failed")

    def test_corrected_contact_answers_it(self):
        self.partner.vat = "BE0202239951"
        own = {**MAIL, "ChamberOfCommerce": "0202239951"}
        self.add_account(GL_GUID, VATNumber="BE0202239951", **own)
        self.care()
        self.assert_booked(GL_GUID)

    def test_typed_id_answers_it(self):
        self.make_known()
        self.care()
        self.assertEqual(self.match.state, "linked")
        self.assert_booked(CUSTOMER_GUID)

    def test_send_looks_in_exact_before_it_asks_again(self):
        directory = self.env["exact.directory"].sudo()._find(self.company)
        directory.refreshed_at = False
        ended = {
            "ID": OTHER_GUID,
            "Name": "Deco Addict",
            "VATNumber": "BE0477472701",
            "Status": "C",
            **PLACE,
            "EndDate": "/Date(1735689600000)/",
            "Timestamp": 2005,
        }
        with self.exact() as mock:
            mock.get(SYNC_URL, json={"d": {"results": [ended]}})
            self.answer_entry(mock)
            self.send(self.invoice)
        self.assertEqual(self.invoice.exact_state, "sent")
        self.assertEqual(self.bodies("POST")[0]["Customer"], CUSTOMER_GUID)

    def test_a_broken_question_keeps_no_other_waiting(self):
        other = self.partner.copy({"name": "Other", "vat": "BE0202239951"})
        prospect = self.add_account(GL_GUID, VATNumber="BE0202239951", Status="P")
        with self.exact():
            second = self.send(partner_id=other.id)
        prospect.status = "C"
        self.double.unlink()
        original = customers.recheck_match

        def recheck(this):
            if this.partner_id == other:
                raise ValueError("broken")
            original(this)

        with (
            patch.object(customers, "recheck_match", recheck),
            self.assertLogs("odoo.addons.comanage_exact", "ERROR"),
        ):
            self.care()
        self.assertEqual(self.match.state, "linked")
        self.assertEqual(second.exact_state, "failed")

    def test_each_answer_is_kept_at_once(self):
        other = self.partner.copy({"name": "Other", "vat": "BE0202239951"})
        prospect = self.add_account(
            GL_GUID, Name="Other", VATNumber="BE0202239951", Status="P"
        )
        with self.exact():
            self.send(partner_id=other.id)
        prospect.status = "C"
        original = customers.recheck_match

        def recheck(this):
            if this.partner_id == self.partner:
                # What was not committed is lost.
                this.env.cr.rollback()
                raise ValueError("broken")
            original(this)

        with (
            patch.object(customers, "recheck_match", recheck),
            self.assertLogs("odoo.addons.comanage_exact", "ERROR"),
        ):
            self.care()
        self.assertEqual(self.get_match(other).state, "linked")

    def test_waiting_invoices_of_many_customers_are_counted_together(self):
        other = self.partner.copy({"name": "Other", "vat": "BE0202239951"})
        self.add_account(GL_GUID, VATNumber="BE0202239951", Status="P")
        with self.exact():
            self.send(partner_id=other.id)
            self.send(partner_id=other.id)
        matches = self.match + self.get_match(other)
        # This fills caches, of companies and access.
        matches.mapped("waiting_count")
        counts = []
        for some in (self.match, matches):
            some.invalidate_recordset()
            before = self.env.cr.sql_log_count
            found = some.mapped("waiting_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(found, [1, 2])
        self.assertEqual(counts[0], counts[1])
