from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from .test_overview import SENTENCE, OverviewCase

DASHBOARD = "accounting"


@tagged("post_install", "-at_install")
class TestToursOverview(OverviewCase, HttpCase):
    """An accountant follows each number, in a real browser."""

    is_frozen = False

    def setUp(self):
        super().setUp()
        self.accountant = self.make_accountant("anna", self.company)

    def make_accountant(self, login, company):
        return new_test_user(
            self.env(su=True),
            login=login,
            groups="account.group_account_manager",
            company_id=company.id,
        )

    def open(self, path, tour, login="anna"):
        self.start_tour(f"/odoo/{path}", tour, login=login)

    def make_bookings(self):
        now = fields.Datetime.now()
        for state in ("pending", "pending", "unconfirmed", "held", "held"):
            self.make_booking(state=state)
        for _index in range(3):
            self.make_failed(SENTENCE)
        self.make_failed("The journal is blocked.")
        self.make_failed("Which customer is it?", "customer")
        for finding in ("equal", "equal", "equal", "equal", "differs"):
            self.make_booking(state="sent", synced_at=now, finding=finding)
        self.env["exact.comparison"].sudo().create(
            {"company_id": self.company.id}
        ).write({"state": "done", "compared_at": now})

    def test_each_number_leads_to_what_it_counts(self):
        self.make_bookings()
        self.open(DASHBOARD, "exact_overview_numbers")
        self.open(DASHBOARD, "exact_journal_card")

    def test_company_without_exact_leads_to_the_set_up(self):
        new = self.env["res.company"].sudo().create({"name": "New BV"})
        self.make_accountant("newcomer", new)
        self.open("exact-overview", "exact_overview_set_up", login="newcomer")

    def test_numbers_follow_what_happens(self):
        self.make_booking()
        self.open("exact-overview", "exact_overview_refreshed")
