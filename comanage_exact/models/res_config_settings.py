from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """State of the connection; the company page has all that can be chosen."""

    _inherit = "res.config.settings"

    exact_connection_state = fields.Selection(
        string="Exact Online Connection Status",
        related="company_id.exact_connection_state",
    )
    exact_connection_problem = fields.Char(
        string="Exact Online Connection Problem",
        related="company_id.exact_connection_problem",
    )

    def action_exact_connect(self):
        """Lead to Exact's consent page for the company of the settings."""
        return self.company_id.action_exact_connect()

    def action_exact_disconnect(self):
        return self.company_id.action_exact_disconnect()

    def action_exact_open_company(self):
        """Open the company on its Exact Online tab."""
        self.ensure_one()
        self.company_id._exact_check_role("manager")
        return self.company_id._exact_open_settings()

    def action_exact_setup(self):
        """Open the set-up screen of the company."""
        self.ensure_one()
        return self.company_id.action_exact_setup()
