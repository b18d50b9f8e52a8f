from stdnum import get_cc_module

from odoo import fields, models

from ..booking import fingerprint, matching
from ..exact_api import bodies
from ..exact_api.exceptions import ExactCustomerInDoubt
from .exact_account import CUSTOMER
from .exact_directory import DOUBT


class ResPartner(models.Model):
    """Finding a customer among the accounts that Exact has already."""

    _name = "res.partner"
    _inherit = ["res.partner"]

    def _exact_match(self):
        """Find this customer in the directory of Exact's accounts; makes no call.

        By VAT number, then by chamber of commerce, then by e-mail and name together.
        Where that is certain the contact is linked; where it is not a person decides.

        :return: the exact.match that waits for a decision; empty if there is none.
        :raise ExactCustomerInDoubt: another invoice is finding the customer right now.
        """
        self.ensure_one()
        partner = self.sudo()
        if not partner.try_lock_for_update(allow_referencing=True):
            raise ExactCustomerInDoubt(fields.Datetime.now() + DOUBT)
        matches = partner.env["exact.match"]
        if partner.exact_guid:
            # Since the invoice was read: by another one, or by hand.
            return matches
        if matches._is_new_for_sure(partner):
            return matches
        only, found = partner._exact_find()
        if only:
            partner._exact_link(only)
            return matches
        return matches._open(partner, found)

    def _exact_find(self):
        """Look for this customer among the accounts, and change nothing.

        :return: the account that it is for sure; those that a person has to choose
            from. One of both is empty.
        """
        found = self._exact_find_sure()
        live = found.filtered(lambda account: account._is_live())
        customers = live.filtered(lambda account: account.status == CUSTOMER)
        only = customers if len(customers) == 1 else live
        may_change = self.env.company.exact_make_customer
        if len(only) == 1 and (only == customers or may_change):
            return only, found.browse()
        return found.browse(), found or self._exact_find_weak()

    def _exact_link(self, account):
        """Book on this account of Exact from now on.

        What Exact has there stays: only what is changed here later is sent. An account
        that is no customer becomes one, before the next invoice.
        """
        self.ensure_one()
        partner = self.sudo()
        body = bodies.account(partner._exact_prepare_account())
        sent = fingerprint.make(body)
        if account.status != CUSTOMER:
            sent = fingerprint.without(sent, "Status")
        partner.write(
            {
                "exact_guid": account.exact_guid,
                "exact_code": account.code,
                "exact_creating_at": False,
                "exact_fingerprint": sent,
            }
        )
        partner.env["exact.match"]._close(partner)

    def _exact_get_party(self):
        """Return what tells this customer from others, for the pure code."""
        return matching.party(
            # As Exact stores it.
            name=bodies.text(self.name, "account_name"),
            vat=self.vat,
            registry=self.company_registry,
            email=self.email_normalized,
            country=self.country_id.code,
            postcode=self.zip,
        )

    def _exact_find_sure(self):
        """Return the accounts with the first key of this customer that any has."""
        party = self._exact_get_party()
        accounts = self.env["exact.account"]
        own = [("company_id", "=", self.env.company.id)]
        keys = (
            {"vat_key": party.vat},
            {"registry_key": party.registry},
            {"email_key": party.email, "name_key": party.name},
        )
        for key in keys:
            if all(key.values()):
                domain = [(name, "=", value) for name, value in key.items()]
                found = accounts.search(own + domain, limit=20)
                if "vat_key" not in key:
                    found = found.filtered(
                        lambda account: (
                            not matching.differ(
                                party, account._get_party(), "vat", "registry"
                            )
                        )
                    )
                if found:
                    return found
        return accounts

    def _exact_find_weak(self):
        """Return the accounts with this name, or this e-mail and a name like it.

        Only those that nothing speaks against.
        """
        party = self._exact_get_party()
        accounts = self.env["exact.account"]
        domain = [("name_key", "=", party.name)]
        if party.email:
            domain = ["|", *domain, ("email_key", "=", party.email)]
        found = accounts.search(
            [("company_id", "=", self.env.company.id), *domain], limit=20
        )
        return found.filtered(
            lambda account: matching.may_be_same(
                party, account._get_party(), is_person=not self.is_company
            )
        )

    # === VAT NUMBER === #

    def _exact_get_vat_problems(self):
        """Return what is wrong with the VAT number, checked without any call."""
        number = self._exact_get_vat_number()
        prefix = number[:2]
        if prefix not in matching.EU_VAT_PREFIXES:
            return []
        module = get_cc_module("gr" if prefix == "EL" else prefix.lower(), "vat")
        if not module or module.is_valid(number):
            return []
        return [
            self.env._(
                "%(number)s is no valid VAT number of %(customer)s. Correct it on the "
                "contact.",
                number=number,
                customer=self.display_name,
            )
        ]
