"""Booking one invoice in Exact Online, from its lock to its result."""

import logging
from dataclasses import replace
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields

from ..booking import comparison, life_cycle, sales_entry
from ..booking.problem import PERIOD_PROBLEMS, ROUNDING_PROBLEMS
from ..booking.refused_together import RefusedTogether
from ..exact_api import bodies, odata, refusals, resources
from ..exact_api.exceptions import (
    ExactCustomerUndecided,
    ExactError,
    ExactOtherDivision,
    ExactOutOfTime,
    ExactRejected,
    ExactStopped,
    ExactUnavailable,
    ExactUnconfirmed,
)
from ..mappers.sales_entry import SalesEntryMapper, match_problem
from . import (
    correction_messages,
    messages,
    number_messages,
    refusal_messages,
    waiting_messages,
)
from .chatter import note_booked
from .claim import Claim, ClaimLost
from .customers import CustomerMatch, CustomerUpload, note_sent, recheck_match
from .directory import Directory, get_directory
from .documents import DocumentUpload
from .entry_lookup import EntryLookup
from .entry_proof import EntryProof
from .follow_up import commit_result
from .isolation import isolated
from .number_claim import NumberClaim
from .prepared import PreparedEntry, entry_changes, last_changes, prepare
from .verification import rounding_values
from .waiting import Waiting

_logger = logging.getLogger(__name__)

# A booked original releases its credit notes at once; this is for all other ends.
LOOK_AGAIN_AFTER = timedelta(minutes=15)
# What a booking is whose entry Exact no longer has.
GONE = ("deleted", "withdrawn")
# Of an entry that is not ours: what a person needs to find and judge it.
SHOWN = (
    "Journal",
    "EntryNumber",
    "EntryDate",
    "YourRef",
    "Customer",
    "CustomerName",
    "Currency",
    "AmountFC",
)


class Push:
    """Takes one booking a step further: it is sent, or its lost answer is looked up.

    The steps stand in their order, and share what they found in the attributes.

    :param exact.outbox outbox: a single one, in the language of the responsible user,
        in the company that has the settings.
    :param ExactClient client: of that company.
    :param PreparedEntry prepared: of this booking.
    :param RefusedTogether refused: what the run has met so far.
    :param dict blocked: {resource: ExactErrorLimit} of the calls that are kept back.
    """

    def __init__(
        self, outbox, client, prepared: PreparedEntry, *, refused=None, blocked=None
    ):
        outbox.ensure_one()
        self.outbox = outbox
        self.env = outbox.env
        self.move = outbox.move_id
        self.client = client
        self.prepared = prepared
        # What Exact gets: the entry, and what changed of a customer that it has.
        self.entry = None
        self.changes = {}
        self.upload = DocumentUpload(outbox, client)
        self.claim = Claim(outbox)
        self.is_done = False
        # Why the answer to what was sent is not known, if so.
        self.lost = None
        # Others may be of the same period.
        self.is_period_refused = False
        # Others may be refused for the same; and which calls are kept back, as
        # {resource: ExactErrorLimit}.
        self.refused = refused or RefusedTogether()
        self.blocked = blocked or {}
        self.is_refused = False

    @property
    def request(self):
        """The body of the entry as it is stored, for the look-up of a lost answer."""
        return self.outbox.request

    @property
    def partner(self):
        """The customer, as sudo, in the company that has the settings."""
        return SalesEntryMapper(self.move).partner

    def run(self):
        """Take the booking a step further, and commit its result.

        :return: False if another worker has the booking.
        :raise ExactUnavailable, ExactStopped: the company has to wait; the booking is
            in order.
        """
        unavailable = None
        with isolated(self.outbox, on_bug=self._finish_after_bug):
            try:
                is_ours = self._confirm() if self._is_unconfirmed() else self._book()
                commit_result(self.outbox, self.client)
                self.is_done = is_ours
            except ExactError as err:
                self.env.cr.rollback()
                if isinstance(err, (ExactUnavailable, ExactStopped)):
                    unavailable = err
                self._finish_with_error(err)
            except ClaimLost as err:
                self._leave_to_others(err)
        if unavailable:
            raise unavailable
        return self.is_done

    def _finish_with_error(self, err):
        """Write what an error means for the booking, if it still is ours."""
        is_conflict = isinstance(err.__cause__, SerializationFailure)
        if isinstance(err, ExactUnconfirmed) and not is_conflict:
            self.lost = err
        try:
            self.claim.lock()
        except ClaimLost as lost:
            self._leave_to_others(lost)
            return
        if isinstance(err, ExactOutOfTime):
            self._stop_in_time()
            return
        self._store_error(err)
        commit_result(self.outbox, self.client)
        self.is_done = True

    def _leave_to_others(self, lost):
        """Write nothing: whoever has the booking now knows more than this worker."""
        _logger.info("%s", lost)
        self.env.cr.rollback()

    def _is_unconfirmed(self):
        return self.outbox.state == "unconfirmed"

    # === BOOKING === #

    def _book(self):
        """Book a waiting invoice.

        :return: False if another worker has it.
        """
        if not self._lock():
            return False
        if self._fail_on_problems() or self._wait_for_original():
            return True
        if not self._find_customer():
            return True
        if self._wait_for_limit() or self._fail_like_others():
            return True
        must_look_up, was_claimed = self._must_look_up(), bool(self.outbox.claimed_at)
        if not self._claim():
            return True
        try:
            if must_look_up and self._find_before(was_claimed=was_claimed):
                return True
            self._send_customer()
            if self._needs_vat_number() and self._fail_without_vat_number():
                return True
            self._send_pdf()
            self._post()
        except SerializationFailure as err:
            # The claim is ours, and Exact may have the invoice already.
            raise ExactUnconfirmed("another worker changed the row") from err
        return True

    def _lock(self):
        """Lock the booking and check that it still is what was prepared.

        :return: False if another worker has it.
        """
        self._read_customers()
        if not self.outbox.try_lock_for_update() or self.outbox.state != "pending":
            return False
        self.claim.renew()
        if self.prepared.read_at == last_changes(self.outbox):
            return True
        # Somebody changed it meanwhile: only what it is now may be sent.
        lacked_customer = self.prepared.lacks_customer()
        self.prepared = prepare(self.outbox)
        if lacked_customer or not self.prepared.lacks_customer():
            return True
        # Read the customers first, without the lock; that happens once at most.
        self.env["ir.cron"]._commit_progress()
        return self._lock()

    def _read_customers(self):
        """Read what is new among Exact's customers, where this booking needs them.

        Commits, so it comes before the lock.
        """
        if self.prepared.lacks_customer():
            self._refresh_directory()
        elif self.prepared.problems:
            self._recheck_match()

    def _refresh_directory(self):
        directory = get_directory(self.env.company.sudo())
        Directory(directory, self.client).refresh()

    def _recheck_match(self):
        """Check whether Exact now answers the one question that stops the booking."""
        partner = self.partner
        match = partner.env["exact.match"]._find_open(partner)
        if not match or [*self.prepared.problems] != [match_problem(match)]:
            return
        self._refresh_directory()
        recheck_match(match)
        self.env["ir.cron"]._commit_progress()
        self.prepared = prepare(self.outbox)

    # === BEFORE THE CLAIM === #

    def _fail_on_problems(self):
        """Stop at what keeps the invoice in Odoo; return whether anything does."""
        problems = self.prepared.problems
        if not problems:
            return False
        kinds = {one.kind for one in problems}
        kind, cause = "check", None
        if kinds == {"match_open"}:
            # It waits for an answer, nothing went wrong.
            kind = "customer"
        # The user may accept a rounding difference, once all else is fixed.
        if kinds.intersection(ROUNDING_PROBLEMS):
            # However the cents differ, they are one thing to decide.
            kind, cause = "cents", problems[0].kind
        elif kinds.intersection(PERIOD_PROBLEMS):
            kind, cause = "period", self._get_period_cause()
        if len(problems) > 1:
            cause = None
        self.outbox._fail(kind, self._problems_text(problems), cause)
        return True

    def _get_period_cause(self):
        """Return what all invoices wait for whose period is not open.

        Exact closes a period for all journals or for one.
        """
        mapper = SalesEntryMapper(self.move)
        period = mapper.period.code or f"{mapper.accounting_date:%Y-%m}"
        return f"{resources.ENTRIES} {mapper.journal.code} {period}"

    def _problems_text(self, problems):
        return "\n".join(messages.problem_texts(self.env, problems))

    def _wait_for_original(self):
        """Keep a credit note back while its original is not in Exact; tell if so."""
        original = self.move.reversed_entry_id.exact_outbox_id
        if original.status in GONE:
            # Crediting what Exact does not have makes its books wrong by all of it.
            name = original.move_id.name
            text = self._text(correction_messages.ORIGINAL_GONE, original=name)
            self.outbox._fail("original", text)
            return True
        if original.state not in (*life_cycle.NOT_BOOKED_YET, "withdrawing"):
            return False
        self.outbox._postpone(
            fields.Datetime.now() + LOOK_AGAIN_AFTER,
            "original",
            self._text(messages.WAITS_FOR_ORIGINAL, original=original.move_id.name),
        )
        return True

    def _find_customer(self):
        """Find the customer among those of Exact; makes no call.

        :return: False if a person has to decide first: the booking failed.
        """
        self.entry, self.changes = self.prepared.entry, self.prepared.changes
        if self.entry.customer:
            if self.changes is None:
                note_sent(self.partner)
            return True
        partner = self.partner
        match = CustomerMatch(partner).run()
        if match:
            self.outbox._fail("customer", self._problems_text([match_problem(match)]))
            return False
        if partner.exact_guid:
            self.entry = replace(self.entry, customer=partner.exact_guid)
            self.changes = entry_changes(SalesEntryMapper(self.move))
        return not self._fail_without_vat_number()

    def _fail_without_vat_number(self):
        """Stop where Exact lacks the VAT number that a listing needs."""
        problems = SalesEntryMapper(self.move).listing_problems()
        if problems:
            self.claim.lock()
            self.outbox._fail("check", self._problems_text(problems))
        return bool(problems)

    def _wait_for_limit(self):
        """Keep a booking unclaimed whose calls would be kept back; tell if so."""
        needed = [resources.ENTRIES]
        if not self.entry.customer:
            needed.append(resources.ACCOUNTS)
        elif resources.ACCOUNTS in self.blocked:
            # The invoice can do without; they go with the next one.
            self.changes = {}
        for resource in needed:
            if resource in self.blocked:
                Waiting(self.outbox).send_later(self.blocked[resource])
                return True
        return False

    def _fail_like_others(self):
        """Spare a call that is refused for what others have just been refused for."""
        refusal = self.refused.find(self.entry)
        if refusal:
            self.outbox._fail("refused", self._refused_too_text(refusal), refusal.cause)
        return bool(refusal)

    def _refused_too_text(self, refusal):
        others = ", ".join(refusal.names)
        return self._text(refusal_messages.REFUSED_TOO, others=others)

    def _must_look_up(self):
        """Tell whether Exact may have the invoice, though Odoo has not booked it.

        Somebody may have entered it there manually before the two were connected, or
        after a conflict or a deletion that Odoo knows of.
        """
        if self.outbox.must_look_up:
            return True
        if self.outbox.origin == "historical":
            # All that were queued with it have been compared with Exact together.
            return False
        return self.prepared.is_older

    def _claim(self):
        """Take the locked booking, committed so that all other workers see it.

        :return: False if another invoice has its number.
        """
        # For the look-up should this worker die; none while Exact has no customer.
        request = bodies.sales_entry(self.entry) if self.entry.customer else None
        number = NumberClaim(self.outbox, self.entry, self.client.division)
        if not number.take(request, self.prepared.rounding_limit):
            return False
        self.claim.renew()
        self.env["ir.cron"]._commit_progress()
        return True

    # === CALLS === #

    def _needs_vat_number(self):
        """Tell whether the customer was sent, whose VAT number has to be in Exact."""
        is_sent = bool(self.changes) or self.prepared.lacks_customer()
        return is_sent and SalesEntryMapper(self.move).needs_vat_number

    def _find_before(self, *, was_claimed):
        """Look for the reference of the invoice in Exact; return whether it is there.

        :param bool was_claimed: Odoo may have sent it before, and forgotten that.
        """
        rows = EntryProof(self.outbox, self.client).find_reference()
        if not rows:
            return False
        if was_claimed and self.entry.customer:
            ours = [row for row in rows if sales_entry.is_ours(self.request, row)]
            if ours:
                self.claim.lock()
                self._adopt(ours[0])
                return True
        text = correction_messages.found_before_text(self.outbox, rows[0])
        self._fail_on_conflict(rows[0], text)
        return True

    def _send_customer(self):
        """Create the customer in Exact if need be, or send what changed.

        What Exact refuses of one that it has keeps no invoice out.
        """
        if self.entry.customer:
            if self.changes:
                needs_vat_number = SalesEntryMapper(self.move).needs_vat_number
                CustomerUpload(self.partner, self.client).update_account(
                    needs_vat_number=needs_vat_number
                )
            return
        partner = self.partner
        # Another invoice may have created it meanwhile.
        guid = (
            partner.exact_guid or CustomerUpload(partner, self.client).create_account()
        )
        self.claim.lock()
        self.entry = replace(self.entry, customer=guid)
        self.outbox.request = bodies.sales_entry(self.entry)
        self.env["ir.cron"]._commit_progress()

    def _send_pdf(self):
        """Bring the PDF to Exact, for the entry to show it."""
        if self.prepared.has_pdf:
            self.claim.check()
            self.entry = self.upload.attach(self.entry)

    def _post(self):
        """Send the entry once, and store what became of it."""
        self.claim.check()
        try:
            answer = self.client.post(resources.ENTRIES, self.request)
        except ExactRejected as err:
            if self.upload.remove_if_refused(err):
                self.entry = replace(self.entry, document="")
                self._post()
            else:
                self._resolve_refusal(err)
            return
        if not answer.get("EntryID"):
            raise ExactUnconfirmed("the answer names no entry")
        self._store_booked(answer)

    def _resolve_refusal(self, err):
        """Find out whether the number was taken, by us or by another entry.

        :raise ExactRejected: it was refused for something else.
        """
        is_taken = refusals.classify(err.messages) == refusals.NUMBER_TAKEN
        # The text may be in any language; a second attempt is looked up anyway.
        if not is_taken and self.outbox.attempts < 2:
            raise err
        try:
            ours, foreign = EntryLookup(self.outbox, self.client).find()
        except ExactRejected as lookup_err:
            raise ExactUnconfirmed("the look-up is refused too") from lookup_err
        if not self._store_found(ours, foreign):
            raise err

    # === LOOK-UP OF A LOST ANSWER === #

    def _confirm(self):
        """Find out whether an entry whose answer was lost is in Exact.

        :return: False if another worker has it, or it is too early.
        """
        outbox = self.outbox
        if outbox._is_look_up_early() or not outbox.try_lock_for_update():
            return False
        self.claim.renew()
        if self._store_found(*EntryLookup(self.outbox, self.client).find()):
            return True
        connection = self.env.company.sudo().exact_connection_id
        suspect = connection._get_suspect_division(outbox.claimed_at)
        if suspect:
            # Not found here says nothing: Exact booked over there at that time.
            text = self._text(messages.NOT_FOUND_HERE, **self._places(suspect))
            outbox._fail("unconfirmed", text)
        elif outbox.error_kind == "internal" and life_cycle.is_stuck(outbox.failures):
            # A bug that comes up each time: no time will mend it.
            outbox._fail("internal", outbox.error)
        else:
            self._send_again()
        return True

    def _send_again(self):
        """Send what Exact surely does not have, a little later each time."""
        outbox, now = self.outbox, fields.Datetime.now()
        wait = life_cycle.retry_after(outbox.failures)
        until = outbox.claimed_at and outbox.claimed_at + wait
        if until and until > now:
            text = waiting_messages.not_arrived_text(outbox, until)
            outbox._wait(until, outbox.error_kind, text)
        else:
            outbox._transition("pending", error=False, error_kind=False)

    def _places(self, found):
        """Return the values of a sentence about two divisions.

        :param str found: code of the other one.
        """
        return {
            "asked": self.client.division,
            "found": found,
            "number": self.request["EntryNumber"] if self.request else "?",
        }

    # === RESULT === #

    def _store_found(self, ours, foreign):
        """Store what the look-up found; return whether it found anything."""
        self.claim.lock()
        if ours:
            self._adopt(ours)
        elif foreign:
            self._fail_on_conflict(foreign)
        return bool(ours or foreign)

    def _store_booked(self, answer):
        """Store at once what Exact booked, and whether it is what it should be.

        :param dict answer: the entry as Exact has it.
        """
        self.claim.lock()
        theirs = comparison.read_answer(answer)
        found = comparison.differences(comparison.read_sent(self.entry), theirs)
        missing = comparison.unconfirmed_fields(theirs)
        self.outbox._note_booked(
            answer["EntryID"],
            theirs.number or self.entry.entry_number,
            self.entry.journal,
            messages.booked_text(self.outbox, found),
            is_verification_due=bool(missing),
            **rounding_values(self.outbox, found),
        )
        shown = answer.get("Document", self.request.get("Document"))
        self.outbox.document_id._note_booked(shown)
        note_booked(self.outbox)

    def _adopt(self, row):
        """Store an entry that Exact has as the result of our request."""
        request = self.request
        found = SalesEntryMapper(self.move).differences_from(
            row,
            number=str(request["EntryNumber"]),
            journal=request["Journal"],
            customer=request["Customer"],
            year=request.get("ReportingYear"),
            period=request.get("ReportingPeriod"),
        )
        missing = comparison.unconfirmed_fields(comparison.read_header(row))
        self.outbox._note_booked(
            row["EntryID"],
            row["EntryNumber"],
            request["Journal"],
            messages.booked_text(self.outbox, found),
            is_verification_due=bool(missing),
            **rounding_values(self.outbox, found),
        )
        self.outbox.document_id._note_booked(row.get("Document"))
        note_booked(self.outbox)

    def _fail_on_conflict(self, row, text=None):
        """Stop at an entry in Exact that is not ours, and store it to be shown."""
        self.claim.lock()
        shown = {name: str(row[name] or "").strip() for name in SHOWN if name in row}
        shown["EntryDate"] = str(odata.read_date(row.get("EntryDate")) or "")
        self.outbox.foreign_entry = shown
        text = text or number_messages.conflict_text(self.outbox, row)
        self.outbox._fail("conflict", text)

    # === ERRORS === #

    def _store_error(self, err):
        """Write the state that the class of an error stands for.

        | Error                 | State       | Next                         |
        |-----------------------|-------------|------------------------------|
        | ExactOtherDivision    | see `_store_misplaced`                     |
        | any, while unconfirmed| unconfirmed | looked up again              |
        | ExactUnconfirmed      | unconfirmed | looked up                    |
        | ExactRejected         | failed      | a person, or its cause fixed |
        | ExactErrorLimit       | pending     | the moment that it names     |
        | ExactCustomerInDoubt  | pending     | the moment that it names     |
        | ExactCustomerUndecided| failed      | a person                     |
        | ExactRateLimited      | pending     | the moment that it names     |
        | all others            | pending     | a little later each time     |

        What passes never fails, see `Waiting`.
        """
        outbox = self.outbox
        if isinstance(err, ExactOtherDivision):
            self._store_misplaced(err)
        elif isinstance(err, ExactUnconfirmed) or self._is_unconfirmed():
            # A look-up that is refused says nothing about the entry.
            Waiting(outbox).look_up_later(err)
        elif isinstance(err, ExactRejected):
            self._store_refusal(err)
        elif isinstance(err, ExactCustomerUndecided):
            match = self.partner.env["exact.match"]._find_open(self.partner)
            outbox._fail("customer", self._problems_text([match_problem(match)]))
        else:
            Waiting(outbox).send_later(err)

    def _stop_in_time(self):
        """Leave the booking for the next run, which has time for it."""
        if self.outbox.state == "sending":
            self.outbox._return_to_queue()
        calls = self.client.observer.pop_calls()
        self.env["exact.call"].sudo()._store(self.outbox, calls)
        # Nothing is done: else Odoo would run the action again at once.
        self.env["ir.cron"]._commit_progress()

    def _store_refusal(self, err):
        """Store what Exact refused, and who or what can help."""
        outbox = self.outbox
        mapper = SalesEntryMapper(self.move)
        is_about_period = refusals.classify(err.messages) in refusals.PERIODS
        if is_about_period and mapper.period and err.resource == resources.ENTRIES:
            text = refusal_messages.period_refusal_text(outbox, err)
            outbox._fail("period", text, self._get_period_cause())
            # Others are told before they go, this one is not retried at once.
            mapper.period.sudo()._note_closed(mapper.journal.code)
            self.is_period_refused = True
        else:
            text, cause = refusal_messages.refusal_text(outbox, err), self._cause(err)
            outbox._fail("refused", text, cause)
            if err.resource == resources.ENTRIES:
                kind = refusals.classify(err.messages)
                self.refused.note(cause, kind, self.move.name, self.entry)
        self.is_refused = True

    def _store_misplaced(self, err):
        """Write what an answer of another division means; the connection is stopped.

        The entry itself over there: nothing is sent again before a manager resumes. Any
        other answer leaves the invoice where it was.
        """
        outbox, is_entry = self.outbox, err.resource == resources.ENTRIES
        if is_entry and err.method == "POST":
            places = {**self._places(err.found), "number": err.key or "?"}
            text = self._text(messages.MISPLACED, **places)
            outbox._transition("misplaced", error_kind="misplaced", error=text)
            return
        text = self._text(messages.WAITS_FOR_RESUME, **self._places(err.found))
        if is_entry or self._is_unconfirmed():
            outbox._look_up_later(outbox._get_next_look_up(), text)
        else:
            outbox._postpone(fields.Datetime.now(), "misplaced", text)

    def _cause(self, err):
        """Return what other invoices are refused for as well.

        A refused customer is a cause of its own.
        """
        about = self.outbox.partner_id.id if err.resource == resources.ACCOUNTS else ""
        texts = "; ".join(err.messages).replace(self.move.name, "")
        return f"{err.resource} {about} {texts}"

    def _finish_after_bug(self, _err):
        """Leave the booking in order after a bug of ours, whatever it had reached."""
        outbox, text = self.outbox, self._text(messages.BUG)
        try:
            self.claim.lock()
        except ClaimLost as lost:
            self._leave_to_others(lost)
            return
        if outbox.state == "pending":
            outbox._fail("internal", text)
        elif outbox.state in life_cycle.IN_EXACT_MAYBE:
            # Exact may have it: the look-up finds out, and then it is tried again.
            outbox._look_up_later(outbox._get_next_look_up(), text, kind="internal")
        commit_result(self.outbox, self.client)
        self.is_done = True

    def _text(self, text, **values):
        return messages.booking_text(self.outbox, text, **values)
