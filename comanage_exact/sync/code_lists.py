"""The code lists of Exact Online: fetching them, mapping what is beyond doubt."""

import logging

from odoo.exceptions import UserError, ValidationError

from ..booking.journal_choice import JournalFacts, find_plain
from ..const import CRON_FETCH
from ..exact_api.const import VAT_TYPE_NONE
from ..exact_api.exceptions import (
    ExactError,
    ExactRateLimited,
    ExactRejected,
    ExactUnavailable,
)
from . import messages
from .alerts import Alerts
from .connection import keep_alive, open_client
from .directory import Directory, get_directory
from .isolation import Round, each, is_time_over, isolated
from .logins import learn_user
from .readiness import Readiness
from .scheduled_actions import wake
from .sweep import Sweep
from .verification import verify_booked

_logger = logging.getLogger(__name__)

LISTS = (
    "exact.journal",
    "exact.gl.account",
    "exact.vat.code",
    "exact.payment.condition",
    "exact.currency",
    "exact.period",
)
# Many an Exact user may not read these, and few companies need them.
OPTIONAL_LISTS = ("exact.cost.center", "exact.cost.unit")

# Of Odoo, with a mapping to one of the lists.
MAPPED = (
    "account.tax",
    "account.account",
    "account.payment.term",
    "account.analytic.account",
)


def fetch_list(company, name, client):
    """Make one list of a company equal to that of Exact Online.

    :param str name: of the model.
    :param ExactClient client: of the company's division.
    :raise ExactError: see `ExactClient.get_all`; nothing is changed then.
    """
    model = company.env[name].sudo()
    rows = client.get_all(
        model._exact_resource,
        select=",".join(model._exact_properties.values()),
        **model._exact_options,
    )
    model._store(company, list(rows))


def choose(company, **values):
    """Write a choice that no user made; leave it where it would be refused."""
    try:
        with company.env.cr.savepoint():
            company.write(values)
    except ValidationError as err:
        _logger.info("Not chosen automatically at company %s: %s", company.id, err)


class CodeLists:
    """The code lists of the division that a company chose."""

    def __init__(self, company):
        company.ensure_one()
        self.company = company
        self.connection = company.sudo().exact_connection_id
        self.env = company.env

    def fetch(self):
        """Fetch the lists, and map what is beyond doubt.

        :raise ExactError: nothing is changed of the list that failed.
        """
        with open_client(self.connection) as client:
            for name in LISTS:
                fetch_list(self.company, name, client)
            for name in OPTIONAL_LISTS:
                self._fetch_optional(name, client)
        self.connection._resume()
        self.connection._note_fetched()
        self.connection._note_list_problem(False)
        self.fill_defaults()
        # What failed for a journal, a currency or a code may be booked now.
        self.env["exact.outbox"]._trigger_recheck_of_problems()

    def _fetch_optional(self, name, client):
        try:
            with self.env.cr.savepoint():
                fetch_list(self.company, name, client)
        except ExactRejected as err:
            _logger.info("List %s of company %s: %s", name, self.company.id, err)

    def fetch_or_note_problem(self):
        """Fetch the lists; show a failure on the company's page.

        :return: whether Exact Online can be reached; else more calls would only wait
            for it, longer than Odoo lets an action work.
        """
        try:
            self.fetch()
        except (ExactError, UserError) as err:
            _logger.info("Lists of company %s: %s", self.company.id, err)
            self.env.cr.rollback()
            if isinstance(err, ExactRateLimited):
                wake(self.env, CRON_FETCH, err.retry_at)
            problem = str(err)
            if isinstance(err, ExactError):
                problem = messages.explain_connection(self.company, err)
            self.connection._note_list_problem(problem)
            return not isinstance(err, ExactUnavailable)
        return True

    def fill_defaults(self):
        """Choose what is plain: the usual journal, equal codes and days."""
        company = self.company.sudo()
        own = ("company_id", "=", company.id)
        journals = company.env["exact.journal"].search([own])
        facts = [
            JournalFacts(
                journal,
                journal.name or "",
                journal.currency_code or "",
                journal.is_any_currency,
            )
            for journal in journals
        ]
        journal = find_plain(facts, company.currency_id.name)
        if not company.exact_journal_id and journal:
            choose(company, exact_journal_id=journal.id)
        codes = company.env["exact.vat.code"].search(
            [own, ("vat_type", "=", VAT_TYPE_NONE)]
        )
        if not company.exact_no_vat_code_id and len(codes) == 1:
            choose(company, exact_no_vat_code_id=codes.id)
        for model in MAPPED:
            company.env[model]._exact_map(company)


class NightlyFetch:
    """Fetches the lists of every connected company; this keeps its tokens alive."""

    def __init__(self, env):
        self.env = env

    def run(self):
        companies = self._find_companies()
        connections = companies.exact_connection_id
        turns = Round(connections, "fetch_round")
        if turns.is_new:
            with isolated(connections):
                Sweep(self.env).run()
            # Those have no calls to make.
            for company in companies - connections.company_id:
                with isolated(company):
                    self._fetch(company)
        for connection in each(turns.waiting):
            with isolated(connection):
                # Before it may fail, or it would be first each time.
                connection._write_apart({"fetch_round": turns.number})
                self.env["ir.cron"]._commit_progress()
                self._fetch(connection.company_id)
        if not is_time_over(self.env):
            # The action that tells of problems may be gone or off.
            with isolated(connections):
                Alerts(self.env).sync()

    def _find_companies(self):
        connected = self.env["exact.connection"].search([("state", "=", "connected")])
        with_division = self.env["res.company"].search(
            [("exact_division_id", "!=", False)]
        )
        return (with_division | connected.company_id).sudo()

    def _fetch(self, company):
        """Fetch all of one company, or keep its tokens alive; commits in between."""
        learn_user(company.exact_connection_id)
        if company.exact_connection_id._is_stopped():
            keep_alive(company.exact_connection_id)
        elif company._exact_is_ready():
            is_reached = CodeLists(company).fetch_or_note_problem()
            # Before what follows may have to roll back.
            self.env["ir.cron"]._commit_progress()
            if is_reached:
                refresh_directory(company)
                verify_booked(company)
        elif company.exact_connection_state == "connected":
            keep_alive(company.exact_connection_id)
        Readiness(company).run()


def refresh_directory(company):
    """Read which customers are new or gone in Exact; invoices do not need it.

    A reading that comes to a limit continues with the next new customer.
    """
    record = get_directory(company)
    try:
        with open_client(company.sudo().exact_connection_id) as client:
            # Whether the division moved; not each app may read that.
            try:
                with company.env.cr.savepoint():
                    fetch_list(company, "exact.division", client)
            except ExactRejected as err:
                _logger.info("Divisions of company %s: %s", company.id, err)
            directory = Directory(record, client)
            directory.refresh()
            directory.refresh_deleted()
    except ExactError as err:
        company.env.cr.rollback()
        _logger.info("Directory of company %s: %s", company.id, err)
    # It may answer which account a customer is.
    company.env["exact.outbox"]._trigger_recheck_of_problems()
