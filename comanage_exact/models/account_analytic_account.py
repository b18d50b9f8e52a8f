from odoo import api, fields, models

from ..booking import cost_mapping
from ..booking.cost_mapping import CostFacts
from ..const import READERS
from ..sync import cost_messages

# By the field of the mapping: the list, and the company's plan for it.
MAPPINGS = {
    "exact_cost_center_id": ("exact.cost.center", "exact_cost_center_plan_id"),
    "exact_cost_unit_id": ("exact.cost.unit", "exact_cost_unit_plan_id"),
}


class AccountAnalyticAccount(models.Model):
    _name = "account.analytic.account"
    _inherit = ["account.analytic.account", "exact.mapped.mixin"]

    _exact_mapping = "exact_cost_center_id"
    _exact_rechecked = ("exact_cost_unit_id",)
    _exact_settings = ("exact_cost_center_id", "exact_cost_unit_id")

    exact_cost_center_id = fields.Many2one(
        "exact.cost.center",
        string="Exact Online Cost Centre",
        company_dependent=True,
        check_company=True,
        copy=False,
        groups=READERS,
        domain="[('company_id', '=', current_company_id)]",
        help="The cost centre in Exact Online that invoice lines get for what this "
        "analytic account has of them.",
    )
    exact_cost_unit_id = fields.Many2one(
        "exact.cost.unit",
        string="Exact Online Cost Unit",
        company_dependent=True,
        check_company=True,
        copy=False,
        groups=READERS,
        domain="[('company_id', '=', current_company_id)]",
        help="The cost unit in Exact Online that invoice lines get for what this "
        "analytic account has of them.",
    )
    exact_was_mapped = fields.Boolean(
        string="Was Mapped to Exact Online", company_dependent=True
    )
    exact_proposed_cost_center_id = fields.Many2one(
        "exact.cost.center",
        string="Proposed Cost Centre",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups=READERS,
    )
    exact_proposed_cost_unit_id = fields.Many2one(
        "exact.cost.unit",
        string="Proposed Cost Unit",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups=READERS,
    )
    exact_cost_reason = fields.Char(
        "Reason",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups=READERS,
    )

    # === COMPUTES === #

    @api.depends("code", "name", "plan_id")
    @api.depends_context("company", "lang")
    def _compute_exact_proposal(self):
        owner = self.env.company.exact_owner_id
        proposals = {
            name: self._exact_propose(name, owner) for name in MAPPINGS if owner
        }
        for account in self:
            found = {
                name: of_accounts[account]
                for name, of_accounts in proposals.items()
                if account in of_accounts
            }
            center, unit = (
                found[name].key if name in found else False for name in MAPPINGS
            )
            account.exact_proposed_cost_center_id = center
            account.exact_proposed_cost_unit_id = unit
            account.exact_cost_reason = cost_messages.proposals_text(self.env, found)

    # === ACTIONS === #

    def action_exact_accept_costs(self):
        """Fill the proposals; what was chosen already stays."""
        self.env.user._exact_check_role("accountant")
        self.check_access("read")
        for account in self:
            for name in MAPPINGS:
                proposed = account[name.replace("exact_", "exact_proposed_")]
                if proposed and not account[name]:
                    account[name] = proposed
        return self._exact_get_reload()

    # === BUSINESS === #

    @api.model
    def _exact_map(self, company):
        # EXTENDS exact.mapped.mixin: there are two lists to map to.
        self._exact_choose_plans(company)
        accounts = self._exact_find_mappable(company)
        for name in MAPPINGS:
            for account, proposal in accounts._exact_propose(name, company).items():
                is_sure = proposal.confidence == cost_mapping.CERTAIN
                if is_sure and not account[name]:
                    account[name] = proposal.key
        accounts.filtered(
            lambda account: account.exact_cost_center_id or account.exact_cost_unit_id
        ).exact_was_mapped = True

    @api.model
    def _exact_choose_plans(self, company):
        """Choose the plan whose accounts agree with cost centres, and with units.

        The first such plan; where none agrees, nothing is chosen.
        """
        accounts = self._exact_find_mappable(company)
        taken = company.exact_cost_center_plan_id | company.exact_cost_unit_plan_id
        for name, (_model, plan_name) in MAPPINGS.items():
            if company[plan_name]:
                continue
            sure = [
                account.root_plan_id
                for account, proposal in accounts._exact_propose(name, company).items()
                if proposal.confidence == cost_mapping.CERTAIN
            ]
            plans = self.env["account.analytic.plan"].union(*sure) - taken
            company[plan_name] = plans.sorted(lambda plan: (plan.sequence, plan.id))[:1]
            taken |= company[plan_name]

    def _exact_propose(self, name, company):
        """Return {account: CostProposal} for one mapping.

        :param str name: of the field.
        :param res.company company: that has the lists; accounts of plans that it chose
            for something else have no proposal.
        """
        model, plan_name = MAPPINGS[name]
        other = company[next(p for _m, p in MAPPINGS.values() if p != plan_name)]
        rows = self.env[model].search([("company_id", "=", company.id)])
        if not rows:
            return {}
        costs = [CostFacts(row, row.code, row.name or "") for row in rows]
        found = {}
        for account in self:
            plan = account.root_plan_id
            if plan in (company[plan_name] or plan) and plan not in other:
                facts = CostFacts(account, account.code or "", account.name or "")
                found[account] = cost_mapping.propose(facts, costs)
        return found
