from odoo import models
from odoo.exceptions import AccessError

from ..const import MANAGERS, USERS


class ResUsers(models.Model):
    _inherit = "res.users"

    def _exact_check_group(self, group):
        """Refuse a user without a right of Exact Online.

        :param str group: 'user' or 'manager'.
        :raise AccessError: the right is missing.
        """
        if group == "manager" and not self.has_group(MANAGERS):
            raise AccessError(
                self.env._(
                    "Only Exact Online managers can do this. Ask an administrator for "
                    "the right Exact Online / Manager."
                )
            )
        if group == "user" and not self.has_group(USERS):
            raise AccessError(
                self.env._(
                    "Only Exact Online users can do this. Ask an administrator for the "
                    "right Exact Online / User."
                )
            )
