from odoo import fields, models

from ..const import ADMINISTRATORS


class MailActivity(models.Model):
    _inherit = "mail.activity"

    exact_cause = fields.Char(
        "Exact Online Cause", index="btree_not_null", groups=ADMINISTRATORS
    )
