"""A contact as the customer that Exact Online gets."""

from functools import cached_property

from stdnum import get_cc_module

from ..booking import customer_values, fingerprint, matching
from ..booking.customer import Account
from ..booking.problem import Problem
from ..exact_api import bodies, odata
from ..exact_api.const import MAX_LENGTH
from .payment import find_plain_condition
from .place import place

PAYMENT_CONDITION = "PaymentConditionSales"

VAT_NUMBER = "VATNumber"
# Fields of what is known of a customer in one division, void in another.
KNOWN = (
    "exact_guid",
    "exact_code",
    "exact_synced_at",
    "exact_creating_at",
    "exact_linked_at",
    "exact_fingerprint",
    "exact_refused",
    "exact_differing",
    "exact_problem",
)


class CustomerMapper:
    """Reads a contact: what Exact Online gets of it, and what keeps it here.

    Everything is read once: after a change of the contact it takes another mapper.

    :param res.partner partner: the commercial partner, in the company that owns the
        connection.
    """

    def __init__(self, partner):
        self.partner = partner.sudo()
        self.company = self.partner.env.company

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
            country=customer_values.country(partner.country_id.code),
            phone=_fitting(partner.phone, "phone"),
            email=self.invoice_email,
            language=customer_values.language(partner.lang),
            vat_number=_fitting(self.vat_number, "vat_number"),
            chamber_of_commerce=self.registry,
            payment_condition=condition.code or "",
            peppol_id=has_peppol and partner.peppol_endpoint or "",
            peppol_scheme=has_peppol and partner.peppol_eas or "",
        )
        return partner._exact_prepare_account(account)

    @cached_property
    def full_body(self):
        """The body of POST crm/Accounts, refused values included."""
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

    @cached_property
    def refused(self):
        """The properties that Exact refused, until the contact changes."""
        note = self.partner.exact_refused or ""
        return fingerprint.read_refused(self.full_body, note) if note else frozenset()

    @cached_property
    def body(self):
        """The body of POST crm/Accounts, without what Exact refused."""
        body = self.full_body
        return {name: body[name] for name in body if name not in self.refused}

    @cached_property
    def customer_number(self):
        """The number that the customer gets in Exact; '' if Exact chooses it."""
        if self.company.exact_customer_number != "ref":
            return ""
        return customer_values.customer_number(self.partner.ref)

    @property
    def invoice_email(self):
        """The address that invoices and reminders go to, '' if there is none.

        That of the first contact for invoices that has one, else the customer's own.
        """
        partner = self.partner
        contacts = partner.child_ids.filtered(lambda contact: contact.type == "invoice")
        emails = map(customer_values.email, (contacts + partner).mapped("email"))
        return next(filter(None, emails), "")

    @cached_property
    def registry(self):
        """The company number, as it is written where Exact has room for that."""
        partner = self.partner
        text = _fitting(partner.company_registry, "chamber_of_commerce")
        return text or _fitting(self.party.registry, "chamber_of_commerce")

    @cached_property
    def vat_number(self):
        """The VAT number as Exact Online gets it, '' if there is none.

        With the letters of the country where that is in the Union: Odoo leaves it to
        people whether they write them.
        """
        partner, country = self.partner, self.partner.country_id.code or ""
        key = matching.vat_key(partner.vat, country)
        if key[:2] in matching.EU_VAT_PREFIXES:
            return key
        swiss = matching.swiss_number(partner.vat, country, partner.lang or "")
        return swiss or (key and matching.bare(partner.vat))

    @cached_property
    def changes(self):
        """What Exact Online has not received yet, as dict for a PUT.

        None if it is not known what Exact Online has.
        """
        if not self.partner.exact_fingerprint:
            return None
        found = fingerprint.changes(self.full_body, self.partner.exact_fingerprint)
        found = {name: found[name] for name in found if name not in self.refused}
        if found and not self.is_owner:
            return {name: found[name] for name in found if name == "Status"}
        return found

    @cached_property
    def is_owner(self):
        """Whether this contact is the one that changes the account.

        Of several that share an account only the first one does.
        """
        others = self.partner._exact_find_sharing()
        return not others or self.partner == (self.partner | others)._exact_first()

    # === VAT NUMBER IN EXACT === #

    @cached_property
    def exact_account(self):
        """The account as the directory knows it; may be empty."""
        return self.partner._exact_get_account()

    @property
    def lacks_vat_number(self):
        """Whether Exact may lack the VAT number, which a listing needs."""
        if self.changes and self.changes.get(VAT_NUMBER):
            return False
        if self.exact_account:
            return not self.exact_account.vat_number
        return not fingerprint.has(self.partner.exact_fingerprint or "", VAT_NUMBER)

    @property
    def may_send_vat_number(self):
        return VAT_NUMBER in self.body and self.is_owner

    def changes_with_vat_number(self):
        """Return the changes, with the VAT number where Exact may lack it."""
        if not self.lacks_vat_number or not self.may_send_vat_number:
            return self.changes
        return {**(self.changes or {}), VAT_NUMBER: self.body[VAT_NUMBER]}

    # === WHO IT IS === #

    @cached_property
    def party(self):
        """What tells this customer from others, as matching.Party."""
        partner = self.partner
        return matching.party(
            name=partner.name,
            vat=partner.vat,
            registry=partner.company_registry,
            email=customer_values.email(partner.email) or self.invoice_email,
            country=partner.country_id.code,
            postcode=partner.zip,
            city=partner.city,
            street=partner.street,
            code=self.customer_number,
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
                    place(partner),
                )
            )
        if not bodies.text(partner.name, "account_name"):
            problems.append(Problem("customer_name", record=place(partner)))
        if partner.exact_guid and not odata.is_guid(partner.exact_guid):
            problems.append(
                Problem(
                    "customer_guid",
                    {"guid": partner.exact_guid, "customer": partner.display_name},
                    place(partner),
                )
            )
        return problems

    def _has_valid_vat_number(self):
        prefix = self.vat_number[:2]
        if prefix not in matching.EU_VAT_PREFIXES:
            return True
        module = get_cc_module("gr" if prefix == "EL" else prefix.lower(), "vat")
        return not module or bool(module.is_valid(self.vat_number))


def _fitting(value, field):
    return customer_values.fitting(value, MAX_LENGTH[field])
