from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..booking import vat_mapping
from ..const import READERS
from ..mappers.tax import TaxMapper, is_own_line, read_code_facts
from ..sync import vat_messages


class AccountTax(models.Model):
    _name = "account.tax"
    _inherit = ["account.tax", "exact.proposed.mixin"]

    _exact_mapping = "exact_vat_code_id"
    _exact_proposed = "exact_proposed_vat_code_id"
    _exact_rechecked = ("exact_is_vat",)
    _exact_settings = ("exact_vat_code_id", "exact_is_vat")

    exact_vat_code_id = fields.Many2one(
        "exact.vat.code",
        string="Exact Online VAT Code",
        check_company=True,
        copy=False,
        help="The Exact Online VAT code used to book lines with this tax.",
    )
    exact_is_vat = fields.Selection(
        [("vat", "VAT"), ("own_line", "Not VAT (own line)")],
        string="Exact Online Tax Type",
        required=True,
        default="vat",
        help="What is not VAT, such as a tourist tax, a fee or an amount withheld by "
        "the customer, is booked in Exact Online on a line of its own, to the G/L "
        "account of the tax.",
    )
    exact_proposed_vat_code_id = fields.Many2one(
        "exact.vat.code",
        string="Proposed VAT Code",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups=READERS,
    )
    is_exact_proposed_levy = fields.Boolean(
        string="Proposed as Not VAT",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups=READERS,
    )

    # === COMPUTES === #

    @api.depends(
        "amount",
        "amount_type",
        "exact_is_vat",
        "type_tax_use",
        "tax_scope",
        "country_id",
        "name",
        "description",
        "invoice_label",
        "fiscal_position_ids",
        "original_tax_ids",
        "repartition_line_ids.tag_ids",
    )
    @api.depends_context("lang")
    def _compute_exact_proposal(self):
        # OVERRIDES exact.proposed.mixin
        # Codes of the company are read once, however many taxes are shown.
        for company, taxes in self.grouped(
            lambda tax: tax.company_id.sudo().exact_owner_id
        ).items():
            codes = self._exact_get_codes(company)
            for tax in taxes:
                mapper = TaxMapper(tax.sudo())
                proposal = tax._exact_propose(codes, mapper)
                # A tax to choose for has a proposal that is only a hint.
                tax.exact_proposed_vat_code_id = proposal and proposal.key
                is_levy = bool(proposal and proposal.reason == vat_mapping.LEVY)
                tax.is_exact_proposed_levy = is_levy
                tax.exact_proposal_confidence = proposal and (
                    proposal.confidence if proposal.key or is_levy else vat_mapping.NONE
                )
                tax.exact_proposal_reason = proposal and vat_messages.proposal_text(
                    self.env, proposal, mapper
                )

    # === CONSTRAINTS === #

    @api.constrains("exact_vat_code_id", "amount", "amount_type", "type_tax_use")
    def _check_exact_vat_code_id(self):
        for tax in self.filtered("exact_vat_code_id"):
            code = tax.exact_vat_code_id.sudo()
            mapper = TaxMapper(tax)
            reason = vat_mapping.refusal(read_code_facts(code), mapper.rate)
            # A purchase tax is never booked in Exact, but a wrong code helps no one.
            if reason and (tax.type_tax_use == "sale" or reason != "purchase"):
                raise ValidationError(
                    vat_messages.vat_code_refusal_text(self.env, reason, mapper, code)
                )

    # === BUSINESS === #

    def _exact_take_proposals(self):
        # EXTENDS exact.proposed.mixin: what is no VAT needs no code.
        taxes = self.filtered(lambda tax: not is_own_line(tax))
        levies = taxes.filtered(
            lambda tax: not tax.exact_vat_code_id and tax.is_exact_proposed_levy
        )
        levies.exact_is_vat = "own_line"
        return super(AccountTax, taxes - levies)._exact_take_proposals()

    def _exact_get_no_proposal_text(self):
        # OVERRIDES exact.proposed.mixin
        return self.env._(
            "There is no proposal for %(taxes)s. Choose a VAT code manually "
            "in the column “Exact Online VAT Code”.",
            taxes=", ".join(self.mapped("display_name")),
        )

    @api.model
    def _exact_find_mappable(self, company):
        """Return the sales taxes of a company without a mapping.

        Archived ones too: many charts include taxes that are activated later.
        """
        # EXTENDS exact.mapped.mixin
        return self.with_context(active_test=False).search(
            [
                # Not those of a parent company, which has codes of its own.
                ("company_id", "in", company._exact_get_members().ids),
                *self._exact_get_vat_domain(),
                ("exact_was_mapped", "=", False),
            ]
        )

    @api.model
    def _exact_get_vat_domain(self):
        """Return the domain of the sales taxes that need a VAT code.

        Fixed amounts and groups are booked by way of other taxes.
        """
        return [
            ("type_tax_use", "=", "sale"),
            ("amount_type", "not in", ("fixed", "group")),
            ("exact_is_vat", "=", "vat"),
        ]

    @api.model
    def _exact_map(self, company):
        # EXTENDS exact.mapped.mixin: what is no VAT needs no code.
        taxes = self._exact_find_mappable(company)
        levies = taxes.filtered(
            lambda tax: (
                not tax.exact_vat_code_id
                and vat_mapping.is_levy(TaxMapper(tax.sudo()).facts)
            )
        )
        levies.write({"exact_is_vat": "own_line", "exact_was_mapped": True})
        return super()._exact_map(company)

    def _exact_find_sure_rows(self, company):
        # EXTENDS exact.mapped.mixin
        codes = self._exact_get_codes(company)
        proposals = {
            tax: tax._exact_propose(codes, TaxMapper(tax.sudo())) for tax in self
        }
        return {
            tax: proposal.key
            for tax, proposal in proposals.items()
            if proposal and proposal.key and proposal.confidence == vat_mapping.CERTAIN
        }

    def _exact_propose(self, codes, mapper):
        """Return the Proposal for this tax, None if it needs no code.

        :param codes: list of CodeMeaning, see `_exact_get_codes`.
        :param TaxMapper mapper: of this tax, as sudo.
        """
        self.ensure_one()
        if self.type_tax_use != "sale" or is_own_line(self):
            return None
        if mapper.rate is None and not vat_mapping.is_levy(mapper.facts):
            return None
        return vat_mapping.propose(mapper.facts, codes)

    @api.model
    def _exact_get_codes(self, company):
        """Return the CodeMeaning of each VAT code of the company in use."""
        codes = self.env["exact.vat.code"].search([("company_id", "=", company.id)])
        return [vat_mapping.read_code(read_code_facts(code)) for code in codes]
