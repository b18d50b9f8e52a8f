"""What somebody may want to know of a booking, though nothing is wrong with it."""

from ..booking.problem import Problem
from ..exact_api.const import COST_FORBIDDEN
from .payment import read_condition, read_discount, read_term
from .tax import TaxMapper


class BookingNotes:
    """Reads what Exact Online does otherwise than Odoo, or without.

    :param SalesEntryMapper mapper: of the invoice.
    """

    def __init__(self, mapper):
        self.mapper = mapper
        self.move = mapper.move
        self.costs = mapper.cost_shares

    def all(self):
        """Return a list of Problem, whose kinds are those of `note_messages.NOTES`."""
        return [
            *self._untaxed_lines(),
            *self._taxes(),
            *self._unmapped_accounts(),
            *self._accounts_without_costs(),
            *self._instalments(),
            *self._discount(),
        ]

    # === LINES === #

    def _untaxed_lines(self):
        rows = [row for row in self.mapper.ledger.rows if row.needs_tax and row.amount]
        untaxed = [row for row in rows if not row.taxes and row.vat_code]
        if not untaxed:
            return []
        names = ", ".join(f"“{row.description}”" for row in untaxed)
        return [_note("untaxed", lines=names, code=untaxed[0].vat_code.display_name)]

    def _taxes(self):
        notes = []
        taxes = {row.taxes: row.vat_code for row in self.mapper.lines if row.taxes}
        for tax, code in taxes.items():
            # Several on a line are a problem.
            name = tax[:1].display_name
            if tax[:1].tax_exigibility == "on_payment":
                notes.append(_note("on_payment", tax=name))
            if TaxMapper(tax[:1]).rate is None and code:
                notes.append(_note("any_rate", tax=name, code=code.display_name))
        return notes

    # === COST CENTRES === #

    def _unmapped_accounts(self):
        """Return which analytic accounts mean nothing to Exact, where it has costs."""
        names = self.costs.unmapped_names
        return [_note("no_cost", accounts=", ".join(names))] if names else []

    def _accounts_without_costs(self):
        """Return which G/L accounts take none of what a distribution has for them."""
        refused = {}
        for row in self.mapper.ledger.rows:
            uses = (row.gl_account.use_cost_center, row.gl_account.use_cost_unit)
            for key in self.costs.get_keys(row):
                pairs = zip(uses, self.costs.get_costs(key), strict=True)
                if any(use == COST_FORBIDDEN and costs for use, costs in pairs):
                    refused[row.gl_account] = row.gl_account.display_name
        return [_note("cost_refused", account=name) for name in refused.values()]

    # === PAYMENT === #

    def _instalments(self):
        due = {
            item.date_maturity
            for item in self.move.line_ids
            if item.display_type == "payment_term"
        }
        if len(due - {False}) < 2:
            return []
        term = self.move.invoice_payment_term_id.display_name
        return [_note("instalments", term=term, date=self.move.invoice_date_due)]

    def _discount(self):
        """Return that only one of both sides gives a discount for early payment."""
        term = self.move.invoice_payment_term_id
        condition = self.mapper.payment_condition
        ours = read_discount(term) if term else {}
        theirs = read_condition(condition) if condition else None
        meaning = term and read_term(term)
        if meaning and theirs and meaning.has_same_discount(theirs):
            return []
        if ours:
            values = {"term": term.display_name, "days": ours["discount_days"]}
            return [_note("discount", discount=f"{ours['discount']:g}", **values)]
        if theirs and theirs.discount:
            values = {"condition": condition.display_name, "days": theirs.discount_days}
            return [_note("other_discount", discount=f"{theirs.discount:g}", **values)]
        return []


def _note(kind, **values):
    return Problem(kind, values)
