from odoo import models
from odoo.tools.misc import human_size

from ..exact_api.const import MAX_ATTACHMENT_BYTES
from ..exact_api.resources import ATTACHMENTS, DOCUMENTS, OPTIONAL_RIGHTS


class ExactOutbox(models.Model):
    """Why a PDF is not in Exact, as a person reads it."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    def _say_document_refused(self, err):
        """Return the sentence for a refusal.

        :param ExactRejected err: its messages are quoted as Exact wrote them.
        """
        reason = "; ".join(message.rstrip(".") for message in err.messages)
        if err.status == 403:
            return self.env._(
                "The PDF of %(name)s is not in Exact Online, since the app lacks a "
                "right: %(reason)s. Give it %(right)s in Exact's App Center, connect "
                "again and press Send PDF.",
                name=self.move_id.name,
                reason=reason,
                right=OPTIONAL_RIGHTS[DOCUMENTS][0],
            )
        if self.attachment_guid and not self._is_superseded(self._get_pdf()):
            return self.env._(
                "The PDF of %(name)s is in Exact Online among the documents of the "
                "customer, but the entry does not show it: %(reason)s. Link it there "
                "by hand, or remove the cause and press Send PDF.",
                name=self.move_id.name,
                reason=reason,
            )
        if self.document_guid and err.resource == ATTACHMENTS:
            return self.env._(
                "Exact Online refused the PDF of %(name)s: %(reason)s. Its document is "
                "there, but empty. Attach the PDF to it by hand, or remove the cause "
                "and press Send PDF.",
                name=self.move_id.name,
                reason=reason,
            )
        return self.env._(
            "Exact Online refused the PDF of %(name)s: %(reason)s. Attach it there by "
            "hand, or remove the cause and press Send PDF.",
            name=self.move_id.name,
            reason=reason,
        )

    def _say_document_too_large(self, pdf):
        return self.env._(
            "The PDF of %(name)s is not in Exact Online, since it has %(size)s and "
            "Exact takes %(limit)s at most. Attach a smaller one there by hand.",
            name=self.move_id.name,
            size=human_size(pdf.file_size),
            limit=human_size(MAX_ATTACHMENT_BYTES),
        )

    def _say_document_unreadable(self):
        return self.env._(
            "The PDF of %(name)s is not in Exact Online, since its file is gone from "
            "the server of Odoo. Ask your administrator to restore it, then press Send "
            "PDF.",
            name=self.move_id.name,
        )

    def _say_document_waits(self):
        return self.env._(
            "The PDF of %(name)s is not in Exact Online yet, since Exact did not take "
            "it the last time. Odoo tries again by itself; nothing is to be done.",
            name=self.move_id.name,
        )

    def _say_document_given_up(self):
        return self.env._(
            "The PDF of %(name)s is not in Exact Online, since six attempts failed. "
            "Press Send PDF once Exact can be reached again.",
            name=self.move_id.name,
        )

    def _tell_of_loose_document(self):
        """Say on a withdrawn invoice that its PDF is in Exact, and stays."""
        if not self.document_guid:
            return
        self.move_id.message_post(
            body=self.env._(
                "The document %(name)s with the PDF of this invoice is in Exact Online "
                "already, without an entry. Delete it there by hand; if the invoice is "
                "sent again, its new PDF goes along.",
                name=self.move_id.name,
            )
        )
