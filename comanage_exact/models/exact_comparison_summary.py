from odoo import api, fields, models

from ..sync.other_documents import OtherDocuments

# Kinds whose documents are lines of the comparison; the others are found in Odoo.
LINE_KINDS = (
    "equal",
    "rounding",
    "different",
    "incomplete",
    "missing_exact",
    "not_sent",
    "left_out",
    "missing_odoo",
    "duplicate",
)


class ExactComparisonSummary(models.Model):
    """The documents of one kind: how many, and their amounts in company currency.

    All kinds together are the turnover and VAT of Odoo, and the entries of Exact.
    """

    _name = "exact.comparison.summary"
    _description = "Exact Online Comparison Summary"
    _order = "sequence, id"

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
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(
        [
            ("equal", "Matching"),
            ("rounding", "Accepted rounding difference"),
            ("different", "Different"),
            ("incomplete", "Not fully returned"),
            ("missing_exact", "Deleted in Exact Online"),
            ("not_sent", "Never sent"),
            ("missing_odoo", "Not in Odoo"),
            ("duplicate", "Duplicate entry"),
            ("left_out", "Left out on purpose"),
            ("receipt", "Sales receipts"),
            ("pos", "Point of sale"),
            ("manual", "Other entries in sales journals"),
            ("elsewhere", "Sales in other journals"),
        ],
        string="Documents",
        required=True,
        readonly=True,
    )
    is_compared = fields.Boolean(
        readonly=True, help="These documents are compared with Exact Online."
    )
    count = fields.Integer(readonly=True)
    odoo_base = fields.Monetary("Base in Odoo", readonly=True)
    odoo_vat = fields.Monetary("VAT in Odoo", readonly=True)
    odoo_total = fields.Monetary(
        "Total in Odoo", compute="_compute_totals", store=True, readonly=True
    )
    exact_base = fields.Monetary("Base in Exact", readonly=True)
    exact_vat = fields.Monetary("VAT in Exact", readonly=True)
    exact_total = fields.Monetary(
        "Total in Exact", compute="_compute_totals", store=True, readonly=True
    )
    difference = fields.Monetary(
        compute="_compute_totals",
        store=True,
        readonly=True,
        help="How much more it is in Exact Online.",
    )

    # === COMPUTES === #

    @api.depends("odoo_base", "odoo_vat", "exact_base", "exact_vat")
    def _compute_totals(self):
        for row in self:
            row.odoo_total = row.odoo_base + row.odoo_vat
            row.exact_total = row.exact_base + row.exact_vat
            row.difference = row.exact_total - row.odoo_total

    @api.depends("kind")
    def _compute_display_name(self):
        names = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = names.get(row.kind)

    # === ACTIONS === #

    def action_open(self):
        """Open the documents of this kind."""
        self.ensure_one()
        self.check_access("read")
        if self.kind in LINE_KINDS:
            action = self.comparison_id.action_lines()
            action["domain"] = [*action["domain"], ("kind", "=", self.kind)]
            return action
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": OtherDocuments(self.comparison_id.sudo()).get_domain(self.kind),
            "context": {"create": False},
        }
