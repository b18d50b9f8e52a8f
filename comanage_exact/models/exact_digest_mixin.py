from odoo import api, fields, models

from ..booking.digest_period import DAILY, WEEKLY
from ..const import ADMINISTRATORS, CRON_DIGEST, USERS
from ..sync.digest import DigestRun
from ..sync.scheduled_actions import switch


class ExactDigestMixin(models.AbstractModel):
    """Whom a company mails how its bookings go."""

    _name = "exact.digest.mixin"
    _description = "Mail Digest of Exact Online Bookings"

    exact_digest = fields.Selection(
        [(WEEKLY, "Every week"), (DAILY, "Every day")],
        string="Exact Online Mail Digest",
        groups=ADMINISTRATORS,
        help="Mails what was booked, what is waiting and what needs attention: on "
        "Monday about the week before, or each morning about the day before. On a day "
        "without anything to say there is no mail.",
    )
    exact_digest_since = fields.Date(
        "Exact Online Mail Digest Since",
        compute="_compute_exact_digest_since",
        store=True,
        copy=False,
        groups=ADMINISTRATORS,
        help="Days before are not mailed about.",
    )
    exact_digest_user_ids = fields.Many2many(
        "res.users",
        "exact_digest_user_rel",
        string="Exact Online Mail Digest To",
        domain=lambda self: [("all_group_ids", "in", self.env.ref(USERS).ids)],
        groups=ADMINISTRATORS,
        help="Leave empty to mail all Exact Online accountants of the company.",
    )

    @api.depends("exact_digest")
    def _compute_exact_digest_since(self):
        for company in self:
            since = company.exact_digest_since or fields.Date.today()
            company.exact_digest_since = company.exact_digest and since

    @api.constrains("exact_digest")
    def _exact_switch_digest(self):
        """Have the scheduled action run if a company wants it, else rest."""
        companies = self.env["res.company"].sudo()
        is_wanted = companies.search_count([("exact_digest", "!=", False)], limit=1)
        switch(self.env, CRON_DIGEST, is_on=bool(is_wanted))

    @api.model
    def _cron_exact_digest(self):
        DigestRun(self.env).run()
