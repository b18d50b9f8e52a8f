from datetime import timedelta

from odoo import api, fields, models

from .. import payload
from ..exceptions import ExactCustomerInDoubt, ExactError, ExactUnconfirmed

# A customer whose creation is on its way or whose answer was lost is left alone for
# this long: an aborted request may still be finishing in Exact.
DOUBT = timedelta(minutes=2)

USERS = "comanage_exact.group_exact_user"
MANAGERS = "comanage_exact.group_exact_manager"


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    exact_guid = fields.Char(
        "Exact ID",
        company_dependent=True,
        copy=False,
        groups=MANAGERS,
        help="Empty it if the customer was deleted in Exact: the next invoice creates "
        "it anew.",
    )
    exact_code = fields.Char(
        "Code in Exact",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=MANAGERS,
    )
    exact_synced_at = fields.Datetime(
        "Sent to Exact On",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=MANAGERS,
    )
    exact_is_off = fields.Boolean(
        "Not to Exact by Itself",
        company_dependent=True,
        copy=False,
        groups=USERS,
        help="Invoices of this customer are booked in Exact Online by the button only.",
    )
    exact_creating_at = fields.Datetime(
        "Being Created in Exact Since",
        company_dependent=True,
        copy=False,
        groups="base.group_system",
        help="Set before the customer is created and cleared by a clear answer.",
    )

    def _exact_get_problems(self):
        """Return what keeps this customer from Exact, a sentence each."""
        self.ensure_one()
        if payload.text(self.name, "account_name"):
            return []
        return [
            self.env._(
                "The customer of this invoice has no name. Fill it in on the contact."
            )
        ]

    def _exact_prepare_account(self):
        """Return the customer as Exact gets it.

        :return: payload.Account
        """
        self.ensure_one()
        return payload.Account(
            name=self.name,
            address_line1=self.street or "",
            address_line2=self.street2 or "",
            postcode=self.zip or "",
            city=self.city or "",
            country=self.country_id.code or "",
            phone=self.phone or "",
            email=self.email_normalized or "",
            language=(self.lang or "")[:2],
            vat_number=self._exact_get_vat_number(),
            chamber_of_commerce=self.company_registry or "",
        )

    def _exact_get_vat_number(self):
        """Return the VAT number without blanks; '/' is Odoo's word for none."""
        number = "".join(filter(str.isalnum, self.vat or ""))
        return number.upper()

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
        body = payload.account(partner._exact_prepare_account())
        started = partner.exact_creating_at
        if started and started + DOUBT > now:
            raise ExactCustomerInDoubt(started + DOUBT)
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
            }
        )
        self.env["ir.cron"]._commit_progress()
        return account["ID"]

    def _exact_post(self, client, body):
        try:
            return client.post("crm/Accounts", body)
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
            "crm/Accounts",
            select=",".join(("ID", "Code", *keys)),
            filter=f"Name eq {payload.quoted(body['Name'])}",
        )
        for row in rows:
            if all((row[key] or "").strip() == body.get(key, "") for key in keys):
                return row
        return None

    @api.model
    def _exact_forget(self, company):
        """Drop the IDs of one company: in another division they mean nothing."""
        partners = self.sudo().with_company(company).with_context(active_test=False)
        partners.search([("exact_guid", "!=", False)]).write(
            {
                "exact_guid": False,
                "exact_code": False,
                "exact_synced_at": False,
                "exact_creating_at": False,
            }
        )
