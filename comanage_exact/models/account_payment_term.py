from odoo import api, fields, models

from ..booking import payment_mapping
from ..const import READERS
from ..mappers.payment import read_conditions, read_term_facts
from ..sync import messages, payment_messages


class AccountPaymentTerm(models.Model):
    _name = "account.payment.term"
    _inherit = ["account.payment.term", "exact.proposed.mixin"]
    _check_company_auto = True

    _exact_mapping = "exact_payment_condition_id"
    _exact_proposed = "exact_proposed_payment_condition_id"
    _exact_settings = ("exact_payment_condition_id",)

    exact_payment_condition_id = fields.Many2one(
        "exact.payment.condition",
        string="Exact Online Payment Condition",
        company_dependent=True,
        check_company=True,
        copy=False,
        # Customers read terms in the portal.
        groups="base.group_user",
        domain="[('company_id', '=', current_company_id)]",
        help="Leave empty to use the payment condition from the company's settings.",
    )
    exact_was_mapped = fields.Boolean(
        string="Was Mapped to Exact Online", company_dependent=True
    )
    exact_proposed_payment_condition_id = fields.Many2one(
        "exact.payment.condition",
        string="Proposed Payment Condition",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups=READERS,
    )

    # === COMPUTES === #

    @api.depends(
        "name",
        "line_ids.value",
        "line_ids.value_amount",
        "line_ids.delay_type",
        "line_ids.nb_days",
        "early_discount",
        "discount_percentage",
        "discount_days",
        "early_pay_discount_computation",
    )
    @api.depends_context("company", "lang")
    def _compute_exact_proposal(self):
        # OVERRIDES exact.proposed.mixin
        # The conditions are read once, however many terms are shown.
        conditions = read_conditions(self.env.company.exact_owner_id)
        for term in self:
            facts = read_term_facts(term)
            proposal = payment_mapping.propose(facts, conditions)
            term.exact_proposed_payment_condition_id = proposal.key
            term.exact_proposal_confidence = proposal.confidence
            term.exact_proposal_reason = payment_messages.proposal_text(
                self.env, proposal, facts.meaning
            )

    # === CRUD === #

    def write(self, vals):
        # EXTENDS exact.mapped.mixin
        if vals.get(self._exact_mapping):
            self._exact_check_company(payment_messages.OTHER_COMPANY)
        return super().write(vals)

    # === BUSINESS === #

    def _exact_get_no_proposal_text(self):
        # OVERRIDES exact.proposed.mixin
        names = ", ".join(self.mapped("display_name"))
        return messages.say(self.env, payment_messages.NO_PROPOSAL, terms=names)

    def _exact_find_sure_rows(self, company):
        """Find the only condition that means the same, for each term."""
        # EXTENDS exact.mapped.mixin
        conditions = read_conditions(company)
        found = {}
        for term in self:
            proposal = payment_mapping.propose(read_term_facts(term), conditions)
            if proposal.confidence == payment_mapping.CERTAIN:
                found[term] = proposal.key
        return found
