from odoo import fields, models

from ..const import ADMINISTRATORS


class MailActivity(models.Model):
    _inherit = "mail.activity"

    exact_cause = fields.Char(
        "Exact Online Cause", index="btree_not_null", groups=ADMINISTRATORS
    )
    exact_records = fields.Json(
        "Exact Online Records",
        groups=ADMINISTRATORS,
        help="What the activity is about, where something new about the same cause is "
        "worth another activity once it is done.",
    )
