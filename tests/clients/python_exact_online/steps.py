"""What `python-exact-online` does, by its own functions."""

import tempfile
from pathlib import Path

from exactonline import config
from exactonline.api import ExactOnlineAPI
from exactonline.constants.errors import NotFoundError
from exactonline.models.accounts import Account
from exactonline.models.contacts import Contact
from exactonline.models.documents import Document
from exactonline.models.salesentries import (
    SalesEntry,
    SalesEntryLine,
    SalesEntryLineList,
)
from requests.adapters import HTTPAdapter

from ..script import Steps, main

NOBODY = "00000000-0000-0000-0000-000000000001"
# The address stands in its paging too, where it cannot be configured.
SITE = config.BASE_URL.partition("/api/")[0]


class Refused(Exception):
    """What the client says of an answer: it raises no errors of its own."""


class PythonExactOnline(Steps):
    def __init__(self, **options):
        super().__init__(**options)
        self._lead_to_simulator()
        self._api = self._new_api()
        self._account = self._contact = self._entry = self._document = None

    def _new_api(self, **options):
        return ExactOnlineAPI(self._client_id, self._client_secret, **options)

    def authorise(self):
        handler = self._api.authHandler
        handler.retrieveToken(self._allow(handler.getAuthURL(self._redirect_uri)))
        return {"has_token": bool(self._api.authHandler.getToken())}

    def current_division(self):
        self._api.checkDivision()
        found, self._api.division = self._api.division, self._division
        return found

    def lists(self):
        return {
            "journals": self._codes(self._api.journals.list()),
            "vat_codes": self._codes(self._api.vatCodes.list()),
            "blocked": self._codes(
                self._api.glAccounts.list(filter={"IsBlocked": "true"})
            ),
        }

    def _codes(self, rows):
        return sorted(row.Code for row in self._right(rows).items())

    def find_one(self):
        """By its key, with the percentages, which are a list of their own."""
        (found,) = self._right(self._api.vatCodes.filter("Code", "'4'")).items()
        vat_code = self._right(self._api.vatCodes.get(found.ID))
        return [row.Percentage for row in vat_code.VATPercentages.items()]

    def create_account(self):
        account = Account(Name="Atelier Dupont", Code="4711", Status="C")
        self._account = self._right(self._api.accounts.create(account))
        return {"id": self._account.ID, "name": self._account.Name}

    def find_account(self):
        account = self._right(self._api.accounts.get(self._account.ID))
        return {"code": account.Code, "name": account.Name}

    def find_account_with_select(self):
        account = self._right(
            self._api.accounts.get(self._account.ID, ["ID", "Name", "Status"])
        )
        return {"name": account.Name, "code": account.Code}

    def update_account(self):
        change = Account(ID=self._account.ID, City="Gent")
        return self._right(self._api.accounts.update(change))

    def update_account_as_read(self):
        """As its description says: read, change, send all of it back."""
        account = self._right(self._api.accounts.get(self._account.ID))
        account.City = "Brugge"
        return self._right(self._api.accounts.update(account))

    def create_contact(self):
        contact = Contact(Account=self._account.ID, FirstName="Ann", LastName="Dupont")
        self._contact = self._right(self._api.contacts.create(contact))
        return self._contact.ID

    def create_entry(self):
        (gl_account,) = self._right(
            self._api.glAccounts.filter("Code", "'700000'", ["ID"])
        ).items()
        entry = SalesEntry(
            Journal="700",
            Customer=self._account.ID,
            EntryDate="2026-03-10",
            PaymentCondition="30",
            YourRef="F2026/17",
            SalesEntryLines=self._lines(gl_account.ID),
        )
        self._entry = self._right(self._api.salesEntries.create(entry))
        return self._entry.EntryID

    def _lines(self, gl_account):
        lines = SalesEntryLineList()
        for vat_code, amount in (("4", 100.1), ("1", 50)):
            lines.add(
                SalesEntryLine(GLAccount=gl_account, AmountFC=amount, VATCode=vat_code)
            )
        return lines

    def read_entry_with_lines(self):
        entry = self._right(self._api.salesEntries.get(self._entry.EntryID))
        return {
            "date": entry.EntryDate,
            "amounts": sorted(line.AmountFC for line in entry.SalesEntryLines.items()),
        }

    def filters(self):
        return {
            "text": self._count(self._api.accounts.filter("Name", "'Atelier Dupont'")),
            "guid": self._count(
                self._api.salesEntries.filter(
                    "Customer", f"guid'{self._account.ID}'", ["EntryID"]
                )
            ),
            "two": self._count(
                self._api.journals.list(filter={"Code": "700", "IsBlocked": "false"})
            ),
            "either": self._count(
                self._api.journals.list(
                    filter={"Code": "700", "IsBlocked": "true"}, filter_operator="or"
                )
            ),
        }

    def _count(self, rows):
        return len(self._right(rows).items())

    def list_with_select_only(self):
        return self._count(self._api.journals.list(["ID", "Code"]))

    def accounts_need_a_filter(self):
        """It knows so itself, and asks nobody."""
        return self._error(ValueError, self._api.accounts.list)

    def pages_of_60(self):
        rows = self._right(self._api.accounts.list(["ID"], {"Status": "C"}))
        return len({row.ID for row in rows.items()})

    def update_entry(self):
        change = SalesEntry(EntryID=self._entry.EntryID, Description="Changed")
        return self._right(self._api.salesEntries.update(change))

    def create_document(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "F2026-17.pdf"
            file.write_bytes(b"%PDF-1.4 a page")
            document = Document(Subject="F2026/17", Type=10)
            self._document = self._api.documents.create(document, [str(file)])
        return self._right(self._document).ID

    def find_document(self):
        return self._right(self._api.documents.get(self._document.ID)).Subject

    def document_types(self):
        return [row.ID for row in self._right(self._api.documents.listTypes()).items()]

    def delete_account(self):
        account = self._api.accounts.create(Account(Name="Soon gone"))
        return self._right(self._api.accounts.delete(self._right(account).ID))

    def renew_token(self):
        """It renews it by its own clock, thirty seconds early, before the next call."""
        self._order("clock", advance=580)
        self._api.authHandler.expiresOn -= 580
        return len(self._codes(self._api.journals.list()))

    def read_token_from_cache(self):
        """A second process takes the tokens over from its file."""
        api = self._new_api()
        api.division = self._division
        return len(self._codes(api.journals.list()))

    def refused_entry(self):
        entry = SalesEntry(Journal="700", EntryDate="2026-03-10")
        return self._refusal(self._api.salesEntries.create(entry))

    def refused_list(self):
        return self._refusal(self._api.glAccounts.list())

    def unknown_row(self):
        return self._refusal(self._api.accounts.update(Account(ID=NOBODY, City="X")))

    def minute_is_used_up(self):
        """It reads what is left from each answer."""
        self._api.stall_if_rate_limit_exceeded = False
        self._order("settings", minute_limit=1)
        try:
            return self._error(Exception, self._api.journals.list)
        finally:
            self._order("settings", minute_limit=10_000)
            self._api.api_rate_limits["minutely_remaining"] = 1

    def maintenance(self):
        self._order("faults", fault="html_503")
        return self._api.journals.list()

    def unknown_refresh_token(self):
        handler = self._api.authHandler
        handler.refreshToken = "nobody's"
        return self._error(NotFoundError, handler.acquireNewToken)

    def _right(self, answer):
        if getattr(answer, "hasError", False):
            error = answer.error
            raise Refused(f"{error.http_status} {error.message}" if error else "?")
        return answer

    def _refusal(self, answer):
        assert answer.hasError
        return {"status": answer.error.http_status, "message": answer.error.message}

    def _lead_to_simulator(self):
        """Let the client reach the simulator where it looks for Exact."""
        send, url = HTTPAdapter.send, self._url

        def send_there(adapter, request, **options):
            request.url = request.url.replace(SITE, url)
            response = send(adapter, request, **options)
            # Exact names itself in what it answers.
            content = response.content.replace(url.encode(), SITE.encode())
            response._content = content
            return response

        HTTPAdapter.send = send_there


if __name__ == "__main__":
    main(PythonExactOnline)
