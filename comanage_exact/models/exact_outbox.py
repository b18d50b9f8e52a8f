from datetime import timedelta
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..booking import life_cycle, sales_entry
from ..const import CRON_PUSH, CRON_RECHECK
from ..mappers.sales_entry import SalesEntryMapper
from ..sync import correction_messages, messages, recheck
from ..sync.push_run import PushRun
from ..sync.resume import resume
from ..sync.scheduled_actions import find_push_problem, wake


class ExactOutbox(models.Model):
    """The intent and the result of booking one invoice.

    The only place where the state of a booking lives; a write here costs a fiftieth
    of one on a posted invoice.
    """

    _name = "exact.outbox"
    _inherit = [
        "exact.finding.mixin",
        "exact.problem.mixin",
        "exact.retry.mixin",
        "exact.claim.mixin",
        "exact.screen.mixin",
    ]
    _description = "Exact Online Booking"
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
    invoice_date = fields.Date(related="move_id.invoice_date")
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount_total = fields.Monetary(
        "Total", related="move_id.amount_total_in_currency_signed", aggregator=None
    )
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer"
    )
    state = fields.Selection(
        [
            ("pending", "Scheduled"),
            ("held", "On hold"),
            ("sending", "Sending"),
            ("unconfirmed", "Awaiting confirmation"),
            ("misplaced", "In another division"),
            ("sent", "Booked"),
            ("withdrawing", "Withdrawing"),
            ("failed", "Needs attention"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="pending",
        index=True,
        string="Stage",
    )
    scheduled_at = fields.Datetime("Scheduled For", readonly=True)
    due_since = fields.Datetime(
        readonly=True,
        help="When the invoice was to be booked first. What keeps it waiting moves the "
        "time it is scheduled for, but not this one.",
    )
    claimed_at = fields.Datetime("Sending Started On", readonly=True)
    attempts = fields.Integer(readonly=True)
    error = fields.Text("Problem", readonly=True)
    cause = fields.Char(
        readonly=True, help="Identical for all invoices that share the same fix."
    )
    error_kind = fields.Selection(
        [
            ("check", "Incomplete data"),
            ("customer", "Customer to be matched"),
            ("cents", "Rounding difference"),
            ("refused", "Rejected by Exact Online"),
            ("conflict", "Entry number already used"),
            ("unreachable", "Exact Online unavailable"),
            ("unconfirmed", "Awaiting confirmation"),
            ("misplaced", "Answer from another division"),
            ("original", "Waiting for original invoice"),
            ("period", "Financial period not open"),
            ("withdrawal", "Deletion refused"),
            ("internal", "Internal error"),
        ],
        string="Problem Type",
        readonly=True,
    )
    recheck_round = fields.Integer(
        readonly=True, help="The round of checks in which it was looked at last."
    )
    request = fields.Json("Last Request", readonly=True)
    foreign_entry = fields.Json(
        string="Conflicting Entry",
        readonly=True,
        help="The Exact Online entry that already uses this number or reference.",
    )
    exact_guid = fields.Char("Exact Online ID", readonly=True, index="btree_not_null")
    exact_number = fields.Char("Entry Number", readonly=True)
    exact_journal = fields.Char("Exact Online Journal", readonly=True)
    booked_name = fields.Char(
        "Number When Booked",
        readonly=True,
        help="The number that the invoice had in Odoo when it was booked.",
    )
    synced_at = fields.Datetime("Last Sent", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    origin = fields.Selection(
        [
            ("sent", "Sent to the customer"),
            ("posted", "Confirmed"),
            ("reversed", "Credited at once"),
            ("historical", "Historical invoice"),
            ("button", "Send to Exact"),
        ],
        string="Queued By",
        readonly=True,
        help="What first put the invoice into the queue.",
    )
    must_look_up = fields.Boolean(
        "Look Up Before Booking",
        readonly=True,
        help="Exact Online is asked for the reference of the invoice before it is "
        "booked, because it may have the invoice already.",
    )
    withdrawal = fields.Json(
        readonly=True, help="Why the entry is to be deleted, and what follows."
    )
    entry_seen = fields.Json(
        "Entry as Last Read",
        readonly=True,
        help="What Exact Online had when a user last clicked Check in Exact.",
    )
    changes_html = fields.Html(
        "Changes",
        compute="_compute_changes_html",
        compute_sudo=True,
        help="The invoice in Odoo, as it was booked and as Exact Online has it.",
    )
    was_held = fields.Boolean(
        "Held Before Reset",
        readonly=True,
        help="The booking was on hold when the invoice was reset to draft, and is on "
        "hold again once the invoice is confirmed.",
    )
    is_awaited = fields.Boolean(
        string="User Awaits Result",
        readonly=True,
        help="The user clicked Send to Exact and will be notified of the result.",
    )
    hold_reason = fields.Char(readonly=True, help="Why a user put it on hold.")
    is_rounding_accepted = fields.Boolean(
        "Rounding Difference Accepted",
        readonly=True,
        help="A user approved booking this invoice with a rounding difference.",
    )
    period_id = fields.Many2one(
        "exact.period",
        string="Chosen Financial Period",
        readonly=True,
        ondelete="set null",
        help="A user chose this period because that of the accounting date is closed.",
    )
    rounding_limit = fields.Monetary(
        "Allowed Rounding Difference",
        currency_field="company_currency_id",
        readonly=True,
        help="The largest difference that was allowed when the invoice was sent.",
    )
    rounding_difference = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="How much more the total is in Exact Online, in company currency.",
    )
    is_rounding_shown = fields.Boolean(
        string="Shows Rounding Difference",
        compute="_compute_is_rounding_shown",
        help="The difference shown is an accepted rounding difference.",
    )
    call_ids = fields.One2many("exact.call", "outbox_id", "API Calls", readonly=True)
    document_id = fields.Many2one(
        "exact.document", string="PDF Document", readonly=True, ondelete="set null"
    )
    document_state = fields.Selection(related="document_id.state")
    document_problem = fields.Text(string="PDF Problem", related="document_id.problem")
    document_due_at = fields.Datetime(
        string="PDF Scheduled For", related="document_id.due_at"
    )
    document_guid = fields.Char(related="document_id.exact_guid")
    document_url = fields.Char(
        string="Exact Online Address", related="document_id.view_url"
    )
    conflict_html = fields.Html(
        compute="_compute_conflict_html",
        help="This invoice compared with the Exact Online entry that uses its number.",
    )
    stop_problem = fields.Text(
        compute="_compute_stop_problem",
        compute_sudo=True,
        help="Why nothing is sent to Exact Online until a manager resumes.",
    )

    _move_unique = models.Constraint(
        "UNIQUE(move_id)", "Each invoice can be booked in Exact Online only once."
    )
    # In whatever company: the ID of an entry is its own in all of Exact Online.
    _entry_unique = models.UniqueIndex(
        "(lower(exact_guid)) WHERE exact_guid IS NOT NULL",
        "An Exact Online entry can be the booking of one invoice only.",
    )
    _claimed_number_unique = models.UniqueIndex(
        "(claimed_number) WHERE claimed_number IS NOT NULL",
        "Two invoices cannot be sent with the same entry number.",
    )
    _due_idx = models.Index(
        "(company_id, scheduled_at, id) "
        "WHERE state IN ('pending', 'unconfirmed', 'withdrawing')"
    )
    _number_idx = models.Index("(exact_number) WHERE exact_number IS NOT NULL")
    _awaited_idx = models.Index("(user_id) WHERE is_awaited")
    _failed_idx = models.Index("(company_id, cause) WHERE state = 'failed'")
    _late_idx = models.Index("(synced_at) WHERE state = 'sent'")
    _unverified_idx = models.Index("(company_id) WHERE is_verification_due")
    _review_idx = models.Index("(company_id) WHERE is_review_due")
    _claimed_idx = models.Index("(claimed_at) WHERE state = 'sending'")

    # === COMPUTES === #

    @api.depends("foreign_entry", "request")
    def _compute_conflict_html(self):
        for outbox in self:
            outbox.conflict_html = (
                outbox.foreign_entry and outbox._build_conflict_html()
            )

    @api.depends("finding", "request", "entry_seen", "move_id.state")
    def _compute_changes_html(self):
        for outbox in self:
            outbox.changes_html = correction_messages.changes_html(outbox)

    @api.depends("state", "error")
    def _compute_stop_problem(self):
        for outbox in self:
            connection = outbox.company_id.exact_owner_id.exact_connection_id
            outbox.stop_problem = False
            if outbox.state == "misplaced":
                outbox.stop_problem = outbox.error
            elif outbox.state in life_cycle.NOT_BOOKED_YET and connection._is_stopped():
                outbox.stop_problem = messages.stopped_text(connection, outbox)

    @api.depends("is_rounding_only", "difference", "booked_difference")
    def _compute_is_rounding_shown(self):
        for outbox in self:
            is_latest = outbox.difference == outbox.booked_difference
            outbox.is_rounding_shown = outbox.is_rounding_only and is_latest

    def _get_rounding_limit(self):
        """Return the largest difference that was allowed, as Decimal."""
        decimals = self.company_currency_id.decimal_places
        return Decimal(f"{self.rounding_limit:.{decimals}f}")

    def _get_conflict_rows(self):
        """Return (label, ours, theirs) of what decides whether an entry is ours.

        Of the customer, whose name is shown, also whether it is the same.
        """
        ours, theirs = self.request or {}, self.foreign_entry
        return (
            (self.env._("Journal"), ours.get("Journal"), theirs.get("Journal")),
            (self.env._("Number"), ours.get("EntryNumber"), theirs.get("EntryNumber")),
            (
                self.env._("Date"),
                format_date(self.env, ours.get("EntryDate")),
                format_date(self.env, theirs.get("EntryDate")),
            ),
            (self.env._("Reference"), ours.get("YourRef"), theirs.get("YourRef")),
            (
                self.env._("Customer"),
                self.partner_id.display_name,
                theirs.get("CustomerName"),
                self._is_customer_of(theirs),
            ),
            (self.env._("Currency"), ours.get("Currency"), theirs.get("Currency")),
            (
                self.env._("Total"),
                messages.shown(self.env, sales_entry.total(ours)) if ours else "",
                messages.shown(self.env, Decimal(theirs.get("AmountFC") or 0)),
            ),
        )

    def _build_conflict_html(self):
        head = Markup("<tr><th></th><th>%s</th><th>%s</th></tr>") % (
            self.env._("This invoice"),
            self.env._("Exact Online Entry"),
        )
        body = Markup().join(
            Markup("<tr class='%s'><th>%s</th><td>%s</td><td>%s</td></tr>")
            % (
                "" if str(mine) == str(yours) and all(same) else "table-warning",
                label,
                mine,
                yours,
            )
            for label, mine, yours, *same in self._get_conflict_rows()
            # What was not told is not shown as different.
            if yours is not None
        )
        return Markup("<table class='table table-sm w-auto'>%s%s</table>") % (
            head,
            body,
        )

    def _is_customer_of(self, row):
        """Tell whether an entry is not known to be booked on another customer."""
        own = (self.request or {}).get("Customer")
        return not own or not row.get("Customer") or row["Customer"] == own

    # === ACTIONS === #

    def action_retry(self):
        """Send failed, held and withdrawn invoices now."""
        return self.move_id.action_exact_send()

    def action_hold(self):
        """Keep waiting invoices back."""
        self.move_id.action_exact_hold()

    def action_release(self):
        """Release held invoices."""
        self.move_id.action_exact_release()

    def action_fix(self):
        """Open what keeps these invoices from Exact."""
        return self.move_id.action_exact_fix()

    def action_open_document(self):
        """Open the document of the invoice in Exact."""
        return self.move_id.action_exact_open_document()

    def action_send_pdf(self):
        """Try again to bring the PDFs to Exact that are not there."""
        return self.move_id.action_exact_send_pdf()

    def action_accept_rounding(self):
        """Book invoices with a rounding difference."""
        return self.move_id.action_exact_accept_rounding()

    def action_book_in_open_period(self):
        """Book invoices whose financial period is closed in the first open one."""
        return self.move_id.action_exact_book_in_open_period()

    def action_check(self):
        """Compare the booked invoice with its entry in Exact now."""
        return self.move_id.action_exact_check()

    def action_book_again(self):
        """Book the invoice again whose entry is gone from Exact."""
        return self.move_id.action_exact_book_again()

    def action_accept(self):
        """Leave the difference between invoice and entry as it is."""
        return self.move_id.action_exact_accept()

    def action_link(self):
        """Look for an entry that is this invoice."""
        return self.move_id.action_exact_link()

    def action_withdraw(self):
        """Ask why the entry is to be deleted in Exact."""
        return self.move_id.action_exact_withdraw()

    def action_decide(self):
        """Ask a manager whether Exact Online has the invoice."""
        return self.move_id.action_exact_decide()

    def action_resume(self):
        """Let bookings go on after an answer from another division was checked."""
        self.env.user._exact_check_role("manager")
        self.check_access("read")
        for owner in self.company_id.sudo().exact_owner_id:
            resume(owner)

    # === STATE === #

    def _transition(self, state, **values):
        """Change the state; the only code that does. See `booking.life_cycle`.

        :param values: further fields to write in the same query.
        :raise UserError: a state does not lead there, and nothing is changed.
        """
        for outbox in self:
            if state not in life_cycle.TRANSITIONS[outbox.state]:
                raise UserError(
                    self.env._(
                        "%(name)s cannot change from “%(old)s” to “%(new)s”. Reload "
                        "the page to see its current status.",
                        name=outbox.move_id.name,
                        old=self._get_state_label(outbox.state),
                        new=self._get_state_label(state),
                    )
                )
        claim = self._prepare_claim_values(state, values)
        self.write({"state": state, **claim, **values})
        if state != "sending":
            # Its answer follows within seconds.
            self._refresh_screens()

    def _get_state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env))[state]

    def _schedule(self, scheduled_at, user, origin, *, is_awaited=False):
        """Make the invoice wait for its moment, as if it had never been tried.

        :param datetime scheduled_at: naive UTC.
        :param res.users user: who is notified of problems.
        :param str origin: see there; one before it stays.
        :param bool is_awaited: the user is notified of the result at once.
        """
        self.ensure_one()
        self._transition(
            "pending",
            scheduled_at=scheduled_at,
            due_since=scheduled_at,
            origin=self.origin or origin,
            was_held=False,
            hold_reason=False,
            attempts=0,
            failures=0,
            error=False,
            error_kind=False,
            foreign_entry=False,
            must_look_up=self._is_in_doubt(),
            is_awaited=is_awaited,
            user_id=user.id if user._is_internal() else self.move_id.user_id.id,
        )
        self.document_id._reset()

    def _is_in_doubt(self):
        """Tell whether Exact may have the invoice although it is not booked."""
        now = fields.Datetime.now()
        waits_since = self.due_since or now
        if self.must_look_up or self.state == "cancelled":
            # A new one is pending: this one goes again.
            return True
        if waits_since < now - life_cycle.TYPED_AFTER:
            return True
        if self.state != "failed":
            return False
        own = (self.request or {}).get("YourRef")
        # With a number of its own it could be booked beside that entry.
        has_our_reference = own and (self.foreign_entry or {}).get("YourRef") == own
        return bool(has_our_reference) or self.error_kind == "unconfirmed"

    def _hold(self):
        """Hold those that are scheduled, and return these."""
        waiting = self.filtered(lambda outbox: outbox.state == "pending")
        waiting._transition("held")
        return waiting

    def _release(self):
        """Let held invoices wait for the moment they had, or book them now."""
        held = self.filtered(lambda outbox: outbox.state == "held")
        for outbox in held:
            outbox._requeue(hold_reason=False, must_look_up=outbox._is_in_doubt())
        held._wake_push()

    def _note_booked(
        self, guid, number, journal, difference, *, is_verification_due=False, **values
    ):
        """Store that Exact has the invoice.

        :param str guid: EntryID.
        :param number: of the entry.
        :param str journal: code of the one that it is booked in.
        :param str difference: from the invoice, as text; empty if it is equal.
        :param bool is_verification_due: Exact left something out of its answer.
        :param values: further fields to write in the same query.
        """
        request = values.get("request", self.request)
        self._transition(
            "sent",
            failures=0,
            # Whatever was found about an entry before, this is a new one.
            finding=False,
            finding_before=False,
            booked_name=request["YourRef"] if request else self.move_id.name,
            is_renamed=False,
            exact_guid=guid,
            exact_number=str(number),
            exact_journal=journal,
            error=False,
            error_kind=False,
            is_verification_due=is_verification_due,
            booked_difference=difference,
            must_look_up=False,
            is_withdrawn=False,
            entry_seen=False,
            **{
                "synced_at": fields.Datetime.now(),
                "is_rounding_only": False,
                "rounding_difference": 0,
                **values,
            },
        )
        self._note_finding(**self._prepare_finding(difference, is_verification_due))

    # === CORRECTIONS === #

    def _accept_finding(self):
        """Leave entry and invoice as they are, and note who decided so."""
        difference = self.difference
        if self.finding == "changed":
            # Decided upon: from now on it is compared as any other.
            self.finding = False
            self._note_finding("differs", difference)
        self.write(
            {
                "is_accepted": True,
                "is_review_due": False,
                "error": False,
                "error_kind": False,
            }
        )
        self._refresh_screens()
        self.move_id._message_log(
            body=self.env._(
                "Difference from Exact Online accepted: %(difference)s",
                difference=difference or self._get_finding_label(),
            )
        )

    def _get_finding_label(self):
        findings = self._fields["finding"]._description_selection(self.env)
        return dict(findings)[self.finding]

    def _forget_entry(self, state, **values):
        """Store that Exact no longer has the entry, which was proved before.

        :param values: further fields to write in the same query.
        """
        self.ensure_one()
        self._transition(
            state,
            exact_guid=False,
            claimed_number=False,
            exact_number=False,
            exact_journal=False,
            booked_name=False,
            is_renamed=False,
            booked_difference=False,
            is_verification_due=False,
            is_rounding_only=False,
            rounding_difference=0,
            entry_seen=False,
            withdrawal=False,
            finding_before=False,
            error=False,
            error_kind=False,
            attempts=0,
            failures=0,
            # Somebody may enter it manually before it goes.
            must_look_up=True,
            **values,
        )
        self._note_finding(False, False)
        self.document_id._note_unbooked()

    def _book_again(self, user):
        """Queue what Exact no longer has for now; it keeps its number."""
        now = fields.Datetime.now()
        self._forget_entry(
            "pending",
            scheduled_at=now,
            due_since=now,
            user_id=user.id,
            is_awaited=True,
        )
        self._trigger_push(now)

    def _start_withdrawal(self, reason, user, *, is_rebooked):
        """Have the entry deleted in Exact by the next run of the push.

        :param bool is_rebooked: book the invoice again once the entry is gone.
        """
        now = fields.Datetime.now()
        self._transition(
            "withdrawing",
            scheduled_at=now,
            due_since=now,
            attempts=0,
            failures=0,
            withdrawal={
                "reason": reason,
                "is_rebooked": is_rebooked,
                "asked_at": fields.Datetime.to_string(now),
            },
            user_id=user.id,
            error_kind=False,
            error=messages.booking_text(
                self, correction_messages.WITHDRAWING, number=self.exact_number
            ),
        )
        self._trigger_push(now)

    def _claim_withdrawal(self):
        """Take the locked withdrawal; the caller commits.

        Should the worker die, it is due again after the lease.
        """
        until = fields.Datetime.now() + life_cycle.LEASE
        self._transition(
            "withdrawing",
            scheduled_at=until,
            attempts=self.attempts + 1,
            # No answer of Exact Online wakes what a worker has in hand.
            failures=0,
        )
        self._trigger_push(until)

    def _wait_with_withdrawal(self, until, error):
        """Look again at that moment whether the entry is gone."""
        until = max(until, fields.Datetime.now() + timedelta(seconds=5))
        self._transition(
            "withdrawing", scheduled_at=until, error=error, failures=self.attempts
        )
        self._trigger_push(until)

    def _note_withdrawn(self):
        """Store that the entry is gone; book the invoice again if that was wanted."""
        is_rebooked = (self.withdrawal or {}).get("is_rebooked")
        if is_rebooked and self.move_id._exact_is_bookable():
            self._book_again(self.user_id)
        else:
            self._forget_entry("cancelled", is_withdrawn=True)

    def _end_withdrawal(self, error):
        """Leave the invoice booked, for a reason that a person has to know."""
        # Booked by us: what is zero there stands for an entry of somebody else.
        attempts = max(self.attempts, 1)
        self._transition(
            "sent",
            error_kind="withdrawal",
            error=error,
            attempts=attempts,
            withdrawal=False,
        )

    def _fail(self, kind, error, cause=None):
        """Stop until a person acts or the cause is fixed.

        :param str cause: what other invoices fail for, too; else the error is its own.
        """
        cause = recheck.shorten_cause(cause or error.replace(self.move_id.name, ""))
        self._transition(
            "failed", error_kind=kind, error=error, cause=cause, failures=0
        )
        self._trigger_recheck()

    def _retry_now(self):
        """Queue failed rows for now, as if they had never been tried."""
        locked = self.try_lock_for_update()
        for outbox in locked:
            outbox._requeue(
                attempts=0,
                failures=0,
                error=False,
                error_kind=False,
                foreign_entry=False,
                must_look_up=outbox._is_in_doubt(),
            )
        locked._wake_push()

    def _requeue(self, **values):
        """Let it wait for the moment it had, or for now.

        :param values: further fields to write in the same query.
        """
        now = fields.Datetime.now()
        moment = max(self.scheduled_at or now, now)
        self._transition("pending", scheduled_at=moment, due_since=moment, **values)

    def _wake_push(self):
        """Wake the cron at the moments of these bookings, once at each."""
        for moment in set(self.mapped("scheduled_at")):
            self._trigger_push(moment)

    # === FINANCIAL PERIOD === #

    def _choose_open_period(self):
        """Choose the first period that may be open for failed rows; return these.

        Where there is none, nothing is changed.
        """
        chosen = self.browse()
        for outbox in self:
            owner = outbox.company_id.sudo().exact_owner_id
            mapper = SalesEntryMapper(outbox.move_id.with_company(owner))
            if not mapper.open_period:
                continue
            outbox.write({"period_id": mapper.open_period.id, "cause": False})
            outbox.move_id._message_log(
                body=self.env._(
                    "Approved for booking in Exact Online in financial period "
                    "%(period)s. The invoice date stays the same.",
                    period=mapper.open_period.code,
                )
            )
            chosen |= outbox
        return chosen

    def _forget_refused_period(self):
        """Have Exact asked again for the period of the accounting date.

        Somebody may have opened it there. Rows that were reset meanwhile no longer say
        what they were refused for.
        """
        owners = self.company_id.sudo().exact_owner_id
        closed = self.env["exact.period"].search(
            [("company_id", "in", owners.ids), ("closed_journals", "!=", False)]
        )
        for outbox in self.filtered(
            lambda outbox: (
                outbox.error_kind == "period"
                or not (outbox.error_kind or outbox.period_id)
            )
        ):
            owner = outbox.company_id.sudo().exact_owner_id
            if owner not in closed.company_id:
                continue
            outbox.period_id = False
            mapper = SalesEntryMapper(outbox.move_id.with_company(owner))
            mapper.period.sudo()._note_open(mapper.journal.code)

    # === CRON === #

    @api.model
    def _cron_push(self):
        PushRun(self.env).run()

    @api.model
    def _cron_recheck(self):
        recheck.Recheck(self.env).run()

    @api.model
    def _trigger_push(self, scheduled_at):
        """Wake the cron at that moment, which may be now."""
        wake(self.env, CRON_PUSH, scheduled_at)

    @api.model
    def _trigger_recheck(self):
        """Check again what failed, soon; used where a mapping or a state changes."""
        wake(self.env, CRON_RECHECK, is_urgent=False)

    @api.model
    def _trigger_recheck_of_problems(self):
        """The same, if anything waits for a mapping at all."""
        if self.sudo().search_count(recheck.WAITING, limit=1):
            recheck.restart_round(self.env)
            self._trigger_recheck()

    @api.model
    def _get_push_problem(self):
        """Return why nothing is booked automatically; None if it is."""
        return find_push_problem(self.env)
