"""The books of one company in Odoo, as end-to-end tests use them."""

from decimal import Decimal
from itertools import count

from dev.stage import SETTINGS

_numbers = count(1)


class Books:
    """One Belgian company on a running Odoo, seen through the administrator's session.

    :param dev.environment.Environment environment: where its database is.
    :param dev.stage.Stage stage: what is running.
    :param dict profile: settings that each test starts with.
    """

    def __init__(self, environment, stage, profile):
        self._profile = profile
        self.environment = environment
        self.stage = stage
        self.odoo = stage.odoo
        self.control = stage.simulator.control
        self.calls_before = 0
        self.company = self.odoo.ref("base", "demo_company_be")
        self.odoo.companies = [self.company]
        self.tax = self.odoo.ref("account", f"{self.company}_attn_VAT-OUT-21-L")

    def start_over(self):
        """Forget what earlier tests ordered; what they booked stays, as in life."""
        self.calls_before = len(self.control.calls())
        self.control.clear_faults()
        # The limits have tests of their own, and these here are faster than a minute.
        self.control.settings(minute_limit=10_000, **self._profile)
        self.odoo.write("res.company", self.company, **SETTINGS)
        self.sql(
            "UPDATE exact_connection SET paused_until = NULL, problem = NULL,"
            " pdf_paused_until = NULL, pdf_failures = 0"
        )
        self.sql("DELETE FROM exact_budget")
        self.sql("UPDATE exact_login SET retry_at = NULL, refusals = 0, failures = 0")

    # === INVOICES === #

    def create_customer(self, name, **values):
        # Those with one address and names that resemble each other may be the same.
        email = f"customer.{next(_numbers)}@example.com"
        return self.odoo.create("res.partner", name=name, email=email, **values)

    def create_invoice(self, customer, amount=100, *, tax=None, **values):
        """Create and post an invoice of one line, at 21% unless told; return its id."""
        line = {
            "name": "Hop pellets",
            "price_unit": amount,
            "tax_ids": [(6, 0, [tax or self.tax])],
        }
        invoice = self.odoo.create(
            "account.move",
            move_type="out_invoice",
            partner_id=customer,
            invoice_date=self.today,
            invoice_line_ids=[(0, 0, line)],
            **values,
        )
        self.odoo.call("account.move", "action_post", [invoice])
        return invoice

    @property
    def today(self):
        return str(self.sql("SELECT (now() AT TIME ZONE 'UTC')::date")[0][0])

    def queue(self, *invoices):
        """Press the button Send to Exact."""
        self.odoo.call("account.move", "action_exact_send", list(invoices))

    def push(self):
        """Run the cron that books what is due, and return when it is through."""
        cron = self.odoo.ref("comanage_exact", "ir_cron_exact_push")
        self.odoo.call("ir.cron", "method_direct_trigger", [cron])

    def withdraw(self, invoice):
        """Press the button Withdraw from Exact, and say why."""
        action = self.odoo.call("account.move", "action_exact_withdraw", [invoice])
        wizard = action["res_id"]
        self.odoo.write("exact.withdraw", wizard, reason="Wrong price")
        self.odoo.call("exact.withdraw", "action_withdraw", [wizard])

    def read(self, invoice):
        """Return what Odoo knows of the forwarding of an invoice."""
        names = ("name", "exact_state", "exact_number", "exact_error", "amount_total")
        return self.odoo.find("account.move", [("id", "=", invoice)], *names)[0]

    def state(self, invoice):
        return self.read(invoice)["exact_state"]

    # === EXACT'S SIDE === #

    def entries_of(self, invoice):
        """Return the entries in the simulator that carry an invoice's reference."""
        name = self.read(invoice)["name"]
        return [row for row in self.control.entries() if row["YourRef"] == name]

    def is_booked_once(self, invoice):
        """Tell whether there is one entry, equal to the cent."""
        entries = self.entries_of(invoice)
        total = Decimal(str(self.read(invoice)["amount_total"]))
        return [Decimal(str(entry["AmountFC"])) for entry in entries] == [total]

    def calls(self):
        """Return method and resource of each call of the API, tokens left out."""
        return [
            (call["method"], call["path"].split("?")[0].split("/")[-1])
            for call in self.control.calls()[self.calls_before :]
            if call["path"].startswith("/api/v1/")
        ]

    # === TIME === #

    def let_token_expire(self):
        """Let ten minutes pass in Exact, and for the token in Odoo."""
        self.control.advance(600)
        self.sql("UPDATE exact_login SET issued_at = issued_at - interval '10 minutes'")

    def let_time_pass(self, minutes):
        """Make all that waits wait so much less; nobody sleeps."""
        self.sql(
            "UPDATE exact_outbox SET"
            " scheduled_at = scheduled_at - %(by)s * interval '1 minute',"
            " claimed_at = claimed_at - %(by)s * interval '1 minute'",
            by=minutes,
        )
        self.sql(
            "UPDATE exact_connection SET"
            " paused_until = paused_until - %(by)s * interval '1 minute',"
            " pdf_paused_until = pdf_paused_until - %(by)s * interval '1 minute'",
            by=minutes,
        )
        # The calls that were counted belong to a minute that is over.
        self.sql("DELETE FROM exact_budget")
        self.sql(
            "UPDATE exact_login SET retry_at = retry_at - %(by)s * interval '1 minute'",
            by=minutes,
        )
        # One value per company, as company_dependent fields are stored.
        self.sql(
            "UPDATE res_partner SET exact_creating_at ="
            " (SELECT jsonb_object_agg(key, to_char("
            "   value::timestamp - %(by)s * interval '1 minute',"
            "   'YYYY-MM-DD HH24:MI:SS'))"
            "  FROM jsonb_each_text(exact_creating_at))"
            " WHERE exact_creating_at IS NOT NULL",
            by=minutes,
        )

    def sql(self, query, **values):
        """Run one statement in a transaction of its own; return its rows, if any."""
        database = self.stage.server.database
        with self.environment.server.cursor(database) as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []
