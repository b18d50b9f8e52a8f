from contextlib import contextmanager
from unittest.mock import patch

from psycopg2 import sql

from odoo.service.model import call_kw
from odoo.tests.common import new_test_user

from ..sync import onboarding
from ..sync.readiness import Readiness
from .common import ExactCommon

# What everybody in the office may do, so that only the add-on's own rights refuse.
KEEPS_CONTACTS = "base.group_partner_manager,base.group_allow_export"
USER_GROUPS = {
    "portal": "base.group_portal",
    "reader": f"{KEEPS_CONTACTS},account.group_account_readonly",
    "invoicing": f"{KEEPS_CONTACTS},account.group_account_invoice",
    "accountant": f"{KEEPS_CONTACTS},account.group_account_user",
    # Implies the accountant of Exact, as the one before.
    "adviser": f"{KEEPS_CONTACTS},account.group_account_manager",
    "exact_user": f"{KEEPS_CONTACTS},comanage_exact.group_exact_user",
    "exact_accountant": f"{KEEPS_CONTACTS},comanage_exact.group_exact_accountant",
    "exact_manager": f"{KEEPS_CONTACTS},comanage_exact.group_exact_manager",
    "administrator": f"{KEEPS_CONTACTS},base.group_system",
    # Manages another company.
    "stranger": f"{KEEPS_CONTACTS},account.group_account_manager",
}
USERS = frozenset(USER_GROUPS)
# By role in Exact Online, each with those above it.
EXACT_READERS = USERS - {"portal", "stranger"}
EXACT_USERS = EXACT_READERS - {"reader"}
EXACT_ACCOUNTANTS = EXACT_USERS - {"invoicing", "exact_user"}
EXACT_MANAGERS = {"exact_manager", "administrator"}
# Odoo lets them write invoices, or read them, as well.
INVOICERS = {"invoicing", "accountant", "adviser"}
INVOICE_READERS = INVOICERS | {"reader"}
INVOICING_ACCOUNTANTS = INVOICERS & EXACT_ACCOUNTANTS


class RpcCommon(ExactCommon):
    """A waiting invoice, and everybody who may try something with it over RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].sudo().create({"name": "Other"})
        cls.users = {name: cls.make_user(name) for name in sorted(USERS)}
        cls.users["portal"].partner_id.parent_id = cls.customer
        cls.invoice = cls.make_invoice()
        cls.invoice.action_exact_send()
        cls.invoice.sudo().message_subscribe(cls.users["portal"].partner_id.ids)
        cls.outbox = cls.invoice.sudo().exact_outbox_id
        cls.check = cls.outbox.env["exact.check"].create(
            {"company_id": cls.company.id, "code": "number"}
        )
        cls.settings = cls.outbox.env["res.config.settings"].create(
            {"company_id": cls.company.id}
        )
        cls.twin = cls.tax_21.copy({"name": "21% twin"})
        system = cls.env(su=True)
        plan = system["account.analytic.plan"].create({"name": "Departments"})
        cls.analytic_account = system["account.analytic.account"].create(
            {"name": "Sales", "plan_id": plan.id, "company_id": cls.company.id}
        )

    @classmethod
    def make_user(cls, name):
        company = cls.other if name == "stranger" else cls.company
        return new_test_user(
            cls.env(su=True),
            login=f"rpc_{name}",
            groups=USER_GROUPS[name],
            company_id=company.id,
            company_ids=company.ids,
        )

    # === CALLING === #

    def call(self, user, model, method, *args, context=None, **kwargs):
        """Call a method as the web client and XML-RPC do."""
        # A request begins with nothing in memory.
        self.env.invalidate_all()
        env = self.env(user=self.users[user], su=False, context={})
        return call_kw(
            env[model], method, list(args), {**kwargs, "context": context or {}}
        )

    @contextmanager
    def attempt(self):
        """Undo all that is done inside; no call leaves for Exact."""
        savepoint = self.env.cr.savepoint()
        with (
            self.enter_registry_test_mode(),
            patch.object(onboarding, "fetch_all"),
            patch.object(Readiness, "probe", return_value=None),
        ):
            try:
                yield
            finally:
                self.env.invalidate_all(flush=False)
                savepoint.close(rollback=True)

    # === WATCHING === #

    def find_fields(self):
        """Return all fields of the add-on that have a column, by model."""
        found = {}
        for name, model in self.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            own = name.startswith("exact.")
            found[name] = sorted(
                field.name
                for field in model._fields.values()
                if field.store
                and field.column_type
                and (own or "comanage_exact" in field._modules)
            )
        return {name: names for name, names in found.items() if names}

    def snapshot(self):
        """Return all rows of the add-on's fields, and the states of invoices."""
        self.env.flush_all()
        rows = {}
        for name, names in self.find_fields().items():
            extra = ("state",) if name == "account.move" else ()
            query = sql.SQL("SELECT id, {} FROM {} ORDER BY id").format(
                sql.SQL(", ").join(map(sql.Identifier, (*names, *extra))),
                sql.Identifier(self.registry[name]._table),
            )
            self.env.cr.execute(query)
            rows[name] = self.env.cr.fetchall()
        return rows

    def lists_of_another_company(self):
        """Return a row of each code list, made for the other company."""
        env = self.env(su=True)
        return {
            model: env[model].create({"company_id": self.other.id, "code": "OTHER"})
            for model in (
                "exact.cost.center",
                "exact.cost.unit",
                "exact.division",
                "exact.gl.account",
                "exact.journal",
                "exact.payment.condition",
                "exact.vat.code",
            )
        }
