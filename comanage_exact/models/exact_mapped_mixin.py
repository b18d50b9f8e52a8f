from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sync import messages


class ExactMappedMixin(models.AbstractModel):
    """A record of Odoo that stands for a row of a code list of Exact Online."""

    _name = "exact.mapped.mixin"
    _inherit = "exact.settings.mixin"
    _description = "Record mapped to a code list of Exact Online"

    # Set by each model: the field with the row.
    _exact_mapping = None
    # Further fields that let what failed be booked.
    _exact_rechecked = ()

    exact_was_mapped = fields.Boolean(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="This record was mapped before, so an empty field is a deliberate choice.",
    )

    def write(self, vals):
        # What failed because this mapping was missing may be booked now.
        result = super().write(vals)
        if {self._exact_mapping, *self._exact_rechecked} & vals.keys():
            self.env["exact.outbox"]._trigger_recheck_of_problems()
        return result

    def _exact_check_company(self, text):
        """Refuse the choice of a branch: entries read that of its main company.

        :param text: says so, naming `company` and the `owner` of the connection.
        :raise UserError: the connection is another company's.
        """
        company = self.env.company
        owner = company.sudo().exact_owner_id
        if owner != company:
            names = {"company": company.name, "owner": owner.name}
            raise UserError(messages.say(self.env, text, **names))

    @api.model
    def _exact_map(self, company):
        """Map what is beyond doubt; what somebody left empty on purpose stays empty.

        :param res.company company: that has the code lists.
        """
        records = self._exact_find_mappable(company)
        unmapped = records.filtered(lambda record: not record[self._exact_mapping])
        for record, row in unmapped._exact_find_sure_rows(company).items():
            record[self._exact_mapping] = row
        records.filtered(self._exact_mapping).exact_was_mapped = True

    @api.model
    def _exact_find_mappable(self, company):
        """Return the records of a company that never had a mapping."""
        return self.with_company(company).search(
            [
                *self._check_company_domain(company),
                ("exact_was_mapped", "=", False),
            ]
        )

    def _exact_find_sure_rows(self, company):
        """Return {record: row of the code list} where there is no choice."""
        raise NotImplementedError

    @api.model
    def _exact_get_reload(self, warning=None):
        """Return the action that shows a list again once its proposals were taken.

        :param str warning: on what has no proposal.
        """
        reload = {"type": "ir.actions.client", "tag": "soft_reload"}
        if not warning:
            return reload
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "message": warning, "next": reload},
        }
