import logging

import requests
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from .. import proof
from ..exceptions import ExactError, ExactRateLimited
from .res_partner import USERS

_logger = logging.getLogger(__name__)

# 60 entries each: what somebody who pressed the button waits for. The cron goes on.
PAGES_AT_ONCE = 5
# Entries of one look-up by ID: more would make the address too long.
MOVED_BATCH = 30
CRON = "comanage_exact.ir_cron_exact_proof"


class ExactProof(models.Model):
    """Odoo against Exact for a period: every invoice and every entry, to the cent."""

    _name = "exact.proof"
    _description = "Comparison with Exact Online"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + relativedelta(months=-1, day=1)
        ),
    )
    date_to = fields.Date(
        "To",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + relativedelta(day=1, days=-1)
        ),
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("fetching", "Reading Exact"),
            ("done", "Compared"),
            ("failed", "Stopped"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    problem = fields.Text(readonly=True, copy=False)
    next_url = fields.Char(readonly=True, copy=False, groups="base.group_system")
    is_read = fields.Boolean(
        readonly=True, copy=False, help="All entries of the period are read."
    )
    asked_guids = fields.Json(
        readonly=True, copy=False, help="Entries looked for outside of the period."
    )
    call_count = fields.Integer("Calls", readonly=True, copy=False)
    compared_at = fields.Datetime("Compared On", readonly=True, copy=False)
    line_ids = fields.One2many("exact.proof.line", "proof_id", readonly=True)
    problem_line_ids = fields.One2many(
        "exact.proof.line",
        "proof_id",
        "What Is Not Equal",
        domain=[("kind", "not in", ("equal", "fetched"))],
        readonly=True,
    )
    total_ids = fields.One2many("exact.proof.total", "proof_id", readonly=True)
    fetched_count = fields.Integer("Entries Read", compute="_compute_counts")
    equal_count = fields.Integer("Equal", compute="_compute_counts")
    problem_count = fields.Integer("Not Equal", compute="_compute_counts")

    # === COMPUTES === #

    @api.depends("date_from", "date_to", "company_id")
    def _compute_name(self):
        for record in self:
            record.name = self.env._(
                "%(start)s to %(end)s, %(company)s",
                start=format_date(self.env, record.date_from),
                end=format_date(self.env, record.date_to),
                company=record.company_id.name,
            )

    @api.depends("line_ids.kind")
    def _compute_counts(self):
        groups = self.env["exact.proof.line"]._read_group(
            [("proof_id", "in", self.ids)], ["proof_id", "kind"], ["__count"]
        )
        counts = {(record.id, kind): count for record, kind, count in groups}
        for record in self:
            record.equal_count = counts.pop((record.id, "equal"), 0)
            record.fetched_count = counts.pop((record.id, "fetched"), 0)
            record.problem_count = sum(
                count for (key, _kind), count in counts.items() if key == record.id
            )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for record in self:
            if record.date_from > record.date_to:
                raise ValidationError(
                    self.env._(
                        "The first day, %(start)s, is after the last, %(end)s. Change "
                        "one of them.",
                        start=record.date_from,
                        end=record.date_to,
                    )
                )

    # === ACTIONS === #

    def action_compare(self):
        """Read the entries of the period from Exact, and compare them with Odoo.

        A large period is read by the scheduled action, inside Exact's limits.
        """
        self.ensure_one()
        self._check_user()
        owner = self.company_id._exact_get_owner()
        if owner != self.company_id:
            raise UserError(
                self.env._(
                    "%(company)s books with the connection of %(owner)s. Make the "
                    "comparison for %(owner)s, which includes it.",
                    company=self.company_id.name,
                    owner=owner.name,
                )
            )
        owner._exact_check_ready()
        record = self.sudo()
        record._start()
        record._run(PAGES_AT_ONCE)

    def action_print(self):
        """Return the comparison as a PDF."""
        self.ensure_one()
        self._check_user()
        return self.env.ref("comanage_exact.exact_proof_report").report_action(self)

    def action_lines(self):
        """Open all that was compared, equal or not."""
        self.ensure_one()
        self._check_user()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "comanage_exact.exact_proof_line_action"
        )
        return {**action, "domain": [("proof_id", "=", self.id)]}

    def _check_user(self):
        if not self.env.user.has_group(USERS):
            raise AccessError(
                self.env._(
                    "Only users of Exact Online may compare with it. Ask an "
                    "administrator for the right Exact Online / User."
                )
            )
        self.check_access("read")

    # === READING EXACT === #

    def _start(self):
        """Drop what was compared before."""
        self.line_ids.unlink()
        self.total_ids.unlink()
        self.write(
            {
                "state": "fetching",
                "problem": False,
                "next_url": False,
                "is_read": False,
                "asked_guids": False,
                "call_count": 0,
            }
        )

    def _run(self, pages=None, *, on_page=None):
        """Read on where the last page ended, and compare after the last one.

        :param int pages: how many at most, before the cron takes over.
        :param on_page: called after each page; the cron commits.
        """
        self.ensure_one()
        connection = self.company_id.exact_connection_id
        cron = self.env.ref(CRON)
        try:
            with requests.Session() as session:
                with connection._client(session=session) as client:
                    while self.state == "fetching" and (pages is None or pages > 0):
                        self._read_page(client)
                        pages = None if pages is None else pages - 1
                        if on_page and not on_page():
                            break
        except ExactRateLimited as err:
            cron._trigger(err.retry_at)
            return
        except ExactError as err:
            self.write(
                {"state": "failed", "problem": self.company_id._exact_explain(err)}
            )
            return
        if self.state == "fetching":
            cron._trigger()

    def _read_page(self, client):
        if self.is_read:
            asked = self._get_moved()[:MOVED_BATCH]
            if not asked:
                self._compare()
                return
            conditions = " or ".join(f"EntryID eq guid'{guid}'" for guid in asked)
            next_url = None
        else:
            asked = []
            conditions, next_url = self._get_filter(), self.next_url
        rows, next_url = client.get_page(
            proof.ENTRIES,
            next_url,
            select=proof.SELECT,
            expand="SalesEntryLines",
            filter=conditions,
        )
        self.env["exact.proof.line"]._keep(self, rows)
        self.write(
            {
                "next_url": next_url,
                "is_read": not next_url,
                "asked_guids": [*(self.asked_guids or []), *asked],
                "call_count": self.call_count + 1,
            }
        )

    def _get_filter(self):
        journals = self._get_journals()
        return proof.entries_between(self.date_from, self.date_to, journals)

    def _get_journals(self):
        """Return the codes of the journals in Exact that invoices are booked in."""
        company = self.company_id
        members = company._exact_get_members()
        journals = self.env["account.journal"].search(
            [("company_id", "in", members.ids), ("type", "=", "sale")]
        )
        used = (
            company.exact_journal_id
            | company.exact_credit_journal_id
            | journals.exact_journal_id
            | journals.exact_credit_journal_id
        )
        if not used:
            raise UserError(
                self.env._(
                    "%(company)s has no sales journal of Exact Online to compare with. "
                    "Choose one on the company, page Exact Online.",
                    company=company.name,
                )
            )
        return set(used.mapped("code"))

    # === CRON === #

    @api.model
    def _cron_compare(self):
        """Go on with what the limits of Exact interrupted."""
        cron = self.env["ir.cron"]
        for record in self.search([("state", "=", "fetching")], order="id"):
            if not record.try_lock_for_update():
                continue
            record._run(on_page=cron._commit_progress)
            if not cron._commit_progress():
                break
