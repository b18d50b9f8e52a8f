"""The directory: all accounts of a division, read from Exact Online page by page."""

from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import fields

from ..booking import matching
from ..booking.life_cycle import LOOK_UP_AFTER
from ..exact_api.exceptions import (
    ExactCustomerInDoubt,
    ExactOutOfTime,
    ExactRejected,
)
from ..exact_api.resources import CHANGED_ACCOUNTS, DELETED
from ..mappers.customer import CustomerMapper
from .isolation import is_time_over

DELETED_PROPERTIES = ("EntityKey", "EntityType", "Timestamp")
DELETED_ACCOUNT = 2

# How old the directory may be for a search; nothing is read twice within it.
FRESH = timedelta(minutes=1)
# Exact keeps for two months what was deleted.
DELETED_FRESH = timedelta(hours=12)
# For another worker that uses the directory or a customer right now.
WORKER_WAIT = timedelta(seconds=10)


def get_directory(company):
    """Return the directory of a company, as superuser; the first use creates it.

    :return: exact.directory, in the environment of `company`.
    :raise ExactCustomerInDoubt: another worker is creating it.
    """
    directories = company.env["exact.directory"].sudo()
    directory = directories._find(company)
    if directory:
        return directory
    try:
        with company.env.cr.savepoint():
            return directories.create({"company_id": company.id})
    except UniqueViolation as err:
        raise _in_doubt() from err


def _in_doubt():
    """Return the error that makes an invoice wait for another worker."""
    return ExactCustomerInDoubt(fields.Datetime.now() + WORKER_WAIT)


@contextmanager
def _wait_for_others():
    """Make an invoice wait if another worker has just written the same rows."""
    try:
        yield
    except (UniqueViolation, SerializationFailure) as err:
        raise _in_doubt() from err


class Directory:
    """Reads the accounts of one division, and knows who is creating one.

    Exact gives each change a Timestamp, a row version, and lists what changed after
    one: 1,000 accounts a call. A reading that is interrupted continues at its page.

    :param exact.directory record: of the company, as superuser; see `get_directory`.
    :param ExactClient client: of the division; not needed to claim a customer.
    """

    def __init__(self, record, client=None):
        record.ensure_one()
        self.record = record
        self.client = client
        self.env = record.env
        self.accounts = record.env["exact.account"]

    # === ONE WORKER FOR A CUSTOMER === #

    def claim(self, partner):
        """Note that a contact is about to be created in Exact Online.

        Two contacts may be one customer, and so become two accounts where two workers
        create them at once. Each claim writes the same row, so that one of two that
        meet here fails.

        :raise ExactCustomerInDoubt: another worker creates this customer; soon the
            directory has the account.
        """
        record, now = self.record, fields.Datetime.now()
        try:
            if not record.try_lock_for_update():
                raise _in_doubt()
            since = str(now - LOOK_UP_AFTER)
            recent = {
                key: moment
                for key, moment in (record.claims or {}).items()
                if moment > since
            }
            others = partner.browse(int(key) for key in recent) - partner
            party = CustomerMapper(partner).party
            is_person = not partner.is_company
            for other in others.exists():
                other_party = CustomerMapper(other).party
                if matching.may_be_same(party, other_party, is_person=is_person):
                    raise _in_doubt()
            record.claims = {**recent, str(partner.id): str(now)}
            record.flush_recordset()
        except SerializationFailure as err:
            raise _in_doubt() from err

    # === CHANGED ACCOUNTS === #

    def refresh(self):
        """Read what changed in Exact since the last time; commits page by page.

        One call if little changed, one for each 1,000 accounts the first time.

        :raise ExactCustomerInDoubt: another worker is reading.
        :raise ExactOutOfTime: other scheduled actions want to run as well.
        :raise ExactError: see `ExactClient.get_page`; the pages before are stored.
        """
        while not self._is_fresh():
            with _wait_for_others():
                if not self.record.try_lock_for_update():
                    raise _in_doubt()
                self._restart_if_moved()
                self._read_accounts()
                self.env["ir.cron"]._commit_progress()
            if not self._is_fresh() and is_time_over(self.env):
                # The next run goes on with the page after this one.
                raise ExactOutOfTime("more accounts are read by the next run")

    def _is_fresh(self):
        record = self.record
        return (
            bool(record.refreshed_at)
            and not record.next_url
            and record.refreshed_at + FRESH > fields.Datetime.now()
        )

    def _restart_if_moved(self):
        """Read everything again once a division moved: its Timestamps are new.

        The accounts stay, for their IDs are the same.
        """
        record = self.record
        moved_at = record.company_id.exact_division_id._get_moved_at()
        if moved_at != record.moved_at:
            record.write(
                {
                    "moved_at": moved_at,
                    "timestamp": False,
                    "highest": False,
                    "next_url": False,
                    # Of accounts that are known, all that Exact remembers.
                    "deleted_timestamp": "1" if record.timestamp else False,
                    "deleted_highest": False,
                    "deleted_next_url": False,
                }
            )

    def _read_accounts(self):
        """Read and store the next page of accounts."""
        record = self.record
        properties = (*self.accounts._exact_properties.values(), "Timestamp")
        rows = self._read_page(CHANGED_ACCOUNTS, properties)
        self.accounts._store(record.company_id, rows)
        if not record.deleted_timestamp:
            # What is deleted from here on may have been read before.
            record.deleted_timestamp = record.highest
        if not record.next_url:
            record.refreshed_at = fields.Datetime.now()

    # === DELETED ACCOUNTS === #

    def refresh_deleted(self):
        """Remove the accounts that were deleted in Exact; commits page by page.

        :raise ExactCustomerInDoubt: another worker changes one of their customers.
        :raise ExactError: see `ExactClient.get_page`; the pages before are stored.
        """
        while not self._is_deleted_fresh():
            with _wait_for_others():
                self._read_deleted()
                self.env["ir.cron"]._commit_progress()

    def _is_deleted_fresh(self):
        record = self.record
        return (
            bool(record.deleted_read_at)
            and not record.deleted_next_url
            and record.deleted_read_at + DELETED_FRESH > fields.Datetime.now()
        )

    def _read_deleted(self):
        """Read the next page of what was deleted, and remove the accounts of it."""
        record = self.record
        rows = self._read_page(DELETED, DELETED_PROPERTIES, "deleted_")
        guids = [
            row["EntityKey"]
            for row in rows
            if int(row["EntityType"]) == DELETED_ACCOUNT
        ]
        self.accounts._remove(record.company_id, guids)
        if not record.deleted_next_url:
            record.deleted_read_at = fields.Datetime.now()

    # === PAGES === #

    def _read_page(self, resource, properties, prefix=""):
        """Read the next page of what changed, and note how far that is.

        :param str prefix: of the fields of the record that note it.
        :return: list of dicts, the rows.
        """
        record = self.record
        since, highest, next_url = (
            f"{prefix}{name}" for name in ("timestamp", "highest", "next_url")
        )
        try:
            rows, following = self.client.get_page(
                resource,
                record[next_url],
                select=",".join(properties),
                filter=f"Timestamp gt {record[since] or 1}L",
            )
        except ExactRejected:
            # Exact may no longer know this page, which would be asked for for ever.
            record[next_url] = False
            self.env["ir.cron"]._commit_progress()
            raise
        seen = [int(row["Timestamp"]) for row in rows]
        top = str(max([int(record[highest] or record[since] or 1), *seen]))
        record.write({highest: top, next_url: following})
        if not following:
            record[since] = top
        return rows
