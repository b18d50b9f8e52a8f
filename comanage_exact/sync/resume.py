"""Going on after Exact Online answered from another division than the one asked for."""

from odoo import fields

from . import messages


def resume(company):
    """Let calls go on, now that a manager has moved or deleted what stood elsewhere.

    An invoice whose entry was over there is looked up before it may be sent again: the
    entry may have been moved to where it belongs.

    :param res.company company: that has the connection, as superuser.
    """
    outboxes = company.env["exact.outbox"]
    now = fields.Datetime.now()
    misplaced = outboxes.search(
        [
            ("state", "=", "misplaced"),
            ("company_id", "in", company._exact_get_members().ids),
        ]
    )
    for outbox in misplaced:
        outbox._transition(
            "unconfirmed",
            scheduled_at=now,
            # It is known where that one went.
            claimed_at=False,
            error_kind="unconfirmed",
            error=messages.booking_text(outbox, messages.RESUMED),
        )
    company.exact_connection_id._end_stop()
    outboxes._trigger_push(now)
    company.env["exact.document"]._trigger(now)
    # The alert has served.
    outboxes._trigger_recheck()
