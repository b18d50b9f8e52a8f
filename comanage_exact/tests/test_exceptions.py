from datetime import datetime

from odoo.tests import tagged

from ..exact_api import exceptions
from ..exact_api.client import ExactClient
from .test_push import PushCase

LATER = datetime(2026, 3, 10, 9, 30)

# What is raised during the POST of an entry, and the state it stands for.
MEANINGS = {
    exceptions.ExactError: ([], "pending"),
    exceptions.ExactUnavailable: ([], "pending"),
    exceptions.ExactOutOfTime: ([], "pending"),
    exceptions.ExactRateLimited: ([LATER], "pending"),
    exceptions.ExactErrorLimit: ([LATER, "salesentry/SalesEntries", 8], "pending"),
    exceptions.ExactUnauthorized: ([], "pending"),
    exceptions.ExactUntrusted: ([], "pending"),
    exceptions.ExactProxyFailed: ([], "pending"),
    exceptions.ExactTokenRefused: ([datetime(2026, 3, 10, 9, 45)], "pending"),
    exceptions.ExactConsentLost: ([], "pending"),
    exceptions.ExactTokenStillValid: ([], "pending"),
    exceptions.ExactRejected: ([["Ongeldig: iets"], 400], "failed"),
    exceptions.ExactBadCredentials: ([["invalid_request"], 400], "failed"),
    exceptions.ExactUnconfirmed: ([], "unconfirmed"),
    exceptions.ExactCustomerInDoubt: ([LATER], "pending"),
    exceptions.ExactCustomerUndecided: ([2], "failed"),
    exceptions.ExactDivisionsRefused: ([["Forbidden"], 403], "failed"),
    exceptions.ExactCodeSpent: ([], "pending"),
    exceptions.ExactStopped: ([], "pending"),
    exceptions.ExactOtherDivision: (
        ["1", "2", "POST", "salesentry/SalesEntries", {"EntryNumber": 9}],
        "misplaced",
    ),
}


# Nothing is wrong, or the question to a person names the customer.
WITHOUT_A_SENTENCE = (exceptions.ExactOutOfTime, exceptions.ExactCustomerUndecided)


def _subclasses(cls):
    return {cls}.union(*map(_subclasses, cls.__subclasses__()))


@tagged("post_install", "-at_install")
class TestExceptions(PushCase):
    """The class of an error says what follows."""

    def test_every_class_has_its_meaning(self):
        self.assertEqual(_subclasses(exceptions.ExactError), set(MEANINGS))

    def test_every_class_leads_to_its_state(self):
        self.make_known()
        for cls, (values, state) in MEANINGS.items():
            error = cls(*values)

            def fail(client, resource, body, error=error):
                raise error

            self.patch(ExactClient, "post", fail)
            connection = self.company.sudo().exact_connection_id
            fresh = {
                "budget": False,
                "paused_until": False,
                "lost_answers": 0,
                "access_token": "access",
            }
            connection.write(fresh)
            invoice = self.queue()
            with self.subTest(cls=cls.__name__), self.exact():
                self.push()
                self.assertEqual(invoice.exact_state, state)
                if cls not in WITHOUT_A_SENTENCE:
                    self.assertIn(invoice.name, invoice.exact_error)
                if LATER in values:
                    self.assertEqual(invoice.exact_scheduled_at, LATER)
                    self.assertFalse(invoice.exact_outbox_id.attempts)
            invoice.sudo().exact_outbox_id.state = "cancelled"
