"""Retrying what was fixed, and alerts about what still needs attention."""

import hashlib

from odoo.tools import split_every

from ..const import CRON_RECHECK
from ..mappers.sales_entry import SalesEntryMapper
from .alerts import Alerts
from .customers import review_match
from .isolation import Round, each, has_worked, is_time_over, isolated_in_batch
from .scheduled_actions import find_action

BATCH = 100
# What Odoo itself finds, and can check again.
CHECKED = ("check", "cents", "period", "customer")
# What a setting may fix, too: another number.
FIXED_BY_SETTINGS = (*CHECKED, "conflict")
WAITING = [("state", "=", "failed"), ("error_kind", "in", FIXED_BY_SETTINGS)]
ROUND = "recheck_round"
# In characters: PostgreSQL indexes no more than 2,704 bytes.
LONGEST_CAUSE = 500


class Recheck:
    """The scheduled action: checks again what waits for a mapping or a decision."""

    def __init__(self, env):
        self.env = env

    def run(self):
        """Check again what waits; where the time is short, the next run goes on."""
        rounds = [self._review_matches(), self._retry_fixed()]
        for one in rounds:
            one.end()
        if not is_time_over(self.env):
            Alerts(self.env).sync()

    def _review_matches(self):
        turns = Round(self.env["exact.match"]._find_waiting(), ROUND)
        for match in each(turns.waiting):
            review_match(match)
            turns.served |= match
        return turns

    def _retry_fixed(self):
        turns = Round(
            self.env["exact.outbox"].search_fetch(WAITING, [ROUND], order="id"), ROUND
        )
        cron, left = self.env["ir.cron"], len(turns.waiting)
        for batch in split_every(BATCH, turns.waiting.ids, turns.waiting.browse):
            if is_time_over(self.env) and has_worked(self.env):
                cron._commit_progress(remaining=left)
                break
            for outbox in batch.exists():
                # One transaction for all of them: each commit empties the cache.
                with isolated_in_batch(outbox):
                    retry_if_fixed(outbox)
            turns.served |= batch
            left -= len(batch)
            if not cron._commit_progress(len(batch), remaining=left):
                break
        return turns


def restart_round(env):
    """Have all checked again where a round is on its way: a cause may be fixed now."""
    action = find_action(env, CRON_RECHECK)
    progress = env["ir.cron.progress"].sudo()
    own = [("cron_id", "=", action.id)]
    if progress.search(own, order="id desc", limit=1).remaining:
        done = env["exact.outbox"].sudo().search([*WAITING, (ROUND, "!=", 0)])
        done.write({ROUND: 0})


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


def shorten_cause(cause):
    """Return a cause short enough for an index, and still equal for equal ones.

    The problems of an invoice with many lines are a text of thousands of characters.
    """
    if len(cause) <= LONGEST_CAUSE:
        return cause
    digest = hashlib.sha256(cause.encode()).hexdigest()
    return f"{cause[: LONGEST_CAUSE - len(digest) - 2]}… {digest}"


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
