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

    def _is_done(self, company, user, last_day):
        """Tell whether a user was mailed about the days up to this one."""
        mailed = [
            ("company_id", "=", company.id),
            ("user_id", "=", user.id),
            ("last_day", "=", last_day),
        ]
        return bool(self.search_count(mailed, limit=1))

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
