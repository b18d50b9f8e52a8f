"""What the steps of `exactonline` have to come to."""

from ...simulator_api import BELGIAN, DUTCH, SECOND
from .. import checks
from ..checks import failed, worked


class Checks(checks.Checks):
    # === TOKENS === #

    def authorise(self, outcome):
        assert worked(outcome, 200) == {"has_token": True}
        assert outcome.asked("/api/oauth2/token")

    def renew_token(self, outcome):
        assert worked(outcome, 200, 200)
        assert outcome.calls[0]["path"] == "/api/oauth2/token"

    def renew_token_when_refused(self, outcome):
        assert worked(outcome, 401, 200, 200)
        assert outcome.calls[1]["path"] == "/api/oauth2/token"

    def unknown_refresh_token(self, outcome):
        assert "invalid_grant" in worked(outcome, 400)["answer"]

    # === READING === #

    def divisions(self, outcome):
        found = worked(outcome, 200, 200, 200)
        assert {str(code) for code in (BELGIAN, SECOND, DUTCH)} <= set(found["choices"])
        assert found["current"] == BELGIAN

    def ledger_accounts(self, outcome):
        found = worked(outcome, 200)
        assert found == self.codes("financial/GLAccounts", Type=110)

    def vat_codes(self, outcome):
        codes = sorted(code.strip() for code in worked(outcome, 200))
        assert codes == self.codes("vat/VATCodes")

    def find_percentage(self, outcome):
        assert worked(outcome, 200) == 0.21
        assert outcome.asked("$top=2")

    def find_none(self, outcome):
        assert worked(outcome, 200)["error"] == "ObjectDoesNotExist"

    def find_many(self, outcome):
        assert worked(outcome, 200)["error"] == "MultipleObjectsReturned"

    def pages_of_60(self, outcome):
        found = worked(outcome)
        assert found > 1000
        assert len(outcome.calls) == -(-found // 60)

    def receivables(self, outcome):
        assert worked(outcome, 200, 200) == [-121.12]

    # === WRITING === #

    def create_relation(self, outcome):
        """It does not send `Prefer`, so the answer has little but the key."""
        account = self.account("Atelier Dupont")
        found = worked(outcome, 200, 201)
        assert found == {"id": account["ID"], "name": None}
        assert account["PaymentConditionSales"] == "15"

    def find_relation_by_code(self, outcome):
        assert worked(outcome, 200) == "255".rjust(18)

    def update_relation(self, outcome):
        worked(outcome, 200, 204)
        assert self.account("Atelier Dupont")["City"] == "Utrecht"

    def commit_relation_again(self, outcome):
        """It sends the code too, which Exact refuses though it is its own."""
        failed(outcome, "HTTPError", "Data already exists")

    def create_entry(self, outcome):
        guid = worked(outcome)
        (entry,) = self.entries()
        assert entry["EntryID"] == guid
        assert (entry["Division"], entry["YourRef"]) == (DUTCH, "F2026/17")
        assert entry["InvoiceNumber"] == 26700017
        assert (entry["AmountFC"], entry["VATAmountFC"]) == (121.12, 21.02)
        assert entry["EntryDate"] == "2026-03-10"
        assert entry["SalesEntryLines"][0]["VATCode"].strip() == "2"

    def read_entry_with_lines(self, outcome):
        assert worked(outcome, 200, 200) == {"vat": 21.02, "lines": [100.1]}

    def change_entry(self, outcome):
        worked(outcome)
        (entry,) = self.entries()
        assert [line["LineNumber"] for line in entry["SalesEntryLines"]] == [2]

    def map_numbers(self, outcome):
        found = worked(outcome, 200)
        assert found == {"F2026/17": 26700017, "F2026/18": None}

    def bank_accounts(self, outcome):
        assert worked(outcome, 200, 201, 200) == ["NL91ABNA0417164300"]

    def contacts(self, outcome):
        assert worked(outcome, 200, 201, 200) == ["Dupont"]

    # === REFUSALS === #

    def unfiltered_list(self, outcome):
        assert "mandatory filtering" in worked(outcome, 400)["answer"]

    def unknown_row(self, outcome):
        assert worked(outcome, 404)["status"] == 404

    def refused_entry(self, outcome):
        assert "Mandatory: Account" in worked(outcome, 500)["answer"]
        assert len(self.entries()) == 1

    def maintenance(self, outcome):
        assert worked(outcome, 503)["status"] == 503
