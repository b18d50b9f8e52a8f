"""What the steps of `exactpy` have to come to: it reads only."""

from ...simulator_api import BELGIAN, DUTCH, SECOND
from .. import checks
from ..checks import failed, worked

PERIODS = "financial/FinancialPeriods"


class Checks(checks.Checks):
    # === TOKENS === #

    def authorise(self, outcome):
        """It sends its secret in HTTP Basic only."""
        assert worked(outcome, 200) == {"has_token": True}
        assert outcome.asked("/api/oauth2/token")

    def renew_token(self, outcome):
        assert worked(outcome, 200, 200) == "Luc Martin"
        assert outcome.calls[0]["path"] == "/api/oauth2/token"

    def unknown_refresh_token(self, outcome):
        assert worked(outcome, 400)["error"] == "TokenRefreshError"

    # === DIVISIONS === #

    def no_division_yet(self, outcome):
        assert worked(outcome)["error"] == "NoDivisionSetException"
        assert not outcome.calls

    def me(self, outcome):
        assert worked(outcome, 200) == {"name": "Luc Martin", "division": BELGIAN}

    def current_division(self, outcome):
        assert worked(outcome, 200) == BELGIAN

    def divisions(self, outcome):
        found = worked(outcome, 200)
        assert [found[str(code)] for code in (BELGIAN, SECOND, DUTCH)] == [1, 1, 1]

    def find_division(self, outcome):
        assert worked(outcome, 200) == "Voorbeeld Handel BV"

    # === LISTS === #

    def gl_accounts(self, outcome):
        found = worked(outcome, 200)
        assert sorted(found) == self.codes("financial/GLAccounts", Type=110)
        assert outcome.asked("$expand=DeductibilityPercentages")

    def journals(self, outcome):
        """Its list of payment services has no members, not even for no service."""
        failed(outcome, "PaymentServiceProvider", "PaymentServiceProviderTypeEnum")

    def accounts(self, outcome):
        """It takes bank accounts as a bare list only, and `results` is around them."""
        failed(outcome, "BankAccounts", "should be a valid list")
        assert outcome.asked("$expand=BankAccounts")

    def periods(self, outcome):
        assert worked(outcome, 200) == self._count()

    def _count(self):
        return len(self._state.rows(BELGIAN, PERIODS))

    def top(self, outcome):
        assert worked(outcome, 200) == 5
        assert outcome.asked("$top=5")

    def order(self, outcome):
        found = worked(outcome, 200)
        assert found == sorted(found, reverse=True)
        assert len(found) == self._count()

    def select(self, outcome):
        """What is not asked for is missing, and its model does without nothing."""
        failed(outcome, "Field required")
        assert outcome.asked("$select=FinYear")

    def count(self, outcome):
        assert worked(outcome, 200) == self._count()
        assert outcome.asked(f"{PERIODS}/$count")

    def count_beside_rows(self, outcome):
        rows = self._count()
        assert worked(outcome, 200) == {"rows": rows, "count": str(rows)}

    def pages(self, outcome):
        found = worked(outcome)
        assert sum(found) == self._count()
        assert max(found) == 20

    def pages_of_60(self, outcome):
        found = worked(outcome)
        assert found > 1000
        assert len(outcome.calls) == -(-found // 60)

    def pages_of_1000(self, outcome):
        assert worked(outcome, 200, 200) > 1000

    def sync(self, outcome):
        assert worked(outcome, 200, 200) > 1000

    def filters(self, outcome):
        assert worked(outcome) == {"text": 9, "start": 9, "flag": 0}

    def contains(self, outcome):
        """Exact's form of OData calls it substringof."""
        failed(outcome, "400")

    def find_account(self, outcome):
        """Its model of an account has no key."""
        failed(outcome, "KeyError: PydanticUndefined")
        assert not outcome.calls

    def receivables(self, outcome):
        """It looks for ID, where the name of this one is Id."""
        failed(outcome, "ID\n  Field required")
        assert [call["status"] for call in outcome.calls] == [200]

    def receivables_as_they_come(self, outcome):
        assert worked(outcome, 200) == [["One of many", -121]]

    def exchange_rates(self, outcome):
        assert worked(outcome, 200)

    # === REFUSALS === #

    def unfiltered_list(self, outcome):
        assert "400" in worked(outcome, 400)["message"]

    def unknown_division(self, outcome):
        assert "403" in worked(outcome, 403)["message"]

    def limits(self, outcome):
        day, minute = worked(outcome, 200).values()
        assert 0 < day < 5000
        assert 0 < minute < 1000

    def maintenance(self, outcome):
        """It tries again by itself."""
        assert worked(outcome, 503, 200) == 1
