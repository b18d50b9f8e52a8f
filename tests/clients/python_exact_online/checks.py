"""What the steps of `python-exact-online` have to come to."""

import hashlib

from ...simulator_api import BELGIAN
from .. import checks
from ..checks import TOTAL, VAT, failed, worked


class Checks(checks.Checks):
    # === TOKENS === #

    def authorise(self, outcome):
        """It sends its secret in HTTP Basic only."""
        assert worked(outcome, 200) == {"has_token": True}
        assert outcome.asked("/api/oauth2/token")

    def renew_token(self, outcome):
        assert worked(outcome, 200, 200) == 7
        assert outcome.calls[0]["path"] == "/api/oauth2/token"

    def read_token_from_cache(self, outcome):
        assert worked(outcome, 200) == 7

    def unknown_refresh_token(self, outcome):
        assert worked(outcome, 400)["error"] == "NotFoundError"

    # === READING === #

    def current_division(self, outcome):
        assert worked(outcome, 200) == BELGIAN

    def lists(self, outcome):
        found = worked(outcome, 200, 200, 200)
        assert found["journals"] == self.codes("financial/Journals")
        assert [code.strip() for code in found["vat_codes"]] == self.codes(
            "vat/VATCodes"
        )
        assert found["blocked"] == self.codes("financial/GLAccounts", IsBlocked=True)

    def find_one(self, outcome):
        assert worked(outcome, 200, 200, 200) == [0.21]

    def find_account(self, outcome):
        found = worked(outcome, 200)
        assert found == {"code": "4711".rjust(18), "name": "Atelier Dupont"}

    def find_account_with_select(self, outcome):
        assert worked(outcome, 200) == {"code": None, "name": "Atelier Dupont"}

    def filters(self, outcome):
        found = worked(outcome, 200, 200, 200, 200)
        assert found == {"text": 1, "guid": 1, "two": 1, "either": 2}

    def list_with_select_only(self, outcome):
        """It writes `&` where the first option needs `?`."""
        failed(outcome, "404", "Journals&$select=ID,Code")

    def accounts_need_a_filter(self, outcome):
        assert worked(outcome)["error"] == "ValueError"
        assert not outcome.calls

    def pages_of_60(self, outcome):
        found = worked(outcome)
        assert found > 1000
        assert len(outcome.calls) == -(-found // 60)

    def document_types(self, outcome):
        assert {10, 20, 55} <= set(worked(outcome, 200))

    # === WRITING === #

    def create_account(self, outcome):
        """It does not send `Prefer`, so the answer has little but the key."""
        account = self.account("Atelier Dupont")
        assert worked(outcome, 201) == {"id": account["ID"], "name": None}
        assert (account["Code"].strip(), account["Status"]) == ("4711", "C")

    def update_account(self, outcome):
        assert worked(outcome, 204) is True
        assert self.account("Atelier Dupont")["City"] == "Gent"

    def update_account_as_read(self, outcome):
        """Exact refuses an account's own code, which is a part of what was read."""
        failed(outcome, "Refused: 500 Data already exists")

    def delete_account(self, outcome):
        assert worked(outcome, 201, 204) is True
        names = [account["Name"] for account in self.control.accounts()]
        assert "Soon gone" not in names

    def create_contact(self, outcome):
        guid = worked(outcome, 201)
        contact = self._state.find(BELGIAN, "crm/Contacts", guid)
        assert contact["LastName"] == "Dupont"
        assert contact["Account"] == self.account("Atelier Dupont")["ID"]

    def create_entry(self, outcome):
        guid = worked(outcome, 200, 201)
        (entry,) = self.entries()
        assert entry["EntryID"] == guid
        assert (entry["AmountFC"], entry["VATAmountFC"]) == (TOTAL, VAT)
        assert (entry["EntryDate"], entry["YourRef"]) == ("2026-03-10", "F2026/17")
        codes = [line["VATCode"].strip() for line in entry["SalesEntryLines"]]
        assert codes == ["4", "1"]

    def read_entry_with_lines(self, outcome):
        found = worked(outcome, 200, 200)
        assert found == {"date": "2026-03-10 00:00:00", "amounts": [50, 100.1]}

    def update_entry(self, outcome):
        assert worked(outcome, 204) is True
        (entry,) = self.entries()
        assert entry["Description"] == "Changed"

    def create_document(self, outcome):
        """Its base64 has line ends in it."""
        assert worked(outcome, 201, 201) == self.document()["ID"]
        (attachment,) = self.document()["Attachments"]
        expected = hashlib.sha256(b"%PDF-1.4 a page").hexdigest()
        assert attachment["sha256"] == expected

    def find_document(self, outcome):
        assert worked(outcome, 200) == "F2026/17"

    # === REFUSALS === #

    def refused_entry(self, outcome):
        found = worked(outcome, 500)
        assert found["status"] == 500
        assert found["message"].startswith("Mandatory: Account\r\nMandatory: ")
        assert len(self.entries()) == 1

    def refused_list(self, outcome):
        found = worked(outcome, 400)
        assert found["status"] == 400
        assert "mandatory filtering" in found["message"]

    def unknown_row(self, outcome):
        assert worked(outcome, 404)["status"] == 404

    def minute_is_used_up(self, outcome):
        found = worked(outcome, 429)
        assert found["message"] == "Minutely Rate limit exceeded"

    def maintenance(self, outcome):
        """It reads JSON without a look at the status."""
        failed(outcome, "JSONDecodeError")
        assert [call["status"] for call in outcome.calls] == [503]
