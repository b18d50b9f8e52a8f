"""What the steps of `django-exact` have to come to: it does all that it offers."""

import hashlib

from ...simulator_api import BELGIAN, DUTCH, ENGLISH_USER, SECOND
from .. import checks
from ..checks import TOTAL, VAT, worked

CHAIN_ID = "Token is not allowed, because of invalid or empty chainId"
PURCHASES = "purchaseentry/PurchaseEntries"


class Checks(checks.Checks):
    # === TOKENS === #

    def authorise(self, outcome):
        assert worked(outcome, 200) == {"has_token": True}
        assert outcome.asked("/api/oauth2/token")

    def renew_token(self, outcome):
        assert worked(outcome, 401, 200, 200) == 1
        assert outcome.calls[1]["path"] == "/api/oauth2/token"

    def unknown_refresh_token(self, outcome):
        assert worked(outcome, 400) == {
            "error": "ExactAuthException",
            "status": 400,
            "message": CHAIN_ID,
        }

    # === READING === #

    def me(self, outcome):
        assert worked(outcome, 200)["Email"] == ENGLISH_USER

    def divisions(self, outcome):
        assert {BELGIAN, SECOND, DUTCH} <= set(worked(outcome, 200))

    def lists(self, outcome):
        found = worked(outcome, 200, 200, 200, 200)
        assert found["journals"] == self.codes("financial/Journals")
        assert [code.strip() for code in found["vat_codes"]] == self.codes(
            "vat/VATCodes"
        )
        assert found["conditions"] == self.codes("cashflow/PaymentConditions")
        assert found["revenue"] == self.codes("financial/GLAccounts", Type=110)

    def expand_list(self, outcome):
        assert worked(outcome, 200) == [0.21]

    def limit_list(self, outcome):
        assert worked(outcome, 200) == 5
        assert outcome.asked("$top=5")

    def find_one_by_code(self, outcome):
        assert worked(outcome, 200, 200, 200) == {
            "gl_account": "Verkopen van handelsgoederen",
            "cost_center": "Algemeen",
            "cost_unit": "Project 1",
        }
        assert outcome.asked("$select=*")

    def find_none(self, outcome):
        assert worked(outcome, 200)["error"] == "DoesNotExist"

    def find_many(self, outcome):
        assert worked(outcome, 200)["error"] == "MultipleObjectsReturned"

    def filters(self, outcome):
        found = worked(outcome, 200, 200, 200, 200)
        assert found == {"text": 1, "date": 1, "flag": 1, "none": 0}

    def pages_of_60(self, outcome):
        found = worked(outcome)
        assert found > 1000
        assert len(outcome.calls) == -(-found // 60)

    def pages_of_1000(self, outcome):
        assert worked(outcome, 200, 200) > 1000

    def sync(self, outcome):
        assert worked(outcome, 200, 200) > 1000

    # === WRITING === #

    def create_account(self, outcome):
        guid = worked(outcome, 201)
        account = self.account("Atelier Dupont")
        assert account["ID"] == guid
        assert (account["Code"].strip(), account["Status"]) == ("4711", "C")

    def find_account_by_code(self, outcome):
        found = worked(outcome, 200)
        assert found["ID"] == self.account("Atelier Dupont")["ID"]
        assert found["Code"] == "4711".rjust(18)

    def update_account(self, outcome):
        worked(outcome)
        assert self.account("Atelier Dupont")["City"] == "Gent"

    def create_entry(self, outcome):
        worked(outcome, 200, 200, 201)
        entry = self._entry()
        assert entry["Customer"] == self.account("Atelier Dupont")["ID"]
        assert (entry["AmountFC"], entry["VATAmountFC"]) == (TOTAL, VAT)
        assert (entry["EntryDate"], entry["YourRef"]) == ("2026-03-10", "F2026/17")
        codes = [line["VATCode"].strip() for line in entry["SalesEntryLines"]]
        assert codes == ["4", "1"]

    def _entry(self):
        # The other one is deleted.
        (entry,) = self.entries()
        return entry

    def find_entry_by_number(self, outcome):
        found = worked(outcome, 200)
        assert found["EntryID"] == self._entry()["EntryID"]
        assert (found["AmountDC"], found["VATAmountDC"]) == (TOTAL, VAT)

    def read_entry_with_lines(self, outcome):
        assert worked(outcome, 200) == [[1, 100.1], [2, 50]]

    def update_entry(self, outcome):
        worked(outcome)
        assert self._entry()["Description"] == "Changed"

    def delete_entry(self, outcome):
        guid = worked(outcome, 200, 201, 204)
        assert guid != self._entry()["EntryID"]

    def create_document(self, outcome):
        assert worked(outcome, 201, 201) == "F2026-17.pdf"
        (attachment,) = self.document()["Attachments"]
        expected = hashlib.sha256(b"%PDF-1.4 a page").hexdigest()
        assert attachment["sha256"] == expected

    def create_purchase_entry(self, outcome):
        guid = worked(outcome, 200, 201, 201)
        entry = self._state.find(BELGIAN, PURCHASES, guid)
        assert entry["Supplier"] == self.account("Houtzagerij")["ID"]

    def find_purchase_entry_by_number(self, outcome):
        found = worked(outcome, 200)
        assert found["EntryID"] == self._outcomes["create_purchase_entry"].detail
        assert (found["AmountDC"], found["VATAmountDC"]) == (96.8, 16.8)

    # === REFUSALS === #

    def refused_entry(self, outcome):
        found = worked(outcome, 500)
        assert found["error"] == "ExactUnavailable"
        assert found["message"].startswith("Mandatory: Account\nMandatory: Entry lines")
        assert len(self.entries()) == 1

    def unknown_property(self, outcome):
        found = worked(outcome, 400)
        assert found["error"] == "ExactException"
        assert "Foo" in found["message"]

    def unknown_row(self, outcome):
        assert worked(outcome, 404)["error"] == "ExactException"

    def maintenance(self, outcome):
        assert worked(outcome, 503)["error"] == "ExactUnavailable"

    def maintenance_page(self, outcome):
        assert worked(outcome, 200)["error"] == "ExactUnavailable"

    def minute_is_used_up(self, outcome):
        assert worked(outcome, 429)["error"] == "ExactException"
