"""A linked contact beside its customer in Exact Online."""

from ..booking import customer_comparison
from .customer import CustomerMapper


class CustomerDifference:
    """Compares a contact with the account that it is linked to; makes no call.

    :param res.partner partner: as of `CustomerMapper`.
    :param exact.account account: else the one that the contact has.
    """

    def __init__(self, partner, account=None):
        self.mapper = CustomerMapper(partner)
        self.partner = self.mapper.partner
        self.account = account or self.mapper.exact_account
        self.lacking, self.differing = [], []
        if self.account:
            self.lacking, self.differing = customer_comparison.compare(
                self.mapper.full_body, self.account._get_body()
            )

    def rows(self):
        """Return what is still to be decided: (property, in Odoo, in Exact) each."""
        if not self.account:
            return []
        undecided = (self.partner.exact_differing or "").split()
        ours, theirs = self.mapper.full_body, self.account._get_body()
        return [
            (name, ours[name], theirs[name])
            for name in self.differing
            if name in undecided
        ]
