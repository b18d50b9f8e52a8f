"""The totals of a comparison, as people read them."""

from collections import defaultdict

from ..booking.comparison_totals import UNKNOWN
from . import comparison_messages, messages


class ComparisonTables:
    """Stores what both sides have per VAT code, G/L account, cost centre and unit.

    :param exact.comparison record: as superuser.
    :param Totals totals: of all invoices and entries.
    :param dict currency_ids: {code: id}
    """

    def __init__(self, record, totals, currency_ids):
        self.record = record
        self.env = record.env
        self.totals = totals
        self.currency_ids = currency_ids
        self.own_currency = record.company_id.currency_id.name

    def store(self):
        self.env["exact.comparison.total"].create(self._prepare_vat())
        self.env["exact.comparison.gl.total"].create(self._prepare_gl())
        self.env["exact.comparison.cost.total"].create(
            [
                *self._prepare_costs("center", self.totals.by_center),
                *self._prepare_costs("unit", self.totals.by_unit),
            ]
        )

    # === VAT CODES === #

    def _prepare_vat(self):
        rows = [
            (key, amounts, self.totals.accepted.get(key, (0, 0)), False)
            for key, amounts in self.totals.by_code.items()
        ]
        names = self._read_names("exact.vat.code")
        rows += self._add_up_journals()
        return [self._prepare_vat_row(*row, names) for row in rows]

    def _add_up_journals(self):
        """Return the amounts of all journals, if there are several: those of a return.

        In company currency alone, which the VAT return is in.
        """
        if len({key[0] for key in self.totals.by_code}) < 2:
            return []
        sums = defaultdict(lambda: [0] * 4)
        accepted = defaultdict(lambda: [0] * 2)
        for key, amounts in self.totals.by_code.items():
            _journal, *where = key
            if where[1] == self.own_currency:
                _add(sums[tuple(where)], amounts)
                _add(accepted[tuple(where)], self.totals.accepted.get(key, (0, 0)))
        label = messages.say(self.env, comparison_messages.ALL_JOURNALS)
        return [
            ((label, *where), amounts, accepted[where], True)
            for where, amounts in sums.items()
        ]

    def _prepare_vat_row(self, key, amounts, accepted, is_every_journal, names):
        _journal, _period, currency, code = key
        base, vat, other_base, other_vat = amounts
        label = {
            None: comparison_messages.ALL_VAT_CODES,
            UNKNOWN: comparison_messages.NOT_RETURNED,
            "": comparison_messages.NO_VAT_CODE,
        }.get(code)
        return {
            **self._prepare_place(key),
            "is_sum": code is None,
            "is_foreign": currency != self.own_currency,
            "is_every_journal": is_every_journal,
            "vat_code": messages.say(self.env, label) if label else code,
            "vat_code_name": names.get(code),
            "odoo_base": base,
            "odoo_vat": vat,
            "exact_base": other_base,
            "exact_vat": other_vat,
            "rounding": sum(accepted),
            "is_equal": (other_base - base, other_vat - vat) == tuple(accepted),
        }

    # === G/L ACCOUNTS AND COSTS === #

    def _prepare_gl(self):
        names = self._read_names("exact.gl.account")
        unknown = messages.say(self.env, comparison_messages.NO_GL_ACCOUNT)
        return [
            {
                **self._prepare_bases(key, amounts),
                "gl_account": unknown if key[3] == UNKNOWN else _full(key[3], names),
                "is_foreign": key[2] != self.own_currency,
                "is_equal": amounts[2] - amounts[0]
                == self.totals.accepted_gl.get(key, 0),
            }
            for key, amounts in self.totals.by_gl.items()
        ]

    def _prepare_costs(self, dimension, table):
        """Return the rows of cost centres or units; none if Odoo uses none."""
        if not any(key[3] and (amounts[0]) for key, amounts in table.items()):
            return []
        model = "exact.cost.center" if dimension == "center" else "exact.cost.unit"
        names = self._read_names(model)
        none = messages.say(self.env, comparison_messages.NO_COST)
        return [
            {
                **self._prepare_bases(key, amounts),
                "dimension": dimension,
                "cost": _full(key[3], names) if key[3] else none,
            }
            for key, amounts in table.items()
        ]

    # === HELPERS === #

    def _prepare_bases(self, key, amounts):
        return {
            **self._prepare_place(key),
            "odoo_base": amounts[0],
            "exact_base": amounts[2],
            "is_equal": amounts[0] == amounts[2],
        }

    def _prepare_place(self, key):
        journal, period, currency, _code = key
        return {
            "comparison_id": self.record.id,
            "journal": journal,
            "period": period,
            "currency_id": self.currency_ids.get(currency),
        }

    def _read_names(self, model):
        """Return {code: name} of a list of Exact, with what is no longer in it."""
        rows = self.env[model].with_context(active_test=False)
        found = rows.search([("company_id", "=", self.record.company_id.id)])
        return {row.code: row.name or "" for row in found}


def _full(code, names):
    return f"{code} {names.get(code, '')}".strip()


def _add(sums, amounts):
    for index, amount in enumerate(amounts):
        sums[index] += amount
