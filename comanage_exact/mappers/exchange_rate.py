"""The exchange rate of an invoice, and the cents that Exact Online makes with it."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property

from ..booking import exchange_rate
from ..booking.exchange_rate import Sum
from ..booking.problem import Amount, Problem
from .amounts import to_decimal


class RateMapper:
    """Reads an invoice in another currency than that of its company.

    :param account.move move: a single one.
    :param LedgerAmounts ledger: of the invoice, credit notes negative.
    :param rows: of ExactLine, as the entry has them: Exact converts each.
    :param res.company company: that has the settings, as sudo.
    """

    def __init__(self, move, ledger, rows, company):
        self.move = move
        self.ledger = ledger
        self.rows = rows
        self.company = company
        self.currency = move.currency_id
        self.company_currency = move.company_id.currency_id

    @cached_property
    def is_foreign(self):
        return self.currency != self.company_currency

    # === RATE === #

    @cached_property
    def rate(self):
        """Company currency for one unit of the invoice's; None if they are the same.

        It is Odoo's rate, with the fewest digits under which Exact Online gets the
        cents of the ledger; where none does, the one that comes nearest.
        """
        return self.fit.rate if self.is_foreign else None

    @cached_property
    def ledger_rate(self):
        return Decimal(1) / Decimal(repr(self.move.invoice_currency_rate or 1.0))

    @cached_property
    def fit(self):
        """The rate and the largest difference from the ledger, as exchange_rate.Fit."""
        return self._fit(self.decimals or exchange_rate.MAX_DECIMALS)

    def _fit(self, decimals):
        return exchange_rate.nearest_rate(self.ledger_rate, self.sums, decimals)

    @cached_property
    def decimals(self):
        """How many decimals of the rate Exact Online uses; 0 if it did not tell."""
        currencies = self.company.env["exact.currency"].sudo()
        return currencies.search(
            [
                ("company_id", "=", self.company.id),
                ("code", "=", self.currency.name),
            ],
            limit=1,
        ).rate_decimals

    @cached_property
    def sums(self):
        """What Exact Online converts and what has to come out, as list of Sum.

        The lines of each G/L account and VAT code, and the VAT of each VAT code. The
        ledger has no amounts of cost centres: Exact converts each share, and together
        they are those of their account.
        """
        zero = to_decimal(0.0, self.company_currency)
        places, vat = defaultdict(list), defaultdict(Decimal)
        for row in self.rows:
            places[row.gl_account, row.vat_code].append(row)
            vat[row.vat_code] += row.vat_amount
        vat_dc = self.ledger.vat_dc
        base_sums = [
            Sum(
                [row.amount for row in rows],
                sum((row.amount_dc for row in rows), zero),
            )
            for rows in places.values()
        ]
        return base_sums + [
            Sum([vat[code]], vat_dc.get(code, zero), is_vat=True)
            for code in dict.fromkeys([*vat, *vat_dc])
        ]

    def journal_problems(self, journal):
        """Return that a journal takes no such currency or rate, as list of Problem.

        :param exact.journal journal: that the invoice is booked in.
        """
        # Exact Online names the currency of each journal that it lists.
        if not journal.currency_code:
            return []
        values = {
            "journal": journal.display_name,
            "own": journal.currency_code,
            "currency": self.currency.name,
        }
        is_own = self.currency.name == journal.currency_code
        if not is_own and not journal.is_any_currency:
            return [Problem("journal_currency", values)]
        if self.is_foreign and not journal.is_any_rate:
            return [Problem("journal_rate", values)]
        return []

    # === ROUNDING DIFFERENCE === #

    @cached_property
    def difference(self):
        """The largest difference that Exact Online will have from the ledger."""
        return self.fit.difference if self.is_foreign else Decimal()

    @cached_property
    def total_difference(self):
        """What the total will be more in Exact Online; 0 where it is equal."""
        if not self.difference:
            return Decimal()
        return sum(one.convert(self.rate) - one.wanted for one in self.sums)

    @cached_property
    def allowed(self):
        """The largest difference that may leave, which company or user accepted.

        Zero for invoices in the company's currency, which nobody converts.
        """
        if not self.is_foreign:
            return Decimal()
        tolerance = self.company.exact_rounding_tolerance
        allowed = to_decimal(tolerance, self.company_currency)
        if self.move.sudo().exact_outbox_id.is_rounding_accepted:
            return max(allowed, self.difference)
        return allowed

    def problems(self):
        """Return a rounding difference that nobody allowed, as list of Problem."""
        if self.difference <= self.allowed:
            return []
        total, vat = self._read_ledger()
        found = sum(one.convert(self.rate) for one in self.sums)
        found_vat = sum(one.convert(self.rate) for one in self.sums if one.is_vat)
        amounts = {"found": found, "found_vat": found_vat, "total": total, "vat": vat}
        currency = self.company_currency.name
        values = {
            "name": self.move.name or self.move.display_name,
            "foreign": self.currency.name,
            **{key: Amount(value, currency) for key, value in amounts.items()},
        }
        if self.decimals:
            precise = self._fit(exchange_rate.MAX_DECIMALS)
            if precise.difference <= self.allowed:
                values.update(decimals=self.decimals, rate=precise.rate)
                return [Problem("rate_decimals", values)]
        return [Problem("cents", values)]

    def _read_ledger(self):
        vat = sum(self.ledger.vat_dc.values(), Decimal())
        return self.ledger.total_dc, vat
