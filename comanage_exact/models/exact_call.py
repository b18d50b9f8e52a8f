import json
import re
from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import split_every

from ..exact_api.client import Observer

# Of an answer; a whole entry with a hundred lines has some 50,000 characters.
MAX_LENGTH = 10_000
VACUUM_BATCH = 1000
_SECRET = re.compile(
    r"(?i)(bearer\s+|(?:access_token|refresh_token|client_secret)[\"'=:\s]+)"
    r"[^\s\"'&<>]+"
)


@dataclass
class Call:
    """One call to Exact, as the history keeps it."""

    at: object
    method: str
    resource: str
    request: str = ""
    status: int = 0
    answer: str = ""


class CallRecorder(Observer):
    """Collects the calls of a client until they can be written."""

    def __init__(self, is_recording=True):
        self.is_recording = is_recording
        self.calls = []

    def called(self, method, resource, body):
        if self.is_recording:
            request = json.dumps(body, ensure_ascii=False) if body else ""
            self.calls.append(Call(fields.Datetime.now(), method, resource, request))

    def answered(self, resource, response):
        if self.is_recording:
            self.calls[-1].status = response.status_code
            self.calls[-1].answer = response.text

    def lost(self, err):
        if self.is_recording:
            self.calls[-1].answer = type(err).__name__

    def take(self):
        """Return the calls since the last time."""
        taken, self.calls = self.calls, []
        return taken


class ExactCall(models.Model):
    """History: a call to Exact made for an invoice, with its answer."""

    _name = "exact.call"
    _description = "Call to Exact Online"
    _order = "id desc"
    _rec_name = "resource"

    outbox_id = fields.Many2one(
        "exact.outbox", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    called_at = fields.Datetime("Time", required=True, readonly=True)
    attempt = fields.Integer(readonly=True)
    method = fields.Char(readonly=True)
    resource = fields.Char(readonly=True)
    status = fields.Integer(readonly=True, help="Of HTTP; 0 if no answer came.")
    request = fields.Text(readonly=True)
    answer = fields.Text(readonly=True)

    _age_idx = models.Index("(company_id, called_at)")

    @api.model
    def _keep(self, outbox, calls):
        """Write the calls that were made for an outbox row.

        :param list calls: of Call.
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
            days = company._exact_get_owner().exact_history_days
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
