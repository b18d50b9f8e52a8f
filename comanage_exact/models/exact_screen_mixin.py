from odoo import fields, models

from ..sync.screens import refresh_screens


class ExactScreenMixin(models.AbstractModel):
    """What screens show of many bookings together, and how they follow them."""

    _name = "exact.screen.mixin"
    _description = "Bookings on a Screen"

    move_id = fields.Many2one("account.move", "Invoice")
    company_id = fields.Many2one(related="move_id.company_id")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    journal_id = fields.Many2one(related="move_id.journal_id")
    amount_total_company = fields.Monetary(
        "Total in Company Currency",
        related="move_id.amount_total_signed",
        currency_field="company_currency_id",
        aggregator="sum",
    )

    def _refresh_screens(self):
        """Have screens that show these bookings read them again, once it is stored."""
        refresh_screens(self)
