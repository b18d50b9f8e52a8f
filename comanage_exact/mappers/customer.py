"""A contact as the customer that Exact Online gets."""

from functools import cached_property

from stdnum import get_cc_module

from ..booking import fingerprint, matching
from ..booking.customer import Account
from ..booking.problem import Problem
from ..exact_api import bodies, odata


class CustomerMapper:
    """Reads a contact: what Exact Online is told of it, and what keeps it here.

    :param res.partner partner: the commercial partner, as sudo, in the company that
        owns the connection.
    """

    def __init__(self, partner):
        self.partner = partner.sudo()

    @cached_property
    def account(self):
        """The customer as Exact Online gets it, as booking.customer.Account."""
        partner = self.partner
        condition = partner.property_payment_term_id.exact_payment_condition_id
        # Only with Odoo's module for electronic invoices.
        has_peppol = "peppol_endpoint" in partner._fields
        account = Account(
            name=partner.name,
            address_line1=partner.street or "",
            address_line2=partner.street2 or "",
            postcode=partner.zip or "",
            city=partner.city or "",
            country=partner.country_id.code or "",
            phone=partner.phone or "",
            email=partner.email_normalized or "",
            language=(partner.lang or "")[:2],
            vat_number=self.vat_number,
            chamber_of_commerce=partner.company_registry or "",
            payment_condition=condition.code or "",
            peppol_id=has_peppol and partner.peppol_endpoint or "",
            peppol_scheme=has_peppol and partner.peppol_eas or "",
        )
        return partner._exact_prepare_account(account)

    @cached_property
    def body(self):
        """The body of POST crm/Accounts."""
        return bodies.account(self.account)

    @cached_property
    def vat_number(self):
        """The VAT number as Exact Online gets it, '' if there is none.

        With the letters of the country where that is in the Union: Odoo leaves it to
        people whether they write them.
        """
        partner = self.partner
        key = matching.vat_key(partner.vat, partner.country_id.code or "")
        is_european = key[:2] in matching.EU_VAT_PREFIXES
        return key if is_european else matching.bare(partner.vat)

    @cached_property
    def changes(self):
        """What Exact Online was not told yet; None if nothing says what it knows."""
        if not self.partner.exact_fingerprint:
            return None
        return fingerprint.changes(self.body, self.partner.exact_fingerprint)

    @cached_property
    def party(self):
        """What tells this customer from others, as matching.Party."""
        partner = self.partner
        return matching.party(
            # As Exact stores it.
            name=bodies.text(partner.name, "account_name"),
            vat=partner.vat,
            registry=partner.company_registry,
            email=partner.email_normalized,
            country=partner.country_id.code,
            postcode=partner.zip,
        )

    def problems(self):
        """Return what keeps this customer from Exact Online, a Problem each."""
        partner = self.partner
        problems = []
        if not self._has_valid_vat_number():
            problems.append(
                Problem(
                    "vat_number",
                    {"number": self.vat_number, "customer": partner.display_name},
                )
            )
        if not bodies.text(partner.name, "account_name"):
            problems.append(Problem("customer_name"))
        if partner.exact_guid and not odata.is_guid(partner.exact_guid):
            problems.append(
                Problem(
                    "customer_guid",
                    {"guid": partner.exact_guid, "customer": partner.display_name},
                )
            )
        return problems

    def _has_valid_vat_number(self):
        prefix = self.vat_number[:2]
        if prefix not in matching.EU_VAT_PREFIXES:
            return True
        module = get_cc_module("gr" if prefix == "EL" else prefix.lower(), "vat")
        return not module or bool(module.is_valid(self.vat_number))
