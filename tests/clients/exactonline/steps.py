"""What `exactonline` does, by its own functions."""

from datetime import date
from decimal import Decimal

from exactonline.elements import ExactCustomer, ExactInvoice
from exactonline.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from exactonline.http import HTTPError

from ..script import Steps, main
from .client import MemoryStorage, connected, plain_http

NOBODY = "00000000-0000-0000-0000-000000000001"


class Customer(ExactCustomer):
    def get_code(self):
        return "255"

    def get_name(self):
        return "Atelier Dupont"

    def get_address(self):
        return {"AddressLine1": "Dam 1", "Postcode": "1012 JS", "City": "Amsterdam"}


class Invoice(ExactInvoice):
    def get_customer(self):
        return Customer(api=self._api)

    def get_created_date(self):
        return date(2026, 3, 10)

    def get_exact_journal(self):
        return "70"

    def get_ledger_lines(self):
        return [
            {
                "code": "8000",
                "vat_percentage": 21,
                "total_amount_excl_vat": Decimal("100.10"),
                "description": "2 items of foo",
            }
        ]

    def get_invoice_number(self):
        return "F2026/17"

    def get_total_amount_incl_vat(self):
        return Decimal("121.12")

    def get_total_vat(self):
        return Decimal("21.02")

    def hint_exact_invoice_number(self):
        return 26700017


class Exactonline(Steps):
    def authorise(self):
        app = (self._client_id, self._client_secret, self._redirect_uri)
        plain_http().start()
        self._api = connected(MemoryStorage(self._url, *app), self._user)
        return {"has_token": bool(self._api.storage.get_access_token())}

    def divisions(self):
        choices, current = self._api.get_divisions()
        self._api.set_division(self._division)
        return {"choices": choices, "current": current}

    def ledger_accounts(self):
        rows = self._api.ledgeraccounts.filter(filter="Type eq 110")
        return sorted(row["Code"] for row in rows)

    def vat_codes(self):
        return [row["Code"] for row in self._api.vatcodes.all()]

    def find_percentage(self):
        """It asks for two rows, and gets a bare list."""
        return self._api.vatcodes.get_percentage(vat_code="2")

    def find_none(self):
        return self._error(ObjectDoesNotExist, Customer(api=self._api).get_guid)

    def find_many(self):
        relations = self._api.relations
        return self._error(
            MultipleObjectsReturned, lambda: relations.get(filter="Status eq 'C'")
        )

    def create_relation(self):
        created = Customer(api=self._api).commit()
        return {"id": created["ID"], "name": created["Name"]}

    def find_relation_by_code(self):
        return self._api.relations.get(relation_code="255")["Code"]

    def update_relation(self):
        guid = Customer(api=self._api).get_guid()
        return self._api.relations.update(guid, {"City": "Utrecht"})

    def commit_relation_again(self):
        """It sends the code once more, which Exact takes for another's."""
        return Customer(api=self._api).commit()

    def create_entry(self):
        return Invoice(api=self._api).commit()["EntryID"]

    def read_entry_with_lines(self):
        entry = self._api.invoices.get(invoice_number="F2026/17")
        return {
            "vat": entry["VATAmountDC"],
            "lines": [line["AmountFC"] for line in entry["SalesEntryLines"]],
        }

    def change_entry(self):
        """By new lines, and a changed header."""
        Invoice(api=self._api).commit()

    def map_numbers(self):
        return self._api.invoices.map_foreign2exact_invoice_numbers(
            ["F2026/17", "F2026/18"]
        )

    def receivables(self):
        guid = Customer(api=self._api).get_guid()
        rows = self._api.receivables.filter(
            relation_id=guid, duedate__gte=date(2026, 3, 1)
        )
        return [row["Amount"] for row in rows]

    def bank_accounts(self):
        account = Customer(api=self._api).get_guid()
        body = {"Account": account, "BankAccount": "NL91ABNA0417164300"}
        self._api.bankaccounts.create(body)
        rows = self._api.bankaccounts.filter(account_id=account)
        return [row["BankAccount"] for row in rows]

    def contacts(self):
        account = Customer(api=self._api).get_guid()
        body = {"Account": account, "FirstName": "Ann", "LastName": "Dupont"}
        self._api.contacts.create(body)
        rows = self._api.contacts.filter(filter=f"Account eq guid'{account}'")
        return [row["LastName"] for row in rows]

    def pages_of_60(self):
        rows = self._api.relations.filter(filter="Status eq 'C'", select="ID")
        return len({row["ID"] for row in rows})

    def renew_token(self):
        """It renews it by its own clock, thirty seconds early, before the next call."""
        self._order("clock", advance=580)
        self._api.storage.set_access_expiry(0)
        return len(self._api.vatcodes.all())

    def renew_token_when_refused(self):
        """Its clock is wrong: the token is older than it thinks."""
        self._order("clock", advance=601)
        return len(self._api.vatcodes.all())

    def unfiltered_list(self):
        return self._refusal(self._api.ledgeraccounts.all)

    def unknown_row(self):
        body = {"City": "Utrecht"}
        return self._refusal(lambda: self._api.relations.update(NOBODY, body))

    def refused_entry(self):
        body = {"Journal": "70", "EntryDate": "2026-03-10"}
        return self._refusal(lambda: self._api.invoices.create(body))

    def maintenance(self):
        self._order("faults", fault="html_503")
        return self._refusal(self._api.vatcodes.all)

    def unknown_refresh_token(self):
        self._api.storage.set_refresh_token("nobody's")
        return self._refusal(self._api.refresh_token)

    def _refusal(self, call):
        try:
            call()
        except HTTPError as err:
            return {"status": err.code, "answer": err.response.decode()}
        raise AssertionError("There was no error.")


if __name__ == "__main__":
    main(Exactonline)
