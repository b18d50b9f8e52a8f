"""A contact as the customer that Exact Online gets."""

from functools import cached_property

from stdnum import get_cc_module

from ..booking import fingerprint, matching
from ..booking.customer import Account
from ..booking.problem import Problem
from ..exact_api import bodies, odata
from ..exact_api.const import ACCOUNT_STATUS_CUSTOMER
from .payment import find_plain_condition

PAYMENT_CONDITION = "PaymentConditionSales"

# Candidates that a person can still look through.
MAX_CANDIDATES = 20


class CustomerMapper:
    """Reads a contact: what Exact Online gets of it, and what keeps it here.

    Everything is read once: after a change of the contact it takes another mapper.

    :param res.partner partner: the commercial partner, in the company that owns the
        connection.
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
            email=self.invoice_email,
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
    def creation_body(self):
        """The body of POST crm/Accounts of a customer that is new in Exact.

        Exact refuses entries of one without a payment condition where the division has
        no default. That of a customer it already has is left alone.
        """
        company = self.partner.env.company
        if self.account.payment_condition or company.exact_payment_condition_id:
            return self.body
        condition = find_plain_condition(company)
        return (
            {**self.body, PAYMENT_CONDITION: condition.code} if condition else self.body
        )

    @property
    def invoice_email(self):
        """The address that invoices and reminders go to, '' if there is none.

        That of the first contact for invoices that has one, else the customer's own.
        """
        partner = self.partner
        contacts = partner.child_ids.filtered(
            lambda contact: contact.type == "invoice" and contact.email_normalized
        )
        return contacts[:1].email_normalized or partner.email_normalized or ""

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
        """What Exact Online has not received yet, as dict for a PUT.

        None if it is not known what Exact Online has.
        """
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


class AccountSearch:
    """Looks for a contact among the customers read from Exact Online; makes no call.

    :param res.partner partner: as of `CustomerMapper`.
    """

    def __init__(self, partner):
        self.partner = partner.sudo()
        self.party = CustomerMapper(partner).party
        self.company = self.partner.env.company
        self.accounts = self.partner.env["exact.account"]

    def find(self):
        """Return the account that it is for certain, and those to choose from.

        By VAT number, then by chamber of commerce, then by e-mail and name together.

        :return: tuple of two exact.account; one of both is empty.
        """
        found = self._find_by_keys()
        live = found.filtered(lambda account: account._is_live())
        customers = live.filtered(
            lambda account: account.status == ACCOUNT_STATUS_CUSTOMER
        )
        only = customers if len(customers) == 1 else live
        may_convert = self.company.exact_convert_prospects
        if len(only) == 1 and (only == customers or may_convert):
            return only, self.accounts
        return self.accounts, found or self._find_similar()

    def _find_by_keys(self):
        """Return the accounts with the first key of this customer that any has."""
        party = self.party
        keys = (
            {"vat_key": party.vat},
            {"registry_key": party.registry},
            {"email_key": party.email, "name_key": party.name},
        )
        for key in keys:
            if not all(key.values()):
                continue
            found = self._search([(name, "=", value) for name, value in key.items()])
            if "vat_key" not in key:
                found = found.filtered(self._has_equal_numbers)
            if found:
                return found
        return self.accounts

    def _has_equal_numbers(self, account):
        return not matching.differ(self.party, account._get_party(), "vat", "registry")

    def _find_similar(self):
        """Return the accounts with this name, or this e-mail and a similar name.

        Only those that nothing contradicts.
        """
        party = self.party
        domain = [("name_key", "=", party.name)]
        if party.email:
            domain = ["|", *domain, ("email_key", "=", party.email)]
        is_person = not self.partner.is_company
        return self._search(domain).filtered(
            lambda account: matching.may_be_same(
                party, account._get_party(), is_person=is_person
            )
        )

    def _search(self, domain):
        own = [("company_id", "=", self.company.id)]
        return self.accounts.search(own + domain, limit=MAX_CANDIDATES)
