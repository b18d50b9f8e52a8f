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
    exact_fingerprint = fields.Char(
        company_dependent=True,
        copy=False,
        groups="base.group_system",
        help="Of what Exact was told last, so that only changes are sent.",
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
