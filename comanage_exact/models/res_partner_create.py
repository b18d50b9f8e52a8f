from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import fields, models

from ..booking import fingerprint
from ..exact_api import bodies, odata
from ..exact_api.exceptions import (
    ExactCustomerInDoubt,
    ExactError,
    ExactRejected,
    ExactUnconfirmed,
)
from ..exact_api.resources import ACCOUNTS
from .exact_directory import DOUBT


class ResPartner(models.Model):
    """Creating a customer in Exact, and telling Exact what changed."""

    _name = "res.partner"
    _inherit = ["res.partner"]

    # === CREATION === #

    def _exact_create(self, client):
        """Create the customer in Exact, or adopt it where a lost answer had done so.

        Commits before the call, so that a crash leaves a trace, and after it.

        :param ExactClient client: of the division of `self.env.company`.
        :return: the GUID.
        :raise ExactCustomerInDoubt: another invoice is creating the customer, or has
            just lost the answer.
        :raise ExactError: see `ExactClient.post`.
        """
        self.ensure_one()
        partner = self.sudo()
        now = fields.Datetime.now()
        if not partner.try_lock_for_update(allow_referencing=True):
            raise ExactCustomerInDoubt(now + DOUBT)
        body = bodies.account(partner._exact_prepare_account())
        started = partner.exact_creating_at
        if started and started + DOUBT > now:
            raise ExactCustomerInDoubt(started + DOUBT)
        self.env["exact.directory"].sudo()._get(self.env.company)._claim(partner)
        # Ours from here on; the commit also ends the lock before any call.
        partner.exact_creating_at = now
        self.env["ir.cron"]._commit_progress()
        account = partner._exact_find_created(client, body) if started else None
        if not account:
            account = partner._exact_post(client, body)
        partner.write(
            {
                "exact_guid": account["ID"],
                "exact_code": (account.get("Code") or "").strip(),
                "exact_synced_at": fields.Datetime.now(),
                "exact_creating_at": False,
                "exact_fingerprint": fingerprint.make(body),
            }
        )
        partner.env["exact.match"]._close(partner)
        self.env["ir.cron"]._commit_progress()
        partner._exact_take_created({**account, **body, "ID": account["ID"]})
        return account["ID"]

    def _exact_take_created(self, account):
        """Let the directory know the new customer: the next one may be the same."""
        try:
            self.env["exact.account"]._take(self.env.company, [account])
            self.env["ir.cron"]._commit_progress()
        except (UniqueViolation, SerializationFailure):
            # Another worker has just read of it in Exact.
            self.env.cr.rollback()

    def _exact_post(self, client, body):
        try:
            return _write(lambda body: client.post(ACCOUNTS, body), body)
        except ExactUnconfirmed:
            raise
        except ExactError:
            # Surely not created: nothing to look for next time.
            self.exact_creating_at = False
            self.env["ir.cron"]._commit_progress()
            raise

    def _exact_find_created(self, client, body):
        """Look for the customer that a request with a lost answer may have created.

        :return: the row of Exact, or None. Of several that are equal in all that was
            sent, which a double click in Exact makes, the first serves.
        """
        keys = ("Name", "VATNumber", "Email", "Postcode", "City")
        rows = client.get_all(
            ACCOUNTS,
            select=",".join(("ID", "Code", *keys)),
            filter=f"Name eq {odata.quoted(body['Name'])}",
        )
        for row in rows:
            if all((row[key] or "").strip() == body.get(key, "") for key in keys):
                return row
        return None

    # === CHANGES === #

    def _exact_update(self, client):
        """Tell Exact what changed of a customer that it knows, and that alone.

        Commits, so that the booking that follows cannot undo it. The code is Exact's:
        it is never sent.

        :raise ExactError: see `ExactClient.put`.
        """
        self.ensure_one()
        partner = self.sudo()
        # Not those that were read ahead: what is noted as sent is what is there now.
        changes = partner._exact_get_changes()
        if not changes:
            return
        guid = partner.exact_guid
        _write(lambda body: client.put(ACCOUNTS, guid, body), changes)
        try:
            partner._exact_note_sent()
            partner.exact_synced_at = fields.Datetime.now()
            self.env["ir.cron"]._commit_progress()
        except SerializationFailure:
            # Somebody edits the contact: the next invoice tells Exact once more.
            self.env.cr.rollback()

    def _exact_note_sent(self):
        """Take what the contact says now for what Exact knows."""
        partner = self.sudo()
        body = bodies.account(partner._exact_prepare_account())
        partner.exact_fingerprint = fingerprint.make(body)


def _write(send, body):
    """Send a customer; without the Peppol ID where Exact refuses just that.

    How Exact writes the scheme of a Peppol ID is not published, and no invoice should
    wait for it.
    """
    try:
        return send(body)
    except ExactRejected as err:
        rest = {key: value for key, value in body.items() if "Peppol" not in key}
        about_peppol = any("peppol" in message.lower() for message in err.messages)
        if not about_peppol or len(rest) == len(body):
            raise
        return send(rest) if rest else None
