from odoo import api, fields, models

# What needs no correction; all else is a difference.
EXPECTED = ("equal", "rounding", "left_out")


class ExactComparisonLine(models.Model):
    """An invoice, an entry or both, and how they differ."""

    _name = "exact.comparison.line"
    _description = "Exact Online Comparison Line"
    _order = "entry_date, number, id"

    comparison_id = fields.Many2one(
        "exact.comparison",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="comparison_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("fetched", "Read"),
            ("equal", "Matching"),
            ("rounding", "Accepted rounding difference"),
            ("different", "Different"),
            ("missing_exact", "Deleted in Exact Online"),
            ("incomplete", "Not fully returned"),
            ("not_sent", "Never sent"),
            ("left_out", "Left out on purpose"),
            ("missing_odoo", "Not in Odoo"),
            ("duplicate", "Duplicate entry"),
        ],
        string="Result",
        required=True,
        readonly=True,
        index=True,
    )
    move_id = fields.Many2one(
        "account.move", "Invoice", readonly=True, index=True, ondelete="cascade"
    )
    exact_guid = fields.Char("Exact Online ID", readonly=True)
    number = fields.Char("Entry Number", readonly=True)
    journal = fields.Char("Exact Online Journal", readonly=True)
    entry_date = fields.Date("Date", readonly=True)
    period = fields.Char("Financial Period", readonly=True)
    reference = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    odoo_total = fields.Monetary("Odoo", readonly=True)
    exact_total = fields.Monetary("Exact", readonly=True)
    difference = fields.Monetary(
        compute="_compute_difference",
        help="How much more Exact Online has than Odoo.",
    )
    document_url = fields.Char(
        "Exact Online Address",
        related="move_id.exact_outbox_id.document_id.view_url",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    rounding = fields.Monetary(
        "Rounding Difference",
        currency_field="company_currency_id",
        readonly=True,
        help="How much more the total is in Exact Online, in company currency, where "
        "the difference was accepted.",
    )
    message = fields.Text(readonly=True)
    entry = fields.Json(
        readonly=True,
        help="The data returned by Exact Online, kept until it is compared.",
    )
    has_more_lines = fields.Boolean(
        "More Lines to Read",
        readonly=True,
        help="Exact Online returned only some of the lines of the entry.",
    )

    @api.depends("odoo_total", "exact_total")
    def _compute_difference(self):
        for line in self:
            line.difference = line.exact_total - line.odoo_total

    @api.depends("reference", "number")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.reference or line.number

    # === ACTIONS === #

    def action_open(self):
        """Open the invoice of this line, or what is known of the entry."""
        self.ensure_one()
        self.check_access("read")
        record = self.move_id or self
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_open_document(self):
        """Open the document of the invoice in Exact Online."""
        self.ensure_one()
        self.check_access("read")
        return self.move_id.action_exact_open_document()
