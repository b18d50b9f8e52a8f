"""A second company in the database, with a division of its own."""

from odoo import SUPERUSER_ID, Command

from .common import BASE_URL, CUSTOMER_GUID

OTHER_DIVISION = 222222
OTHER_URL = f"{BASE_URL}/api/v1/{OTHER_DIVISION}/salesentry/SalesEntries"


class OtherCompany:
    """Sets up the company; goes before `ExactCommon` among the bases."""

    @classmethod
    def set_up_other_company(cls):
        """Make `other`, connected and mapped, and its tax of 21%, `other_tax`."""
        # Only root may load a chart of accounts.
        env = cls.env(user=SUPERUSER_ID)
        other = env.ref("__ready__.other_company", raise_if_not_found=False)
        if not other:
            country = cls.company.country_id
            other = env["res.company"].create(
                {"name": "Other BV", "country_id": country.id}
            )
            charts = env["account.chart.template"]
            charts.try_loading(cls.chart_template, other, install_demo=False)
        other.name = "Other BV"
        cls.other = other.with_env(cls.env(su=True))
        cls.env.user.sudo().company_ids += cls.other
        tax_21, vat_code_21 = cls.tax_21, cls.vat_code_21
        cls._set_up_connection(cls.other, OTHER_DIVISION)
        cls._set_up_mapping(cls.other)
        cls.other_tax = cls.tax_21
        cls.tax_21, cls.vat_code_21 = tax_21, vat_code_21
        cls.customer.sudo().with_company(cls.other).exact_guid = CUSTOMER_GUID

    @classmethod
    def make_other_invoice(cls, amount=50, name="x"):
        """Create and post an invoice of the other company, for the same customer."""
        line = {
            "name": name,
            "price_unit": amount,
            "tax_ids": [Command.set(cls.other_tax.ids)],
        }
        moves = cls.env["account.move"].sudo().with_company(cls.other)
        invoice = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": "2026-03-10",
                "invoice_line_ids": [Command.create(line)],
            }
        )
        invoice.action_post()
        return invoice
