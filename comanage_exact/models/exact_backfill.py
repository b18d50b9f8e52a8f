import math

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import payload, proof
from ..const import CALLS_KEPT_FOR_INVOICES, CALLS_PER_DAY, CALLS_PER_MINUTE
from ..exceptions import ExactError
from .exact_proof_line import _plain
from .res_partner import MANAGERS

# 60 entries each; what fits into a minute beside the invoices.
MAX_PAGES = CALLS_PER_MINUTE - CALLS_KEPT_FOR_INVOICES["minute"]
PAGE = 60


class ExactBackfill(models.TransientModel):
    """Books invoices of the past, on purpose: counted first, and never twice."""

    _name = "exact.backfill"
    _description = "Book invoices of the past in Exact Online"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    journal_ids = fields.Many2many(
        "account.journal",
        string="Journals",
        domain="[('type', '=', 'sale'), ('company_id', '=', company_id)]",
        help="Left empty: all sales journals.",
    )
    state = fields.Selection(
        [("new", "Choose"), ("counted", "Counted"), ("scanned", "Compared")],
        default="new",
        required=True,
        readonly=True,
    )
    invoice_count = fields.Integer("Invoices Never Sent", readonly=True)
    problem_count = fields.Integer("With a Problem", readonly=True)
    customer_count = fields.Integer("Customers New to Exact", readonly=True)
    call_count = fields.Integer("Calls to Exact", readonly=True)
    duration = fields.Char("Takes About", readonly=True)
    scan_call_count = fields.Integer("Calls to Look for Doubles", readonly=True)
    line_ids = fields.One2many("exact.backfill.line", "backfill_id", readonly=True)
    sure_count = fields.Integer(compute="_compute_sure_count")

    @api.depends("line_ids.is_sure")
    def _compute_sure_count(self):
        for wizard in self:
            wizard.sure_count = len(wizard.line_ids.filtered("is_sure"))

    # === ACTIONS === #

    def action_count(self):
        """Tell how many invoices would go, and what that costs; makes no call."""
        self._check_manager()
        wizard = self.sudo()
        moves = wizard._get_moves()
        problems = moves.filtered(lambda move: move._exact_get_problems())
        going = moves - problems
        new = {
            partner
            for partner in going.commercial_partner_id
            if not partner.with_company(wizard._get_owner()).exact_guid
        }
        calls = len(going) + len(new)
        wizard.write(
            {
                "state": "counted",
                "invoice_count": len(moves),
                "problem_count": len(problems),
                "customer_count": len(new),
                "call_count": calls,
                "duration": wizard._say_duration(calls),
                "scan_call_count": len(moves) // PAGE + 1,
                "line_ids": [Command.clear()],
            }
        )
        return self._open()

    def action_scan(self):
        """Look in Exact for entries that are these invoices already."""
        self._check_manager()
        wizard = self.sudo()
        owner = wizard._get_owner()
        owner._exact_check_ready()
        moves = wizard._get_moves()
        try:
            with owner.exact_connection_id._client() as client:
                rows = wizard._read_entries(client, moves)
        except ExactError as err:
            raise UserError(owner._exact_explain(err)) from err
        wizard.line_ids = [
            Command.clear(),
            *(Command.create(line) for line in wizard._find_doubles(moves, rows)),
        ]
        wizard.state = "scanned"
        return self._open()

    def action_link(self):
        """Link the invoices whose entry has the same reference and the same total."""
        self._check_manager()
        self._check_scanned()
        for line in self.sudo().line_ids.filtered("is_sure"):
            line.move_id._exact_link_entry(line.entry)
            line.unlink()
        return self._open()

    def action_queue(self):
        """Queue all that is not in Exact yet, for now."""
        self._check_manager()
        self._check_scanned()
        wizard = self.sudo()
        moves = wizard._get_moves() - wizard.line_ids.move_id
        moves.with_user(self.env.user)._exact_queue(fields.Datetime.now())
        return self.env["ir.actions.act_window"]._for_xml_id(
            "comanage_exact.exact_outbox_action"
        )

    def _check_manager(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                self.env._(
                    "Only managers of Exact Online book the past. Ask an administrator "
                    "for the right Exact Online / Manager."
                )
            )
        self.check_access("write")
        self.company_id.check_access("read")
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "%(company)s is not among the companies you work in. Choose it in "
                    "the menu at the top right first.",
                    company=self.company_id.sudo().name,
                )
            )

    def _check_scanned(self):
        if self.state != "scanned":
            raise UserError(
                self.env._(
                    "Look for doubles first, so that no invoice of %(company)s is "
                    "booked twice.",
                    company=self.company_id.name,
                )
            )

    # === BUSINESS === #

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book the past in Exact Online"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _get_owner(self):
        return self.company_id._exact_get_owner()

    def _get_moves(self):
        """Return the confirmed invoices of the choice that were never sent."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
            ("invoice_date", ">=", self.date_from),
            ("invoice_date", "<=", self.date_to),
            "|",
            ("exact_outbox_id", "=", False),
            ("exact_state", "=", "cancelled"),
        ]
        if self.journal_ids:
            domain.append(("journal_id", "in", self.journal_ids.ids))
        moves = self.env["account.move"].search(domain, order="invoice_date, id")
        moves = moves.with_company(self._get_owner())
        # What somebody switched off stays here.
        return moves.filtered(lambda move: not move._exact_is_off())

    def _read_entries(self, client, moves):
        """Return the entries of these days and journals in Exact."""
        codes = {move._exact_get_journal().code for move in moves} - {False}
        if not codes:
            return []
        conditions = proof.entries_between(self.date_from, self.date_to, codes)
        rows, next_url, pages = [], None, 0
        while not pages or next_url:
            if pages == MAX_PAGES:
                raise UserError(
                    self.env._(
                        "Exact Online has more than %(count)s entries in these days. "
                        "Choose fewer days, and do the others afterwards.",
                        count=pages * PAGE,
                    )
                )
            page, next_url = client.get_page(
                proof.ENTRIES,
                next_url,
                select=proof.HEADER,
                filter=conditions,
            )
            rows += page
            pages += 1
        return rows

    def _find_doubles(self, moves, rows):
        """Return the lines of invoices that Exact seems to have."""
        by_reference = {(row["YourRef"] or "").strip(): row for row in rows}
        by_number = {
            (row["Journal"].strip(), str(row["EntryNumber"])): row for row in rows
        }
        lines = []
        for move in moves:
            journal = move._exact_get_journal().code
            row = by_reference.get(payload.text(move.name, "your_ref"))
            is_named = bool(row)
            row = row or by_number.get((journal, move._exact_get_likely_number()))
            if row:
                text = move._exact_compare_with(row)
                lines.append(
                    {
                        "move_id": move.id,
                        "number": str(row["EntryNumber"]),
                        "reference": (row["YourRef"] or "").strip(),
                        "customer": row.get("CustomerName"),
                        "is_sure": is_named and not text,
                        "difference": text,
                        "entry": _plain(row),
                    }
                )
        return lines

    def _say_duration(self, calls):
        if calls > CALLS_PER_DAY:
            return self.env._("%(days)s days", days=math.ceil(calls / CALLS_PER_DAY))
        minutes = math.ceil(calls / CALLS_PER_MINUTE)
        return self.env._("%(minutes)s minute(s)", minutes=minutes)
