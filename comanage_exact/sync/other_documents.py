"""Turnover and VAT in Odoo's ledger that no customer invoice is: it is not compared."""

from functools import cached_property

from odoo.fields import Domain

from ..mappers.used_accounts import NEVER_BOOKED

INVOICES = ("out_invoice", "out_refund")
SALES = (*INVOICES, "out_receipt")
# Of `account.move`, by Odoo's point of sale.
POS_FIELDS = ("pos_session_ids", "reversed_pos_order_id")
# In the order of the summary.
KINDS = ("receipt", "pos", "manual", "elsewhere")


class OtherDocuments:
    """Documents of a period other than customer invoices and credit notes.

    Receipts, closing entries of the point of sale and other entries in sales journals;
    and in other journals what is on income accounts or has VAT of sales.

    :param exact.comparison record: as superuser.
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env
        self.member_ids = record.company_id._exact_get_members().ids

    def get_domain(self, kind):
        """Return the domain of the journal entries of a kind."""
        domain = Domain(
            [
                ("company_id", "in", self.member_ids),
                ("state", "=", "posted"),
                ("date", ">=", self.record.date_from),
                ("date", "<=", self.record.date_to),
            ]
        )
        in_sales = Domain("journal_id.type", "=", "sale")
        if kind == "receipt":
            return domain & Domain("move_type", "=", "out_receipt")
        domain &= Domain("move_type", "not in", SALES)
        if kind == "pos":
            return domain & self._of_pos
        if kind == "manual":
            return domain & in_sales & ~self._of_pos
        return (
            domain
            & ~in_sales
            & ~self._of_pos
            # Of VAT that is due with the payment the invoice has all already.
            & Domain("tax_cash_basis_origin_move_id", "=", False)
            & Domain("line_ids", "any", self._get_elsewhere_items())
        )

    @cached_property
    def _of_pos(self):
        """The entries of the point of sale, where it is installed.

        Those that close a day, and those that take an invoiced order out of it.
        """
        known = self.env["account.move"]._fields
        names = [name for name in POS_FIELDS if name in known]
        return Domain.OR(Domain(name, "!=", False) for name in names)

    def add_up(self, kind):
        """Return how many there are, and their base and VAT in company currency."""
        of_kind = Domain("move_id", "any", self.get_domain(kind))
        count = self.env["account.move"].search_count(self.get_domain(kind))
        if not count:
            return 0, 0, 0
        vat, base = self._get_items(kind)
        return count, self._sum(of_kind & base), self._sum(of_kind & vat)

    def _sum(self, domain):
        ((balance,),) = self.env["account.move.line"]._read_group(
            domain, [], ["balance:sum"]
        )
        # Credit is revenue.
        return -(balance or 0)

    # === JOURNAL ITEMS === #

    def _get_items(self, kind):
        """Return the domains of the journal items with VAT, and of those with base."""
        vat = self._vat_items
        if kind == "elsewhere":
            # There the accounts of VAT have its payment, too.
            return vat, self._get_elsewhere_items() & ~vat
        if kind != "receipt":
            # Someone may have entered VAT without its tax.
            by_account = Domain("account_id", "in", self._vat_accounts.ids)
            vat |= by_account & Domain("tax_line_id", "=", False)
        # What a manual entry has on costs is no turnover, unless it is taxed as a sale.
        base = Domain("account_id.account_type", "not in", NEVER_BOOKED)
        if kind != "receipt":
            is_cost = Domain("account_id.account_type", "=like", "expense%")
            base &= ~is_cost | self._taxed_items
        return vat, base & ~vat

    @cached_property
    def _vat_items(self):
        """Those of taxes on sales that are no line of their own."""
        is_own_line = Domain("tax_line_id.amount_type", "=", "fixed") | Domain(
            "tax_line_id.exact_is_vat", "=", "own_line"
        )
        return Domain("tax_line_id.type_tax_use", "=", "sale") & ~is_own_line

    @cached_property
    def _taxed_items(self):
        return Domain("tax_ids.type_tax_use", "=", "sale")

    def _get_elsewhere_items(self):
        is_income = Domain("account_id.account_type", "=", "income")
        return is_income | self._taxed_items | self._vat_items

    @cached_property
    def _vat_accounts(self):
        lines = self.env["account.tax.repartition.line"].search(
            [
                ("company_id", "in", self.member_ids),
                ("repartition_type", "=", "tax"),
                ("tax_id.type_tax_use", "=", "sale"),
                ("tax_id.amount_type", "!=", "fixed"),
                ("tax_id.exact_is_vat", "!=", "own_line"),
            ]
        )
        return lines.account_id
