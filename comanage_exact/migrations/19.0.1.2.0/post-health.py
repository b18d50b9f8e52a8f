"""Tell since when bookings are due that were queued before that was kept."""


def migrate(cr, version):
    cr.execute(
        "UPDATE exact_outbox SET due_since = scheduled_at WHERE due_since IS NULL"
        " AND state IN ('pending', 'held', 'unconfirmed', 'withdrawing', 'sending')"
    )
