"""The scheduled actions of the add-on: waking them, and putting back what is gone.

An administrator may delete or deactivate each of them. That must stop nothing of Odoo's
own: not posting, not mailing, not saving a tax.
"""

import logging
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL, convert_file

from ..const import (
    CRON_COMPARISON,
    CRON_DIGEST,
    CRON_DOCUMENTS,
    CRON_FETCH,
    CRON_PUSH,
    CRON_RECHECK,
)
from . import health_messages, messages

_logger = logging.getLogger(__name__)

ACTIONS = (CRON_PUSH, CRON_DOCUMENTS, CRON_FETCH, CRON_RECHECK, CRON_COMPARISON)
MODULE = "comanage_exact"
DATA = "data/ir_cron.xml"
# From then on an action that should have run is considered stalled.
LATE_AFTER = timedelta(minutes=30)
# Until then a run may begin before this transaction is committed.
SOON = timedelta(minutes=5)


def find_action(env, name):
    """Return a scheduled action as superuser; empty if somebody deleted it."""
    found = env.ref(name, raise_if_not_found=False)
    return (found or env["ir.cron"]).sudo()


def wake(env, name, moment=None, *, is_urgent=True):
    """Have a scheduled action run at a moment, or now; once for each moment.

    :param str name: its XML id.
    :param datetime moment: naive UTC.
    :param bool is_urgent: a run that is about to begin, woken by somebody else, may
        have looked for work already.
    """
    action = find_action(env, name)
    if not action:
        # The readiness list and the company say so, too.
        _logger.warning("The scheduled action %s was deleted", name)
        return
    now = fields.Datetime.now()
    moment = moment or now
    is_shared = moment > now + SOON or not is_urgent
    if not _has_trigger(env, action, moment, is_shared=is_shared):
        action._trigger(moment)


def _has_trigger(env, action, moment, *, is_shared):
    """Tell whether an action is woken at a moment already.

    :param bool is_shared: by whomever; else by this very transaction, down to the
        microsecond: a run that begins now removes what others asked for, whether or
        not it sees what this transaction commits.
    """
    env["ir.cron.trigger"].flush_model()
    own = SQL("create_date = (now() AT TIME ZONE 'UTC')")
    rows = env.execute_query(
        SQL(
            "SELECT 1 FROM ir_cron_trigger WHERE cron_id = %s AND call_at = %s AND %s"
            " LIMIT 1",
            action.id,
            moment,
            SQL("TRUE") if is_shared else own,
        )
    )
    return bool(rows)


def find_missing(env):
    """Return the XML ids of the actions that somebody deleted."""
    return [name for name in _find_needed(env) if not find_action(env, name)]


def _find_needed(env):
    """Return the XML ids of the actions that have to run."""
    wanted = [("exact_digest", "!=", False)]
    has_digest = env["res.company"].sudo().search_count(wanted, limit=1)
    return (*ACTIONS, CRON_DIGEST) if has_digest else ACTIONS


def restore_missing(env):
    """Create again what somebody deleted; what is there stays as it is."""
    if find_missing(env):
        convert_file(env, MODULE, DATA, {}, mode="update", noupdate=True)


def switch(env, name, *, is_on):
    """Have a scheduled action run, or rest.

    One that somebody deleted is created again where it has to run.
    """
    if is_on:
        restore_missing(env(su=True))
    action = find_action(env, name)
    if not action or action.active == is_on:
        return
    try:
        action.active = is_on
    except UserError as err:
        # It is running: it finds that nobody wants it.
        _logger.info("%s: %s", name, err)


# === WHETHER IT RUNS === #


def find_push_problem(env):
    """Return why nothing is booked automatically; None if it is."""
    action = find_action(env, CRON_PUSH)
    if not action:
        return missing_text(env, [CRON_PUSH])
    if not action.active:
        return messages.say(env, messages.PUSH_IS_OFF, name=action.name)
    if _is_stalled(action):
        return messages.say(env, messages.PUSH_IS_LATE, name=action.name)
    return None


def find_problem(env):
    """Return what is wrong with one of the actions; None if nothing is.

    Without the others invoices are booked, but nobody is told of what fails, and the
    connection ends after 30 days.
    """
    if missing := find_missing(env):
        return missing_text(env, missing)
    if problem := find_push_problem(env):
        return problem
    needed = _find_needed(env)
    inactive = [name for name in needed if not find_action(env, name).active]
    if inactive:
        names = ", ".join(find_action(env, name).name for name in inactive)
        return messages.say(env, health_messages.ACTIONS_OFF, names=names)
    return None


def missing_text(env, names):
    """Return the sentence about actions that somebody deleted."""
    labels = (env._(health_messages.ACTION_NAMES[name]) for name in names)
    text = health_messages.ACTION_MISSING
    if CRON_PUSH in names:
        text = health_messages.PUSH_MISSING
    return messages.say(env, text, names=", ".join(labels))


def _is_stalled(action):
    """Tell whether an action should have run a while ago, and has not since.

    Its next run alone does not tell: while there is work left, Odoo runs it again and
    again and does not move it.
    """
    limit = fields.Datetime.now() - LATE_AFTER
    triggers = action.env["ir.cron.trigger"].search(
        [("cron_id", "=", action.id), ("call_at", "<", limit)], limit=1
    )
    if action.nextcall >= limit and not triggers:
        return False
    progress = action.env["ir.cron.progress"].search(
        [("cron_id", "=", action.id)], order="id desc", limit=1
    )
    runs = [action.lastcall, progress.write_date, progress.create_date]
    return all(moment < limit for moment in runs if moment)
