"""A second company in the database, with a division of its own."""

from odoo import SUPERUSER_ID, Command

from .common import BASE_URL, CUSTOMER_GUID

OTHER_DIVISION = 222222
OTHER_URL = f"{BASE_URL}/api/v1/{OTHER_DIVISION}/salesentry/SalesEntries"
THIRD_DIVISION = 333333


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
        cls.other_tax = cls._set_up_further(cls.other, OTHER_DIVISION)

    @classmethod
    def set_up_third_company(cls):
        """Make `third`, connected and mapped, and its tax of 21%, `third_tax`.

        Without a chart of accounts, which takes seconds.
        """
        companies = cls.env(su=True)["res.company"]
        country = cls.company.country_id
        cls.third = companies.create({"name": "Third BV", "country_id": country.id})
        own = {"company_ids": [Command.link(cls.third.id)]}
        accounts = cls.third.env["account.account"].with_company(cls.third)
        sales, receivable = accounts.create(
            [
                {**own, "name": name, "code": code, "account_type": account_type}
                for name, code, account_type in (
                    ("Sales", "700000", "income"),
                    ("Receivable", "400000", "asset_receivable"),
                )
            ]
        )
        cls.third.env["account.journal"].create(
            {
                "name": "Sales",
                "code": "INV",
                "type": "sale",
                "company_id": cls.third.id,
                "default_account_id": sales.id,
            }
        )
        groups = cls.third.env["account.tax.group"]
        groups.create({"name": "Taxes", "company_id": cls.third.id})
        customer = cls.customer.sudo().with_company(cls.third)
        customer.property_account_receivable_id = receivable
        cls.third_tax = cls._set_up_further(cls.third, THIRD_DIVISION)

    @classmethod
    def _set_up_further(cls, company, division):
        """Connect and map a company for the user; return its tax of 21%."""
        cls.env.user.sudo().company_ids += company
        first = cls.tax_21, cls.vat_code_21
        cls._set_up_connection(company, division)
        cls._set_up_mapping(company)
        tax = cls.tax_21
        cls.tax_21, cls.vat_code_21 = first
        cls.customer.sudo().with_company(company).exact_guid = CUSTOMER_GUID
        return tax

    @classmethod
    def make_other_invoice(cls, amount=50, name="x"):
        """Create and post an invoice of the other company, for the same customer."""
        return cls._make_invoice_of(cls.other, cls.other_tax, amount, name)

    @classmethod
    def make_third_invoice(cls, amount=50, name="x"):
        """Create and post an invoice of the third company, for the same customer."""
        return cls._make_invoice_of(cls.third, cls.third_tax, amount, name)

    @classmethod
    def _make_invoice_of(cls, company, tax, amount, name):
        line = {
            "name": name,
            "price_unit": amount,
            "tax_ids": [Command.set(tax.ids)],
        }
        moves = cls.env["account.move"].sudo().with_company(company)
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
