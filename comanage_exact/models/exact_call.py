import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import split_every

# Of an answer; a whole entry with a hundred lines has some 50,000 characters.
MAX_LENGTH = 10_000
VACUUM_BATCH = 1000
_SECRET = re.compile(
    r"(?i)(bearer\s+|(?:access_token|refresh_token|client_secret)[\"'=:\s]+)"
    r"[^\s\"'&<>]+"
)


class ExactCall(models.Model):
    """History: a call to Exact made for an invoice, with its answer."""

    _name = "exact.call"
    _description = "Exact Online API Call"
    _order = "id desc"
    _rec_name = "resource"

    outbox_id = fields.Many2one(
        "exact.outbox",
        string="Exact Online Booking",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    called_at = fields.Datetime("Time", required=True, readonly=True)
    attempt = fields.Integer(readonly=True)
    method = fields.Char(readonly=True)
    resource = fields.Char(readonly=True)
    status = fields.Integer(
        readonly=True, help="HTTP status code; 0 if there was no response."
    )
    request = fields.Text(readonly=True)
    answer = fields.Text(string="Response", readonly=True)

    _age_idx = models.Index("(company_id, called_at)")

    @api.model
    def _store(self, outbox, calls):
        """Write the calls that were made for an outbox row.

        :param list calls: of `sync.connection.Call`.
        """
        self.create(
            [
                {
                    "outbox_id": outbox.id,
                    "company_id": outbox.company_id.id,
                    "attempt": outbox.attempts,
                    "called_at": call.at,
                    "method": call.method,
                    "resource": call.resource,
                    "status": call.status,
                    "request": _clean(call.request),
                    "answer": _clean(call.answer),
                }
                for call in calls
            ]
        )

    @api.autovacuum
    def _gc_history(self):
        """Delete calls that are older than their company keeps them."""
        for (company,) in self._read_group([], ["company_id"]):
            days = company.sudo().exact_owner_id.exact_history_days
            limit = fields.Datetime.now() - timedelta(days=days)
            old = self.search(
                [("company_id", "=", company.id), ("called_at", "<", limit)]
            )
            for batch in split_every(VACUUM_BATCH, old.ids, self.browse):
                batch.unlink()


def _clean(text):
    """Return a text without secrets, NUL characters and excessive length."""
    cleaned = _SECRET.sub(r"\1…", (text or "").replace("\x00", ""))
    return cleaned[:MAX_LENGTH]
