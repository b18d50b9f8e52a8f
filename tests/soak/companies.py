"""Three companies in one database, each connected to a division of its own."""

from contextlib import suppress
from dataclasses import dataclass, field

import requests

from dev import consent
from dev.console import Problem
from dev.rpc import OdooSession
from dev.stage import LOGIN, SETTINGS

# Name, VAT number, country, chart, journal, account. One user of Exact consents for all
# of them with one app, as in a group of companies: they share its tokens.
PLANS = (
    ("Handel", "BE0477472701", "be", "be_comp", "700", "700000"),
    ("Diensten", "BE0403019261", "be", "be_comp", "700", "700000"),
    ("Nederland", "NL123456782B90", "nl", "nl", "70", "8000"),
)
# Standard, reduced and zero rates; which of them exist is the chart's affair.
RATES = (21, 12, 9, 6, 0)


@dataclass
class Company:
    """A connected company.

    :param OdooSession odoo: an administrator's session, with this company alone.
    """

    odoo: OdooSession
    id: int
    division: int = 0
    taxes: list = field(default_factory=list)

    def connect(self):
        """Walk through the consent page; also the cure for a lost connection.

        :raise Problem: with the sentence that Odoo shows.
        """
        button = self.odoo.call("res.company", "action_exact_connect", [self.id])
        consent.allow(self.odoo.http, button["url"])

    def reconnect(self):
        """Do what a person does who reads that the connection has expired.

        The way there has its own faults: then it stays for the next time.
        """
        with suppress(Problem, requests.RequestException):
            self.connect()


def make(server, simulator):
    """Create and connect the companies; posted invoices go at once.

    :param dev.server.OdooServer server: a web server on the database.
    :param simulator: as `tests.simulator.serve` yields it.
    :return: list of Company.
    """
    odoo = OdooSession(server.url, server.database, LOGIN, LOGIN)
    parameters = {
        "comanage_exact.base_url": simulator.url,
        "web.base.url": server.url,
    }
    for name, value in parameters.items():
        odoo.call("ir.config_parameter", "set_param", name, value)
    return [make_one(server, odoo, *plan) for plan in PLANS]


def make_one(server, odoo, name, vat, country, chart, journal, account):
    values = {
        **SETTINGS,
        "vat": vat,
        # There is one simulator, and an app is of one site.
        "exact_site": "be",
        "exact_trigger": "posted",
        "exact_credit_note_prefix": "9",
    }
    # Else Odoo would install more modules for the country.
    (number,) = odoo.call(
        "res.company",
        "create",
        [{"name": name, "country_id": odoo.ref("base", country)}],
        context={"install_mode": True},
    )
    own = OdooSession(server.url, server.database, LOGIN, LOGIN)
    own.companies = [number]
    own.call("account.chart.template", "try_loading", [], chart, number)
    own.write("res.company", number, **values)
    company = Company(own, number)
    company.connect()
    own.write(
        "res.company",
        number,
        exact_journal_id=_find(company, "journal", journal),
        exact_gl_account_id=_find(company, "gl.account", account),
        exact_payment_condition_id=_find(company, "payment.condition", "30"),
    )
    (division,) = own.find("res.company", [("id", "=", number)], "exact_division_id")
    (row,) = own.find(
        "exact.division", [("id", "=", division["exact_division_id"][0])], "code"
    )
    company.division = int(row["code"])
    company.taxes = _find_taxes(company)
    return company


def _find(company, code_list, code):
    domain = [("company_id", "=", company.id), ("code", "=", code)]
    return company.odoo.find(f"exact.{code_list}", domain, "id")[0]["id"]


def _find_taxes(company):
    """Return one mapped sales tax of each rate."""
    domain = [
        ("company_id", "=", company.id),
        ("type_tax_use", "=", "sale"),
        ("amount_type", "=", "percent"),
        ("price_include", "=", False),
        ("exact_vat_code_id", "!=", False),
    ]
    rows = company.odoo.find("account.tax", domain, "amount")
    first = {row["amount"]: row["id"] for row in reversed(rows)}
    return [first[rate] for rate in RATES if rate in first]
