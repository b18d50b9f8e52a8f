"""Payment terms of Odoo and payment conditions of Exact Online, as what they mean."""

from ..booking import payment_mapping
from ..booking.payment_mapping import ConditionFacts, TermFacts
from ..booking.payment_terms import (
    DISCOUNT_SURCHARGE,
    METHOD_CREDIT,
    PaymentTerms,
    percentage,
)

# What most companies grant.
USUAL_DAYS = 30
# Month ends of Exact by the way Odoo counts. The end of the month itself is none there:
# one month end is that of the next month.
_MONTH_ENDS = {"days_after": 0, "days_after_end_of_next_month": 1}
# Of what the discount is, by the way Odoo reduces the VAT.
_DISCOUNT_ON = {"included": "I", "excluded": "E", "mixed": "E"}


def read_term(term):
    """Return the PaymentTerms of a payment term; None if it has no like in Exact.

    :param account.payment.term term: a single one.
    """
    line = term.line_ids
    if (
        len(line) != 1
        or (line.value, line.value_amount) != ("percent", 100)
        or line.delay_type not in _MONTH_ENDS
    ):
        return None
    return PaymentTerms(
        days=line.nb_days,
        month_ends=_MONTH_ENDS[line.delay_type],
        **read_discount(term),
    )


def read_discount(term):
    """Return the fields of PaymentTerms that say what early payment gives."""
    if not term.early_discount:
        return {}
    return {
        "discount": round(term.discount_percentage, 3),
        "discount_days": term.discount_days,
        "discount_on": _DISCOUNT_ON[term.early_pay_discount_computation or "included"],
    }


def find_plain_condition(company):
    """Return the condition that a new customer gets where nobody chose one, if any.

    One by which the customer pays, without a discount, and not at the end of a month:
    30 days, else the fewest. Odoo sends the due date of each invoice, so that it only
    fills what Exact demands.

    :param res.company company: that has the lists.
    """
    conditions = company.env["exact.payment.condition"].search(
        [("company_id", "=", company.id)]
    )
    meanings = {one: read_condition(one) for one in conditions}
    plain = conditions.filtered(
        lambda one: meanings[one] == PaymentTerms(one.payment_days)
    )
    return plain.sorted(
        lambda one: (one.payment_days != USUAL_DAYS, one.payment_days, one.code)
    )[:1]


def read_condition(condition):
    """Return the PaymentTerms of a payment condition; None if it is not that plain.

    Such are those that collect, want cash, have several parts or add a surcharge.

    :param exact.payment.condition condition: a single one.
    """
    if condition.payment_method != METHOD_CREDIT:
        return None
    return _read_due(condition)


def _read_due(condition):
    """Return the same however it is paid."""
    if condition.share != 1 or condition.discount_type == DISCOUNT_SURCHARGE:
        return None
    discount = percentage(condition.discount_percentage)
    return PaymentTerms(
        days=condition.payment_days,
        month_ends=condition.end_of_months,
        discount=discount,
        discount_days=condition.discount_days if discount else 0,
        discount_on=(condition.discount_calculation or "") if discount else "",
    )


# === PROPOSALS === #


def read_term_facts(term):
    """Return the TermFacts of a payment term.

    :param account.payment.term term: a single one.
    """
    meaning = read_term(term)
    obstacle = ""
    if meaning is None:
        is_whole = len(term.line_ids) == 1
        obstacle = payment_mapping.MONTH_END if is_whole else payment_mapping.PARTS
    return TermFacts(term.name or "", meaning, obstacle)


def read_conditions(company):
    """Return the ConditionFacts of each payment condition in use.

    :param res.company company: that has the lists.
    """
    conditions = company.env["exact.payment.condition"].search(
        [("company_id", "=", company.id)]
    )
    return [
        ConditionFacts(
            key=one,
            code=one.code,
            name=one.name or "",
            meaning=_read_due(one),
            method=one.payment_method or "",
        )
        for one in conditions
    ]


def find_used_terms(company):
    """Return the payment terms that invoices of a company may have.

    Those of other companies are not among them.

    :param res.company company: that has the lists, as superuser.
    """
    terms = company.env["account.payment.term"]
    own = terms._check_company_domain(company._exact_get_members())
    return terms.search(own).with_company(company)
