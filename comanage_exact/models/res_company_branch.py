from odoo import api, fields, models


class ResCompany(models.Model):
    """Branches, which book with the connection of a company above them."""

    _name = "res.company"
    _inherit = ["res.company"]

    exact_owner_id = fields.Many2one(
        "res.company",
        string="Exact Online of",
        compute="_compute_exact_owner_id",
        compute_sudo=True,
        recursive=True,
        store=True,
        index="btree_not_null",
        groups="base.group_user",
        help="The company whose division and settings this one uses.",
    )

    @api.depends("exact_division_id", "parent_id.exact_owner_id")
    def _compute_exact_owner_id(self):
        """Find the nearest company upwards that chose a division, itself included.

        With none anywhere a company is its own owner, and not ready.
        """
        for company in self:
            above = company.parent_id.exact_owner_id
            is_own = company.exact_division_id or not above.exact_division_id
            company.exact_owner_id = company if is_own else above

    def _exact_get_owner(self):
        """Return the company whose connection and settings this one uses, as sudo."""
        self.ensure_one()
        return self.sudo().exact_owner_id

    def _exact_get_members(self):
        """Return the companies whose invoices go to the division of this one."""
        self.ensure_one()
        return self.sudo().search([("exact_owner_id", "=", self._origin.id)])
