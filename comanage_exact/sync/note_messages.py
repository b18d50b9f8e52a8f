"""Every sentence about what is good to know of a booking before it is made."""

from odoo.tools.translate import LazyTranslate

from .messages import say, shown

_lt = LazyTranslate(__name__)

# By `Problem.kind`, see `mappers.booking_notes`.
NOTES = {
    "untaxed": _lt(
        "%(lines)s has no VAT in Odoo and is booked with VAT code %(code)s."
    ),
    "on_payment": _lt(
        "Tax %(tax)s is due on payment in Odoo. In Exact Online it is due at once, "
        "unless the VAT code says otherwise."
    ),
    "any_rate": _lt(
        "Tax %(tax)s has no fixed rate, so Odoo cannot check it against VAT code "
        "%(code)s."
    ),
    "no_cost": _lt(
        "Analytic accounts without Exact Online cost centre or cost unit: "
        "%(accounts)s. Their part is booked without one. Map them in "
        "%(menu_cost_centres)s."
    ),
    "cost_refused": _lt(
        "Exact Online G/L account %(account)s does not allow a cost centre or cost "
        "unit, so the analytic distribution of its lines is not booked there."
    ),
    "instalments": _lt(
        "Payment term %(term)s has several due dates. Exact Online gets one: the whole "
        "amount is due on %(date)s there."
    ),
    "discount": _lt(
        "Payment term %(term)s gives %(discount)s%% discount for payment within "
        "%(days)s days. The payment condition in Exact Online does not."
    ),
    "other_discount": _lt(
        "Exact Online payment condition %(condition)s gives %(discount)s%% discount "
        "for payment within %(days)s days. The payment term in Odoo does not."
    ),
}


def note_texts(env, notes):
    """Return the sentence of each note.

    :param list notes: of Problem.
    """
    return [
        say(
            env,
            NOTES[note.kind],
            **{name: shown(env, value) for name, value in note.values.items()},
        )
        for note in notes
    ]
