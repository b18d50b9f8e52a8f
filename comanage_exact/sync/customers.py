"""Customers: found in Exact Online, created there, and kept up to date."""

import logging

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import fields

from ..booking import fingerprint
from ..booking.life_cycle import LOOK_UP_AFTER
from ..exact_api import odata
from ..exact_api.const import ACCOUNT_STATUS_CUSTOMER
from ..exact_api.exceptions import (
    ExactCustomerInDoubt,
    ExactError,
    ExactRejected,
    ExactUnconfirmed,
)
from ..exact_api.resources import ACCOUNTS
from ..mappers.customer import AccountSearch, CustomerMapper
from .directory import Directory, get_directory
from .isolation import each, isolated

_logger = logging.getLogger(__name__)

# What makes a row of Exact the customer that a lost request was about.
CREATED_KEYS = ("Name", "VATNumber", "Email", "Postcode", "City")


def note_sent(partner):
    """Note that Exact Online has what the contact says now."""
    mapper = CustomerMapper(partner)
    mapper.partner.exact_fingerprint = fingerprint.make(mapper.body)


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

        What Exact has there stays: only later changes of the contact are sent. An
        account that is no customer becomes one, before the next invoice.

        :param exact.account account: a single one.
        """
        sent = fingerprint.make(CustomerMapper(self.partner).body)
        if account.status != ACCOUNT_STATUS_CUSTOMER:
            sent = fingerprint.without(sent, "Status")
        self.partner.write(
            {
                "exact_guid": account.exact_guid,
                "exact_code": account.code,
                "exact_creating_at": False,
                "exact_fingerprint": sent,
            }
        )
        self.matches._close(self.partner)


def review_matches(env):
    """Answer the open questions that Exact Online or the contact answers by now.

    Commits after each, so that nobody else waits for its customer meanwhile.
    """
    for match in each(env["exact.match"]._find_waiting()):
        with isolated(match):
            try:
                recheck_match(match)
            except ExactCustomerInDoubt:
                env.cr.rollback()
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
        self.body = self.mapper.body

    def create_account(self):
        """Create the customer, or adopt it where a lost answer had done so.

        Commits before the call, so that a crash leaves a trace, and after it.

        :return: str, the GUID.
        :raise ExactCustomerInDoubt: another invoice is creating the customer, or has
            just lost the answer.
        :raise ExactError: see `ExactClient.post`.
        """
        partner = self.partner
        is_retry = self._claim()
        row = self._find_created() if is_retry else None
        if not row:
            row = self._post()
        partner.write(
            {
                "exact_guid": row["ID"],
                "exact_code": (row.get("Code") or "").strip(),
                "exact_synced_at": fields.Datetime.now(),
                "exact_creating_at": False,
                "exact_fingerprint": fingerprint.make(self.body),
            }
        )
        self.env["exact.match"]._close(partner)
        self.env["ir.cron"]._commit_progress()
        self._store_created(row)
        return row["ID"]

    def update_account(self):
        """Send what changed of a customer that Exact Online knows, and only that.

        Commits, so that the booking that follows cannot undo it. The code is Exact's:
        it is never sent.

        :raise ExactError: see `ExactClient.put`.
        """
        changes = self.mapper.changes
        if not changes:
            return
        guid = self.partner.exact_guid
        _send(lambda body: self.client.put(ACCOUNTS, guid, body), changes)
        try:
            self.partner.write(
                {
                    "exact_fingerprint": fingerprint.make(self.body),
                    "exact_synced_at": fields.Datetime.now(),
                }
            )
            self.env["ir.cron"]._commit_progress()
        except SerializationFailure:
            # Someone edits the contact: the next invoice sends the change again.
            self.env.cr.rollback()

    def _claim(self):
        """Reserve the creation for this worker, and commit that.

        :return: bool, whether an earlier attempt may have created the customer.
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
        return bool(started)

    def _post(self):
        try:
            return _send(
                lambda body: self.client.post(ACCOUNTS, body),
                self.mapper.creation_body,
            )
        except ExactUnconfirmed:
            raise
        except ExactError:
            # Surely not created: nothing to look for next time.
            self.partner.exact_creating_at = False
            self.env["ir.cron"]._commit_progress()
            raise

    def _find_created(self):
        """Look for the customer that a request with a lost answer may have created.

        :return: the row of Exact, or None. Of several that are equal in all that was
            sent, which a double click in Exact makes, the first serves.
        """
        rows = self.client.get_all(
            ACCOUNTS,
            select=",".join(("ID", "Code", *CREATED_KEYS)),
            filter=f"Name eq {odata.quoted(self.body['Name'])}",
        )
        sent = [self.body.get(key, "") for key in CREATED_KEYS]
        for row in rows:
            if [(row[key] or "").strip() for key in CREATED_KEYS] == sent:
                return row
        return None

    def _store_created(self, row):
        """Add the new customer to the directory: the next one may be the same."""
        account = {**row, **self.body, "ID": row["ID"]}
        try:
            self.env["exact.account"]._store(self.company, [account])
            self.env["ir.cron"]._commit_progress()
        except (UniqueViolation, SerializationFailure):
            # Another worker has just read it from Exact.
            self.env.cr.rollback()


def _send(call, body):
    """Send a customer; without the Peppol ID where Exact refuses just that.

    How Exact writes the scheme of a Peppol ID is not published, and no invoice should
    wait for it.

    :param call: sends a body; its result is returned.
    """
    try:
        return call(body)
    except ExactRejected as err:
        rest = {key: value for key, value in body.items() if "Peppol" not in key}
        about_peppol = any("peppol" in message.lower() for message in err.messages)
        if not about_peppol or len(rest) == len(body):
            raise
        return call(rest) if rest else None
