from odoo import api, fields, models
from odoo.exceptions import UserError

from ..booking import fingerprint
from ..const import ACCOUNTANTS, READERS, USERS
from ..mappers.customer import KNOWN
from ..mappers.customer_difference import CustomerDifference
from ..sync import customer_messages


class ResPartner(models.Model):
    _inherit = "res.partner"

    exact_guid = fields.Char(
        "Exact Online ID",
        company_dependent=True,
        copy=False,
        # Who shares an account is looked up by it.
        index="btree_not_null",
        groups=ACCOUNTANTS,
        help="Clear this field if the customer was deleted in Exact Online. The "
        "customer is recreated with the next invoice.",
    )
    exact_code = fields.Char(
        "Exact Online Customer Code",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=ACCOUNTANTS,
    )
    exact_synced_at = fields.Datetime(
        "Last Sent to Exact",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=ACCOUNTANTS,
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
    exact_linked_at = fields.Datetime(
        "Linked to Exact Online On",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=ACCOUNTANTS,
        help="Of several contacts that share an Exact Online customer, only the one "
        "linked first changes it, unless it is archived.",
    )
    exact_fingerprint = fields.Char(
        string="Exact Online Fingerprint",
        company_dependent=True,
        copy=False,
        groups="base.group_system",
        help="Fingerprint of the data last sent to Exact Online, so that only "
        "changes are sent.",
    )
    exact_refused = fields.Char(
        string="Rejected by Exact Online",
        company_dependent=True,
        copy=False,
        groups="base.group_system",
        help="What Exact Online rejected; sent again once the contact changes.",
    )
    exact_differing = fields.Char(
        string="Different in Exact Online",
        company_dependent=True,
        copy=False,
        groups="base.group_system",
        help="What differed when the customer was linked and is not decided yet.",
    )
    exact_problem = fields.Text(
        "Exact Online Problem",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=READERS,
        help="What Exact Online rejected of this customer. Invoices are booked "
        "nevertheless.",
    )
    exact_difference_html = fields.Html(
        "Differences from Exact Online",
        compute="_compute_exact_difference_html",
        groups=READERS,
        help="Where the Exact Online customer differs from this contact.",
    )

    @api.depends_context("company", "lang")
    @api.depends("exact_differing", "exact_guid", "name", "street", "zip", "city")
    def _compute_exact_difference_html(self):
        for partner in self:
            known = partner._exact_in_owner()
            # Nothing is read for those that never differed.
            rows = known.exact_differing and CustomerDifference(known).rows()
            partner.exact_difference_html = (
                customer_messages.difference_html(self.env, rows) if rows else False
            )

    # === ACTIONS === #

    def action_exact_send_differences(self):
        """Have the next invoice bring what differs to Exact Online."""
        self._exact_check_decision()
        for partner in self._exact_in_owner().filtered("exact_differing"):
            partner._exact_send_differences()

    def action_exact_keep_differences(self):
        """Leave what differs as it is in Exact Online."""
        self._exact_check_decision()
        self._exact_in_owner().filtered("exact_differing").exact_differing = False

    def _exact_check_decision(self):
        self.env.user._exact_check_role("user")
        self.check_access("read")

    def _exact_in_owner(self):
        """Return these contacts as superuser, in the company with the connection."""
        owner = self.env.company.sudo().exact_owner_id or self.env.company
        return self.sudo().with_company(owner)

    # === FOR OTHER ADD-ONS === #

    def _exact_prepare_account(self, account):
        """Return what Exact Online gets of this customer; here as it is.

        :param Account account: of booking.customer, as read from the contact.
        :return: Account; `dataclasses.replace` changes one.
        """
        self.ensure_one()
        return account

    # === LINKED CUSTOMERS === #

    @api.model
    def _exact_find_by_guids(self, guids):
        """Return the contacts that have one of these accounts, archived ones too."""
        if not guids:
            return self.browse()
        partners = self.sudo().with_context(active_test=False)
        return partners.search([("exact_guid", "in", guids)])

    def _exact_find_sharing(self):
        """Return the other contacts that share the account of this one."""
        self.ensure_one()
        return self._exact_find_by_guids([self.exact_guid] if self.exact_guid else [])

    def _exact_first(self):
        """Return the one of these that was linked first; it changes the account.

        Archived ones come last: nobody keeps them up to date.
        """
        latest = fields.Datetime.to_datetime("9999-12-31")
        return self.sorted(
            lambda one: (not one.active, one.exact_linked_at or latest, one.id)
        )[:1]

    def _exact_get_account(self):
        """Return the account of this contact as the directory knows it."""
        self.ensure_one()
        accounts = self.env["exact.account"].sudo()
        if not self.exact_guid:
            return accounts
        own = [("company_id", "=", self.env.company.id)]
        return accounts.search([*own, ("exact_guid", "=", self.exact_guid)])

    def _exact_send_differences(self):
        """Take what differs for unsent, so that the next invoice brings it."""
        self.ensure_one()
        first = (self | self._exact_find_sharing())._exact_first()
        if first != self:
            raise UserError(
                self.env._(
                    "%(customer)s shares its Exact Online customer with %(first)s. "
                    "Change the data on %(first)s, which keeps it up to date.",
                    customer=self.display_name,
                    first=first.display_name,
                )
            )
        names = (self.exact_differing or "").split()
        self.write(
            {
                "exact_fingerprint": fingerprint.without(
                    self.exact_fingerprint or "", *names
                ),
                "exact_differing": False,
            }
        )

    # === FORGETTING === #

    @api.model
    def _exact_forget(self, company):
        """Forget the IDs of one company: in another division they mean nothing."""
        partners = self.sudo().with_company(company).with_context(active_test=False)
        partners.search([("exact_guid", "!=", False)])._exact_forget_account()
        self.env["exact.directory"].sudo()._forget(company)

    def _exact_forget_account(self):
        self.write(dict.fromkeys(KNOWN, False))
