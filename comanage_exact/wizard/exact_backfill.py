from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..sync import historical_messages
from ..sync.duplicates import DuplicateSearch
from ..sync.historical import HistoricalInvoices

# What a person decides about a line; all else is written by the search.
CHOICES = {"decision"}


class ExactBackfill(models.TransientModel):
    """Books historical invoices on request: counted first, and never twice."""

    _name = "exact.backfill"
    _description = "Book Historical Invoices"

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
        help="Leave empty to include all sales journals.",
    )
    state = fields.Selection(
        [("new", "Selection"), ("counted", "Counted"), ("scanned", "Compared")],
        string="Status",
        default="new",
        required=True,
        readonly=True,
    )
    invoice_count = fields.Integer("Invoices Not Yet Sent", readonly=True)
    problem_count = fields.Integer("Invoices with Problems", readonly=True)
    customer_count = fields.Integer("New Customers in Exact", readonly=True)
    pdf_count = fields.Integer("PDFs to Send", readonly=True)
    call_count = fields.Integer("API Calls", readonly=True)
    duration = fields.Char("Estimated Time", readonly=True)
    scan_call_count = fields.Integer("API Calls to Check for Duplicates", readonly=True)
    line_ids = fields.One2many("exact.backfill.line", "backfill_id", readonly=True)
    compared_move_ids = fields.Many2many(
        "account.move", string="Compared Invoices", readonly=True
    )
    unexplained_count = fields.Integer(
        "Entries without Invoice",
        readonly=True,
        help="Exact Online entries in this period that belong to no invoice in Odoo.",
    )
    unexplained = fields.Text("Entries by Journal", readonly=True)
    left_count = fields.Integer(
        string="Invoices to Book", compute="_compute_left_count", compute_sudo=True
    )
    link_count = fields.Integer(
        string="Invoices to Link", compute="_compute_left_count", compute_sudo=True
    )
    book_label = fields.Char(compute="_compute_labels")
    link_label = fields.Char(compute="_compute_labels")

    @api.depends("compared_move_ids", "line_ids.move_id", "line_ids.decision")
    def _compute_left_count(self):
        for wizard in self:
            moves = wizard._get_chosen().filtered(
                lambda move: move.exact_state in (False, "cancelled")
            )
            wizard.left_count = len(moves)
            wizard.link_count = len(wizard._get_lines("link"))

    @api.depends("left_count", "link_count")
    def _compute_labels(self):
        for wizard in self:
            wizard.book_label = historical_messages.counted(
                self.env, historical_messages.BOOK, wizard.left_count
            )
            wizard.link_label = historical_messages.counted(
                self.env, historical_messages.LINK, wizard.link_count
            )

    # === ACTIONS === #

    def action_choose(self):
        """Go back to the choice of days and journals."""
        self._check_manager()
        return self.sudo()._restart(state="new")

    def action_count(self):
        """Count the invoices that would be booked, and their calls; makes no call."""
        self._check_manager()
        return self.sudo()._restart(state="counted", **self._get_invoices().count())

    def action_scan(self):
        """Look in Exact for entries that are these invoices already."""
        self._check_manager()
        search = DuplicateSearch(self._get_invoices())
        search.run()
        self.sudo().write(
            {
                "state": "scanned",
                "line_ids": [Command.clear(), *map(Command.create, search.lines)],
                "compared_move_ids": [Command.set(search.compared)],
                "unexplained_count": len(search.unexplained),
                "unexplained": search.explain(),
            }
        )
        return self._open()

    def action_link(self):
        """Link the invoices to the entries that somebody chose for them."""
        self._check_manager()
        self._check_scanned()
        wizard = self.sudo()
        owner = wizard.company_id.exact_owner_id
        lines = wizard._get_lines("link")
        for line in lines:
            line.move_id.with_company(owner)._exact_link_entry(line.entry)
        lines.unlink()
        wizard.write(wizard._get_invoices().count())
        return self._open()

    def action_queue(self):
        """Queue all that was compared and that nobody left out, for now."""
        self._check_manager()
        self._check_scanned()
        wizard = self.sudo()
        wanted = set(wizard._get_chosen().ids)
        for moves in wizard._get_invoices().batches():
            moves = moves.filtered(lambda move: move.id in wanted)
            now = fields.Datetime.now()
            moves.with_user(self.env.user)._exact_queue(now, "historical")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "comanage_exact.exact_outbox_action"
        )

    def _check_manager(self):
        self.ensure_one()
        self.env.user._exact_check_role("accountant")
        self.check_access("write")
        self.company_id.check_access("read")
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "%(company)s is not one of your active companies. Select it in "
                    "the menu at the top right first.",
                    company=self.company_id.sudo().name,
                )
            )

    def _check_scanned(self):
        if self.state != "scanned":
            raise UserError(
                self.env._(
                    "Click Check for Duplicates first, so that no invoice of "
                    "%(company)s is booked twice.",
                    company=self.company_id.name,
                )
            )

    # === BUSINESS === #

    def _get_lines(self, decision):
        return self.line_ids.filtered(lambda line: line.decision == decision)

    def _get_chosen(self):
        """Return the invoices to book: those without an entry, and as decided."""
        found = set(self.line_ids.move_id.ids)
        found -= set(self._get_lines("book").move_id.ids)
        # By id: while somebody edits the lines, these are not the stored records.
        chosen = [one for one in self.compared_move_ids.ids if one not in found]
        return self.env["account.move"].browse(chosen)

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book Historical Invoices in Exact Online"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _restart(self, **values):
        """Remove what was compared."""
        clear = [Command.clear()]
        self.write(
            {
                "unexplained_count": 0,
                "unexplained": False,
                **values,
                "line_ids": clear,
                "compared_move_ids": clear,
            }
        )
        return self._open()

    def _get_invoices(self):
        """Return the invoices of the choice, as superuser."""
        wizard = self.sudo()
        return HistoricalInvoices(
            wizard.company_id, wizard.date_from, wizard.date_to, wizard.journal_ids
        )


class ExactBackfillLine(models.TransientModel):
    _name = "exact.backfill.line"
    _description = "Historical Invoice Already in Exact Online"

    backfill_id = fields.Many2one(
        "exact.backfill",
        string="Historical Booking",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="backfill_id.company_id")
    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    decision = fields.Selection(
        [("link", "Link"), ("book", "Book anyway"), ("leave", "Leave")],
        required=True,
        default="leave",
        help="Link: this entry is the invoice. Book anyway: it is not. Leave: do "
        "neither now.",
    )
    is_sure = fields.Boolean("Same Reference and Amounts", readonly=True)
    certainty = fields.Selection(
        [("sure", "Duplicate"), ("possible", "Possible duplicate")],
        compute="_compute_certainty",
    )
    reason = fields.Selection(
        [
            ("reference", "Same reference"),
            ("number", "Same entry number"),
            ("order", "Same customer reference and total"),
            ("customer", "Same customer and total"),
            ("day", "Same total, within three days"),
        ],
        readonly=True,
        help="What this entry has in common with the invoice.",
    )
    number = fields.Char("Entry Number", readonly=True)
    journal = fields.Char("Exact Online Journal", readonly=True)
    entry_date = fields.Date(readonly=True)
    reference = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    difference = fields.Text("Difference from Invoice", readonly=True)
    entry = fields.Json(readonly=True)

    @api.depends("is_sure")
    def _compute_certainty(self):
        for line in self:
            line.certainty = "sure" if line.is_sure else "possible"

    def write(self, vals):
        # What was found in Exact Online is linked as it was found.
        if not self.env.su and vals.keys() - CHOICES:
            raise AccessError(
                self.env._(
                    "The entries found in Exact Online cannot be edited. Choose Link, "
                    "Book anyway or Leave for each, then click one of the buttons."
                )
            )
        return super().write(vals)
