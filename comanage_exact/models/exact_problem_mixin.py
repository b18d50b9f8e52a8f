from odoo import api, fields, models

from ..sync.highlight import highlight

# Problems whose sentences name amounts or numbers of the invoice.
EACH_ITS_OWN = ("cents", "conflict", "unconfirmed", "original")


class ExactProblemMixin(models.AbstractModel):
    """How the problems of bookings are listed: by what fixes them."""

    _name = "exact.problem.mixin"
    _description = "Problem of a Booking"

    problem_group = fields.Char(
        "Same Problem",
        compute="_compute_problem_group",
        store=True,
        help="The problem without the name of the invoice, so that all with the same "
        "fix stand together.",
    )
    is_fixable = fields.Boolean(
        string="Has a Fix", compute="_compute_is_fixable", compute_sudo=True
    )

    error_html = fields.Html(
        "Problem with What to Change",
        compute="_compute_error_html",
        compute_sudo=True,
        help="The problem, with the name of what has to be changed in bold.",
    )

    @api.depends("state", "error", "error_kind")
    def _compute_problem_group(self):
        kinds = dict(self._fields["error_kind"]._description_selection(self.env))
        for outbox in self:
            text = outbox.state == "failed" and outbox.error
            if text and outbox.error_kind in EACH_ITS_OWN:
                text = kinds[outbox.error_kind]
            name = outbox.move_id.name or ""
            outbox.problem_group = text and text.replace(name, "…").split("\n")[0]

    @api.depends("state", "error_kind")
    def _compute_is_fixable(self):
        for outbox in self:
            is_stuck = outbox.state == "failed" and outbox.error_kind != "internal"
            owner = outbox.company_id.exact_owner_id
            is_unconnected = outbox.state == "pending" and not owner._exact_is_ready()
            is_stopped = bool(outbox.stop_problem)
            outbox.is_fixable = is_stuck or is_unconnected or is_stopped

    @api.depends("state", "error", "error_kind")
    def _compute_error_html(self):
        for outbox in self:
            outbox.error_html = highlight(outbox)
