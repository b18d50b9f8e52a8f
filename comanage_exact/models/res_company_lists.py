import logging

import requests
from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..exact_api.const import VAT_TYPE_NONE
from ..exact_api.exceptions import ExactError, ExactRateLimited, ExactRejected

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    """Divisions and code lists: fetching them, choosing where there is no choice."""

    _name = "res.company"
    _inherit = ["res.company"]

    # === FETCHING === #

    def _exact_fetch_all(self):
        """Fetch the divisions, and the lists of the one that is chosen.

        :raise ExactError: what was fetched before the failure stays.
        """
        self._exact_fetch_divisions()
        if self.exact_division_id:
            self._exact_fetch()

    def _exact_fetch_divisions(self):
        """Fetch the divisions, and choose the one that is surely meant."""
        self.ensure_one()
        connection = self.sudo().exact_connection_id
        with requests.Session() as session:
            with connection._client(session=session) as client:
                me = client.get("current/Me", select="CurrentDivision")
            current = int(me[0]["CurrentDivision"])
            with connection._client(current, session=session) as client:
                self.env["exact.division"].sudo()._fetch(self, client)
        if not self.exact_division_id:
            self._exact_choose(exact_division_id=self._exact_guess_division().id)

    def _exact_fetch(self):
        """Fetch the code lists of the chosen division, and map what is beyond doubt.

        :raise ExactError: nothing is changed of the list that failed.
        """
        self.ensure_one()
        lists = (
            "journal",
            "gl.account",
            "vat.code",
            "payment.condition",
            "currency",
            "period",
        )
        connection = self.sudo().exact_connection_id
        with connection._client() as client:
            for name in lists:
                self.env[f"exact.{name}"].sudo()._fetch(self, client)
            for name in ("cost.center", "cost.unit"):
                self._exact_fetch_optional(name, client)
        connection._resume()
        self._exact_fill_defaults()

    def _exact_fetch_optional(self, name, client):
        """Fetch a list that many an Exact user may not read, and few companies need."""
        try:
            with self.env.cr.savepoint():
                self.env[f"exact.{name}"].sudo()._fetch(self, client)
        except ExactRejected as err:
            _logger.info("List %s of company %s: %s", name, self.id, err)

    def _exact_fetch_or_explain(self):
        """Fetch the lists; keep a failure as the sentence on the company's page."""
        try:
            self._exact_fetch()
        except (ExactError, UserError) as err:
            _logger.info("Lists of company %s: %s", self.id, err)
            self.env.cr.rollback()
            if isinstance(err, ExactRateLimited):
                cron = self.env.ref("comanage_exact.ir_cron_exact_fetch")
                cron._trigger(err.retry_at)
            problem = self._exact_explain(err) if isinstance(err, ExactError) else err
            self.sudo().exact_connection_id._note_problem(str(problem))

    # === CHOOSING === #

    def _exact_guess_division(self):
        """Return the only division, or the only one with the company's VAT number."""
        divisions = self.env["exact.division"].search([("company_id", "=", self.id)])
        if len(divisions) > 1:
            own = self._exact_get_vat_key(self.vat)
            divisions = divisions.filtered(
                lambda division: (
                    own and self._exact_get_vat_key(division.vat_number) == own
                )
            )
        return divisions if len(divisions) == 1 else divisions.browse()

    def _exact_fill_defaults(self):
        """Choose where there is no choice: a single journal, equal codes and days."""
        company = self.sudo()
        journals = company.env["exact.journal"].search([("company_id", "=", self.id)])
        if not company.exact_journal_id and len(journals) == 1:
            company._exact_choose(exact_journal_id=journals.id)
        codes = company.env["exact.vat.code"].search(
            [("company_id", "=", self.id), ("vat_type", "=", VAT_TYPE_NONE)]
        )
        if not company.exact_no_vat_code_id and len(codes) == 1:
            company._exact_choose(exact_no_vat_code_id=codes.id)
        for model in ("account.tax", "account.account", "account.payment.term"):
            company.env[model]._exact_map(company)

    def _exact_choose(self, **values):
        """Write a choice that nobody made; leave it where it would be refused."""
        try:
            with self.env.cr.savepoint():
                self.write(values)
        except ValidationError as err:
            _logger.info("Left for a person at company %s: %s", self.id, err)

    # === CRON === #

    def _exact_fetch_directory(self):
        """Read who is new or gone among Exact's accounts; invoices do not need it.

        A reading that comes to a limit goes on with the next new customer.
        """
        self.ensure_one()
        directory = self.env["exact.directory"].sudo()._get(self)
        try:
            with self.sudo().exact_connection_id._client() as client:
                # Whether the division moved.
                self.env["exact.division"].sudo()._fetch(self, client)
                directory._refresh(client)
                directory._refresh_deleted(client)
        except ExactError as err:
            self.env.cr.rollback()
            _logger.info("Directory of company %s: %s", self.id, err)
        # It may answer which account a customer is.
        self.env["exact.outbox"]._trigger_care_of_checks()

    @api.model
    def _cron_exact_fetch(self):
        """Fetch the lists of every connected company; this keeps its tokens alive."""
        connected = self.env["exact.connection"].search([("state", "=", "connected")])
        with_division = self.search([("exact_division_id", "!=", False)])
        for company in with_division | connected.company_id:
            try:
                company._exact_fetch_by_cron()
            except SerializationFailure:
                self.env.cr.rollback()
                _logger.info("Lists of company %s: met another worker", company.id)
            except Exception:
                # One company never stops the others.
                self.env.cr.rollback()
                _logger.exception("Lists of company %s", company.id)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _exact_fetch_by_cron(self):
        """Fetch all of one company, or keep its tokens alive; commits in between."""
        self.ensure_one()
        if self._exact_is_ready():
            self._exact_fetch_or_explain()
            # Before what follows may have to roll back.
            self.env["ir.cron"]._commit_progress()
            self._exact_fetch_directory()
        elif self.exact_connection_state == "connected":
            self.exact_connection_id._keep_alive()
        self.env["exact.check"]._run(self)
