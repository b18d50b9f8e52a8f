"""Retrying what was fixed, and alerts about what still needs attention."""

from ..mappers.sales_entry import SalesEntryMapper
from .alerts import Alerts
from .customers import review_matches
from .isolation import isolated_in_batch

BATCH = 100
# What Odoo itself finds, and can check again.
CHECKED = ("check", "cents", "period", "customer")
# What a setting may fix, too: another number.
WAITING = (*CHECKED, "conflict")


class Recheck:
    """The scheduled action: checks again what waits for a mapping or a decision."""

    def __init__(self, env):
        self.env = env

    def run(self):
        review_matches(self.env)
        self._retry_fixed()
        Alerts(self.env).sync()

    def _retry_fixed(self):
        outboxes = self.env["exact.outbox"]
        last_id = 0
        while True:
            rows = outboxes.search(
                [
                    ("state", "=", "failed"),
                    ("error_kind", "in", WAITING),
                    ("id", ">", last_id),
                ],
                order="id",
                limit=BATCH,
            )
            for outbox in rows:
                # One transaction for all of them: each commit empties the cache.
                with isolated_in_batch(outbox):
                    retry_if_fixed(outbox)
            last_id = rows[-1:].id
            time_left = self.env["ir.cron"]._commit_progress(len(rows))
            if len(rows) < BATCH or not time_left:
                break


def retry_if_fixed(outbox):
    """Queue a failed booking again if nothing keeps its invoice in Odoo any longer."""
    owner = outbox.company_id.sudo().exact_owner_id
    mapper = SalesEntryMapper(outbox.move_id.with_company(owner))
    if not owner._exact_is_used() or mapper.problems():
        return
    if outbox.error_kind in CHECKED or _has_new_number(outbox, mapper):
        outbox._retry_now()


def _has_new_number(outbox, mapper):
    """Tell whether an invoice whose number was in use gets another one now."""
    request, entry = outbox.request, outbox.foreign_entry
    # An entry with our reference may be this invoice: a person decides.
    if not request or not entry or entry.get("YourRef") == request["YourRef"]:
        return False
    wanted = (mapper.journal.code, mapper.entry_number)
    return wanted != (request["Journal"], request["EntryNumber"])


def retry_same_cause(outbox):
    """Queue the bookings that Exact refused for what this one has just overcome."""
    if not outbox.cause:
        return
    _retry_refused(outbox.company_id, [("cause", "=", outbox.cause)])
    outbox.cause = False


def retry_refused_customers(company, partners):
    """Queue the bookings that Exact refused for customers that are new there now."""
    customer = ("move_id.commercial_partner_id", "in", partners.ids)
    _retry_refused(company, [customer])


def _retry_refused(company, domain):
    """Queue refused bookings of the companies that share a connection."""
    members = company.sudo().exact_owner_id._exact_get_members()
    company.sudo().env["exact.outbox"].search(
        [
            ("state", "=", "failed"),
            ("error_kind", "in", ("refused", "period")),
            ("company_id", "in", members.ids),
            *domain,
        ]
    )._retry_now()
