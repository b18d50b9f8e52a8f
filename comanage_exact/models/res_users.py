from odoo import models
from odoo.exceptions import AccessError
from odoo.tools.translate import LazyTranslate

from ..const import ACCOUNTANTS, MANAGERS, READERS, USERS

_lt = LazyTranslate(__name__)

# Each role has its group, and what somebody without it is told.
NOT_USER = _lt(
    "Only Exact Online users can do this. Ask an administrator for the right Exact "
    "Online / User."
)
ROLES = {
    "reader": (READERS, NOT_USER),
    "user": (USERS, NOT_USER),
    "accountant": (
        ACCOUNTANTS,
        _lt(
            "Only Exact Online accountants can do this. Ask one of them, or an "
            "administrator for the right Exact Online / Accountant."
        ),
    ),
    "manager": (
        MANAGERS,
        _lt(
            "Only Exact Online managers can do this. Ask one of them, or an "
            "administrator for the right Exact Online / Manager."
        ),
    ),
}


class ResUsers(models.Model):
    _inherit = "res.users"

    def _exact_has_role(self, role):
        """Tell whether a user has a role, or one above it.

        :param str role: a key of ROLES.
        """
        return self.has_group(ROLES[role][0])

    def _exact_check_role(self, role):
        """Refuse a user without a role.

        :raise AccessError: the right is missing.
        """
        if not self._exact_has_role(role):
            text = ROLES[role][1]
            raise AccessError(self.env._(text))
