from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..booking import vat_mapping
from ..booking.vat_facts import TaxFacts


class AccountTax(models.Model):
    _name = "account.tax"
    _inherit = ["account.tax"]

    exact_vat_code_id = fields.Many2one(
        "exact.vat.code",
        string="VAT Code of Exact",
        check_company=True,
        copy=False,
        help="The VAT code with which Exact Online books lines with this tax.",
    )
    exact_was_mapped = fields.Boolean(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="It had a mapping once, so that leaving it empty is somebody's choice.",
    )
    exact_proposed_vat_code_id = fields.Many2one(
        "exact.vat.code",
        string="Proposal",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups="comanage_exact.group_exact_user",
    )
    exact_proposal_reason = fields.Char(
        "Why",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups="comanage_exact.group_exact_user",
    )
    exact_proposal_confidence = fields.Selection(
        [("certain", "Certain"), ("doubtful", "Doubtful"), ("none", "Choose one")],
        string="Confidence",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups="comanage_exact.group_exact_user",
    )

    # === COMPUTES === #

    @api.depends(
        "amount",
        "amount_type",
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
        # Codes of the company are read once, however many taxes are shown.
        for company, taxes in self.grouped(
            lambda tax: tax.company_id._exact_get_owner()
        ).items():
            codes = self._exact_get_codes(company)
            for tax in taxes:
                proposal = tax._exact_propose(codes)
                # A tax to choose for has a proposal that is only a hint.
                tax.exact_proposed_vat_code_id = proposal and proposal.key
                tax.exact_proposal_confidence = proposal and (
                    proposal.confidence if proposal.key else vat_mapping.NONE
                )
                tax.exact_proposal_reason = proposal and tax._exact_explain_proposal(
                    proposal
                )

    # === CONSTRAINTS === #

    @api.constrains("exact_vat_code_id", "amount", "amount_type", "type_tax_use")
    def _check_exact_vat_code_id(self):
        for tax in self.filtered("exact_vat_code_id"):
            code = tax.exact_vat_code_id.sudo()
            rate = tax._exact_get_rate()
            reason = vat_mapping.refusal(code._get_facts(), rate)
            # A purchase tax never goes to Exact, but a wrong code helps nobody.
            if reason and (tax.type_tax_use == "sale" or reason != "purchase"):
                raise ValidationError(tax._exact_explain_refusal(code, reason))

    @api.onchange("exact_vat_code_id")
    def _onchange_exact_vat_code_id(self):
        return self.env["exact.outbox"]._tell_changes(
            self.company_id,
            [
                (
                    [("invoice_line_ids.tax_ids", "in", self._origin.ids)],
                    self._origin.exact_vat_code_id,
                    self.exact_vat_code_id,
                )
            ],
        )

    def write(self, vals):
        # EXTENDS 'account': what failed for want of this mapping may go now.
        result = super().write(vals)
        if "exact_vat_code_id" in vals:
            self.env["exact.outbox"]._trigger_care_of_checks()
        return result

    # === ACTIONS === #

    def action_exact_accept_proposal(self):
        """Fill the proposed codes; what was chosen already stays."""
        self.check_access("write")
        empty = self.filtered(lambda tax: not tax.exact_vat_code_id)
        filled = empty.filtered("exact_proposed_vat_code_id")
        for tax in filled:
            tax.exact_vat_code_id = tax.exact_proposed_vat_code_id
        left = empty - filled
        if not left:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "There is no proposal for %(taxes)s. Choose the VAT code of "
                    "Exact Online yourself in the column “VAT Code of Exact”.",
                    taxes=", ".join(left.mapped("display_name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS === #

    @api.model
    def _exact_map(self, company):
        """Give sales taxes without a VAT code the one that is beyond doubt.

        Archived ones too: many a chart brings taxes that are switched on later. What
        somebody left empty on purpose stays empty.
        """
        codes = self._exact_get_codes(company)
        taxes = self.with_context(active_test=False).search(
            [
                # Not those of a parent company, which has codes of its own.
                ("company_id", "in", company._exact_get_members().ids),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "in", ("percent", "division")),
                ("exact_was_mapped", "=", False),
            ]
        )
        for tax in taxes.filtered(lambda tax: not tax.exact_vat_code_id):
            proposal = tax._exact_propose(codes)
            if proposal and proposal.confidence == vat_mapping.CERTAIN:
                tax.exact_vat_code_id = proposal.key
        taxes.filtered("exact_vat_code_id").exact_was_mapped = True

    def _exact_propose(self, codes):
        """Return the Proposal for this tax, None if it needs no code.

        :param codes: list of CodeMeaning, see `_exact_get_codes`.
        """
        self.ensure_one()
        if self.type_tax_use != "sale" or self._exact_get_rate() is None:
            return None
        return vat_mapping.propose(self.sudo()._exact_get_facts(), codes)

    # === HELPERS === #

    @api.model
    def _exact_get_codes(self, company):
        """Return the CodeMeaning of each VAT code of the company in use."""
        codes = self.env["exact.vat.code"].search([("company_id", "=", company.id)])
        return [vat_mapping.read_code(code._get_facts()) for code in codes]

    def _exact_get_rate(self):
        """Return the percentage on the amount without VAT; None if it has none."""
        if self.amount_type == "percent":
            return self.amount
        if self.amount_type == "division" and self.amount < 100:
            return 100 * self.amount / (100 - self.amount)
        return None

    def _exact_get_facts(self):
        """Return what the tax carries, for the pure code.

        :return: TaxFacts; texts are in English and in the language of the company,
            so that every user sees the same proposal.
        """
        positions = self.fiscal_position_ids
        countries = positions.country_id
        has_category = "ubl_cii_tax_category_code" in self._fields
        reason = "ubl_cii_tax_exemption_reason_code"
        goods = ("consu", "merch")
        return TaxFacts(
            rate=self._exact_get_rate(),
            country=self.country_id.code or "",
            scope=(self.tax_scope == "service" and "services")
            or (self.tax_scope in goods and "goods")
            or None,
            category=has_category and self.ubl_cii_tax_category_code or None,
            vatex=reason in self._fields and self[reason] or None,
            grids=tuple(
                tag.name
                for tag in self.invoice_repartition_line_ids.tag_ids.with_context(
                    lang="en_US"
                )
            ),
            texts=self._exact_get_texts(),
            oss_country=countries.code if len(countries) == 1 else None,
            is_foreign=self.country_id != self.company_id.account_fiscal_country_id,
            is_replacement=bool(self.original_tax_ids) or not self.is_domestic,
            is_for_eu_companies=any(
                position.vat_required and position.country_group_id
                for position in positions
            ),
        )

    def _exact_get_texts(self):
        """Return name, description and label, each text once."""
        texts = {}
        for lang in ("en_US", self.company_id.partner_id.lang):
            tax = self.with_context(lang=lang or "en_US")
            for text in (tax.name, tax.description, tax.invoice_label):
                texts[str(text or "")] = None
        return tuple(texts)
