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
        if not records.env["ir.cron"]._commit_progress(1):
            return


@contextmanager
def isolated(record, on_bug: Callable[[Exception], None] | None = None) -> Iterator:
    """Do the work on one record; roll back and log what goes wrong with it.

    Where another worker changed the record meanwhile, what is committed decides.

    :param on_bug: called after the rollback of anything else, to leave the record in
        order.
    """
    # A record that could not be read any more would break its own log line.
    label = f"{record._name}({record.id})"
    try:
        yield
    except SerializationFailure:
        record.env.cr.rollback()
        _logger.info("%s: another worker changed it", label)
    except Exception as err:
        record.env.cr.rollback()
        _logger.exception("%s", label)
        if on_bug:
            on_bug(err)


def is_time_over(env) -> bool:
    """Tell whether the time of the running scheduled action is used up."""
    return time.monotonic() >= env.context.get("cron_end_time", float("inf"))
