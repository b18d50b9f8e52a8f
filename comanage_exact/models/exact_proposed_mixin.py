from odoo import fields, models

from ..const import READERS


class ExactProposedMixin(models.AbstractModel):
    """A mapped record whose row of the code list is proposed, with the reason."""

    _name = "exact.proposed.mixin"
    _inherit = "exact.mapped.mixin"
    _description = "Record with a proposed row of a code list of Exact Online"

    # Set by each model: the field with the proposed row.
    _exact_proposed = None

    exact_proposal_reason = fields.Char(
        "Reason",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups=READERS,
    )
    exact_proposal_confidence = fields.Selection(
        [("certain", "Certain"), ("doubtful", "Doubtful"), ("none", "Choose one")],
        string="Confidence",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups=READERS,
    )

    def _compute_exact_proposal(self):
        """Fill both, and the field of each model with the proposed row."""
        raise NotImplementedError

    def action_exact_accept_proposal(self):
        """Fill what is proposed; what was chosen already stays."""
        self.env.user._exact_check_role("accountant")
        self.check_access("read")
        left = self._exact_take_proposals()
        return self._exact_get_reload(left and left._exact_get_no_proposal_text())

    def _exact_take_proposals(self):
        """Fill what is proposed; return the records that have no proposal."""
        empty = self.filtered(lambda record: not record[self._exact_mapping])
        filled = empty.filtered(self._exact_proposed)
        for record in filled:
            record[self._exact_mapping] = record[self._exact_proposed]
        return empty - filled

    def _exact_get_no_proposal_text(self):
        """Return that a person has to choose for these records."""
        raise NotImplementedError
