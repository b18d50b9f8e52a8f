import json
import math
import os
import uuid
from datetime import datetime, timedelta

import requests
import responses
from freezegun import freeze_time

from odoo.tests import tagged

from ..exact_api.const import CALLS_PER_MINUTE
from ..sync.alerts import Alerts
from .common import BASE_URL, DIVISION, TOKEN_URL, ExactCommon
from .common_companies import OTHER_DIVISION, THIRD_DIVISION, OtherCompany
from .common_customers import SYNC_URL

DIVISIONS = (DIVISION, OTHER_DIVISION, THIRD_DIVISION)
START = datetime(2026, 3, 10, 9)
HOURS = 6
# Of each company. More for a person who measures: 167 take minutes.
INVOICES = int(os.environ.get("OUTAGE_INVOICES", "10"))
# How long the last pause may last after Exact Online is back, and what its limit of
# a minute then takes.
BACK_WITHIN = 10 + math.ceil(INVOICES / CALLS_PER_MINUTE)
WASTED_PER_HOUR = 20
# Invoices of a company that are left in doubt.
LOST = 9


def book(_request):
    """Answer as Exact does that has booked an entry."""
    return 201, {}, json.dumps({"d": {"EntryID": str(uuid.uuid4())}})


@tagged("post_install", "-at_install")
class TestOutage(OtherCompany, ExactCommon):
    """Six hours without Exact Online: nobody clicks, and nothing is left behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()
        cls.set_up_third_company()
        cls.make_known()

    def play(self, mock, moment):
        """Answer as Exact does at this moment of the outage."""
        hour = (moment - START) / timedelta(hours=1)
        if hour >= HOURS:
            self.answer_well(mock)
            return
        answer = {"body": requests.ReadTimeout("hangs")}
        if hour < 2:
            answer = {"status": 503, "body": "<html>Server Unavailable</html>"}
        for division in DIVISIONS:
            url = f"{BASE_URL}/api/v1/{division}/salesentry/SalesEntries"
            mock.get(url, **answer)
            mock.post(url, **answer)
        if hour < 4:
            self.answer_token(mock, moment)
        else:
            mock.post(TOKEN_URL, status=503)

    def answer_token(self, mock, moment):
        tokens = {"access_token": f"a{moment}", "refresh_token": f"r{moment}"}
        mock.post(TOKEN_URL, json={**tokens, "expires_in": "600"})

    def answer_well(self, mock):
        self.answer_token(mock, "end")
        mock.get(SYNC_URL, json={"d": {"results": []}})
        for division in DIVISIONS:
            url = f"{BASE_URL}/api/v1/{division}/salesentry/SalesEntries"
            mock.get(url, json={"d": {"results": []}})
            mock.add_callback(responses.POST, url, book)

    def push_at(self, moment):
        """Run the cron at a moment; return (hour, division or "token") of each call."""
        with self.exact() as mock, freeze_time(moment):
            mock.assert_all_requests_are_fired = False
            self.play(mock, moment)
            self.push()
        self.env.invalidate_all()
        hour = (moment - START) // timedelta(hours=1)
        return [(hour, call.request.url.split("/")[5]) for call in self.calls]

    def states(self):
        rows = self.outboxes._read_group(
            [("id", "in", self.ids)], ["state"], ["__count"]
        )
        return dict(rows)

    def queue_all(self):
        self.outboxes = self.env["exact.outbox"].sudo()
        invoices = self.env["account.move"].sudo()
        for _index in range(INVOICES):
            invoices += self.make_invoice()
            invoices += self.make_other_invoice() + self.make_third_invoice()
        invoices.with_user(self.accountant).action_exact_send()
        self.ids = invoices.exact_outbox_id.ids
        self.outboxes.browse(self.ids).user_id = self.accountant

    def test_all_is_booked_soon_after_six_hours(self):
        self.queue_all()
        calls = []
        for minute in range(HOURS * 60):
            calls += self.push_at(START + timedelta(minutes=minute))
        self.assertEqual(self.states().keys() - {"pending", "unconfirmed"}, set())
        wasted = {key: calls.count(key) for key in calls}
        for (hour, place), count in wasted.items():
            # The token calls of all companies go to one address.
            companies = len(DIVISIONS) if place == "token" else 1
            self.assertLessEqual(count, WASTED_PER_HOUR * companies, (hour, place))
        # Of all companies.
        self.assertLessEqual(self.states()["unconfirmed"], len(DIVISIONS) * LOST)
        end = START + timedelta(hours=HOURS)
        with freeze_time(end):
            self.assert_one_alert_for_each_company()
        for minute in range(BACK_WITHIN + 1):
            self.push_at(end + timedelta(minutes=minute))
        self.assertEqual(self.states(), {"sent": len(self.ids)})
        with freeze_time(end + timedelta(minutes=BACK_WITHIN)):
            Alerts(self.env(su=True)).sync()
        self.assertFalse(self.find_alerts())

    def find_alerts(self):
        return self.env["mail.activity"].sudo().search([("exact_cause", "!=", False)])

    def assert_one_alert_for_each_company(self):
        Alerts(self.env(su=True)).sync()
        alerts = self.find_alerts()
        self.assertEqual(len(alerts), len(DIVISIONS), alerts.mapped("note"))
