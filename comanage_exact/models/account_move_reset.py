from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from ..exact_api import bodies

MANAGERS = "comanage_exact.group_exact_manager"


class AccountMove(models.Model):
    """Posting, reset to draft, cancelling and deleting, with Exact in mind."""

    _name = "account.move"
    _inherit = ["account.move"]

    @api.constrains("state")
    def _check_exact_stays_posted(self):
        """Keep a booked invoice posted, even where its state is written directly."""
        for move in self.sudo():
            if move.state == "posted" or not move.exact_outbox_id:
                continue
            move._exact_check_not_sending()
            is_booked = move.exact_outbox_id.state == "sent"
            if is_booked and not self.env.user.has_group(MANAGERS):
                raise UserError(move._exact_say_booked())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_exact_booked(self):
        for move in self.sudo().filtered("exact_outbox_id"):
            move._exact_check_not_sending()
            if move.exact_state == "sent":
                raise UserError(move._exact_say_booked())

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        posted.sudo()._exact_compare_again()
        posted._exact_queue_by_trigger("posted")
        return posted

    def button_draft(self):
        # EXTENDS 'account'
        self._exact_withdraw()
        return super().button_draft()

    def button_cancel(self):
        # EXTENDS 'account'
        self._exact_withdraw()
        return super().button_cancel()

    def _exact_withdraw(self):
        """Take waiting invoices out of the queue; refuse those that Exact may have.

        What is booked an Exact manager alone may change, for its entry has to be
        changed by hand.
        """
        # Whoever may not change the invoice does not learn where it stands.
        self.check_access("write")
        for move in self.sudo().filtered("exact_outbox_id"):
            move._exact_check_not_sending()
            if move.exact_state == "sent":
                move._exact_warn_of_change()
            elif move.exact_state != "cancelled":
                move.exact_outbox_id._transition("cancelled", is_cent_accepted=False)
                move.exact_outbox_id._tell_of_loose_document()

    def _exact_check_not_sending(self):
        self.ensure_one()
        # Not `exact_state`, which the same call may have written.
        if self.exact_outbox_id.state in ("sending", "unconfirmed"):
            raise UserError(
                self.env._(
                    "%(name)s is on its way to Exact Online. Try again in a few "
                    "minutes, when its booking is confirmed.",
                    name=self.name,
                )
            )

    def _exact_say_booked(self):
        return self.env._(
            "%(name)s is booked in Exact Online as entry %(number)s, and Exact does "
            "not follow a change made here. Make a credit note instead, or ask an "
            "Exact Online manager.",
            name=self.name,
            number=self.exact_number,
        )

    def _exact_warn_of_change(self):
        """Leave a warning where a manager changes what is booked; refuse all others."""
        if not self.env.user.has_group(MANAGERS):
            raise UserError(self._exact_say_booked())
        warning = self.env._(
            "%(name)s is taken back in Odoo, but stays booked in Exact Online as entry "
            "%(number)s. Change or delete that entry by hand; Odoo will not send this "
            "invoice again.",
            name=self.name,
            number=self.exact_number,
        )
        self.exact_outbox_id._note_difference(warning)
        self.message_post(body=warning)

    def _exact_compare_again(self):
        """Tell of invoices posted anew whether they still equal what is booked."""
        for move in self.filtered(lambda move: move.exact_state == "sent"):
            outbox = move.exact_outbox_id
            if move._exact_is_as_sent():
                outbox._note_difference(outbox.booked_difference)
                continue
            warning = self.env._(
                "%(name)s was confirmed anew in Odoo after it was booked in Exact "
                "Online as entry %(number)s. Compare the two, and change that entry "
                "by hand where they differ.",
                name=move.name,
                number=move.exact_number,
            )
            outbox._note_difference(warning)
            move.message_post(body=warning)

    def _exact_is_as_sent(self):
        """Tell whether this invoice would be sent as it was."""
        request = self.exact_outbox_id.request
        if not request or self._exact_get_problems():
            return False
        entry = self._exact_prepare_sales_entry(request["Customer"])
        # The PDF is no part of what was booked.
        entry = replace(entry, document=request.get("Document", ""))
        return bodies.sales_entry(entry) == request
