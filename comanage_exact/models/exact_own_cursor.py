import logging
from contextlib import contextmanager

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import SUPERUSER_ID, api, models

_logger = logging.getLogger(__name__)


class ExactOwnCursorMixin(models.AbstractModel):
    """A record that is written in transactions of its own.

    What Exact did to a token or to the count of calls is not undone by our rollback.
    """

    _name = "exact.own.cursor.mixin"
    _description = "Exact Online Record with Its Own Transactions"

    def _write_apart(self, values):
        self._change_apart(lambda record: record.write(values))

    def _change_apart(self, change):
        """Call `change(record)` in a transaction of its own; return its result.

        It never raises about another worker's change: the callers hold an answer of
        Exact in their hands, which is worth more than a count.
        """
        for _attempt in range(3):
            try:
                with self._own_cursor() as record:
                    result = change(record)
                    # Conflicts are met here, not when the cursor is closed.
                    record.env.flush_all()
            except (SerializationFailure, UniqueViolation):
                continue
            self.invalidate_recordset()
            return result
        _logger.warning("%s: another worker was always first", self)
        return None

    @contextmanager
    def _own_cursor(self):
        """Give the record in a transaction of its own, committed at the end."""
        with self.env.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})[self._name].browse(self.ids)
