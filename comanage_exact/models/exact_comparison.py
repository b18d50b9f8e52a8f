import time

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..sync.comparison import ComparisonCron, ComparisonRun
from ..sync.screens import refresh_comparison
from .exact_comparison_line import EXPECTED

# What a user who clicked the button waits at most, but for the last call. The cron
# does the rest.
MAX_SECONDS = 10
# What a person chooses; all else is written by the comparison itself.
CHOICES = {"company_id", "date_from", "date_to"}
# What an open screen follows.
PROGRESS = {"state", "call_count", "problem"}


class ExactComparison(models.Model):
    """Odoo against Exact for a period: every invoice and every entry, to the cent."""

    _name = "exact.comparison"
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
        help="Invoices are compared by accounting date, entries by financial period.",
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
            ("fetching", "Reading Exact Online"),
            ("done", "Compared"),
            ("failed", "Stopped"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        string="Status",
    )
    is_automatic = fields.Boolean(
        "Automatic",
        readonly=True,
        copy=False,
        help="Odoo compared this month automatically.",
    )
    problem = fields.Text(readonly=True, copy=False)
    next_url = fields.Char(
        string="Next Page URL", readonly=True, copy=False, groups="base.group_system"
    )
    next_lines_url = fields.Char(
        string="Next Page URL of Lines",
        readonly=True,
        copy=False,
        groups="base.group_system",
    )
    journal_codes = fields.Json(
        string="Journals Read",
        readonly=True,
        copy=False,
        help="The codes of the Exact Online journals that were read.",
    )
    is_read = fields.Boolean(
        string="Reading Completed",
        readonly=True,
        copy=False,
        help="All entries of the period have been read.",
    )
    asked_guids = fields.Json(
        string="Requested Entry IDs",
        readonly=True,
        copy=False,
        help="Entries looked up outside the period.",
    )
    call_count = fields.Integer("API Calls", readonly=True, copy=False)
    failed_calls = fields.Integer(
        string="Consecutive Failed API Calls",
        readonly=True,
        copy=False,
        help="The number of API calls that have failed in a row.",
    )
    compared_at = fields.Datetime("Compared On", readonly=True, copy=False)
    other_journals = fields.Text(
        "Other Sales Journals",
        readonly=True,
        copy=False,
        help="Entries in Exact Online sales journals that Odoo does not book in.",
    )
    line_ids = fields.One2many("exact.comparison.line", "comparison_id", readonly=True)
    problem_line_ids = fields.One2many(
        "exact.comparison.line",
        "comparison_id",
        "Lines with Differences",
        domain=[("kind", "not in", (*EXPECTED, "fetched"))],
        readonly=True,
    )
    rounding_line_ids = fields.One2many(
        "exact.comparison.line",
        "comparison_id",
        "Lines with Rounding Differences",
        domain=[("kind", "=", "rounding")],
        readonly=True,
    )
    conclusion = fields.Text(
        readonly=True,
        copy=False,
        help="What was compared and found equal; empty where anything differs.",
    )
    coverage = fields.Text(
        readonly=True, copy=False, help="What was read, and what was not compared."
    )
    summary_ids = fields.One2many(
        "exact.comparison.summary", "comparison_id", readonly=True
    )
    total_ids = fields.One2many(
        "exact.comparison.total", "comparison_id", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    gl_total_ids = fields.One2many(
        "exact.comparison.gl.total", "comparison_id", readonly=True
    )
    cost_total_ids = fields.One2many(
        "exact.comparison.cost.total", "comparison_id", readonly=True
    )
    fetched_count = fields.Integer("Entries Read", compute="_compute_counts")
    equal_count = fields.Integer("Matching", compute="_compute_counts")
    rounding_count = fields.Integer(
        "Accepted Rounding Differences", compute="_compute_counts"
    )
    rounding_total = fields.Monetary(
        "Total of Rounding Differences",
        compute="_compute_counts",
        help="How much more all these invoices are in Exact Online.",
    )
    left_out_count = fields.Integer("Left Out on Purpose", compute="_compute_counts")
    problem_count = fields.Integer("Differences", compute="_compute_counts")

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

    @api.depends("line_ids.kind", "line_ids.rounding")
    def _compute_counts(self):
        groups = self.env["exact.comparison.line"]._read_group(
            [("comparison_id", "in", self.ids)],
            ["comparison_id", "kind"],
            ["__count", "rounding:sum"],
        )
        counts = {(record.id, kind): count for record, kind, count, _sum in groups}
        sums = {
            record.id: total for record, kind, _, total in groups if kind == "rounding"
        }
        for record in self:
            record.equal_count = counts.pop((record.id, "equal"), 0)
            record.rounding_count = counts.pop((record.id, "rounding"), 0)
            record.rounding_total = sums.get(record.id, 0)
            record.left_out_count = counts.pop((record.id, "left_out"), 0)
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
                        "The first day, %(start)s, is after the last day, %(end)s. "
                        "Change one of them.",
                        start=format_date(self.env, record.date_from),
                        end=format_date(self.env, record.date_to),
                    )
                )

    # === CRUD === #

    def _prepare_create_values(self, vals_list):
        # EXTENDS 'base': nothing is compared yet, whatever the caller says.
        prepared = super()._prepare_create_values(vals_list)
        return [
            {
                **vals,
                "state": "draft",
                "is_automatic": self.env.su and vals.get("is_automatic", False),
            }
            for vals in prepared
        ]

    def write(self, vals):
        if not self.env.su and vals.keys() - CHOICES:
            raise AccessError(
                self.env._(
                    "The result of a comparison cannot be edited. Choose only the "
                    "company and dates, then click Compare Now."
                )
            )
        result = super().write(vals)
        if CHOICES & vals.keys():
            # What was compared is of another period.
            self.sudo()._reset("draft")
        if PROGRESS & vals.keys():
            for record in self:
                refresh_comparison(record)
        return result

    # === ACTIONS === #

    def action_compare(self):
        """Read the entries of the period from Exact, and compare them with Odoo.

        A large period is read by the scheduled action, inside Exact's limits.
        """
        self.ensure_one()
        self.env.user._exact_check_role("accountant")
        self.check_access("read")
        owner = self.company_id.sudo().exact_owner_id
        if owner != self.company_id:
            raise UserError(
                self.env._(
                    "%(company)s uses the Exact Online connection of %(owner)s. "
                    "Compare %(owner)s instead; this includes %(company)s.",
                    company=self.company_id.name,
                    owner=owner.name,
                )
            )
        owner._exact_check_ready()
        record = self.sudo()
        if not record.try_lock_for_update():
            raise UserError(
                self.env._(
                    "%(name)s is already being compared. No action is needed; the "
                    "screen shows the progress.",
                    name=self.name,
                )
            )
        record._reset("fetching")
        ComparisonRun(record).run(until=time.monotonic() + MAX_SECONDS)

    def action_print(self):
        """Return the comparison as a PDF."""
        self.ensure_one()
        self.check_access("read")
        return self.env.ref("comanage_exact.exact_comparison_report").report_action(
            self
        )

    def action_lines(self):
        """Open all that was compared, equal or not."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "comanage_exact.exact_comparison_line_action"
        )
        return {**action, "domain": [("comparison_id", "=", self.id)]}

    # === BUSINESS === #

    def _get_reader(self):
        """Return who reads the sentences: who started it, else who connected."""
        if self.is_automatic:
            return self.company_id.sudo().exact_connection_id.user_id
        return self.create_uid

    def _reset(self, state):
        """Remove the result, and return to a state before it."""
        self.line_ids.unlink()
        self.summary_ids.unlink()
        self.total_ids.unlink()
        self.gl_total_ids.unlink()
        self.cost_total_ids.unlink()
        self.write(
            {
                "state": state,
                "problem": False,
                "conclusion": False,
                "coverage": False,
                "next_url": False,
                "next_lines_url": False,
                "journal_codes": False,
                "is_read": False,
                "asked_guids": False,
                "call_count": 0,
                "failed_calls": 0,
                "compared_at": False,
                "other_journals": False,
            }
        )

    # === CRON === #

    @api.model
    def _cron_compare(self):
        ComparisonCron(self.env).run()
