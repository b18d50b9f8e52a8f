from odoo import fields, models

from ..const import ADMINISTRATORS


class MailActivity(models.Model):
    _inherit = "mail.activity"

    exact_cause = fields.Char(
        "Cause at Exact", index="btree_not_null", groups=ADMINISTRATORS
    )
