from unittest.mock import patch

from odoo.tests import tagged

from ..exact_api.client import ExactClient
from ..exact_api.exceptions import ExactRejected, ExactUnavailable, ExactUnconfirmed
from ..sync.claim import Claim, ClaimLost
from .common import ENTRY_GUID
from .test_push import PushCase

ELSEWHERE = "99999999-9999-4999-8999-999999999999"
# What another worker, or a person, has made of the booking during a call.
OTHERS = {
    "booked by another": "state = 'sent', exact_guid = '%s' || id" % ELSEWHERE,
    "sent again by another": "attempts = attempts + 1, claimed_at = '2026-03-10 08:59'",
    "found to be lost": "state = 'unconfirmed'",
    "to be sent again": "state = 'pending'",
    "cancelled": "state = 'cancelled'",
}
REQUEST = {
    "Journal": "700",
    "EntryNumber": 2600001,
    "YourRef": "INV",
    "ReportingYear": 2026,
}
ENDINGS = {
    "booked": None,
    "lost": ExactUnconfirmed("lost"),
    "refused": ExactRejected(["Ongeldig: iets"], 400),
    "unavailable": ExactUnavailable("down"),
    "bug": ZeroDivisionError("ours"),
}


@tagged("post_install", "-at_install")
class TestClaimLost(PushCase):
    """A worker writes nothing on a booking that is no longer in its hands."""

    def setUp(self):
        super().setUp()
        self.make_known()

    def push_while(self, change, method, error):
        """Push a booking that others change during a call, which ends in an error."""
        original, met = Claim.lock, []

        def lock(claim):
            # The first one is that of the result.
            if claim.outbox == self.outbox and not met:
                met.append(claim)
                self.change(change)
                claim.outbox.invalidate_recordset()
            return original(claim)

        with (
            self.exact() as mock,
            patch.object(Claim, "lock", lock),
            patch("odoo.addons.comanage_exact.sync.isolation._logger.exception"),
        ):
            mock.assert_all_requests_are_fired = False
            self.answer_entry(mock)
            self.answer_look_up(mock, self.row(AmountFC=7))
            if error:
                with patch.object(ExactClient, method, side_effect=error):
                    self.push()
            else:
                self.push()
        self.assertTrue(met)

    def change(self, change):
        self.env.cr.execute(
            f"UPDATE exact_outbox SET {change} WHERE id = %s", self.outbox.ids
        )

    def queue_alone(self, **values):
        """Queue a booking, while nothing pauses its connection."""
        self.company.sudo().exact_connection_id.write(
            {
                "paused_until": False,
                "failing_since": False,
                "failures": 0,
                "lost_answers": 0,
            }
        )
        self.env["exact.outbox"].sudo().search([]).write({"state": "held"})
        self.outbox = self.queue().sudo().exact_outbox_id
        self.outbox.write(values)

    def read_row(self):
        self.env.cr.execute(
            "SELECT state, attempts, claimed_at, exact_guid, error, scheduled_at"
            " FROM exact_outbox WHERE id = %s",
            self.outbox.ids,
        )
        return self.env.cr.fetchone()

    def test_result_of_an_entry_is_not_written_over_anothers(self):
        for name, change in OTHERS.items():
            for ending, error in ENDINGS.items():
                with self.subTest(change=name, ending=ending):
                    self.queue_alone()
                    self.push_while(change, "post", error)
                    self.assert_is_as_changed(change, "sending")

    def test_result_of_a_look_up_is_not_written_over_anothers(self):
        for name, change in OTHERS.items():
            if name == "found to be lost":
                continue
            for ending, error in ENDINGS.items():
                with self.subTest(change=name, ending=ending):
                    self.queue_alone(
                        state="unconfirmed",
                        attempts=1,
                        claimed_at="2026-03-10 08:50:00",
                        request=REQUEST,
                    )
                    self.push_while(change, "get", error)
                    self.assert_is_as_changed(change, "unconfirmed")

    def assert_is_as_changed(self, change, state):
        """Check that nothing but the change of the others was written.

        The tests have one transaction, so that what this worker leaves to others may
        undo their change too; it is still not written over.
        """
        seen = self.read_row()
        self.assertIn(seen[0], (state, change.split("'")[1]))
        self.assertNotEqual(seen[3], ENTRY_GUID)
        self.assertFalse(seen[4])

    def test_nothing_is_sent_once_another_has_the_booking(self):
        self.outbox = self.queue().sudo().exact_outbox_id
        with (
            self.exact() as mock,
            patch(
                "odoo.addons.comanage_exact.sync.push.Push._send_customer",
                lambda push: self.env.cr.execute(
                    "UPDATE exact_outbox SET attempts = 7 WHERE id = %s",
                    self.outbox.ids,
                ),
            ),
        ):
            mock.assert_all_requests_are_fired = False
            self.answer_entry(mock)
            self.push()
        self.assertFalse(self.calls)
        self.assertEqual(self.read_row()[:2], ("sending", 7))

    def test_others_go_on(self):
        self.queue_alone()
        other = self.queue()
        self.push_while(OTHERS["booked by another"], "put", ZeroDivisionError())
        self.assert_is_as_changed(OTHERS["booked by another"], "sending")
        self.assertEqual(other.exact_state, "sent")

    def test_deleted_booking_is_no_longer_ours(self):
        self.outbox = self.queue().sudo().exact_outbox_id
        claim = Claim(self.outbox)
        self.env.cr.execute("DELETE FROM exact_outbox WHERE id = %s", self.outbox.ids)
        self.env.invalidate_all()
        for ask in (claim.check, claim.lock):
            with self.subTest(ask), self.assertRaises(ClaimLost):
                ask()
