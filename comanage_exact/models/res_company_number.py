from odoo import api, fields, models
from odoo.exceptions import ValidationError

PREVIEW = 10
CLASHES = 1000

# What decides on the number of an entry.
FORMAT = (
    "exact_number_prefix",
    "exact_number_suffix",
    "exact_credit_note_prefix",
    "exact_journal_id",
    "exact_gl_account_id",
)


class ResCompany(models.Model):
    """The entry numbers that invoices get in Exact: preview and clash test."""

    _name = "res.company"
    _inherit = ["res.company"]

    exact_number_preview = fields.Text(
        "Latest Invoices in Exact",
        compute="_compute_exact_number_preview",
        compute_sudo=True,
        groups="base.group_system",
    )

    @api.depends(*FORMAT)
    def _compute_exact_number_preview(self):
        for company in self:
            company.exact_number_preview = company._exact_preview(company)

    def _exact_preview(self, form):
        """Show how the last invoices would be numbered, while one types.

        :param form: the company or the settings, with a format not saved yet.
        """
        return "\n".join(
            self._exact_describe_number(move, form)
            for move in self._exact_get_numbered_moves(PREVIEW)
        )

    def _exact_describe_number(self, move, form):
        try:
            number = move._exact_get_entry_number(form)
        except OverflowError:
            number = self.env._("too large")
        except ValueError as err:
            number = self.env._("“%(part)s” is not a number", part=err)
        return f"{move.name} → {number}"

    @api.constrains(*FORMAT)
    def _check_exact_number_clash(self):
        """Refuse a format under which Exact would refuse one of the last invoices."""
        for company in self.filtered("exact_journal_id"):
            seen = {}
            for move in company._exact_get_numbered_moves(CLASHES):
                problems = move._exact_get_number_problems()
                if problems:
                    raise ValidationError(problems[0])
                number = move._exact_get_entry_number()
                # Exact keeps numbers unique within journal and year.
                key = (move._exact_get_journal(), move.invoice_date.year, number)
                twin = seen.setdefault(key, move)
                if twin != move:
                    raise ValidationError(
                        self.env._(
                            "%(first)s and %(second)s would both get the entry number "
                            "%(number)s in Exact Online. Change the prefix or the "
                            "suffix of %(company)s.",
                            first=twin.name,
                            second=move.name,
                            number=number,
                            company=company.name,
                        )
                    )

    def _exact_get_numbered_moves(self, limit):
        """Return the last posted invoices and credit notes, the newest first."""
        return self.env["account.move"].search(
            [
                ("company_id", "in", self._exact_get_members().ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
            ],
            order="invoice_date desc, id desc",
            limit=limit,
        )
