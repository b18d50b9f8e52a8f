"""One record at a time: work, commit, next; what fails with one stops no other."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

_logger = logging.getLogger(__name__)


def each(records) -> Iterator:
    """Yield the records of a cron one by one; commit after each, and stop in time.

    A record is browsed alone, because a commit empties the cache, and with the others
    beside it all of them would be read again.
    """
    for record_id in records.ids:
        record = records.browse(record_id)
        if record.exists():
            yield record
        time_left = True
        # What the commit meets concerns this record alone.
        with isolated(record):
            time_left = records.env["ir.cron"]._commit_progress(1)
        if not time_left:
            return


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
