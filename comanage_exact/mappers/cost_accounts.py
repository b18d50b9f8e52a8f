"""What the analytic accounts of Odoo stand for in Exact Online."""

from functools import cached_property

from dateutil.relativedelta import relativedelta

from odoo import fields

# Journal items as old as this still say what a company invoices, the last ones do.
MONTHS = 12
LATEST = 2000


class CostAccounts:
    """Reads the cost centres and units of analytic accounts.

    Where the company chose which plan means which, accounts of other plans do not.

    :param res.company company: that has the settings, as sudo.
    """

    def __init__(self, company):
        self.company = company.sudo()
        self.env = self.company.env

    @cached_property
    def has_lists(self):
        """Whether Exact Online has any cost centre or unit to choose from."""
        own = [("company_id", "=", self.company.id)]
        names = ("exact.cost.center", "exact.cost.unit")
        return any(self.env[name].search_count(own, limit=1) for name in names)

    def browse(self, ids):
        """Return the accounts that are still there, with the company's mappings."""
        accounts = self.env["account.analytic.account"].with_company(self.company)
        return accounts.browse(sorted(ids)).exists()

    def get_costs(self, accounts):
        """Return the cost centres and the units that accounts stand for."""
        company = self.company
        centers = self.env["exact.cost.center"]
        units = self.env["exact.cost.unit"]
        for account in accounts:
            plan = account.root_plan_id
            if company.exact_cost_center_plan_id in (plan, plan.browse()):
                centers |= account.exact_cost_center_id
            if company.exact_cost_unit_plan_id in (plan, plan.browse()):
                units |= account.exact_cost_unit_id
        return centers, units

    def find_unmapped(self, accounts):
        """Return which of the accounts stand for nothing, where Exact has costs.

        Where the company chose a plan, accounts of the others need not.
        """
        company = self.company
        plans = company.exact_cost_center_plan_id | company.exact_cost_unit_plan_id
        if not self.has_lists:
            return accounts.browse()
        return accounts.filtered(
            lambda one: (
                (not plans or one.root_plan_id in plans)
                and not any(self.get_costs(one))
            )
        )

    @cached_property
    def unmapped_names(self):
        """The names of such accounts of the invoices of the last year."""
        first = fields.Date.context_today(self.company) - relativedelta(months=MONTHS)
        members = self.company._exact_get_members() or self.company
        items = self.env["account.move.line"].search(
            [
                ("company_id", "in", members.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("parent_state", "=", "posted"),
                ("date", ">=", first),
                ("analytic_distribution", "!=", False),
            ],
            order="date desc, id desc",
            limit=LATEST,
        )
        ids = items.distribution_analytic_account_ids.ids
        return self.find_unmapped(self.browse(ids)).mapped("display_name")
