"""Which accounts of Odoo the customer invoices of a company are booked on."""

from functools import cached_property

from dateutil.relativedelta import relativedelta

from odoo import fields

# Journal items as old as this still say what a company invoices.
MONTHS = 12
# Accounts that entry lines never have: customers, suppliers, money.
NEVER_BOOKED = (
    "asset_receivable",
    "liability_payable",
    "asset_cash",
    "liability_credit_card",
    "off_balance",
)
# Taxes that are no VAT, and their journal items.
OWN_LINE = ("exact_is_vat", "=", "own_line")
OWN_LINE_ITEM = ("tax_line_id.exact_is_vat", "=", "own_line")


class UsedAccounts:
    """Reads the accounts from journal items, and from what makes the next ones.

    :param res.company company: that has the connection; with it its branches.
    """

    def __init__(self, company):
        self.company = company.sudo()
        self.env = self.company.env
        self.members = self.company._exact_get_members() or self.company

    def find(self):
        """Return all of them, and those of roundings and cash discounts.

        Which an invoice has only where a person chooses one.
        """
        found = self.needed | self._read_cash_discounts()
        for company in self.members:
            found |= self._read_roundings(company)
        return self._keep_bookable(found)

    @cached_property
    def needed(self):
        """What invoices have had, or will have by the settings of Odoo."""
        found = self._read_items()
        for company in self.members:
            found |= self._read_settings(company)
        return self._keep_bookable(found | self._read_positions(found))

    @staticmethod
    def _keep_bookable(accounts):
        return accounts.filtered(lambda one: one.account_type not in NEVER_BOOKED)

    def _read_items(self):
        first = fields.Date.context_today(self.company) - relativedelta(months=MONTHS)
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "in", self.members.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("parent_state", "!=", "cancel"),
                ("date", ">=", first),
                ("display_type", "!=", "payment_term"),
                ("account_id", "!=", False),
                # Of VAT there is no line.
                *("|", "|", ("tax_line_id", "=", False)),
                *(("tax_line_id.amount_type", "=", "fixed"), OWN_LINE_ITEM),
            ],
            ["account_id"],
        )
        return self.env["account.account"].union(*(account for (account,) in groups))

    def _read_settings(self, company):
        """Return the accounts that the settings of one company name."""
        env = self.env
        own = env["account.journal"]._check_company_domain(company)
        journals = env["account.journal"].search([*own, ("type", "=", "sale")])
        taxes = env["account.tax"].search(
            [
                *env["account.tax"]._check_company_domain(company),
                ("type_tax_use", "in", ("sale", "none")),
                *("|", ("amount_type", "=", "fixed"), OWN_LINE),
            ]
        )
        found = (
            journals.default_account_id
            | taxes.repartition_line_ids.account_id
            | company.income_account_id
            | company.account_discount_expense_allocation_id
            | self._read_group(
                env["product.template"], company, "property_account_income_id"
            )
            | self._read_group(
                env["product.category"], company, "property_account_income_categ_id"
            )
        )
        if "downpayment_account_id" in company._fields:
            # An add-on of Odoo: sales orders.
            found |= company.downpayment_account_id
        return found

    def _read_roundings(self, company):
        roundings = self.env["account.cash.rounding"].with_company(company)
        found = roundings.search([("strategy", "=", "add_invoice_line")])
        return found.profit_account_id | found.loss_account_id

    @staticmethod
    def _read_group(model, company, name):
        """Return the accounts that records of a model have for one company."""
        model = model.with_company(company)
        groups = model._read_group([(name, "!=", False)], [name])
        return model.env["account.account"].union(*(account for (account,) in groups))

    def _read_positions(self, accounts):
        """Return the accounts that fiscal positions put in the place of others."""
        positions = self.env["account.fiscal.position"].search(
            [*self.env["account.fiscal.position"]._check_company_domain(self.members)]
        )
        replacements = positions.account_ids.filtered(
            lambda one: one.account_src_id in accounts
        )
        return replacements.account_dest_id

    def _read_cash_discounts(self):
        """Return the accounts of cash discounts, if a payment term grants any.

        Odoo books them with the payment, and on the account of the line where they
        lower the VAT of the invoice.
        """
        terms = self.env["account.payment.term"]
        granted = [("early_discount", "=", True)]
        if not terms.search_count(granted, limit=1):
            return self.env["account.account"]
        return (
            self.members.account_journal_early_pay_discount_loss_account_id
            | self.members.account_journal_early_pay_discount_gain_account_id
        )
