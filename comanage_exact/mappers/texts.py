"""The texts of an entry, from what people wrote on the invoice."""

from ..booking.description import Texts, split_reference


def read_texts(move, *, is_collective):
    """Return what the description of an entry is made of, as Texts.

    A credit note that Odoo made says in its reference what it credits and why: the
    reference of the customer is then that of the invoice.

    :param account.move move: a single one.
    :param bool is_collective: its customer is one of many that are one in Exact.
    """
    origin = _get_origin(move)
    number, original = move.name or "", origin.name or ""
    reference, reason = split_reference(move.ref or "", original)
    if not reference and origin:
        reference, _reason = split_reference(origin.ref or "", _get_origin(origin).name)
    if reference in (number, original):
        reference = ""
    return Texts(
        number=number,
        reference=reference,
        # Somebody may have named it in the reference already.
        original="" if original and original in reference else original,
        reason=reason,
        name=move.commercial_partner_id.name or "",
        is_collective=is_collective,
    )


def _get_origin(move):
    """Return the invoice that this one credits or, as a debit note, adds to."""
    if "debit_origin_id" in move._fields and move.debit_origin_id:
        return move.debit_origin_id
    return move.reversed_entry_id
