"""How the last invoices would be numbered in Exact Online, while somebody types."""

from odoo.tools.translate import LazyTranslate

from ..mappers.entry_number import NumberingMapper
from . import messages

_lt = LazyTranslate(__name__)

BOOKED = _lt("%(number)s (booked)")
TOO_LARGE = _lt("greater than 2147483647")
# So many are named one by one; of more, the first and the last.
NAMED = 2


def preview_text(company, limit):
    """Return a line for each of the last invoices, the newest first.

    What is booked keeps its number; what is wrong with several is said once.

    :param res.company company: with what is typed, as superuser.
    """
    numbering = NumberingMapper(company)
    lines, broken = [], {}
    for move in numbering.find_moves(limit):
        mapper = numbering.mapper(move)
        try:
            lines.append(f"{move.name} → {_number_text(mapper)}")
        except OverflowError:
            problem = messages.say(company.env, TOO_LARGE)
            broken.setdefault(problem, []).append(move.name)
        except ValueError as err:
            text = messages.PROBLEMS["number_not_digits"]
            problem = messages.say(company.env, text, part=err)
            broken.setdefault(problem, []).append(move.name)
    lines += [f"{_name(names)} → {problem}" for problem, names in broken.items()]
    return "\n".join(lines)


def _number_text(mapper):
    outbox = mapper.move.exact_outbox_id
    if outbox.state == "sent" and outbox.exact_number:
        return messages.say(mapper.move.env, BOOKED, number=outbox.exact_number)
    return mapper.number()


def _name(names):
    if len(names) <= NAMED:
        return ", ".join(names)
    return f"{names[0]} … {names[-1]}"
