"""The nightly sweep: invoices that should be on their way to Exact Online and are not.

It does not rest on any hook being called: another add-on may leave one out, and a bug
of ours in one is logged and stops nothing.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL, split_every

from . import health_messages
from .isolation import isolated_in_batch
from .messages import say

# Bookings that are queued in a transaction, and those of one night.
BATCH = 100
LIMIT = 2000
# After the delay of the company: what is being sent right now is left alone.
PATIENCE = timedelta(days=1)
FORGOTTEN = """
    SELECT move.id
      FROM account_move move
      JOIN account_journal journal ON journal.id = move.journal_id
      JOIN res_company company ON company.id = move.company_id
      JOIN res_company owner ON owner.id = company.exact_owner_id
      JOIN exact_connection connection ON connection.company_id = owner.id
      JOIN res_partner partner ON partner.id = move.commercial_partner_id
 LEFT JOIN exact_outbox booking ON booking.move_id = move.id
     WHERE move.state = 'posted'
       AND move.move_type IN ('out_invoice', 'out_refund')
       AND owner.exact_division_id IS NOT NULL
       AND COALESCE(journal.exact_trigger, owner.exact_trigger) != 'manual'
       AND journal.exact_manual_only IS NOT TRUE
       AND (partner.exact_manual_only ->> company.id::text) IS DISTINCT FROM 'true'
       AND (partner.exact_manual_only ->> owner.id::text) IS DISTINCT FROM 'true'
       AND move.invoice_date >= owner.exact_start_date
       AND (
           (
               booking.state = 'cancelled'
               AND booking.is_withdrawn IS NOT TRUE
               AND booking.origin IS NOT NULL
           )
           OR (
               booking.id IS NULL
               -- What is older may have been booked manually.
               AND move.create_date >= GREATEST(
                   COALESCE(connection.connected_at, connection.create_date),
                   owner.exact_automatic_since,
                   journal.exact_automatic_since
               )
               AND (
                   COALESCE(journal.exact_trigger, owner.exact_trigger) = 'posted'
                   -- As far as Odoo keeps that: a download alone is not.
                   OR EXISTS (
                       SELECT 1
                         FROM mail_message message
                         JOIN mail_message_res_partner_rel recipient
                           ON recipient.mail_message_id = message.id
                         JOIN res_partner customer
                           ON customer.id = recipient.res_partner_id
                        WHERE message.model = 'account.move'
                          AND message.res_id = move.id
                          AND message.message_type = 'comment'
                          AND customer.partner_share
                   )
               )
           )
       )
       AND LEAST(move.create_date, move.invoice_date::timestamp)
           < %(limit)s - owner.exact_delay * interval '1 minute'
     ORDER BY move.invoice_date, move.id
     LIMIT %(count)s
"""


class Sweep:
    """Finds what was forgotten, with one query for all companies, and queues it."""

    def __init__(self, env):
        self.env = env(su=True)
        self.failed = self.env["account.move"]

    def run(self):
        moves = self._find()
        for batch in split_every(BATCH, moves.ids, moves.browse):
            for move in batch:
                self._queue(move)
            self.env["ir.cron"]._commit_progress()
        self._note_failed()

    def _find(self):
        limit = fields.Datetime.now() - PATIENCE
        self.env.flush_all()
        rows = self.env.execute_query(SQL(FORGOTTEN, limit=limit, count=LIMIT))
        return self.env["account.move"].browse(row[0] for row in rows)

    def _queue(self, move):
        """Queue one invoice, and say so on it."""
        with isolated_in_batch(move):
            owner = move.company_id.exact_owner_id
            if move._exact_is_manual_only():
                return
            user = move.invoice_user_id or move.create_uid
            move.with_user(user).sudo()._exact_queue_later(owner, self._origin(move))
            # Somebody may have entered it manually meanwhile.
            move.exact_outbox_id.must_look_up = True
            reader = self.env(context={**self.env.context, "lang": user.lang})
            move._message_log(body=say(reader, health_messages.SWEPT))
        if move.exact_state in (False, "cancelled"):
            self.failed |= move

    @staticmethod
    def _origin(move):
        return move.exact_outbox_id.origin or move._exact_get_trigger()

    def _note_failed(self):
        """Have somebody told of what could not be queued."""
        by_owner = self.failed.grouped(lambda move: move.company_id.exact_owner_id)
        for connection in self.env["exact.connection"].search([]):
            moves = by_owner.get(connection.company_id, self.failed.browse())
            if (connection.unqueued_ids or []) != moves.ids:
                connection._write_apart({"unqueued_ids": moves.ids or False})
