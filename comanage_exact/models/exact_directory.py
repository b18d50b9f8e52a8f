from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models

from ..exceptions import ExactCustomerInDoubt, ExactRejected

ACCOUNTS = "sync/CRM/Accounts"
DELETED = "sync/Deleted"
DELETED_ACCOUNT = 2

# What was read this short a time ago is not asked for again.
FRESH = timedelta(minutes=1)
# Exact keeps for two months what was deleted.
DELETED_FRESH = timedelta(hours=12)
# Another worker is reading the directory right now.
WAIT = timedelta(seconds=10)


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
        self.env["exact.account"].search([("company_id", "=", company.id)]).unlink()

    def _refresh(self, client):
        """Read what changed in Exact since the last time; commits page by page.

        One call if little changed, one for each 1,000 accounts the first time.

        :raise ExactCustomerInDoubt: another worker is reading.
        :raise ExactError: see `ExactClient.get_page`; what was read is kept.
        """
        self.ensure_one()
        while not self._is_fresh():
            if not self.try_lock_for_update():
                raise ExactCustomerInDoubt(fields.Datetime.now() + WAIT)
            try:
                self._start_anew_if_moved()
                self._read_page(client)
                self.env["ir.cron"]._commit_progress()
            except UniqueViolation as err:
                # Another worker has just created one of these customers.
                raise ExactCustomerInDoubt(fields.Datetime.now() + WAIT) from err

    def _is_fresh(self):
        return (
            bool(self.refreshed_at)
            and not self.next_url
            and self.refreshed_at + FRESH > fields.Datetime.now()
        )

    def _start_anew_if_moved(self):
        """Read everything again once a division moved: its Timestamps are new."""
        moved_at = self.company_id.exact_division_id.moved_at or False
        if moved_at != self.moved_at:
            self.env["exact.account"].search(
                [("company_id", "=", self.company_id.id)]
            ).unlink()
            self.write(
                {
                    "moved_at": moved_at,
                    "timestamp": False,
                    "highest": False,
                    "next_url": False,
                    "deleted_timestamp": False,
                }
            )

    def _read_page(self, client):
        accounts = self.env["exact.account"]
        try:
            rows, next_url = client.get_page(
                ACCOUNTS,
                self.next_url,
                select=",".join((*accounts._exact_properties.values(), "Timestamp")),
                filter=f"Timestamp gt {self.timestamp or 1}L",
            )
        except ExactRejected:
            # A page that is no longer known must not be asked for for ever.
            self.next_url = False
            self.env["ir.cron"]._commit_progress()
            raise
        accounts._take(self.company_id, rows)
        seen = [int(row["Timestamp"]) for row in rows]
        highest = str(max([int(self.highest or self.timestamp or 1), *seen]))
        self.write({"next_url": next_url, "highest": highest})
        if not next_url:
            self.write({"timestamp": highest, "refreshed_at": fields.Datetime.now()})

    # === WHAT VANISHED === #

    def _refresh_deleted(self, client):
        """Drop the accounts that were deleted in Exact."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.deleted_read_at and self.deleted_read_at + DELETED_FRESH > now:
            return
        # What was deleted before the accounts were read was not among them.
        since = self.deleted_timestamp or self.timestamp or "1"
        rows = client.get_all(
            DELETED,
            select="EntityKey,EntityType,Timestamp",
            filter=f"Timestamp gt {since}L",
        )
        highest, gone = int(since), []
        for row in rows:
            highest = max(highest, int(row["Timestamp"]))
            if int(row["EntityType"]) == DELETED_ACCOUNT:
                gone.append(row["EntityKey"])
        self.env["exact.account"]._drop(self.company_id, gone)
        self.write({"deleted_timestamp": str(highest), "deleted_read_at": now})
