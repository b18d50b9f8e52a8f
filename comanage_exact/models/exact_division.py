from odoo import api, fields, models

from ..exact_api.const import DIVISION_ACTIVE, DIVISION_NOT_BLOCKED


class ExactDivision(models.Model):
    _name = "exact.division"
    _inherit = "exact.code.list"
    _description = "Exact Online Division"

    _exact_resource = "system/Divisions"
    _exact_options = {
        "filter": f"Status eq {DIVISION_ACTIVE}",
    }
    _exact_properties = {
        "code": "Code",
        "name": "Description",
        "blocking_status": "BlockingStatus",
        "vat_number": "VATNumber",
        "currency_code": "Currency",
        "moved_at": "DivisionMoveDate",
        "hr_linked_at": "DivisionHRLinkUnlinkDate",
    }

    blocking_status = fields.Integer(readonly=True)
    vat_number = fields.Char("VAT Number", readonly=True)
    currency_code = fields.Char("Currency", readonly=True)
    moved_at = fields.Char(
        string="Moved On",
        readonly=True,
        help="As returned by Exact Online. A division that was moved "
        "is read again in full.",
    )

    hr_linked_at = fields.Char(string="HR Linked On", readonly=True)

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "Each division can be listed only once per company."
    )

    def _prepare_values(self, row):
        # EXTENDS exact.code.list: a division that is being copied or restored is as
        # good as gone.
        values = super()._prepare_values(row)
        values["active"] = values["blocking_status"] == DIVISION_NOT_BLOCKED
        return values

    @api.model
    def _get_or_create(self, company, code):
        """Return a division by its number, where Exact does not return the list."""
        known = self.with_context(active_test=False).search(
            [("company_id", "=", company.id), ("code", "=", code)]
        )
        return known or self.create({"company_id": company.id, "code": code})

    def _get_moved_at(self):
        """Return what changes whenever Exact renews the Timestamps; False if nothing.

        A move and a link with the software for wages do so alike.
        """
        found = filter(None, (self.moved_at, self.hr_linked_at))
        return " ".join(found) or False
