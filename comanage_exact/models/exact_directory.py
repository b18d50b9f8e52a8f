from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api, fields, models

from ..booking import matching
from ..exact_api.exceptions import ExactCustomerInDoubt, ExactRejected
from ..exact_api.resources import CHANGED_ACCOUNTS, DELETED

DELETED_PROPERTIES = ("EntityKey", "EntityType", "Timestamp")
DELETED_ACCOUNT = 2

# What was read this short a time ago is not asked for again.
FRESH = timedelta(minutes=1)
# Exact keeps for two months what was deleted.
DELETED_FRESH = timedelta(hours=12)
# Another worker is reading the directory right now.
WAIT = timedelta(seconds=10)
# A customer whose creation is on its way or whose answer was lost is left alone for
# this long: an aborted request may still be finishing in Exact.
DOUBT = timedelta(minutes=2)


class ExactDirectory(models.Model):
    """How far the accounts of a division were read; see `exact.account`.

    Exact gives each change a Timestamp, a row version, and tells what changed after
    one: 1,000 accounts a call. A reading that is interrupted goes on at its page.
    """

    _name = "exact.directory"
    _description = "Directory of the accounts in Exact Online"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    # Row versions are 64 bits wide, Odoo's integers are not.
    timestamp = fields.Char(readonly=True)
    highest = fields.Char(readonly=True, help="Of the reading under way.")
    next_url = fields.Char(readonly=True, help="Where the reading under way goes on.")
    deleted_timestamp = fields.Char(readonly=True)
    deleted_highest = fields.Char(readonly=True)
    deleted_next_url = fields.Char(readonly=True)
    claims = fields.Json(
        readonly=True, help="Since when which contacts are being created in Exact."
    )
    moved_at = fields.Char(
        readonly=True, help="When the division moved, which makes timestamps void."
    )
    refreshed_at = fields.Datetime(readonly=True)
    deleted_read_at = fields.Datetime(readonly=True)

    _company_unique = models.Constraint(
        "UNIQUE(company_id)", "A company has one directory of accounts."
    )

    @api.model
    def _get(self, company):
        """Return the directory of a company; it is made at the first use.

        :raise ExactCustomerInDoubt: another worker is making it.
        """
        directory = self.search([("company_id", "=", company.id)])
        if directory:
            return directory
        try:
            with self.env.cr.savepoint():
                return self.create({"company_id": company.id})
        except UniqueViolation as err:
            raise ExactCustomerInDoubt(fields.Datetime.now() + WAIT) from err

    @api.model
    def _forget(self, company):
        """Drop the directory of a company: another division has other accounts."""
        self.search([("company_id", "=", company.id)]).unlink()
        own = [("company_id", "=", company.id)]
        for model in ("exact.match", "exact.account"):
            self.env[model].search(own).unlink()

    # === ONE WORKER FOR A CUSTOMER === #

    def _claim(self, partner):
        """Note that a contact is about to be created in Exact.

        Two contacts may be one customer, and so become two accounts where two workers
        create them at once. Each claim writes this row, so that one of two that meet
        here fails.

        :raise ExactCustomerInDoubt: another worker creates this customer; soon the
            directory has the account.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        doubt = ExactCustomerInDoubt(now + WAIT)
        try:
            if not self.try_lock_for_update():
                raise doubt
            since = str(now - DOUBT)
            recent = {
                key: moment
                for key, moment in (self.claims or {}).items()
                if moment > since
            }
            others = partner.browse(int(key) for key in recent) - partner
            party = partner._exact_get_party()
            for other in others.exists():
                if matching.may_be_same(
                    party, other._exact_get_party(), is_person=not partner.is_company
                ):
                    raise doubt
            self.claims = {**recent, str(partner.id): str(now)}
            self.flush_recordset()
        except SerializationFailure as err:
            raise doubt from err

    # === READING === #

    def _refresh(self, client):
        """Read what changed in Exact since the last time; commits page by page.

        One call if little changed, one for each 1,000 accounts the first time.

        :raise ExactCustomerInDoubt: another worker is reading.
        :raise ExactError: see `ExactClient.get_page`; what was read is kept.
        """
        self.ensure_one()
        while not self._is_fresh():
            with self._telling_doubt():
                if not self.try_lock_for_update():
                    raise ExactCustomerInDoubt(fields.Datetime.now() + WAIT)
                self._start_anew_if_moved()
                self._read_page(client)
                self.env["ir.cron"]._commit_progress()

    @contextmanager
    def _telling_doubt(self):
        """Tell what another worker has just created or changed as what it means."""
        try:
            yield
        except (UniqueViolation, SerializationFailure) as err:
            raise ExactCustomerInDoubt(fields.Datetime.now() + WAIT) from err

    def _is_fresh(self):
        return (
            bool(self.refreshed_at)
            and not self.next_url
            and self.refreshed_at + FRESH > fields.Datetime.now()
        )

    def _start_anew_if_moved(self):
        """Read everything again once a division moved: its Timestamps are new.

        The accounts stay, for their IDs are the same.
        """
        moved_at = self.company_id.exact_division_id._get_moved_at()
        if moved_at != self.moved_at:
            self.write(
                {
                    "moved_at": moved_at,
                    "timestamp": False,
                    "highest": False,
                    "next_url": False,
                    # Of accounts that are known, all that Exact remembers.
                    "deleted_timestamp": "1" if self.timestamp else False,
                    "deleted_highest": False,
                    "deleted_next_url": False,
                }
            )

    def _read_page(self, client):
        accounts = self.env["exact.account"]
        properties = (*accounts._exact_properties.values(), "Timestamp")
        accounts._take(
            self.company_id, self._read(client, CHANGED_ACCOUNTS, properties)
        )
        if not self.deleted_timestamp:
            # What is deleted from here on may have been read before.
            self.deleted_timestamp = self.highest
        if not self.next_url:
            self.refreshed_at = fields.Datetime.now()

    def _read(self, client, resource, properties, kind=""):
        """Read the next page of what changed, and note how far that is.

        :param str kind: of the fields that it is noted in, their beginning.
        :return: the rows.
        """
        since, highest, next_url = (
            f"{kind}{name}" for name in ("timestamp", "highest", "next_url")
        )
        try:
            rows, following = client.get_page(
                resource,
                self[next_url],
                select=",".join(properties),
                filter=f"Timestamp gt {self[since] or 1}L",
            )
        except ExactRejected:
            # A page that is no longer known must not be asked for for ever.
            self[next_url] = False
            self.env["ir.cron"]._commit_progress()
            raise
        seen = [int(row["Timestamp"]) for row in rows]
        top = str(max([int(self[highest] or self[since] or 1), *seen]))
        self.write({highest: top, next_url: following})
        if not following:
            self[since] = top
        return rows

    # === WHAT VANISHED === #

    def _refresh_deleted(self, client):
        """Drop the accounts that were deleted in Exact; commits page by page.

        :raise ExactCustomerInDoubt: another worker changes one of their customers.
        :raise ExactError: see `ExactClient.get_page`; what was read is kept.
        """
        self.ensure_one()
        while not self._is_deleted_fresh():
            with self._telling_doubt():
                self._read_page_of_deleted(client)
                self.env["ir.cron"]._commit_progress()

    def _read_page_of_deleted(self, client):
        rows = self._read(client, DELETED, DELETED_PROPERTIES, "deleted_")
        gone = [
            row["EntityKey"]
            for row in rows
            if int(row["EntityType"]) == DELETED_ACCOUNT
        ]
        self.env["exact.account"]._drop(self.company_id, gone)
        if not self.deleted_next_url:
            self.deleted_read_at = fields.Datetime.now()

    def _is_deleted_fresh(self):
        return (
            bool(self.deleted_read_at)
            and not self.deleted_next_url
            and self.deleted_read_at + DELETED_FRESH > fields.Datetime.now()
        )
