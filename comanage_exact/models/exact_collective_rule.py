from odoo import fields, models

from ..booking import matching


class ExactCollectiveRule(models.Model):
    """Which consumers are booked on one account of Exact, instead of one for each.

    Only who is no company and has no VAT number; the first rule that fits decides. The
    real name stays in the text of the booking.
    """

    _name = "exact.collective.rule"
    _description = "Exact Online Collective Customer Rule"
    _order = "sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    country_id = fields.Many2one(
        "res.country",
        help="The country of the consumer. Leave empty to include all countries.",
    )
    amount_up_to = fields.Monetary(
        string="Maximum Amount",
        help="Maximum invoice total including VAT. Larger invoices are booked to an "
        "individual Exact Online customer. Zero means no maximum.",
    )
    account_id = fields.Many2one(
        "exact.account",
        "Exact Online Customer",
        check_company=True,
        ondelete="set null",
        domain="[('company_id', '=', company_id), ('status', '=', 'C')]",
    )

    def _fits(self, partner, move):
        """Tell whether an invoice is booked on the account of this rule."""
        if partner.is_company or matching.vat_key(partner.vat, ""):
            return False
        if self.country_id and self.country_id != partner.country_id:
            return False
        # What is credited in part stays on the account of the whole.
        total = abs((move.reversed_entry_id or move).amount_total_signed)
        limit = self.amount_up_to
        return not limit or self.currency_id.compare_amounts(total, limit) <= 0
