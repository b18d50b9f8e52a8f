from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ..exact_api import bodies
from ..mappers.sales_entry import SalesEntryMapper
from ..sync.linking import EntrySearch

# What a person fills in; all else is written by the search itself.
CHOICES = {"number", "reference"}


class ExactLink(models.TransientModel):
    """Finds the entry of an invoice that somebody booked manually in Exact Online."""

    _name = "exact.link"
    _description = "Link Invoice to Exact Online Entry"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id")
    number = fields.Char(
        "Entry Number", help="The entry number in Exact Online. Digits only."
    )
    reference = fields.Char(help="“Your ref.” exactly as it appears in Exact Online.")
    is_looked = fields.Boolean(string="Search Completed", readonly=True)
    candidate_ids = fields.One2many(
        "exact.link.candidate", "link_id", string="Candidates", readonly=True
    )

    chosen_id = fields.Many2one(
        "exact.link.candidate", string="Chosen Entry", readonly=True
    )
    chosen_number = fields.Char("Chosen Number", related="chosen_id.number")
    chosen_difference = fields.Text(related="chosen_id.difference")

    @api.model
    def _make(self, move):
        """Return the search for an invoice, with the number it would get."""
        return self.create(
            {
                "move_id": move.id,
                "number": SalesEntryMapper(move).likely_number,
                "reference": bodies.text(move.name, "your_ref"),
            }
        )

    def write(self, vals):
        if not self.env.su and vals.keys() - CHOICES:
            raise AccessError(
                self.env._(
                    "Only the entry number and reference to search for can be "
                    "changed. To search for another invoice, click “Already in "
                    "Exact Online?” on that invoice."
                )
            )
        return super().write(vals)

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Already in Exact Online?"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_find(self):
        """Look in Exact for entries with this number or this reference."""
        self.ensure_one()
        self.check_access("write")
        self.move_id._exact_check_user()
        link = self.sudo()
        found = EntrySearch(link.move_id, link.number, link.reference).find()
        link.write(
            {
                "is_looked": True,
                "chosen_id": False,
                "candidate_ids": [Command.clear(), *map(Command.create, found)],
            }
        )
        return self._open()

    def action_link_anyway(self):
        """Link the chosen entry although it differs from the invoice."""
        self.ensure_one()
        self.check_access("write")
        self.move_id._exact_check_user()
        return self.chosen_id._link()


class ExactLinkCandidate(models.TransientModel):
    _name = "exact.link.candidate"
    _description = "Exact Online Entry to Link"

    link_id = fields.Many2one(
        "exact.link", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="link_id.company_id")
    currency_id = fields.Many2one(related="link_id.move_id.currency_id")
    number = fields.Char("Entry Number", readonly=True)
    journal = fields.Char(readonly=True)
    entry_date = fields.Date("Date", readonly=True)
    reference = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    total = fields.Monetary(readonly=True)
    difference = fields.Text("Difference from Invoice", readonly=True)
    entry = fields.Json(readonly=True)

    def action_link(self):
        """Link the invoice to this entry; ask first if the two differ."""
        self.ensure_one()
        self.check_access("read")
        self.link_id.move_id._exact_check_user()
        if not self.difference:
            return self._link()
        self.link_id.sudo().chosen_id = self
        return self.link_id._open()

    def _link(self):
        """Link the invoice to this entry; nothing is sent."""
        self.ensure_one()
        candidate = self.sudo()
        move = candidate.link_id.move_id
        move = move.with_user(self.env.user).sudo()
        owner = move.company_id.sudo().exact_owner_id
        move.with_company(owner)._exact_link_entry(candidate.entry)
        return {"type": "ir.actions.act_window_close"}
