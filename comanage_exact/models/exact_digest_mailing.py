from odoo import fields, models
from odoo.tools import SQL


class ExactDigestMailing(models.Model):
    """That somebody was mailed the digest of some days: nobody gets it twice."""

    _name = "exact.digest.mailing"
    _description = "Exact Online Mail Digest Sent"
    _order = "last_day desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    last_day = fields.Date(required=True, readonly=True, index=True)

    _once = models.Constraint(
        "UNIQUE(company_id, user_id, last_day)",
        "A digest can be mailed to each user only once.",
    )

    def _find_done(self, company):
        """Return {(user, last day)} of what was mailed about a company."""
        mailed = self.search([("company_id", "=", company.id)])
        return {(one.user_id, one.last_day) for one in mailed}

    def _claim(self, company, user, last_day):
        """Tell whether a digest is still to be mailed, which the caller then does.

        Another worker that mails it at this moment is waited for.
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO exact_digest_mailing
                       (company_id, user_id, last_day, create_date, write_date)
                VALUES (%s, %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
                    ON CONFLICT DO NOTHING
             RETURNING id
                """,
                company.id,
                user.id,
                last_day,
            )
        )
        return bool(rows)
