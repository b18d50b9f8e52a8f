from odoo import fields, models

from ..const import (
    VAT_LISTING_NONE,
    VAT_TRANSACTION_PURCHASE,
    VAT_TYPE_EXCLUSIVE,
)


class ExactVatCode(models.Model):
    _name = "exact.vat.code"
    _inherit = ["exact.code.list"]
    _description = "VAT code of Exact Online"

    _exact_resource = "vat/VATCodes"
    _exact_options = {"filter": "IsBlocked eq false"}
    _exact_properties = {
        "code": "Code",
        "name": "Description",
        "exact_guid": "ID",
        "percentage": "Percentage",
        "vat_type": "Type",
        "transaction_type": "VATTransactionType",
        "is_charged": "Charged",
        "eu_listing": "EUSalesListing",
    }

    percentage = fields.Float(
        digits=(6, 5), readonly=True, help="A fraction: 0.21 is 21%."
    )
    vat_type = fields.Char(
        "Type", readonly=True, help="E excluding, I including, B base only, N no VAT."
    )
    transaction_type = fields.Char(readonly=True, help="S sales, P purchases, B both.")
    is_charged = fields.Boolean("Charged", readonly=True)
    eu_listing = fields.Char(
        "EU listing",
        readonly=True,
        help="N none, L goods, S services, T triangulation.",
    )

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "A VAT code is listed once per company."
    )

    def _find_for_tax(self, tax):
        """Return the one code that a domestic sales tax means beyond doubt, if any.

        A rate of zero has many meanings and is left to a person.
        """
        candidates = self.filtered(
            lambda code: (
                code.vat_type == VAT_TYPE_EXCLUSIVE
                and code.transaction_type != VAT_TRANSACTION_PURCHASE
                and not code.is_charged
                and (code.eu_listing or VAT_LISTING_NONE) == VAT_LISTING_NONE
                and round(code.percentage * 100, 3) == round(tax.amount, 3)
            )
        )
        return candidates if tax.amount > 0 and len(candidates) == 1 else self.browse()
