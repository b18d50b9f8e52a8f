from odoo import fields, models

from ..const import READERS


class ExactProposedMixin(models.AbstractModel):
    """A mapped record whose row of the code list is proposed, with the reason."""

    _name = "exact.proposed.mixin"
    _inherit = "exact.mapped.mixin"
    _description = "Record with a proposed row of a code list of Exact Online"

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
