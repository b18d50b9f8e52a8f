"""Which of Exact's customers a contact is, as far as they were read from Exact."""

from functools import cached_property
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from ..booking import matching
from ..exact_api.const import ACCOUNT_STATUS_CUSTOMER
from .customer import CustomerMapper

# Candidates that a person can still look through, and those that are judged.
MAX_CANDIDATES = 20
MAX_JUDGED = 200
# The tiers of `Verdict.key`; a mailbox with a name comes last.
TIERS = ("establishment", "vat", "registry", "code", "")


class Candidate(NamedTuple):
    """An account of Exact that a contact may be.

    :param exact.account account:
    :param Verdict verdict: of `matching`.
    """

    account: models.Model
    verdict: matching.Verdict


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

        :return: tuple of two exact.account, the second with the strongest first; one
            of both is empty.
        """
        found = self._judge_all(self._domain_by_number())
        if not any(one.verdict.answer == matching.SAME for one in found):
            known = self.accounts.union(*(one.account for one in found))
            others = self._judge_all(self._domain_by_name())
            found += [one for one in others if one.account not in known]
        found.sort(key=lambda one: (-one.verdict.strength, one.account.id))
        only = self._pick(found)
        if only:
            return only, self.accounts
        ids = [one.account.id for one in found[:MAX_CANDIDATES]]
        return self.accounts, self.accounts.browse(ids)

    def judge(self, account):
        """Return the Verdict about one account."""
        return self._verdict(account, self._find_owners(account))

    def _pick(self, found):
        """Return the one account that it is for certain; empty if a person decides."""
        same = [one for one in found if one.verdict.answer == matching.SAME]
        if not same:
            return self.accounts
        tier = min(TIERS.index(one.verdict.key) for one in same)
        if any(TIERS.index(one.verdict.key) < tier for one in found):
            # A stronger number has another opinion.
            return self.accounts
        best = [one.account for one in same if TIERS.index(one.verdict.key) == tier]
        live = self.accounts.union(*best).filtered(lambda account: account._is_live())
        customers = live.filtered(
            lambda account: account.status == ACCOUNT_STATUS_CUSTOMER
        )
        only = customers if len(customers) == 1 else live
        is_allowed = only == customers or self.company.exact_convert_prospects
        return only if len(only) == 1 and is_allowed else self.accounts

    # === CANDIDATES === #

    def _domain_by_number(self):
        party = self.party
        domains = [
            Domain(name, "=", value)
            for name, value in (("vat_key", party.vat), ("registry_key", party.company))
            if value
        ]
        if party.code:
            # As Exact pads its own, and as it was typed there.
            codes = {party.code, party.code.zfill(7), self.partner.ref.strip()}
            domains.append(Domain("code", "in", sorted(codes)))
        return Domain.OR(domains)

    def _domain_by_name(self):
        party = self.party
        keys = {party.name_key, self._cut_name_key} - {""}
        domains = [Domain("name_key", "in", sorted(keys))] if keys else []
        if party.email:
            domains.append(Domain("email_key", "=", party.email))
        return Domain.OR(domains)

    @cached_property
    def _cut_name_key(self):
        """The name to search by, as Exact stores it."""
        return self.accounts._get_name_key(self.partner.name)

    def _judge_all(self, domain):
        """Return the candidates of a domain that may be the customer."""
        if domain.is_false():
            return []
        accounts = self.accounts.search(
            Domain("company_id", "=", self.company.id) & domain, limit=MAX_JUDGED
        )
        owners = self._find_owners(accounts)
        found = [Candidate(one, self._verdict(one, owners)) for one in accounts]
        return [one for one in found if one.verdict.answer != matching.DIFFERENT]

    def _verdict(self, account, owners):
        return matching.judge(
            self.party,
            account._get_party(),
            is_person=not self.partner.is_company,
            is_taken=account.exact_guid in owners,
        )

    def _find_owners(self, accounts):
        """Return the GUIDs of accounts that other contacts have."""
        guids = accounts.mapped("exact_guid")
        others = self.partner._exact_find_by_guids(guids) - self.partner
        return set(others.mapped("exact_guid"))
