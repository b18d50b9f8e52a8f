from odoo import api, fields, models

from ..exact_api.exceptions import ExactError
from ..exact_api.rate_limits import Budget

# The division of the row that holds the refusals of a whole app.
WHOLE_APP = "*"
# What of a stored budget belongs to the app; the rest belongs to the division.
OF_APP = ("hour", "errors")


class ExactBudget(models.Model):
    """How many calls Exact takes from an app: by division, and refusals of the app.

    A row for each division and one for the app, whichever companies use them: Exact
    does not know our companies, and no new consent makes it forget what it counted.
    """

    _name = "exact.budget"
    _inherit = "exact.own.cursor.mixin"
    _description = "Exact Online API Call Budget"

    site = fields.Char(required=True)
    client_id = fields.Char("Client ID", required=True)
    division = fields.Char(required=True, help="* for the refusals of the whole app.")
    counts = fields.Json(help="Exact Online API call limits and usage.")

    _division_unique = models.UniqueIndex(
        "(site, client_id, division)", "Calls are counted once for each division."
    )

    @api.model
    def _reserve(self, key, resource, is_invoice):
        """Count a call before it is made.

        :param tuple key: site, client ID and number of the division.
        :return: the budget with this call.
        :raise: as `Budget.reserve`; nothing is counted then.
        """

        def reserve(budgets):
            budget = budgets._load(key)
            try:
                budget.reserve(fields.Datetime.now(), resource, is_invoice=is_invoice)
            except ExactError as err:
                return err
            budgets._store_division(key, budget)
            return budget

        result = self._change_apart(reserve)
        if isinstance(result, ExactError):
            raise result
        # Where another worker was always first, Exact's headers will correct us.
        return result or Budget()

    @api.model
    def _correct(self, key, limits, refused):
        """Remember what an answer says of the calls that are left.

        :param rate_limits.Limits limits:
        :param str refused: the resource, where Exact counts the answer as an error.
        """

        def correct(budgets):
            budget = budgets._load(key)
            budget.correct(limits)
            if refused:
                budget.count_error(fields.Datetime.now(), refused)
                budgets._store_app(key, budget)
            budgets._store_division(key, budget)

        self._change_apart(correct)

    # === HELPERS === #

    @api.model
    def _load(self, key):
        """Return the Budget of a division, with the refusals of its app."""
        return Budget.load(self._get_counts(key))

    @api.model
    def _get_counts(self, key):
        return self._get_counts_of([key])[key]

    @api.model
    def _get_counts_of(self, keys):
        """Return {key: counts} of several divisions, with one query."""
        rows = self.search_fetch(
            [
                ("client_id", "in", [client_id for _site, client_id, _code in keys]),
                ("division", "in", [WHOLE_APP, *(code for *_app, code in keys)]),
            ],
            ["site", "client_id", "division", "counts"],
        )
        stored = {
            (row.site, row.client_id, row.division): row.counts or {} for row in rows
        }
        return {
            key: {**stored.get((*key[:2], WHOLE_APP), {}), **stored.get(key, {})}
            for key in keys
        }

    @api.model
    def _find(self, key, divisions):
        site, client_id, _division = key
        return self.search_fetch(
            [
                ("site", "=", site),
                ("client_id", "=", client_id),
                ("division", "in", divisions),
            ],
            ["division", "counts"],
        )

    @api.model
    def _store_division(self, key, budget):
        counts = budget.dump()
        own = {name: part for name, part in counts.items() if name not in OF_APP}
        self._store(key, key[2], own)

    @api.model
    def _store_app(self, key, budget):
        counts = budget.dump()
        self._store(key, WHOLE_APP, {name: counts[name] for name in OF_APP})

    @api.model
    def _store(self, key, division, counts):
        if row := self._find(key, [division]):
            row.counts = counts
            return
        site, client_id, _division = key
        self.create(
            {
                "site": site,
                "client_id": client_id,
                "division": division,
                "counts": counts,
            }
        )
