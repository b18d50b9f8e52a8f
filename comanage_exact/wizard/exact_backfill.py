import math
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every

from ..exact_api import bodies, odata, resources
from ..exact_api.const import CALLS_PER_DAY, CALLS_PER_MINUTE
from ..exact_api.exceptions import ExactError
from ..models.res_partner import MANAGERS
from ..sync import messages
from ..sync.connection import open_client

# 60 entries each; of the 40 calls a minute that are not kept for invoices, so that
# one more look has some.
MAX_PAGES = 30
PAGE = 60
# As many invoices as entries: what a person may wait for, and a day of calls.
MAX_INVOICES = MAX_PAGES * PAGE
# Who books by hand may do so some days later, or with a day of the month before. More
# would leave busy companies no day that can be scanned.
AROUND = timedelta(days=7)
# Invoices that are in memory at once.
BATCH = 200
# Document and attachment.
CALLS_OF_A_PDF = 2


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
    pdf_count = fields.Integer("PDFs That Go Along", readonly=True)
    call_count = fields.Integer("Calls to Exact", readonly=True)
    duration = fields.Char("Takes About", readonly=True)
    scan_call_count = fields.Integer("Calls to Look for Doubles", readonly=True)
    line_ids = fields.One2many("exact.backfill.line", "backfill_id", readonly=True)
    compared_move_ids = fields.Many2many("account.move", readonly=True)
    sure_count = fields.Integer(compute="_compute_sure_count")
    left_count = fields.Integer(compute="_compute_left_count", compute_sudo=True)

    @api.depends("line_ids.is_sure")
    def _compute_sure_count(self):
        for wizard in self:
            wizard.sure_count = len(wizard.line_ids.filtered("is_sure"))

    @api.depends("compared_move_ids", "line_ids.move_id")
    def _compute_left_count(self):
        for wizard in self:
            moves = wizard.compared_move_ids - wizard.line_ids.move_id
            wizard.left_count = len(
                moves.filtered(lambda move: move.exact_state in (False, "cancelled"))
            )

    # === ACTIONS === #

    def action_choose(self):
        """Go back to the choice of days and journals."""
        self._check_manager()
        return self.sudo()._begin(state="new")

    def action_count(self):
        """Tell how many invoices would go, and what that costs; makes no call."""
        self._check_manager()
        return self.sudo()._begin(state="counted", **self.sudo()._count())

    def _begin(self, **values):
        """Drop what was compared."""
        clear = [Command.clear()]
        self.write({**values, "line_ids": clear, "compared_move_ids": clear})
        return self._open()

    def _count(self):
        """Return how many invoices were never sent, and what they cost."""
        owner = self._get_owner()
        total = problems = pdfs = 0
        new = set()
        for moves in self._get_batches():
            going = moves.filtered(lambda move: not move._exact_get_problems())
            total += len(moves)
            problems += len(moves - going)
            new |= {
                move.commercial_partner_id.id
                for move in going
                if not move._exact_get_customer()
            }
            if owner.exact_send_pdf:
                pdfs += len(going.invoice_pdf_report_id)
        calls = total - problems + len(new) + CALLS_OF_A_PDF * pdfs
        return {
            "invoice_count": total,
            "problem_count": problems,
            "customer_count": len(new),
            "pdf_count": pdfs,
            "call_count": calls,
            "duration": self._say_duration(calls),
            "scan_call_count": min(total // PAGE + 1, MAX_PAGES),
        }

    def action_scan(self):
        """Look in Exact for entries that are these invoices already."""
        self._check_manager()
        wizard = self.sudo()
        owner = wizard._get_owner()
        owner._exact_check_ready()
        codes = wizard._get_journal_codes()
        try:
            with open_client(owner.exact_connection_id) as client:
                rows = wizard._read_entries(client, codes)
        except ExactError as err:
            raise UserError(messages.explain_button(owner, err)) from err
        lines, compared = wizard._find_doubles(rows)
        wizard.write(
            {
                "state": "scanned",
                "line_ids": [Command.clear(), *map(Command.create, lines)],
                "compared_move_ids": [Command.set(compared)],
            }
        )
        return self._open()

    def action_link(self):
        """Link the invoices whose entry has the same reference and the same total."""
        self._check_manager()
        self._check_scanned()
        wizard = self.sudo()
        sure = wizard.line_ids.filtered("is_sure")
        for line in sure:
            move = line.move_id.with_company(wizard._get_owner())
            move._exact_link_entry(line.entry)
        sure.unlink()
        wizard.write(wizard._count())
        return self._open()

    def action_queue(self):
        """Queue all that was compared and is not in Exact yet, for now."""
        self._check_manager()
        self._check_scanned()
        wizard = self.sudo()
        wanted = set((wizard.compared_move_ids - wizard.line_ids.move_id).ids)
        for moves in wizard._get_batches():
            moves = moves.filtered(lambda move: move.id in wanted)
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

    def _get_batches(self):
        """Yield the confirmed invoices of the choice that were never sent, by day.

        Some at a time: ten thousand would not fit into memory.
        """
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
        found = self.env["account.move"].search(domain, order="invoice_date, id")
        if len(found) > MAX_INVOICES:
            raise UserError(
                self.env._(
                    "%(count)s invoices of these days were never sent, and %(limit)s "
                    "go at a time. Choose fewer days, and do the others afterwards.",
                    count=len(found),
                    limit=MAX_INVOICES,
                )
            )
        moves = found.with_company(self._get_owner())
        for ids in split_every(BATCH, found.ids):
            # What somebody switched off stays here.
            yield moves.browse(ids).filtered(lambda move: not move._exact_is_off())
            self.env.invalidate_all()

    def _get_journal_codes(self):
        """Return the journals in Exact that these invoices go to.

        :raise UserError: something is missing without which nothing can be compared.
        """
        codes, problems = set(), set()
        for moves in self._get_batches():
            for move in moves:
                problems.update(move._exact_get_company_problems(self._get_owner()))
                codes.add(move._exact_get_journal().code)
        if problems:
            raise UserError("\n".join(sorted(problems)))
        return codes

    def _read_entries(self, client, codes):
        """Return the entries of these journals in Exact, of these days and around."""
        if not codes:
            return []
        conditions = resources.entries_between(
            self.date_from - AROUND, self.date_to + AROUND, codes
        )
        rows, next_url, pages = [], None, 0
        while not pages or next_url:
            if pages == MAX_PAGES:
                raise UserError(
                    self.env._(
                        "Exact Online has more than %(count)s entries in these days "
                        "and a week before and after. Choose fewer days or journals, "
                        "wait a minute, and look again; do the others afterwards.",
                        count=pages * PAGE,
                    )
                )
            page, next_url = client.get_page(
                resources.ENTRIES,
                next_url,
                select=resources.HEADER,
                filter=conditions,
            )
            rows += page
            pages += 1
        return rows

    def _find_doubles(self, rows):
        """Look for these invoices among the entries of Exact.

        :return: (values of a line for each that seems to be there, ids of all)
        """
        members = self._get_owner()._exact_get_members()
        booked = self.env["exact.outbox"].search(
            [
                ("exact_guid", "in", [row["EntryID"] for row in rows]),
                ("company_id", "in", members.ids),
            ]
        )
        others = set(booked.mapped("exact_guid"))
        rows = [row for row in rows if row["EntryID"] not in others]
        by_reference = {(row["YourRef"] or "").strip(): row for row in rows}
        by_number = {
            (row["Journal"].strip(), str(row["EntryNumber"])): row for row in rows
        }
        lines, compared = [], []
        for moves in self._get_batches():
            compared += moves.ids
            for move in moves:
                row = by_reference.get(bodies.text(move.name, "your_ref"))
                number = (
                    move._exact_get_journal().code,
                    move._exact_get_likely_number(),
                )
                is_named = bool(row)
                row = row or by_number.get(number)
                if row:
                    lines.append(self._prepare_line(move, row, is_named))
        return lines, compared

    def _prepare_line(self, move, row, is_named):
        """Return the values of the line of an invoice that Exact seems to have."""
        text = move._exact_compare_with(row)
        return {
            "move_id": move.id,
            "number": str(row["EntryNumber"]),
            "reference": (row["YourRef"] or "").strip(),
            "customer": row.get("CustomerName"),
            "is_sure": is_named and not text,
            "difference": text,
            "entry": odata.to_json(row),
        }

    def _say_duration(self, calls):
        if calls > CALLS_PER_DAY:
            return self.env._("%(days)s days", days=math.ceil(calls / CALLS_PER_DAY))
        minutes = math.ceil(calls / CALLS_PER_MINUTE)
        return self.env._("%(minutes)s minute(s)", minutes=minutes)


class ExactBackfillLine(models.TransientModel):
    _name = "exact.backfill.line"
    _description = "Invoice of the past that is in Exact Online already"

    backfill_id = fields.Many2one(
        "exact.backfill", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="backfill_id.company_id")
    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    number = fields.Char("Entry Number", readonly=True)
    reference = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    is_sure = fields.Boolean("Same Reference and Amounts", readonly=True)
    difference = fields.Text("Differs From the Invoice", readonly=True)
    entry = fields.Json(readonly=True)
