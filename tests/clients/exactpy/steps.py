"""What `exactpy` does, by its own functions: it reads only."""

import httpx
from exactpy.client import Client
from exactpy.exceptions import NoDivisionSetException, TokenRefreshError

from ..script import Steps, main

NOBODY = "00000000-0000-0000-0000-000000000001"
REVENUE = [{"key": "type", "op": "eq", "val": 110}]
CUSTOMERS = [{"key": "status", "op": "eq", "val": "C"}]
RAW_CUSTOMERS = [{"key": "Status", "op": "eq", "val": "C"}]


class Exactpy(Steps):
    def __init__(self, **options):
        super().__init__(**options)
        self._client = Client(
            client_id=self._client_id,
            client_secret=self._client_secret,
            redirect_url=self._redirect_uri,
            base_url=f"{self._url}/api",
            caching_enabled=False,
            verbose=False,
        )

    def authorise(self):
        auth = self._client.auth_client
        auth.acquire_token(self._allow(auth.get_authorization_url()))
        return {"has_token": bool(auth.token_info["refresh_token"])}

    def no_division_yet(self):
        refusal = self._error(NoDivisionSetException, self._client.crm.accounts.all)
        self._client.division = self._division
        return refusal

    def me(self):
        me = self._client.system.me.show()
        return {"name": me.full_name, "division": me.current_division}

    def current_division(self):
        self._client.set_initial_division()
        return self._client.division

    def divisions(self):
        rows = self._client.system.divisions.all(skip_invalid=False)
        return {row.code: row.status for row in rows}

    def find_division(self):
        return self._client.get_current_division().description

    def gl_accounts(self):
        """With the deductible percentages, which it always asks for."""
        rows = self._client.financial.gl_accounts.all(
            filters=REVENUE, skip_invalid=False
        )
        return {row.code: row.description for row in rows}

    def periods(self):
        rows = self._client.financial.financial_periods.all(skip_invalid=False)
        return len(rows)

    def journals(self):
        rows = self._client.financial.journals.all(skip_invalid=False)
        return [row.code for row in rows]

    def accounts(self):
        rows = self._client.crm.accounts.all(
            filters=CUSTOMERS, expand=["BankAccounts"], max_pages=1, skip_invalid=False
        )
        return len(rows)

    def top(self):
        """It reads a bare list."""
        rows = self._client.financial.financial_periods.all(top=5, skip_invalid=False)
        return len(rows)

    def order(self):
        rows = self._client.financial.financial_periods.all(
            order_by={"key": "start_date", "direction": "desc"}
        )
        return [f"{row.fin_year}-{row.fin_period:02}" for row in rows]

    def select(self):
        rows = self._client.financial.financial_periods.all(
            select=["fin_year"], skip_invalid=False
        )
        return sorted({row.fin_year for row in rows})

    def count(self):
        """As text, from an address of its own."""
        return self._client.financial.financial_periods.count()

    def count_beside_rows(self):
        rows, count = self._client.financial.financial_periods.all(inline_count=True)
        return {"rows": len(rows), "count": count}

    def pages(self):
        self._order("settings", page_size=20)
        pages = self._client.financial.financial_periods.all_paged()
        try:
            return [len(page) for page in pages]
        finally:
            self._order("settings", page_size=60)

    def pages_of_60(self):
        """Without its model of an account, which no account fits."""
        return self._different("crm/Accounts")

    def pages_of_1000(self):
        return self._different("bulk/CRM/Accounts", select=["ID", "Name"])

    def sync(self):
        newer = [{"key": "Timestamp", "op": "gt", "val": 1}]
        return self._different(
            "sync/CRM/Accounts", filters=newer, select=["ID", "Timestamp"]
        )

    def _different(self, resource, **options):
        options = {"filters": RAW_CUSTOMERS, **options}
        answer = self._client.get(resource, **options).json()["d"]
        found = {row["ID"] for row in answer["results"]}
        while following := answer.get("__next"):
            token = self._client._get_skip_token(following)
            answer = self._client.get(resource, **options, skip_token=token).json()["d"]
            found |= {row["ID"] for row in answer["results"]}
        return len(found)

    def filters(self):
        return {
            "text": self._count("Name", "eq", "One of many"),
            "start": self._count("Name", "startswith", "One"),
            "flag": self._count("Blocked", "eq", "true"),
        }

    def _count(self, key, op, value):
        filters = [{"key": key, "op": op, "val": value}]
        return len(self._client.get("crm/Accounts", filters=filters, top=9).json()["d"])

    def contains(self):
        return self._count("Name", "contains", "many")

    def find_account(self):
        return self._client.crm.accounts.show(NOBODY).name

    def receivables(self):
        rows = self._client.financial.receivables_lists.all(skip_invalid=False)
        return [row.amount for row in rows]

    def receivables_as_they_come(self):
        """Without its model of an open item, which no open item fits."""
        answer = self._client.get("read/financial/ReceivablesList", top=9).json()["d"]
        return [[row["AccountName"], row["Amount"]] for row in answer]

    def exchange_rates(self):
        rows = self._client.financial.exchange_rates.all(skip_invalid=False)
        return [row.source_currency for row in rows]

    def renew_token(self):
        """It renews it by its own clock, thirty seconds early, before the next call."""
        self._order("clock", advance=580)
        self._client.auth_client.token_info["expires_on"] -= 580
        return self._client.system.me.show().full_name

    def unfiltered_list(self):
        return self._refusal(self._client.crm.accounts.all)

    def _refusal(self, call):
        return self._error(httpx.HTTPStatusError, call)

    def unknown_division(self):
        self._client.division = 999
        try:
            return self._refusal(self._client.financial.financial_periods.all)
        finally:
            self._client.division = self._division

    def limits(self):
        """It keeps what every answer says of them."""
        self._client.financial.financial_periods.all(top=1)
        return {
            "day": self._client._rate_limits_remaining_daily_calls,
            "minute": self._client._rate_limits_remaining_minutely_calls,
        }

    def maintenance(self):
        """It tries again by itself after a 503."""
        self._order("faults", fault="html_503")
        return len(self._client.financial.financial_periods.all(top=1))

    def unknown_refresh_token(self):
        auth = self._client.auth_client
        auth.token_info = {**auth.token_info, "refresh_token": "nobody's"}
        return self._error(TokenRefreshError, auth.refresh_token)


if __name__ == "__main__":
    main(Exactpy)
