"""The subject of the mail digest; the mail itself is a template."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SUBJECT = _lt("Exact Online, %(company)s, %(days)s: %(booked)s booked")
SUBJECT_ATTENTION = _lt(
    "Exact Online, %(company)s, %(days)s: %(booked)s booked, %(attention)s need "
    "attention"
)
