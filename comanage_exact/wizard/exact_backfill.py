from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..sync.historical import HistoricalInvoices


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
    duration = fields.Char("Estimated Duration", readonly=True)
    scan_call_count = fields.Integer("API Calls to Check for Duplicates", readonly=True)
    line_ids = fields.One2many("exact.backfill.line", "backfill_id", readonly=True)
    compared_move_ids = fields.Many2many(
        "account.move", string="Compared Invoices", readonly=True
    )
    sure_count = fields.Integer(string="Certain Matches", compute="_compute_sure_count")
    left_count = fields.Integer(
        string="Invoices to Book", compute="_compute_left_count", compute_sudo=True
    )

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
        return self.sudo()._restart(state="new")

    def action_count(self):
        """Count the invoices that would be booked, and their calls; makes no call."""
        self._check_manager()
        return self.sudo()._restart(state="counted", **self._get_invoices().count())

    def action_scan(self):
        """Look in Exact for entries that are these invoices already."""
        self._check_manager()
        lines, compared = self._get_invoices().find_duplicates()
        self.sudo().write(
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
        owner = wizard.company_id.exact_owner_id
        sure = wizard.line_ids.filtered("is_sure")
        for line in sure:
            line.move_id.with_company(owner)._exact_link_entry(line.entry)
        sure.unlink()
        wizard.write(wizard._get_invoices().count())
        return self._open()

    def action_queue(self):
        """Queue all that was compared and is not in Exact yet, for now."""
        self._check_manager()
        self._check_scanned()
        wizard = self.sudo()
        wanted = set((wizard.compared_move_ids - wizard.line_ids.move_id).ids)
        for moves in wizard._get_invoices().batches():
            moves = moves.filtered(lambda move: move.id in wanted)
            now = fields.Datetime.now()
            moves.with_user(self.env.user)._exact_queue(now, "historical")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "comanage_exact.exact_outbox_action"
        )

    def _check_manager(self):
        self.ensure_one()
        self.env.user._exact_check_group("manager")
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
        self.write({**values, "line_ids": clear, "compared_move_ids": clear})
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
    number = fields.Char("Entry Number", readonly=True)
    reference = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    is_sure = fields.Boolean("Same Reference and Amounts", readonly=True)
    difference = fields.Text("Difference from Invoice", readonly=True)
    entry = fields.Json(readonly=True)
