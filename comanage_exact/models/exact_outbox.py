from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError

# What may follow on what. `_transition` is the only way to change a state.
#
#   (none) ------> pending        invoice sent, or Send to Exact
#   pending -----> pending        planned for another moment
#   pending <----> held           hold, release
#   pending -----> sending        claimed; committed before any call
#   pending -----> failed         a check fails; nothing left Odoo
#   sending -----> sent           Exact answered with the ID of the entry
#   sending -----> pending        surely not received: refused connection, 401, 429
#   sending -----> failed         refused by Exact, or another's entry has our number
#   sending -----> unconfirmed    the answer was lost, or the worker died
#   unconfirmed -> sent           the look-up finds it
#   unconfirmed -> pending        the look-up finds none
#   unconfirmed -> unconfirmed    the look-up fails
#   unconfirmed -> failed         the look-up finds another's entry on our number
#   failed ------> pending        Retry
#   waiting -----> cancelled      reset to draft, cancel
#   cancelled ---> pending        sent again
#   not sent ----> sent           a person links an entry that Exact has already
TRANSITIONS = {
    "pending": {"pending", "held", "sending", "failed", "cancelled", "sent"},
    "held": {"pending", "cancelled", "sent"},
    "sending": {"sent", "pending", "failed", "unconfirmed"},
    "unconfirmed": {"sent", "pending", "failed", "unconfirmed"},
    "failed": {"pending", "cancelled", "sent"},
    "cancelled": {"pending", "sent"},
    "sent": set(),
}
DUE_STATES = ("pending", "unconfirmed")

# Minutes to the next attempt after one that surely did not arrive; then it fails.
RETRY_MINUTES = (1, 5, 15, 60, 240)
# An aborted request may still be finishing in Exact.
LOOK_UP_AFTER = timedelta(minutes=2)
# A claim older than this belongs to a worker that died.
LEASE = timedelta(minutes=15)


class ExactOutbox(models.Model):
    """The intent and the result of forwarding one invoice.

    The only place where the state of a forwarding lives; a write here costs a fiftieth
    of one on a posted invoice.
    """

    _name = "exact.outbox"
    _description = "Forwarding to Exact Online"
    _rec_name = "move_id"
    _order = "scheduled_at desc, id desc"
    _check_company_auto = True

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="move_id.company_id", store=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer"
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("held", "On hold"),
            ("sending", "On its way"),
            ("unconfirmed", "Being confirmed"),
            ("sent", "Booked"),
            ("failed", "Failed"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    scheduled_at = fields.Datetime("Planned For", readonly=True)
    claimed_at = fields.Datetime("Claimed On", readonly=True)
    attempts = fields.Integer(readonly=True)
    error = fields.Text("Problem", readonly=True)
    cause = fields.Char(
        readonly=True, help="The same for all invoices that one cure helps."
    )
    error_kind = fields.Selection(
        [
            ("check", "Found by Odoo before sending"),
            ("cents", "Other cents in company currency"),
            ("refused", "Refused by Exact"),
            ("conflict", "Number taken in Exact"),
            ("unreachable", "Exact not reachable"),
            ("unconfirmed", "Answer lost"),
            ("original", "Waits for its original"),
            ("internal", "Error in Odoo"),
        ],
        string="Kind of Problem",
        readonly=True,
    )
    request = fields.Json("Last Request", readonly=True)
    foreign_entry = fields.Json(
        readonly=True, help="Of Exact: the entry that has our number or reference."
    )
    exact_guid = fields.Char("Exact ID", readonly=True, index="btree_not_null")
    exact_number = fields.Char("Entry Number", readonly=True)
    exact_journal = fields.Char("Journal in Exact", readonly=True)
    synced_at = fields.Datetime("Last Sent", readonly=True)
    verified = fields.Boolean(
        readonly=True,
        help="What Exact says it booked is equal to the invoice.",
    )
    difference = fields.Text(readonly=True)
    booked_difference = fields.Text(
        readonly=True,
        help="How the entry differed when it was booked, whatever came later.",
    )
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    is_awaited = fields.Boolean(
        readonly=True, help="Somebody pressed the button and is told the result."
    )
    is_cent_accepted = fields.Boolean(
        "Other Cents Accepted",
        readonly=True,
        help="Somebody wants it booked although Exact converts it to other cents.",
    )
    call_ids = fields.One2many("exact.call", "outbox_id", "History", readonly=True)

    _move_unique = models.Constraint(
        "UNIQUE(move_id)", "An invoice is forwarded to Exact Online once."
    )
    _due_idx = models.Index(
        "(company_id, scheduled_at, id) WHERE state IN ('pending', 'unconfirmed')"
    )
    _awaited_idx = models.Index("(user_id) WHERE is_awaited")
    _failed_idx = models.Index("(company_id, cause) WHERE state = 'failed'")
    _claimed_idx = models.Index("(claimed_at) WHERE state = 'sending'")

    # === ACTIONS === #

    def action_retry(self):
        """Send failed, held and withdrawn invoices now."""
        return self.move_id.action_exact_send()

    def action_hold(self):
        """Keep waiting invoices back."""
        return self.move_id.action_exact_hold()

    def action_release(self):
        """Let invoices go that were kept back."""
        return self.move_id.action_exact_release()

    def action_accept_cents(self):
        """Book invoices that Exact converts to other cents than Odoo."""
        return self.move_id.action_exact_accept_cents()

    # === BUSINESS === #

    def _transition(self, state, **values):
        """Change the state; the only code that does.

        :param values: further fields to write along.
        :raise UserError: a state does not lead there, and nothing is changed.
        """
        for outbox in self:
            if state not in TRANSITIONS[outbox.state]:
                raise UserError(
                    self.env._(
                        "%(name)s cannot go from “%(old)s” to “%(new)s”. Reload the "
                        "page to see where it stands now.",
                        name=outbox.move_id.name,
                        old=self._get_state_label(outbox.state),
                        new=self._get_state_label(state),
                    )
                )
        self.write({"state": state, **values})

    def _get_state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env))[state]

    def _schedule(self, scheduled_at, user, *, is_awaited=False):
        """Make the invoice wait for its moment, with a clean slate.

        :param datetime scheduled_at: naive UTC.
        :param res.users user: who is told about problems.
        :param bool is_awaited: the user is told the result at once.
        """
        self.ensure_one()
        self._transition(
            "pending",
            scheduled_at=scheduled_at,
            attempts=0,
            error=False,
            error_kind=False,
            foreign_entry=False,
            is_awaited=is_awaited,
            **self._get_clean_document(),
            user_id=user.id if user._is_internal() else self.move_id.user_id.id,
        )

    @api.model
    def _trigger_push(self, scheduled_at):
        """Wake the cron at that moment, which may be now."""
        self.env.ref("comanage_exact.ir_cron_exact_push")._trigger(scheduled_at)

    def _claim(self, request):
        """Take the locked row for this worker, committed so that all others know.

        :param dict request: what is sent next, for the look-up should the worker die;
            None while Exact does not know the customer.
        """
        self.ensure_one()
        self._transition(
            "sending",
            claimed_at=fields.Datetime.now(),
            attempts=self.attempts + 1,
            request=request or self.request,
        )
        self.env["ir.cron"]._commit_progress()

    def _note_booked(self, guid, number, journal, difference, **values):
        """Keep that Exact has the invoice.

        :param str guid: EntryID.
        :param number: of the entry.
        :param str journal: code of the one that it is booked in.
        :param str difference: from the invoice, as text; empty if it is equal.
        :param values: further fields to write along.
        """
        self._transition(
            "sent",
            exact_guid=guid,
            exact_number=str(number),
            exact_journal=journal,
            synced_at=fields.Datetime.now(),
            verified=not difference,
            difference=difference,
            booked_difference=difference,
            error=False,
            error_kind=False,
            **values,
        )

    def _fail(self, kind, error, cause=None):
        """Stop until a person or a cure comes.

        :param str cause: what other invoices fail for, too; else the error is its own.
        """
        cause = cause or error.replace(self.move_id.name, "")
        self._transition("failed", error_kind=kind, error=error, cause=cause)
        self._trigger_care()

    def _postpone(self, until, kind, error):
        """Wait for a known moment, without counting an attempt."""
        # The clocks of Odoo and Exact may differ: never at once.
        until = max(until, fields.Datetime.now() + timedelta(seconds=5))
        attempts = max(self.attempts - (self.state == "sending"), 0)
        self._transition(
            "pending",
            scheduled_at=until,
            attempts=attempts,
            error_kind=kind,
            error=error,
        )
        self._trigger_push(until)

    def _retry_later(self, kind, error):
        """Wait a little longer after each attempt; after the last one it fails."""
        if self.attempts > len(RETRY_MINUTES):
            self._fail(kind, error)
            return
        minutes = RETRY_MINUTES[max(self.attempts - 1, 0)]
        until = fields.Datetime.now() + timedelta(minutes=minutes)
        self._transition("pending", scheduled_at=until, error_kind=kind, error=error)
        self._trigger_push(until)

    def _doubt(self, error, *, wait=LOOK_UP_AFTER):
        """Leave it to a look-up, a while from now, whether Exact has it."""
        until = fields.Datetime.now() + wait
        self._transition(
            "unconfirmed",
            scheduled_at=until,
            error_kind="unconfirmed",
            error=error,
        )
        self._trigger_push(until)

    @api.model
    def _doubt_expired_claims(self):
        """Put rows whose worker died to the look-up."""
        limit = fields.Datetime.now() - LEASE
        dead = self.search([("state", "=", "sending"), ("claimed_at", "<", limit)])
        try:
            for outbox in dead.try_lock_for_update():
                outbox._doubt(outbox._say_interrupted(), wait=timedelta())
            self.env["ir.cron"]._commit_progress()
        except SerializationFailure:
            # Another worker does the same right now.
            self.env.cr.rollback()
