import logging

from odoo import api, fields, models

from ..booking import matching
from ..exact_api.exceptions import ExactError

EMPLOYEES = "base.group_user"
USERS = "comanage_exact.group_exact_user"

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    """The readiness list, and the division that must be the company's own."""

    _name = "res.company"
    _inherit = ["res.company"]

    exact_check_ids = fields.One2many(
        "exact.check", "company_id", readonly=True, groups=USERS
    )
    exact_mismatch_reason = fields.Char(
        help="Why the division may have another VAT number or currency. Without a "
        "reason no invoice goes to such a division.",
        groups=EMPLOYEES,
    )
    is_exact_division_other = fields.Boolean(
        compute="_compute_is_exact_division_other",
        compute_sudo=True,
        groups=EMPLOYEES,
    )

    @api.depends(
        "exact_division_id", "vat", "currency_id", "exact_division_id.vat_number"
    )
    def _compute_is_exact_division_other(self):
        for company in self:
            company.is_exact_division_other = bool(
                company._exact_get_division_problem()
            )

    # === ACTIONS === #

    def action_exact_check(self):
        """Fetch the lists anew and judge every line of the readiness list."""
        self.ensure_one()
        self._exact_check_administrator()
        if self.exact_connection_state == "connected":
            try:
                self._exact_fetch_all()
            except ExactError as err:
                # The lines say what it means.
                _logger.info("Lists of company %s: %s", self.id, err)
        self.env["exact.check"]._run(self)

    # === BUSINESS === #

    def _exact_get_division_problem(self):
        """Return how the chosen division differs from the company, or False.

        What either side leaves empty is not compared.
        """
        self.ensure_one()
        division = self.exact_division_id
        theirs = self._exact_get_vat_key(division.vat_number)
        ours = self._exact_get_vat_key(self.vat)
        if theirs and ours and theirs != ours:
            return self.env._(
                "Division %(division)s has VAT number %(theirs)s, %(company)s has "
                "%(ours)s.",
                division=division.display_name,
                theirs=division.vat_number,
                company=self.name,
                ours=self.vat,
            )
        currency = self.currency_id.name
        if division.currency_code and division.currency_code != currency:
            return self.env._(
                "Division %(division)s keeps its books in %(theirs)s, %(company)s in "
                "%(ours)s.",
                division=division.display_name,
                theirs=division.currency_code,
                company=self.name,
                ours=currency,
            )
        return False

    def _exact_get_vat_key(self, number):
        """Return a VAT number of this company's, for comparing; '' if it is none."""
        return matching.vat_key(number, self.country_id.code or "")
