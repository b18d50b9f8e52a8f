from odoo import api, fields, models

from ..const import USERS
from ..mappers.entry_number import NumberingMapper
from ..sync.journal_card import JournalCards
from .exact_number_mixin import FORMAT

JOURNALS = ("exact_journal_id", "exact_credit_journal_id")


class AccountJournal(models.Model):
    _name = "account.journal"
    _inherit = ["account.journal", "exact.number.mixin"]

    _exact_number_fields = (*JOURNALS, "type", "exact_manual_only")

    exact_journal_id = fields.Many2one(
        "exact.journal",
        string="Exact Online Journal",
        check_company=True,
        copy=False,
        help="Leave empty to use the sales journal from the company's settings.",
    )
    exact_credit_journal_id = fields.Many2one(
        "exact.journal",
        string="Exact Online Journal for Credit Notes",
        check_company=True,
        copy=False,
        help="Leave empty to use the invoice journal, or the credit note journal "
        "from the company's settings.",
    )
    exact_manual_only = fields.Boolean(
        "Manual Booking Only",
        copy=False,
        help="Invoices in this journal are booked in Exact Online only when you "
        "click Send to Exact.",
    )
    exact_trigger = fields.Selection(
        [("sent", "Sent to the customer"), ("posted", "Confirmed")],
        string="Book in Exact Online When",
        copy=False,
        help="Choose it for a shop that hands its invoices over the counter while the "
        "office mails them. Leave empty to use the choice from the company's settings.",
    )
    exact_automatic_since = fields.Datetime(
        "Booked Automatically Since",
        compute="_compute_exact_automatic_since",
        store=True,
        groups=fields.NO_ACCESS,
        help="Invoices that were created before are not scheduled by the nightly "
        "check: they may have been booked manually.",
    )
    exact_number_prefix = fields.Char(
        help="Digits and the variables {journal}, {gl}, {yy}, {yyyy} and {mm}, placed "
        "before the sequence number of the invoice. Leave empty to use the prefix from "
        "the company's settings, or enter 0 for no prefix.",
    )
    exact_number_suffix = fields.Char(
        help="Leave empty to use the suffix from the company's settings.",
    )
    exact_credit_note_prefix = fields.Char(
        help="Replaces the number prefix for credit notes with their own numbering in "
        "Odoo. Leave empty to use the prefix from the company's settings, or enter 0 "
        "for no prefix.",
    )
    exact_debit_note_prefix = fields.Char(
        help="Replaces the number prefix for debit notes with their own numbering in "
        "Odoo. Leave empty to use the prefix from the company's settings, or enter 0 "
        "for no prefix.",
    )

    # === COMPUTES === #

    @api.depends("exact_trigger", "exact_manual_only")
    def _compute_exact_automatic_since(self):
        self.exact_automatic_since = fields.Datetime.now()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        journals = super().create(vals_list)
        for journal, vals in zip(journals, vals_list, strict=True):
            if not set(FORMAT) & vals.keys():
                journal._exact_use_proposed_format()
        return journals

    def write(self, vals):
        # EXTENDS 'account': what failed without a journal may be booked now.
        chosen = self.browse()
        if vals.get("exact_journal_id") and not set(FORMAT) & vals.keys():
            chosen = self.filtered(lambda journal: not journal.exact_journal_id)
        result = super().write(vals)
        for journal in chosen:
            journal._exact_use_proposed_format()
        if {*JOURNALS, *FORMAT} & vals.keys():
            self.env["exact.outbox"]._trigger_recheck_of_problems()
        return result

    # === ENTRY NUMBERS === #

    def _exact_get_numbering(self):
        owner = self.company_id.sudo().exact_owner_id
        is_used = self.exact_journal_id or owner.exact_journal_id
        if self.type != "sale" or not self._origin or not is_used:
            return None
        return NumberingMapper(owner, self)

    # === DASHBOARD === #

    def _get_journal_dashboard_data_batched(self):
        # EXTENDS 'account'
        dashboard = super()._get_journal_dashboard_data_batched()
        if self.env.user.has_group(USERS):
            for journal, lines in JournalCards(self).describe().items():
                dashboard[journal.id]["exact_lines"] = lines
        return dashboard

    def action_exact_bookings(self):
        """Open the bookings that a line of the card counts."""
        self.ensure_one()
        self.env.user._exact_check_role("user")
        self.check_access("read")
        return JournalCards(self).open(self, self.env.context.get("exact_line"))
