"""The lines of a sales entry by cost centre and cost unit."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property

from ..booking import cost_shares
from ..booking.problem import Problem
from ..exact_api.const import COST_FORBIDDEN
from .cost_accounts import CostAccounts
from .place import place


class CostShares:
    """Splits lines by the analytic distribution of Odoo.

    :param res.company company: that has the settings, as sudo.
    :param rows: of ExactLine, as the ledger has them.
    """

    def __init__(self, company, rows):
        self.mapping = CostAccounts(company)
        self.rows = rows

    @cached_property
    def lines(self):
        """The ExactLine of each share, without those of nothing but zeros.

        Zeros stay where the entry would have no line without them.
        """
        lines = [part for row in self.rows for part in self._split(row)]
        return tuple([line for line in lines if _has_amount(line)] or lines)

    # === ACCOUNTS === #

    @cached_property
    def keys(self):
        """The keys of all distributions, each once."""
        keys = [key for row in self.rows for key in self.get_keys(row)]
        return list(dict.fromkeys(keys))

    @cached_property
    def accounts(self):
        """{id: analytic account} of all lines, as sudo."""
        ids = {one for key in self.keys for one in _ids(key)}
        return {account.id: account for account in self.mapping.browse(ids)}

    @cached_property
    def unmapped_names(self):
        """The names of the analytic accounts that stand for nothing in Exact Online."""
        accounts = self.mapping.browse(self.accounts)
        return self.mapping.find_unmapped(accounts).mapped("display_name")

    @staticmethod
    def get_keys(row):
        """Return the keys of the analytic distribution of an ExactLine."""
        return [key for key in row.distribution or () if _ids(key)]

    def get_costs(self, key):
        """Return the cost centres and units that the accounts of a key stand for.

        :param str key: of a distribution: IDs of accounts of several plans.
        """
        accounts = filter(None, map(self.accounts.get, _ids(key)))
        return self.mapping.get_costs(accounts)

    # === LINES === #

    def _split(self, row):
        if not self.get_keys(row):
            return [row]
        uses = (row.gl_account.use_cost_center, row.gl_account.use_cost_unit)
        parts = []
        for key in self.get_keys(row):
            codes = (
                "" if use == COST_FORBIDDEN else costs[:1].code or ""
                for use, costs in zip(uses, self.get_costs(key), strict=True)
            )
            percentage = float(row.distribution[key])
            parts.append((*codes, Decimal(repr(percentage))))
        shares = defaultdict(Decimal)
        for (center, unit), share in cost_shares.pairs(parts).items():
            # A part that nobody distributed has what the line has without it.
            shares[center or row.cost_center, unit or row.cost_unit] += share
        weights = list(shares.values())
        columns = (row.amount, row.amount_dc, row.vat_amount)
        amounts = (cost_shares.split(amount, weights) for amount in columns)
        return [
            row._replace(
                cost_center=center,
                cost_unit=unit,
                amount=amount,
                amount_dc=amount_dc,
                vat_amount=vat_amount,
            )
            for (center, unit), amount, amount_dc, vat_amount in zip(
                shares, *amounts, strict=True
            )
        ]

    # === PROBLEMS === #

    def problems(self):
        """Return what Exact Online would refuse, or could not keep apart."""
        problems = []
        for key in self.keys:
            for costs in self.get_costs(key):
                gone = costs.filtered(lambda cost: not cost.active)
                if len(costs) > 1 or gone:
                    kind = "cost_gone" if gone else "several_costs"
                    names = ", ".join((gone or costs).mapped("display_name"))
                    values = {"costs": names, "accounts": self.get_name(key)}
                    first = self.accounts.get(next(iter(_ids(key)), None))
                    where = place(first) if first else None
                    problems.append(Problem(kind, values, where))
        return problems

    def get_name(self, key):
        """Return the names of the analytic accounts of a key of a distribution."""
        accounts = filter(None, map(self.accounts.get, _ids(key)))
        return ", ".join(account.display_name for account in accounts)


def _ids(key):
    return [int(part) for part in key.split(",") if part.isdigit()]


def _has_amount(row):
    return row.amount or row.amount_dc or row.vat_amount
