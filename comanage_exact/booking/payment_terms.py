"""What a payment term of Odoo and a payment condition of Exact mean, to compare them.

Exact gets the due date with each entry; the condition says what else holds: a discount
for those who pay early, and whether the customer pays or the amount is collected.
"""

from dataclasses import dataclass, replace

# PaymentConditions.PaymentMethod and .PaymentDiscountType
METHOD_CREDIT = "B"
DISCOUNT_SURCHARGE = "K"
# A discount below is a fraction: Exact's documentation does not say which it is, and
# nobody gives half of an invoice away.
_LARGEST_FRACTION = 0.5


@dataclass(frozen=True)
class PaymentTerms:
    """When all of an invoice is due, and what is left out if it is paid early.

    :param int month_ends: counted before the days, as in Exact: 17 January and one
        month end is the end of February.
    :param float discount: a percentage: 2.0; 0.0 for none.
    :param str discount_on: E for the amount without VAT, I for that with it; '' where
        it is not told or there is no discount.
    """

    days: int
    month_ends: int = 0
    discount: float = 0.0
    discount_days: int = 0
    discount_on: str = ""

    def is_same(self, other: "PaymentTerms") -> bool:
        if "" in (self.discount_on, other.discount_on):
            return replace(self, discount_on="") == replace(other, discount_on="")
        return self == other

    def has_same_discount(self, other: "PaymentTerms") -> bool:
        days = replace(self, days=other.days, month_ends=other.month_ends)
        return days.is_same(other)


def percentage(value: float) -> float:
    """Return the discount of a condition of Exact as a percentage."""
    return round(value * 100 if value < _LARGEST_FRACTION else value, 3)
