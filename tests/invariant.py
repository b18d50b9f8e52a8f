"""What must hold between the books: Odoo's journal items are what Exact has.

Both sides are read from the ledgers alone: from journal items, and from transaction
lines of the simulator, whose arithmetic is its own. For each G/L account, VAT code,
cost centre and period the sums are equal, in both currencies.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

TRANSACTION_LINES = "financialtransaction/TransactionLines"
CENT = Decimal("0.01")


def _sums():
    return defaultdict(lambda: [Decimal(), Decimal()])


@dataclass
class Sums:
    """Sums of one invoice, each in its own currency and in that of the company.

    :param gl: by code of the G/L account, without receivable and VAT.
    :param base, vat: by VAT code.
    :param costs: by code of the cost centre, '' for none.
    :param periods: by (year, period), the total with VAT.
    """

    gl: dict = field(default_factory=_sums)
    base: dict = field(default_factory=_sums)
    vat: dict = field(default_factory=_sums)
    costs: dict = field(default_factory=_sums)
    periods: dict = field(default_factory=_sums)
    # How many amounts were divided; each may be a part of a cent off.
    shares: int = 0

    def add(self, name, key, amounts):
        sums = getattr(self, name)[key]
        for index, amount in enumerate(amounts):
            sums[index] += amount

    def as_dict(self, name, currency):
        """Return {key: sum} in one of the currencies, without zeros."""
        sums = getattr(self, name)
        return {key: pair[currency] for key, pair in sums.items() if pair[currency]}


class OdooSums:
    """Reads the journal items of an invoice.

    :param account.move move: posted.
    :param Mapping mapping: which code of Exact stands for a record of Odoo.
    """

    def __init__(self, move, mapping):
        self.move = move
        self.mapping = mapping
        self.sums = Sums()

    def read(self):
        for item in self.move.line_ids:
            if item.account_id and item.display_type != "payment_term":
                self._add(item)
        return self.sums

    def _add(self, item):
        amounts = _amounts(item)
        sums, tax = self.sums, item.tax_line_id
        sums.add("periods", (self.move.date.year, self.move.date.month), amounts)
        if tax and tax.amount_type != "fixed":
            sums.add("vat", tax.exact_vat_code_id.code, amounts)
            return
        sums.add("gl", self.mapping.gl_code(item.account_id), amounts)
        # A discount on its own account stands on two, and changes no base.
        if item.display_type != "discount":
            sums.add("base", self.mapping.vat_code(item.tax_ids), amounts)
        for center, percentage in self.mapping.shares(item).items():
            sums.shares += 1
            sums.add("costs", center, [one * percentage / 100 for one in amounts])


def _amounts(item):
    """Return an item in both currencies; credit is positive, as revenue is in Exact."""
    return [
        -round(Decimal(str(item[name])), 2) for name in ("amount_currency", "balance")
    ]


def read_exact(state, division, entry):
    """Return the Sums of an entry, from the transaction lines of the simulator."""
    sums = Sums()
    rows = state.lookup(division, TRANSACTION_LINES, entry["EntryID"], by=("EntryID",))
    for row in rows:
        if not row["LineNumber"]:
            continue
        amounts = [-row["AmountFC"], -row["AmountDC"]]
        period = (row["FinancialYear"], row["FinancialPeriod"])
        sums.add("periods", period, amounts)
        code = (row["VATCode"] or "").strip()
        if is_vat(row):
            sums.add("vat", code, amounts)
            continue
        sums.add("gl", row["GLAccountCode"], amounts)
        sums.add("base", code, amounts)
        sums.add("costs", row["CostCenter"] or "", amounts)
    return sums


def is_vat(row):
    """Tell a line of VAT, which is not on a line of the entry."""
    return row["Place"] != (row["LineNumber"],)


def unequal(ours, theirs):
    """Return [(what, currency, ours, theirs)] of all sums that are not equal.

    A share of an amount has whole cents, so that a cost centre may be up to one off for
    each; all of them together are not.
    """
    found = []
    for name in ("gl", "base", "vat", "periods"):
        for currency in (0, 1):
            mine, others = ours.as_dict(name, currency), theirs.as_dict(name, currency)
            if mine != others:
                found.append((name, currency, mine, others))
    for currency in (0, 1):
        mine, others = (
            ours.as_dict("costs", currency),
            theirs.as_dict("costs", currency),
        )
        off = {
            center: others.get(center, 0) - mine.get(center, 0)
            for center in {*mine, *others}
        }
        if any(abs(one) > CENT * ours.shares for one in off.values()) or sum(
            off.values()
        ):
            found.append(("costs", currency, mine, others))
    return found
