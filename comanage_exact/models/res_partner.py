from odoo import api, fields, models

from ..booking import fingerprint, matching
from ..booking.customer import Account
from ..exact_api import bodies, odata

USERS = "comanage_exact.group_exact_user"
MANAGERS = "comanage_exact.group_exact_manager"
# What is known of a customer in one division, and worthless in another.
KNOWN = (
    "exact_guid",
    "exact_code",
    "exact_synced_at",
    "exact_creating_at",
    "exact_fingerprint",
)


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
    exact_fingerprint = fields.Char(
        company_dependent=True,
        copy=False,
        groups="base.group_system",
        help="Of what Exact was told last, so that only changes are sent.",
    )

    def _exact_get_problems(self):
        """Return what keeps this customer from Exact, a sentence each."""
        self.ensure_one()
        problems = self._exact_get_vat_problems()
        if not bodies.text(self.name, "account_name"):
            problems.append(
                self.env._(
                    "The customer of this invoice has no name. Fill it in on the "
                    "contact."
                )
            )
        if self.exact_guid and not odata.is_guid(self.exact_guid):
            problems.append(
                self.env._(
                    "“%(guid)s” is no ID of Exact Online. Empty it on the contact "
                    "%(customer)s, page Invoicing, or write it in small letters "
                    "without braces.",
                    guid=self.exact_guid,
                    customer=self.display_name,
                )
            )
        match = self.env["exact.match"]._find_open(self)
        return problems + [match._say_problem()] if match else problems

    # === WHAT GOES === #

    def _exact_prepare_account(self):
        """Return the customer as Exact gets it.

        :return: Account
        """
        self.ensure_one()
        condition = self.property_payment_term_id.exact_payment_condition_id
        # Only with Odoo's module for electronic invoices.
        has_peppol = "peppol_endpoint" in self._fields
        return Account(
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
            payment_condition=condition.code or "",
            peppol_id=has_peppol and self.peppol_endpoint or "",
            peppol_scheme=has_peppol and self.peppol_eas or "",
        )

    def _exact_get_vat_number(self):
        """Return the VAT number as Exact gets it, '' if there is none.

        With the letters of the country where that is in the Union: Odoo leaves it to
        people whether they write them.
        """
        key = matching.vat_key(self.vat, self.country_id.code or "")
        is_european = key[:2] in matching.EU_VAT_PREFIXES
        return key if is_european else matching.bare(self.vat)

    def _exact_get_changes(self):
        """Return what of this customer Exact was not told yet.

        :return: dict of properties; None if it is not known what Exact was told.
        """
        self.ensure_one()
        partner = self.sudo()
        if not partner.exact_fingerprint:
            return None
        body = bodies.account(partner._exact_prepare_account())
        return fingerprint.changes(body, partner.exact_fingerprint)

    # === FORGETTING === #

    @api.model
    def _exact_forget(self, company):
        """Drop the IDs of one company: in another division they mean nothing."""
        partners = self.sudo().with_company(company).with_context(active_test=False)
        partners.search([("exact_guid", "!=", False)])._exact_forget_account()
        self.env["exact.directory"].sudo()._forget(company)

    def _exact_forget_account(self):
        self.write(dict.fromkeys(KNOWN, False))
