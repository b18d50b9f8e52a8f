from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..booking import comparison
from ..exact_api import bodies, odata, resources
from ..exact_api.const import MAX_ENTRY_NUMBER
from ..exact_api.exceptions import ExactError
from ..sync import messages
from ..sync.connection import open_client

LIMIT = 10
# What a person fills in; all else is written by the search itself.
CHOICES = {"number", "reference"}


class ExactLink(models.TransientModel):
    """Finds the entry of an invoice that somebody booked in Exact by hand."""

    _name = "exact.link"
    _description = "Link an invoice to an entry in Exact Online"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id")
    number = fields.Char("Entry Number", help="In Exact; digits only.")
    reference = fields.Char(help="“Your ref.” in Exact, exactly as it stands there.")
    is_looked = fields.Boolean(readonly=True)
    candidate_ids = fields.One2many("exact.link.candidate", "link_id", readonly=True)

    @api.model
    def _make(self, move):
        """Return the search for an invoice, with the number it would get."""
        move = move.with_company(move._exact_get_company())
        return self.create(
            {
                "move_id": move.id,
                "number": move._exact_get_likely_number(),
                "reference": bodies.text(move.name, "your_ref"),
            }
        )

    def write(self, vals):
        if not self.env.su and vals.keys() - CHOICES:
            raise AccessError(
                self.env._(
                    "Only the entry number and the reference to look for can be "
                    "changed. To look for another invoice, press “Already in Exact?” "
                    "on it."
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
        move = self.move_id
        move._exact_check_user()
        company = move._exact_get_company()
        company._exact_check_ready()
        link = self.sudo()
        conditions = link._get_conditions()
        found = {}
        try:
            with open_client(company.exact_connection_id) as client:
                for condition in conditions:
                    rows = client.get(
                        resources.ENTRIES,
                        select=resources.HEADER,
                        filter=condition,
                        top=LIMIT,
                    )
                    found.update({row["EntryID"]: row for row in rows})
        except ExactError as err:
            raise UserError(messages.explain_button(company, err)) from err
        link.candidate_ids.unlink()
        link.is_looked = True
        for row in found.values():
            link._keep(row)
        return self._open()

    def _get_conditions(self):
        """Return the filters: one call for each that was filled in."""
        conditions = []
        number = (self.number or "").strip()
        is_number = number.isascii() and number.isdigit()
        if number and not (is_number and int(number) <= MAX_ENTRY_NUMBER):
            raise UserError(
                self.env._(
                    "“%(number)s” is no entry number of Exact Online. Enter digits "
                    "only, or look by the reference.",
                    number=number,
                )
            )
        if number:
            conditions.append(f"EntryNumber eq {int(number)}")
        if (self.reference or "").strip():
            reference = odata.quoted(self.reference.strip())
            conditions.append(f"YourRef eq {reference}")
        if not conditions:
            raise UserError(
                self.env._(
                    "Enter the entry number or the reference that %(name)s has in "
                    "Exact Online.",
                    name=self.move_id.name,
                )
            )
        return conditions

    def _keep(self, row):
        move = self.move_id.with_company(self.move_id._exact_get_company())
        entry = comparison.read_header(row)
        self.env["exact.link.candidate"].create(
            {
                "link_id": self.id,
                "number": entry.number,
                "journal": entry.journal,
                "entry_date": entry.day,
                "reference": entry.reference,
                "customer": row.get("CustomerName"),
                "total": entry.total,
                "difference": move._exact_compare_with(row),
                "entry": odata.to_json(row),
            }
        )


class ExactLinkCandidate(models.TransientModel):
    _name = "exact.link.candidate"
    _description = "Entry in Exact Online that an invoice may be"

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
    difference = fields.Text("Differs From the Invoice", readonly=True)
    entry = fields.Json(readonly=True)

    def action_link(self):
        """Take this entry for the booking of the invoice; nothing is sent."""
        self.ensure_one()
        self.check_access("read")
        self.link_id.move_id._exact_check_user()
        candidate = self.sudo()
        move = candidate.link_id.move_id
        move = move.with_user(self.env.user).sudo()
        move.with_company(move._exact_get_company())._exact_link_entry(candidate.entry)
        return {"type": "ir.actions.act_window_close"}
