import json

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Not in Exact yet, so that they go with what is mapped when their turn comes.
NOT_BOOKED = ("pending", "held", "failed")


class ExactOutbox(models.Model):
    """What changing a mapping means for invoices."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    @api.model
    def _tell_changes(self, company, changes):
        """Count the invoices that changed mappings concern.

        :param res.company company: whose mappings these are.
        :param list changes: of (domain of the invoices that go by this mapping, row of
            the code list that was mapped, row chosen now); both may be empty.
        :return: what an onchange returns, None if there is nothing to tell.
        """
        owner = company._exact_get_owner()
        ours = Domain("company_id", "in", owner._exact_get_members().ids)
        sentences = []
        for moves, old, new in changes:
            if old != new:
                concerned = ours & Domain("move_id", "any", moves)
                sentences += self.sudo()._count_concerned(concerned, old)
        if not sentences:
            return None
        return {
            "warning": {
                "title": self.env._("Invoices with this choice"),
                "message": " ".join(sentences),
                "type": "notification",
            }
        }

    @api.model
    def _count_concerned(self, concerned, old):
        waiting = self.search_count(concerned & Domain("state", "in", NOT_BOOKED))
        booked = old and self.search_count(
            concerned & Domain("state", "=", "sent") & _request_holds(old)
        )
        sentences = []
        if waiting:
            sentences.append(
                self.env._(
                    "%(count)s waiting invoice(s) will be booked with the new choice.",
                    count=waiting,
                )
            )
        if booked:
            sentences.append(
                self.env._(
                    "%(count)s invoice(s) were booked with %(old)s; in Exact Online "
                    "they stay as they are.",
                    count=booked,
                    old=old.display_name,
                )
            )
        return sentences


def _request_holds(code):
    """Return the domain of rows whose last request holds a row of a code list."""
    part = json.dumps(code._prepare_request_part())
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL(
            "%s @> %s::jsonb", SQL.identifier(alias, "request"), part
        )
    )
