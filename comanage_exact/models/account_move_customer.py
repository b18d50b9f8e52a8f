from odoo import models

from ..booking import matching
from ..exact_api.const import VAT_LISTING_NONE


class AccountMove(models.Model):
    """The account in Exact that an invoice is booked on."""

    _name = "account.move"
    _inherit = ["account.move"]

    def _exact_get_customer(self):
        """Return the GUID of the account in Exact; empty while Exact has none."""
        rule = self._exact_get_collective_rule()
        if rule:
            return rule.account_id.exact_guid or ""
        return self._exact_get_partner().exact_guid or ""

    def _exact_get_partner(self):
        """Return the customer: of a contact or a delivery address the company."""
        return self.commercial_partner_id.sudo().with_company(self._exact_get_company())

    def _exact_get_collective_rule(self):
        """Return the rule that books this consumer together with others, if any."""
        partner = self.commercial_partner_id
        for rule in self._exact_get_company().exact_collective_rule_ids:
            if rule._fits(partner, self):
                return rule
        return self.env["exact.collective.rule"]

    def _exact_get_customer_problems(self, lines):
        """Return what is wrong with the customer of this invoice, a sentence each."""
        problems = self._exact_get_intra_community_problems(lines)
        rule = self._exact_get_collective_rule()
        if not rule:
            return [*self._exact_get_partner()._exact_get_problems(), *problems]
        if rule.account_id:
            return problems
        return [
            *problems,
            self.env._(
                "The account in Exact Online for consumers such as %(customer)s is "
                "gone. Choose another one on the company, page Exact Online, under "
                "Consumers on one account.",
                customer=self.commercial_partner_id.display_name,
            ),
        ]

    def _exact_get_doubts(self):
        """Return that the customer may be in Exact already, as the push will find.

        As far as the accounts are known that were read from Exact; makes no call.
        """
        matches, partner = self.env["exact.match"].sudo(), self._exact_get_partner()
        matches = matches.with_company(self._exact_get_company())
        if (
            self._exact_get_customer()
            or self._exact_get_collective_rule()
            or matches._find_open(partner)
            or matches._is_new_for_sure(partner)
        ):
            return []
        _only, found = partner._exact_find()
        if not found:
            return []
        return [
            self.env._(
                "%(customer)s may be in Exact Online already. When the invoice is "
                "sent, you will be asked whether %(customer)s is %(account)s.",
                customer=partner.display_name,
                account=found[:1].display_name,
            )
        ]

    def _exact_get_intra_community_problems(self, lines):
        """Require a VAT number where the authorities get a listing by customer."""
        listed = [
            row.vat_code
            for row in lines
            if row.vat_code.eu_listing not in (False, VAT_LISTING_NONE)
        ]
        partner = self.commercial_partner_id
        if not listed or matching.vat_key(partner.vat, ""):
            return []
        return [
            self.env._(
                "%(customer)s has no VAT number, which VAT code %(code)s of Exact "
                "Online needs for the EU listing. Fill it in on the contact, or choose "
                "another tax on the invoice.",
                customer=partner.display_name,
                code=listed[0].display_name,
            )
        ]
