from odoo import api, fields, models

from .res_company_number import FORMAT


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    exact_site = fields.Selection(related="company_id.exact_site", readonly=False)
    exact_client_id = fields.Char(related="company_id.exact_client_id", readonly=False)
    exact_client_secret = fields.Char(
        related="company_id.exact_client_secret", readonly=False
    )
    exact_redirect_uri = fields.Char(related="company_id.exact_redirect_uri")
    exact_connection_state = fields.Selection(
        related="company_id.exact_connection_state"
    )
    exact_connection_problem = fields.Char(
        related="company_id.exact_connection_problem"
    )
    exact_division_id = fields.Many2one(
        related="company_id.exact_division_id", readonly=False
    )
    exact_mismatch_reason = fields.Char(
        related="company_id.exact_mismatch_reason", readonly=False
    )
    is_exact_division_other = fields.Boolean(
        related="company_id.is_exact_division_other"
    )
    exact_number_preview = fields.Text(compute="_compute_exact_number_preview")
    exact_trigger = fields.Selection(related="company_id.exact_trigger", readonly=False)
    exact_delay = fields.Integer(related="company_id.exact_delay", readonly=False)
    exact_make_customer = fields.Boolean(
        related="company_id.exact_make_customer", readonly=False
    )
    exact_history_days = fields.Integer(
        related="company_id.exact_history_days", readonly=False
    )
    exact_start_date = fields.Date(
        related="company_id.exact_start_date", readonly=False
    )
    exact_journal_id = fields.Many2one(
        related="company_id.exact_journal_id", readonly=False
    )
    exact_credit_journal_id = fields.Many2one(
        related="company_id.exact_credit_journal_id", readonly=False
    )
    exact_gl_account_id = fields.Many2one(
        related="company_id.exact_gl_account_id", readonly=False
    )
    exact_payment_condition_id = fields.Many2one(
        related="company_id.exact_payment_condition_id", readonly=False
    )
    exact_cost_center_id = fields.Many2one(
        related="company_id.exact_cost_center_id", readonly=False
    )
    exact_cost_unit_id = fields.Many2one(
        related="company_id.exact_cost_unit_id", readonly=False
    )
    exact_no_vat_code_id = fields.Many2one(
        related="company_id.exact_no_vat_code_id", readonly=False
    )
    exact_send_pdf = fields.Boolean(related="company_id.exact_send_pdf", readonly=False)
    exact_number_prefix = fields.Char(
        related="company_id.exact_number_prefix", readonly=False
    )
    exact_number_suffix = fields.Char(
        related="company_id.exact_number_suffix", readonly=False
    )
    exact_credit_note_prefix = fields.Char(
        related="company_id.exact_credit_note_prefix", readonly=False
    )

    @api.depends(*FORMAT)
    def _compute_exact_number_preview(self):
        for settings in self:
            settings.exact_number_preview = settings.company_id._exact_preview(settings)

    def action_exact_connect(self):
        """Lead to Exact's consent page for the company of the settings."""
        return self.company_id.action_exact_connect()

    def action_exact_disconnect(self):
        return self.company_id.action_exact_disconnect()

    def action_exact_fetch(self):
        return self.company_id.action_exact_fetch()
