"""The books of `make live`: Odoo, connected to a real division by tokens at hand."""

import base64
import random
import time
from datetime import date, datetime, timezone

import requests

from dev.console import Problem, say

TIMEOUT = 30
MARGIN = 5
# What a check and the lists may need within a minute, and what is kept for invoices.
CALLS = 25
KEPT = 20
# Ends of Exact's hosts, and what Odoo calls the sites.
SITES = {
    "nl": "nl",
    "be": "be",
    "de": "de",
    "fr": "fr",
    "es": "es",
    "co.uk": "uk",
    "com": "us",
}
SETTINGS = {
    "exact_delay": 0,
    "exact_send_pdf": False,
    "exact_mismatch_reason": "Test of the add-on",
}


def connect(environment, database, odoo, company, live, tokens):
    """Make the company one that is connected with these tokens."""
    parameters = "ir.config_parameter"
    odoo.call(parameters, "set_param", "comanage_exact.base_url", live.host)
    ending = live.host.partition("start.exactonline.")[2]
    odoo.write(
        "res.company",
        company,
        exact_site=SITES.get(ending, "be"),
        exact_client_id=live.get("CLIENT_ID"),
        exact_client_secret=live.get("CLIENT_SECRET"),
        exact_start_date=f"{date.today().year}-01-01",
        **SETTINGS,
    )
    identity = odoo.call(parameters, "get_param", "database.uuid")
    issued_at = datetime.fromtimestamp(tokens["issued_at"], timezone.utc)
    with environment.server.cursor(database) as cursor:
        cursor.execute(
            "INSERT INTO exact_login (site, client_id, client_secret, state,"
            " access_token, refresh_token, issued_at, database_uuid)"
            " VALUES (%s, %s, %s, 'connected', %s, %s, %s, %s) RETURNING id",
            (
                SITES.get(ending, "be"),
                live.get("CLIENT_ID"),
                live.get("CLIENT_SECRET"),
                tokens["access_token"],
                tokens["refresh_token"],
                issued_at.replace(tzinfo=None),
                f"{identity}/{database}",
            ),
        )
        cursor.execute(
            "INSERT INTO exact_connection (company_id, state, login_id)"
            " VALUES (%s, 'connected', %s)",
            (company, cursor.fetchone()[0]),
        )


class LiveBooks:
    """One company on a running Odoo, connected to a real division.

    :param Live live: what the environment says.
    """

    def __init__(self, environment, database, odoo, live):
        self.environment = environment
        self.database = database
        self.odoo = odoo
        self.live = live
        self.company = odoo.companies[0]

    def run(self):
        """Check the division, then book an invoice; return whether all is well."""
        say("Reading the lists of the division")
        self._choose()
        is_fine = self._check()
        return self._book() and is_fine

    def read_tokens(self):
        """Return the tokens that are good now; Odoo may have renewed them."""
        ((access, refresh, issued_at),) = self._sql(
            "SELECT access_token, refresh_token, issued_at FROM exact_login"
        )
        moment = issued_at.replace(tzinfo=timezone.utc).timestamp()
        return {
            "access_token": access,
            "refresh_token": refresh,
            "issued_at": moment,
        }

    def _sql(self, query, **values):
        with self.environment.server.cursor(self.database) as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    # === SET-UP === #

    def _choose(self):
        odoo, live = self.odoo, self.live
        odoo.call("res.company", "action_exact_fetch", [self.company])
        self._write(exact_division_id=self._find("division", live.get("DIVISION")))
        odoo.call("res.company", "action_exact_fetch", [self.company])
        self._write(
            exact_journal_id=self._find("journal", live.get("JOURNAL")),
            exact_gl_account_id=self._find(
                "gl.account",
                live.get("GL_ACCOUNT"),
                ("account_type", "=", 110),
                ("is_bookable", "=", True),
            ),
            exact_payment_condition_id=self._find(
                "payment.condition", live.get("PAYMENT_CONDITION")
            ),
            # No number of a real division begins like this.
            exact_number_prefix=f"19{random.randint(100, 999)}",
        )
        self._wait_for_calls()
        cron = odoo.ref("comanage_exact", "ir_cron_exact_fetch")
        odoo.call("ir.cron", "method_direct_trigger", [cron])

    def _write(self, **values):
        self.odoo.write("res.company", self.company, **values)

    def _find(self, name, code, *conditions):
        """Return the id of a code, or of the first that fits.

        :raise Problem: there is none.
        """
        domain = [("code", "=", code)] if code else [*conditions]
        rows = self.odoo.find(
            f"exact.{name}", [("company_id", "=", self.company), *domain], "id"
        )
        if not rows:
            wish = f" {code}" if code else " that fits"
            raise Problem(f"The division has no {name.replace('.', ' ')}{wish}.")
        return rows[0]["id"]

    def _find_vat_code(self):
        conditions = [
            ("vat_type", "=", "E"),
            ("percentage", ">", 0),
            ("transaction_type", "!=", "P"),
        ]
        return self._find("vat.code", self.live.get("VAT_CODE"), *conditions)

    def _find_customer(self):
        conditions = [("status", "=", "C"), ("is_blocked", "=", False)]
        return self._find("account", self.live.get("CUSTOMER"), *conditions)

    def _wait_for_calls(self):
        """Wait for the next minute where this one has too few calls left."""
        ((budget,),) = self._sql("SELECT budget FROM exact_connection")
        limit, used, _ends_at = (budget or {}).get("minute") or (60, 0, None)
        if limit - used - KEPT < CALLS:
            seconds = 60 - time.time() % 60 + MARGIN
            say(f"Waiting {seconds:.0f} seconds, for Exact limits the calls a minute")
            time.sleep(seconds)

    # === CHECK === #

    def _check(self):
        odoo = self.odoo
        self._wait_for_calls()
        say("Checking the division")
        action = odoo.call("res.company", "action_exact_check_division", [self.company])
        check = action["res_id"]
        odoo.call("exact.division.check", "action_check", [check])
        say("Booking a test entry, which is deleted at once")
        wizard = odoo.call("exact.division.check", "action_test", [check])["res_id"]
        odoo.write(
            "exact.division.test",
            wizard,
            account_id=self._find_customer(),
            vat_code_id=self._find_vat_code(),
        )
        odoo.call("exact.division.test", "action_book", [wizard])
        return self._show(check)

    def _show(self, check):
        names = ("summary", "problem", "entry_message", "report", "problem_count")
        (found,) = self.odoo.find("exact.division.check", [("id", "=", check)], *names)
        lines = self.odoo.find(
            "exact.division.check.line",
            [("check_id", "=", check), ("result", "in", ("problem", "info"))],
            *("result", "message"),
        )
        for line in lines:
            print(f"  {line['result']:8} {line['message']}")
        print(self._save(found["report"]))
        for name in ("problem", "entry_message", "summary"):
            if found[name]:
                say(found[name])
        is_deleted = "deleted" in (found["entry_message"] or "")
        return is_deleted and not found["problem"] and not found["problem_count"]

    def _save(self, report):
        path = self.live.tokens_path.with_name(f"check-{date.today()}.json")
        path.write_bytes(base64.b64decode(report))
        return f"The file without secrets and names: {path}"

    # === INVOICE === #

    def _book(self):
        """Book an invoice of 1.00 the usual way, and delete its entry."""
        self._wait_for_calls()
        say("Booking an invoice of 1.00 as Odoo does")
        invoice = self._create_invoice()
        odoo = self.odoo
        odoo.call("account.move", "action_exact_send", [invoice])
        cron = odoo.ref("comanage_exact", "ir_cron_exact_push")
        odoo.call("ir.cron", "method_direct_trigger", [cron])
        names = ("name", "exact_state", "exact_number", "exact_error", "exact_guid")
        (found,) = odoo.find("account.move", [("id", "=", invoice)], *names)
        if found["exact_state"] != "sent":
            say(f"Not booked ({found['exact_state']}): {found['exact_error']}")
            say(f"Look for reference {found['name']} in Exact Online before a new try")
            return False
        say(f"Booked as entry {found['exact_number']}, and now deleted")
        return self._delete(found)

    def _create_invoice(self):
        odoo = self.odoo
        account = self._find_customer()
        (row,) = odoo.find("exact.account", [("id", "=", account)], "exact_guid")
        tax = odoo.find(
            "account.tax",
            [
                ("company_id", "=", self.company),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 21),
                ("amount_type", "=", "percent"),
            ],
            "id",
        )[0]["id"]
        vat_code = self._find_vat_code()
        (code,) = odoo.find("exact.vat.code", [("id", "=", vat_code)], "percentage")
        amount = round(code["percentage"] * 100, 3)
        odoo.write("account.tax", tax, exact_vat_code_id=vat_code, amount=amount)
        partner = odoo.create("res.partner", name="Test of the add-on")
        self._sql(
            "UPDATE res_partner SET exact_guid = jsonb_build_object(%(company)s::text,"
            " %(guid)s::text) WHERE id = %(id)s",
            company=str(self.company),
            guid=row["exact_guid"],
            id=partner,
        )
        line = {"name": "Test", "price_unit": 1, "tax_ids": [(6, 0, [tax])]}
        invoice = odoo.create(
            "account.move",
            move_type="out_invoice",
            partner_id=partner,
            invoice_date=str(date.today()),
            invoice_line_ids=[(0, 0, line)],
        )
        odoo.call("account.move", "action_post", [invoice])
        return invoice

    def _delete(self, found):
        division = self.live.get("DIVISION")
        address = (
            f"{self.live.host}/api/v1/{division}/salesentry/SalesEntries"
            f"(guid'{found['exact_guid']}')"
        )
        token = self.read_tokens()["access_token"]
        try:
            answer = requests.delete(
                address, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT
            )
            status = f"HTTP {answer.status_code}"
            is_deleted = answer.status_code == 204
        except requests.RequestException as err:
            status, is_deleted = type(err).__name__, False
        if not is_deleted:
            say(
                f"Entry {found['exact_number']} is left in Exact Online ({status}). "
                "Delete it there manually."
            )
        return is_deleted
