from odoo import fields, models

from ..exact_api import resources


class ExactVatCode(models.Model):
    _name = "exact.vat.code"
    _inherit = "exact.code.list"
    _description = "Exact Online VAT Code"

    _exact_resource = resources.VAT_CODES
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
        "is_intrastat": "IntraStat",
        "intrastat_type": "IntrastatType",
        "oss_country_code": "OssCountry",
        "vat_margin": "VatMargin",
    }

    percentage = fields.Float(
        digits=(6, 5), readonly=True, help="As a fraction: 0.21 is 21%."
    )
    vat_type = fields.Selection(
        [
            ("E", "Excluding VAT"),
            ("I", "Including VAT"),
            ("B", "Base only"),
            ("N", "No VAT"),
        ],
        "Type",
        readonly=True,
    )
    transaction_type = fields.Selection(
        [("S", "Sales"), ("P", "Purchases"), ("B", "Both")], "Applies To", readonly=True
    )
    is_charged = fields.Boolean("Charged", readonly=True)
    eu_listing = fields.Selection(
        [
            ("N", "None"),
            ("L", "Goods"),
            ("S", "Services"),
            ("T", "Triangulation"),
        ],
        "EU Sales Listing",
        readonly=True,
    )
    is_intrastat = fields.Boolean("Intrastat", readonly=True)
    intrastat_type = fields.Char(
        readonly=True, help="France only; replaces the EU sales listing: L or S."
    )
    oss_country_code = fields.Char("OSS Country", readonly=True)
    vat_margin = fields.Integer("Margin Scheme", readonly=True)

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "Each VAT code can be listed only once per company."
    )
