from odoo import api, fields, models

from ..const import READERS
from ..sync.strip import Strip


class ExactStripMixin(models.AbstractModel):
    """The line below the header of an invoice: where it stands in Exact Online."""

    _name = "exact.strip.mixin"
    _description = "State of an Invoice in Exact Online"

    exact_strip = fields.Selection(
        [
            ("stopped", "Stopped"),
            ("failed", "Needs attention"),
            ("customer", "Waiting for customer match"),
            ("waiting", "Waiting"),
            ("scheduled", "Scheduled"),
            ("held", "On hold"),
            ("sending", "Sending"),
            ("booked", "Booked"),
            ("rounding", "Booked with Rounding Difference"),
            ("differs", "Booked with differences"),
            ("changed", "Changed since booked"),
            ("deleted", "Deleted in Exact"),
            ("left_out", "Not sent automatically"),
        ],
        string="Exact Online Message Type",
        compute="_compute_exact_strip",
        compute_sudo=True,
        groups=READERS,
    )
    exact_strip_text = fields.Text(
        string="Exact Online Message",
        compute="_compute_exact_strip",
        compute_sudo=True,
        groups=READERS,
    )

    @api.depends("exact_outbox_id.state", "exact_outbox_id.error", "state")
    def _compute_exact_strip(self):
        for move in self:
            strip = Strip(move)
            move.exact_strip, move.exact_strip_text = strip.kind, strip.text

    def action_exact_open_document(self):
        """Open the document of this invoice in Exact Online."""
        self.ensure_one()
        self.check_access("read")
        self.env.user._exact_check_role("reader")
        if not self.exact_document_url:
            return False
        url = self.exact_document_url
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}
