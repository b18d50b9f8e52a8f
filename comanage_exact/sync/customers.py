"""Customers: found in Exact Online, created there, and kept up to date."""

import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import fields

from ..booking import fingerprint
from ..booking.life_cycle import LOOK_UP_AFTER
from ..exact_api import odata, refusals
from ..exact_api.const import ACCOUNT_STATUS_CUSTOMER
from ..exact_api.exceptions import (
    ExactCustomerInDoubt,
    ExactCustomerUndecided,
    ExactError,
    ExactErrorLimit,
    ExactRejected,
    ExactUnconfirmed,
)
from ..exact_api.resources import ACCOUNTS
from ..mappers.account_search import AccountSearch
from ..mappers.customer import KNOWN, CustomerMapper
from ..mappers.customer_difference import CustomerDifference
from . import customer_messages
from .directory import Directory, get_directory
from .isolation import isolated

_logger = logging.getLogger(__name__)

# The code of an account, and what Exact makes of it.
CODE_LENGTH, OWN_CODE_LENGTH = 18, 7
# For clocks that differ.
CLOCK_MARGIN = timedelta(minutes=15)
# What tells whether an account is the one that a lost request was about.
CREATED_KEYS = (
    "Name",
    "Created",
    "Status",
    "AddressLine1",
    "AddressLine2",
    "Postcode",
    "City",
    "Country",
    "Phone",
    "Email",
    "Language",
    "VATNumber",
    "ChamberOfCommerce",
    "PaymentConditionSales",
    "PeppolIdentifier",
    "PeppolIdentifierType",
)


def note_sent(partner):
    """Note that Exact Online has what the contact says now."""
    mapper = CustomerMapper(partner)
    values = {"exact_fingerprint": fingerprint.make(mapper.full_body)}
    if not mapper.partner.exact_linked_at:
        values["exact_linked_at"] = fields.Datetime.now()
    mapper.partner.write(values)


# === FINDING === #


class CustomerMatch:
    """Finds one customer among the accounts of Exact Online; makes no call.

    :param res.partner partner: the commercial partner, in the company that owns the
        connection.
    """

    def __init__(self, partner):
        partner.ensure_one()
        self.partner = partner.sudo()
        self.matches = self.partner.env["exact.match"]

    def run(self):
        """Link the contact where it is certain which account it is, else ask.

        :return: the exact.match that waits for a decision; empty if there is none.
        :raise ExactCustomerInDoubt: another invoice is finding the customer right now.
        """
        partner = self.partner
        if not partner.try_lock_for_update(allow_referencing=True):
            raise ExactCustomerInDoubt(fields.Datetime.now() + LOOK_UP_AFTER)
        if partner.exact_guid:
            # Since the invoice was read: by another one, or by someone who typed it.
            return self.matches
        if self.matches._is_confirmed_new(partner):
            return self.matches
        only, candidates = AccountSearch(partner).find()
        if only:
            self.link(only)
            return self.matches
        return self.matches._ask(partner, candidates)

    def recheck(self):
        """Answer an open question if Exact Online or the contact answers it by now."""
        if self.partner.exact_guid:
            self.matches._close(self.partner)
        else:
            self.run()

    def link(self, account):
        """Book on this account of Exact Online from now on.

        What Exact lacks goes with the next invoice, what it has otherwise stays until
        a person decides. An account that is no customer becomes one, before the next
        invoice.

        :param exact.account account: a single one.
        """
        partner = self.partner
        difference = CustomerDifference(partner, account)
        unsent = list(difference.lacking)
        if account.status != ACCOUNT_STATUS_CUSTOMER:
            unsent.append("Status")
        sent = fingerprint.make(difference.mapper.full_body)
        partner.write(
            {
                **dict.fromkeys(KNOWN, False),
                "exact_guid": account.exact_guid,
                "exact_code": account.code,
                "exact_linked_at": fields.Datetime.now(),
                "exact_fingerprint": fingerprint.without(sent, *unsent),
                "exact_differing": " ".join(difference.differing),
            }
        )
        self.matches._close(partner)


def review_match(match):
    """Answer an open question that Exact Online or the contact answers by now."""
    with isolated(match):
        try:
            recheck_match(match)
        except ExactCustomerInDoubt:
            match.env.cr.rollback()
            _logger.info("%s: another worker has the customer", match)


def recheck_match(match):
    """Search the customer of one open question again; makes no call."""
    partner = match.partner_id.sudo().with_company(match.company_id)
    CustomerMatch(partner).recheck()


# === SENDING === #


class CustomerUpload:
    """Creates one customer in Exact Online, or sends what changed since.

    :param res.partner partner: the commercial partner, in the company that owns the
        connection.
    :param ExactClient client: of the division of that company.
    """

    def __init__(self, partner, client):
        partner.ensure_one()
        self.partner = partner.sudo()
        self.client = client
        self.env = self.partner.env
        self.company = self.env.company
        # Read once, for a commit empties the cache: what is noted as sent was sent.
        self.mapper = CustomerMapper(partner)
        self.full_body = self.mapper.full_body
        self.body = self.mapper.body
        self.number = self.mapper.customer_number
        # What Exact refused: properties, and its texts.
        self.refused = set(self.mapper.refused)
        self.reasons = []

    # === NEW === #

    def create_account(self):
        """Create the customer, or adopt it where a lost answer had done so.

        Commits before the call, so that a crash leaves a trace, and after it.

        :return: str, the GUID.
        :raise ExactCustomerInDoubt: another invoice is creating the customer, or has
            just lost the answer.
        :raise ExactCustomerUndecided: a person has to say which one was created.
        :raise ExactError: see `ExactClient.post`.
        """
        started = self._claim()
        row = self._find_created(started) if started else None
        if not row:
            row = self._post()
        partner = self.partner
        sent = [name for name in self.body if name not in self.refused]
        partner.write(
            {
                **self._sent_values(sent),
                "exact_guid": row["ID"],
                "exact_code": (row.get("Code") or self.number).strip(),
                "exact_creating_at": False,
                "exact_linked_at": fields.Datetime.now(),
                "exact_differing": False,
            }
        )
        self.env["exact.match"]._close(partner)
        self.env["ir.cron"]._commit_progress()
        self._store_created(row)
        return row["ID"]

    def _claim(self):
        """Reserve the creation for this worker, and commit that.

        :return: datetime from which an earlier attempt may have created the customer;
            False if there was none.
        """
        partner, now = self.partner, fields.Datetime.now()
        if not partner.try_lock_for_update(allow_referencing=True):
            raise ExactCustomerInDoubt(now + LOOK_UP_AFTER)
        started = partner.exact_creating_at
        if started and started + LOOK_UP_AFTER > now:
            raise ExactCustomerInDoubt(started + LOOK_UP_AFTER)
        Directory(get_directory(self.company)).claim(partner)
        partner.exact_creating_at = now
        # This also ends the lock before any call.
        self.env["ir.cron"]._commit_progress()
        return started

    def _post(self):
        body = dict(self.mapper.creation_body)
        if self.number and not self._is_number_used():
            body["Code"] = self.number.rjust(CODE_LENGTH)
        try:
            return self._send(lambda rest: self.client.post(ACCOUNTS, rest), body)
        except ExactUnconfirmed:
            raise
        except ExactError:
            # Surely not created: nothing to look for next time.
            self.partner.exact_creating_at = False
            self.env["ir.cron"]._commit_progress()
            raise

    def _is_number_used(self):
        """Tell whether another customer of Exact has the number; note it if so."""
        codes = {self.number, self.number.lstrip("0")}
        codes.add(self.number.lstrip("0").zfill(OWN_CODE_LENGTH))
        own = [("company_id", "=", self.company.id), ("code", "in", sorted(codes))]
        is_used = bool(self.env["exact.account"].search_count(own, limit=1))
        if is_used:
            self.refused.add("Code")
        return is_used

    def _find_created(self, started):
        """Look for the customer that a request with a lost answer may have created.

        :param datetime started: when the first of these requests was sent.
        :return: the row of Exact, or None.
        :raise ExactCustomerUndecided: it may be one of some, or one that has not all
            that was sent.
        """
        rows = self.client.get_all(
            ACCOUNTS,
            select=",".join(("ID", "Code", *CREATED_KEYS)),
            filter=f"Name eq {odata.quoted(self.body['Name'])}",
        )
        rows = self._new_rows(list(rows), started)
        equal = [row for row in rows if self._has_all(row)]
        if len(equal) == 1 == len(rows):
            return equal[0]
        if rows:
            self._ask(rows)
        return None

    def _new_rows(self, rows, started):
        """Return the accounts that may have been created since a moment."""
        guids = [row["ID"] for row in rows]
        taken = self.partner._exact_find_by_guids(guids) - self.partner
        older = self.env["exact.account"].search(
            [
                ("company_id", "=", self.company.id),
                ("exact_guid", "in", guids),
                ("create_date", "<", started),
            ]
        )
        known = {*taken.mapped("exact_guid"), *older.mapped("exact_guid")}
        # Local time in the costume of UTC: later than UTC, and never by much earlier.
        since = started - CLOCK_MARGIN
        return [
            row
            for row in rows
            if row["ID"] not in known
            and (odata.read_moment(row.get("Created")) or since) >= since
        ]

    def _has_all(self, row):
        """Tell whether an account has all that was sent."""
        return all(
            _plain(row.get(name)) == _plain(self.body[name]) for name in self.body
        )

    def _ask(self, rows):
        """Have a person decide which of these accounts is the customer.

        :raise ExactCustomerUndecided: always.
        """
        accounts = self.env["exact.account"]
        accounts._store(self.company, rows)
        guids = [row["ID"] for row in rows]
        own = [("company_id", "=", self.company.id), ("exact_guid", "in", guids)]
        self.env["exact.match"]._ask(self.partner, accounts.search(own))
        # Whatever is decided, nothing is looked for again.
        self.partner.exact_creating_at = False
        self.env["ir.cron"]._commit_progress()
        raise ExactCustomerUndecided(len(rows))

    def _store_created(self, row):
        """Add the new customer to the directory: the next one may be the same."""
        sent = {name: self.body[name] for name in self.body if name not in self.refused}
        account = {"Code": self.number, **_told(row), **sent, "ID": row["ID"]}
        try:
            self.env["exact.account"]._store(self.company, [account])
            self.env["ir.cron"]._commit_progress()
        except (UniqueViolation, SerializationFailure):
            # Another worker has just read it from Exact.
            self.env.cr.rollback()

    # === CHANGED === #

    def update_account(self, *, needs_vat_number=False):
        """Send what changed of a customer that Exact Online knows, and only that.

        Commits, so that the booking that follows cannot undo it. The code is Exact's:
        it is never sent. What Exact refuses is noted on the contact and keeps no
        invoice out of the books.

        :param bool needs_vat_number: a listing of the authorities does, in Exact.
        :raise ExactError: see `ExactClient.put`, but for refusals.
        """
        mapper, guid = self.mapper, self.partner.exact_guid
        changes = mapper.changes
        if needs_vat_number:
            changes = mapper.changes_with_vat_number()
        if not changes:
            return
        try:
            self._send(lambda rest: self.client.put(ACCOUNTS, guid, rest), changes)
        except ExactErrorLimit:
            # Exact is asked for customers again later; the next invoice brings it.
            return
        except ExactRejected as err:
            self.refused |= set(changes)
            self.reasons += err.messages
        sent = {name: changes[name] for name in changes if name not in self.refused}
        try:
            self.partner.write(self._sent_values(sent))
            self.env["exact.account"]._note_sent(self.company, guid, sent)
            self.env["ir.cron"]._commit_progress()
        except SerializationFailure:
            # Someone edits the contact: the next invoice sends the change again.
            self.env.cr.rollback()

    # === BOTH === #

    def _send(self, call, body):
        """Send a customer; without the optional values that Exact refuses.

        :param call: sends a body; its result is returned, None if nothing is left.
        """
        rest = dict(body)
        while rest:
            try:
                return call(rest)
            except ExactRejected as err:
                named = refusals.customer_properties(err.messages) & set(rest)
                if not named:
                    raise
                self.refused |= named
                self.reasons += err.messages
                rest = {name: rest[name] for name in rest if name not in named}
                self._note_refused()
        return None

    def _note_refused(self):
        """Store what was refused: a look-up must not expect it of a new customer."""
        self.body = {
            name: self.body[name] for name in self.body if name not in self.refused
        }
        self.partner.exact_refused = fingerprint.note_refused(
            self.full_body, self.refused
        )
        self.env["ir.cron"]._commit_progress()

    def _sent_values(self, sent):
        """Return the fields that say what Exact has now, and what it refused.

        :param sent: properties that Exact took.
        """
        partner = self.partner
        # Of an account whose ID was typed, all counts as known.
        before = partner.exact_fingerprint
        if not before and partner.exact_guid:
            before = fingerprint.make(self.full_body)
        undecided = (partner.exact_differing or "").split()
        values = {
            "exact_synced_at": fields.Datetime.now(),
            "exact_fingerprint": fingerprint.merged(before or "", self.full_body, sent),
            "exact_differing": " ".join(name for name in undecided if name not in sent),
        }
        if not self.refused:
            return {**values, "exact_refused": False, "exact_problem": False}
        values["exact_refused"] = fingerprint.note_refused(self.full_body, self.refused)
        if self.refused - self.mapper.refused:
            values["exact_problem"] = self._problem_text()
        return values

    def _problem_text(self):
        partner = self.partner
        if self.reasons:
            names = self.refused
            return customer_messages.not_accepted_text(partner, names, self.reasons)
        return customer_messages.number_in_use_text(partner, self.number)


def _plain(value):
    return str(value if value is not None else "").strip().casefold()


def _told(row):
    """Return what an answer tells; the rest of it is null."""
    return {name: value for name, value in row.items() if value is not None}
