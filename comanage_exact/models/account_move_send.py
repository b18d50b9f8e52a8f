from odoo import api, models

from ..sync.documents import queue_new_pdfs
from ..sync.isolation import additional

NEED_AN_ADDRESS = {"email", "snailmail"}


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        # EXTENDS 'account': a download alone is not "sent to the customer".
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        moves = self.env["account.move"].union(*moves_data)
        # The customer has the mail, which a second attempt would send again.
        with additional(moves, is_repeatable=False):
            sent = (
                move
                for move, move_data in moves_data.items()
                if self._exact_is_sent(move, move_data)
            )
            moves.browse().union(*sent)._exact_queue_by_trigger("sent")
        return result

    @api.model
    def _link_invoice_documents(self, invoices_data):
        # EXTENDS 'account': an invoice may be booked before its PDF is made.
        result = super()._link_invoice_documents(invoices_data)
        moves = self.env["account.move"].union(*invoices_data)
        with additional(moves, is_repeatable=False):
            booked = moves.sudo().exact_outbox_id.filtered(
                lambda outbox: outbox.state == "sent"
            )
            if booked:
                queue_new_pdfs(booked)
        return result

    @api.model
    def _exact_is_sent(self, move, move_data):
        """Tell whether a method was used that brings the invoice to the customer.

        Mail and post need an address. The others, such as Peppol, are not asked: once
        used, they say that they no longer apply.
        """
        methods = set(move_data["sending_methods"] or ())
        if methods - {"manual", *NEED_AN_ADDRESS}:
            return True
        return any(
            self._is_applicable_to_move(method, move, **move_data)
            for method in methods & NEED_AN_ADDRESS
            if method != "email" or self._exact_has_recipient(move_data)
        )

    @api.model
    def _exact_has_recipient(self, move_data):
        """Tell whether a mail reaches anybody: Odoo takes contacts without an address.

        Without a choice Odoo asks the contact of the invoice itself.
        """
        if "mail_partner_ids" not in move_data:
            return True
        recipients = self.env["res.partner"].browse(move_data["mail_partner_ids"])
        return any(recipients.mapped("email"))
