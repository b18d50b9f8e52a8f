import re
from datetime import timedelta

from odoo import api, fields, models

# Of an answer; a whole entry with a hundred lines has some 50,000 characters.
MAX_LENGTH = 10_000
VACUUM_BATCH = 1000
# That are kept of a company, however young: some hundred megabytes.
MAX_CALLS = 50_000
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
    _order_idx = models.Index("(company_id, id)")

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
        """Delete a batch of calls that are too old, or more than a company keeps.

        :return: how many, and whether to be called again after the commit.
        """
        done = 0
        for (company,) in self._read_group([], ["company_id"]):
            done += self._delete_batch(company, VACUUM_BATCH - done)
            if done == VACUUM_BATCH:
                break
        return done, done == VACUUM_BATCH

    def _delete_batch(self, company, limit):
        """Delete the oldest calls of a company; return how many, at most `limit`."""
        days = company.sudo().exact_owner_id.exact_history_days
        oldest = fields.Datetime.now() - timedelta(days=days)
        # As of the newest one that is too much; calls are made in the order of ids.
        surplus = self.search(
            [("company_id", "=", company.id)],
            order="id desc",
            offset=MAX_CALLS,
            limit=1,
        )
        rows = self.search(
            [
                ("company_id", "=", company.id),
                "|",
                ("called_at", "<", oldest),
                ("id", "<=", surplus.id or 0),
            ],
            order="id",
            limit=limit,
        )
        rows.unlink()
        return len(rows)


def _clean(text):
    """Return a text without secrets, NUL characters and excessive length."""
    cleaned = _SECRET.sub(r"\1…", (text or "").replace("\x00", ""))
    return cleaned[:MAX_LENGTH]
