"""A tax of Odoo as the code sees it that finds its VAT code."""

from functools import cached_property

from ..booking.vat_facts import CodeFacts, TaxFacts


def is_own_line(tax):
    """Tell whether a tax is no VAT, so that it is booked on a line and an account.

    Such are fixed amounts (recycling, empties), and percentages that somebody chose for
    it: a tourist tax, a fee, what the customer withholds.

    :param account.tax tax: a single one.
    """
    return tax.amount_type == "fixed" or tax.exact_is_vat == "own_line"


def is_distributed(tax, account):
    """Tell whether Odoo gives the analytic distribution of a line to a tax on it.

    :param account.tax tax: a single one that is booked on a line of its own.
    :param account.account account: where it is booked.
    """
    parts = tax.repartition_line_ids.filtered(
        lambda part: (
            part.repartition_type == "tax"
            and part.account_id in (account, account.browse())
        )
    )
    return tax.analytic or not all(parts.mapped("use_in_tax_closing"))


class TaxMapper:
    """Reads a tax.

    :param account.tax tax: a single one.
    """

    def __init__(self, tax):
        self.tax = tax

    @cached_property
    def rate(self):
        """The percentage on the amount without VAT; None if the tax has none."""
        tax = self.tax
        if tax.amount_type == "percent":
            return tax.amount
        if tax.amount_type == "division" and tax.amount < 100:
            return 100 * tax.amount / (100 - tax.amount)
        return None

    @cached_property
    def facts(self):
        """What the tax carries, as TaxFacts.

        Texts are in English and in the language of the company, so that every user
        sees the same proposal.
        """
        tax = self.tax
        positions = tax.fiscal_position_ids
        countries = positions.country_id
        has_category = "ubl_cii_tax_category_code" in tax._fields
        reason = "ubl_cii_tax_exemption_reason_code"
        goods = ("consu", "merch")
        tags = tax.invoice_repartition_line_ids.tag_ids
        return TaxFacts(
            rate=self.rate,
            country=tax.country_id.code or "",
            scope=(tax.tax_scope == "service" and "services")
            or (tax.tax_scope in goods and "goods")
            or None,
            category=has_category and tax.ubl_cii_tax_category_code or None,
            vatex=reason in tax._fields and tax[reason] or None,
            grids=tuple(tag.name for tag in tags.with_context(lang="en_US")),
            texts=self.texts,
            oss_country=countries.code if len(countries) == 1 else None,
            is_foreign=tax.country_id != tax.company_id.account_fiscal_country_id,
            is_replacement=bool(tax.original_tax_ids) or not tax.is_domestic,
            is_for_eu_companies=any(
                position.vat_required and position.country_group_id
                for position in positions
            ),
        )

    @cached_property
    def texts(self):
        """Name, description and label, each text once."""
        texts = {}
        for lang in ("en_US", self.tax.company_id.partner_id.lang):
            tax = self.tax.with_context(lang=lang or "en_US")
            for text in (tax.name, tax.description, tax.invoice_label):
                texts[str(text or "")] = None
        return tuple(texts)


def read_code_facts(code):
    """Return what Exact Online says about a VAT code.

    :param exact.vat.code code: a single one.
    :return: CodeFacts with the record as its key.
    """
    return CodeFacts(
        key=code,
        code=code.code,
        description=code.name or "",
        fraction=code.percentage,
        vat_type=code.vat_type or "",
        transaction_type=code.transaction_type or "",
        is_charged=code.is_charged,
        listing=code.eu_listing or "",
        is_intrastat=code.is_intrastat,
        intrastat_type=code.intrastat_type or "",
        oss_country=code.oss_country_code or "",
        margin=code.vat_margin,
        is_blocked=not code.active,
    )
