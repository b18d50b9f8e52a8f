from odoo import api, fields, models

from ..const import READERS
from ..sync.health import Health


class ExactHealthMixin(models.AbstractModel):
    """How the bookings of a company go, in one sentence."""

    _name = "exact.health.mixin"
    _description = "Health of the Exact Online Bookings of a Company"

    exact_health_text = fields.Text(
        string="Exact Online Health",
        compute="_compute_exact_health",
        compute_sudo=True,
        groups=READERS,
        help="What matters most about the bookings of the company.",
    )
    exact_health_level = fields.Selection(
        [
            ("success", "Good"),
            ("info", "Information"),
            ("warning", "Warning"),
            ("danger", "Action required"),
        ],
        string="Exact Online Health Level",
        compute="_compute_exact_health",
        compute_sudo=True,
        groups=READERS,
    )
    exact_automatic_since = fields.Datetime(
        "Booked Automatically Since",
        compute="_compute_exact_automatic_since",
        store=True,
        groups=fields.NO_ACCESS,
        help="Invoices that were created before are not scheduled by the nightly "
        "check: they may have been booked manually.",
    )

    def _compute_exact_health(self):
        for company in self:
            health = Health(company._origin)
            company.exact_health_text = health.sentence
            company.exact_health_level = health.level

    @api.depends("exact_trigger", "exact_start_date", "exact_division_id")
    def _compute_exact_automatic_since(self):
        self.exact_automatic_since = fields.Datetime.now()
