from odoo import api, fields, models

from ..const import MANAGERS, USERS

# What is known of a customer in one division, and void in another.
KNOWN = (
    "exact_guid",
    "exact_code",
    "exact_synced_at",
    "exact_creating_at",
    "exact_fingerprint",
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    exact_guid = fields.Char(
        "Exact Online ID",
        company_dependent=True,
        copy=False,
        groups=MANAGERS,
        help="Clear this field if the customer was deleted in Exact Online. The "
        "customer is recreated with the next invoice.",
    )
    exact_code = fields.Char(
        "Exact Online Customer Code",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=MANAGERS,
    )
    exact_synced_at = fields.Datetime(
        "Last Sent to Exact",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=MANAGERS,
    )
    exact_manual_only = fields.Boolean(
        "Manual Booking Only",
        company_dependent=True,
        copy=False,
        groups=USERS,
        help="Invoices of this customer are booked in Exact Online only when you "
        "click Send to Exact.",
    )
    exact_creating_at = fields.Datetime(
        "Creation in Exact Online Started On",
        company_dependent=True,
        copy=False,
        groups="base.group_system",
        help="Set before the customer is created and cleared once Exact Online "
        "confirms the result.",
    )
    exact_fingerprint = fields.Char(
        string="Exact Online Fingerprint",
        company_dependent=True,
        copy=False,
        groups="base.group_system",
        help="Fingerprint of the data last sent to Exact Online, so that only "
        "changes are sent.",
    )

    # === FOR OTHER ADD-ONS === #

    def _exact_prepare_account(self, account):
        """Return what Exact Online gets of this customer; here as it is.

        :param Account account: of booking.customer, as read from the contact.
        :return: Account; `dataclasses.replace` changes one.
        """
        self.ensure_one()
        return account

    # === FORGETTING === #

    @api.model
    def _exact_forget(self, company):
        """Forget the IDs of one company: in another division they mean nothing."""
        partners = self.sudo().with_company(company).with_context(active_test=False)
        partners.search([("exact_guid", "!=", False)])._exact_forget_account()
        self.env["exact.directory"].sudo()._forget(company)

    def _exact_forget_account(self):
        self.write(dict.fromkeys(KNOWN, False))
