"""One record at a time: work, commit, next; what fails with one stops no other."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

_logger = logging.getLogger(__name__)


def each(records) -> Iterator:
    """Yield the records of a cron one by one; commit after each, and stop in time.

    What is left is told, so that Odoo runs the action again at once. The first record
    of all is served however short the time is, or a run could end without any work.

    A record is browsed alone, because a commit empties the cache, and with the others
    beside it all of them would be read again.
    """
    cron, left = records.env["ir.cron"], len(records)
    for record_id in records.ids:
        if is_time_over(records.env) and has_worked(records.env):
            cron._commit_progress(remaining=left)
            return
        record = records.browse(record_id)
        if record.exists():
            yield record
        left -= 1
        time_left = True
        # What the commit meets concerns this record alone.
        with isolated(record):
            time_left = cron._commit_progress(1, remaining=left)
        if not time_left:
            return


class Round:
    """One turn for each record of a scheduled action, which may take several runs.

    A record keeps the number of the round in which it was served last. Those of the
    longest ago are served first, and a run that follows on one that had no time for all
    of them leaves alone whom that one served.

    :param records: all of them.
    :param str name: of the field that keeps the number.
    """

    def __init__(self, records, name: str):
        self.env = records.env
        self.name = name
        self.served = records.browse()
        latest = max(records.mapped(name), default=0)
        self.is_new = not is_continued(self.env) or not latest
        self.number = latest + 1 if self.is_new else latest
        self.waiting = records.filtered(
            lambda record: self.is_new or record[name] != self.number
        ).sorted(name)

    def end(self) -> None:
        """Keep whom this run served; needed only if another goes on with the rest."""
        if self.served and (is_time_over(self.env) or not self.is_new):
            with isolated_in_batch(self.served):
                self.served.exists().write({self.name: self.number})


def is_continued(env) -> bool:
    """Tell whether this run goes on where the one before had no time for the rest."""
    return _get_progress(env, "<").remaining > 0


def has_worked(env) -> bool:
    """Tell whether this run, or the one it goes on with, has served any record."""
    return is_continued(env) or _get_progress(env, "=").done > 0


def _get_progress(env, operator):
    """Return the progress of this run of an action (=), or of the one before (<)."""
    progress = env["ir.cron.progress"].sudo()
    if "ir_cron_progress_id" not in env.context:
        return progress
    own = env.context["ir_cron_progress_id"]
    return progress.search(
        [("cron_id", "=", env.context["cron_id"]), ("id", operator, own)],
        order="id desc",
        limit=1,
    )


@contextmanager
def isolated(
    record,
    on_bug: Callable[[Exception], None] | None = None,
    *,
    is_tried_again: bool = False,
) -> Iterator:
    """Do the work on one record; roll back and log what goes wrong with it.

    Where another worker changed the record meanwhile, what is committed decides.

    :param on_bug: called after the rollback of anything else, to leave the record in
        order; isolated itself.
    :param is_tried_again: the same work follows, and logs what goes wrong then.
    """
    # A record that can no longer be read would break its own log line.
    label = str(record)
    try:
        yield
    except SerializationFailure:
        record.env.cr.rollback()
        _logger.info("%s: another worker changed it", label)
    except Exception as err:
        record.env.cr.rollback()
        if not is_tried_again:
            _logger.exception("%s", label)
        if on_bug:
            with isolated(record):
                on_bug(err)


@contextmanager
def isolated_in_batch(record) -> Iterator:
    """Do the work on one record of several in a transaction; undo this one alone."""
    label = str(record)
    try:
        with record.env.cr.savepoint():
            yield
    except SerializationFailure:
        _logger.info("%s: another worker changed it", label)
    except Exception:
        _logger.exception("%s", label)


@contextmanager
def additional(records, *, is_repeatable: bool = True) -> Iterator:
    """Do what we add to a step of Odoo's; a bug of ours does not undo that step.

    The nightly sweep finds the invoices that were not queued because of it.

    :param bool is_repeatable: Odoo may do its step once more, which it does where
        another worker changed a record meanwhile.
    """
    # What Odoo itself has still to write is no concern of ours, if it fails.
    records.env.flush_all()
    try:
        with records.env.cr.savepoint():
            yield
    except SerializationFailure:
        if is_repeatable:
            raise
        _logger.info("%s: another worker changed it", records)
    except Exception:
        _logger.exception("%s", records)


def is_time_over(env) -> bool:
    """Tell whether the time of the running scheduled action is used up."""
    return time.monotonic() >= env.context.get("cron_end_time", float("inf"))
