from odoo import api, fields, models

from ..const import USERS
from ..sync.send_window import SendWindow


class AccountMoveSendWizard(models.TransientModel):
    _inherit = "account.move.send.wizard"

    exact_booking_text = fields.Char(
        string="Exact Online Booking Time",
        compute="_compute_exact_booking_text",
        compute_sudo=True,
        groups=USERS,
    )
    is_exact_held = fields.Boolean(
        string="Hold the booking in Exact Online",
        help="The invoice is not booked in Exact Online until someone releases it.",
        groups=USERS,
    )

    @api.depends("move_id", "sending_methods")
    def _compute_exact_booking_text(self):
        for wizard in self:
            methods = wizard.sending_methods
            wizard.exact_booking_text = SendWindow(wizard.move_id, methods).text

    @api.model
    def _generate_and_send_invoices(self, moves, **kwargs):
        # EXTENDS 'account', which calls it on the wizard.
        wizard_sudo = self.sudo()
        if wizard_sudo.is_exact_held and wizard_sudo.exact_booking_text:
            # Before it is sent, which may be committed with the mail.
            SendWindow(wizard_sudo.move_id, self.sending_methods).hold(self.env.user)
        return super()._generate_and_send_invoices(moves, **kwargs)
