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
        groups="base.group_user",
        help="The company whose division and settings this one uses.",
    )

    @api.depends("exact_division_id", "parent_id")
    def _compute_exact_owner_id(self):
        for company in self:
            company.exact_owner_id = company._exact_get_owner()

    def _exact_get_owner(self):
        """Return the company whose connection and settings this one uses, as sudo.

        The nearest upwards that chose a division, itself included; with none anywhere
        it is its own owner, and not ready.
        """
        self.ensure_one()
        company = here = self.sudo()
        while company and not company.exact_division_id:
            company = company.parent_id
        return company or here

    def _exact_get_members(self):
        """Return the companies whose invoices go to the division of this one."""
        self.ensure_one()
        here = self._origin
        below = self.sudo().search([("id", "child_of", here.id)])
        return below.filtered(lambda company: company._exact_get_owner() == here)
