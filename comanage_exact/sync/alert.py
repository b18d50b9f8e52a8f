"""What an activity about Exact Online says, and whom it asks."""

import hashlib
from typing import NamedTuple

from markupsafe import Markup

from odoo import models

from ..const import ACCOUNTANTS
from . import messages
from .messages import say


class Alert(NamedTuple):
    """What somebody has to know: on which record, who, what.

    :param list records: what it is about, as sorted texts or ids; others than those of
        an activity that is done make another activity.
    """

    record: models.Model
    user: models.Model
    summary: str
    note: str
    records: list | None = None


class AlertFinder:
    """Finds causes of alerts, and who is to be asked."""

    def __init__(self, env):
        self.env = env

    def find_responsible(self, outbox):
        """Return who sent it, else the salesperson, else an accountant."""
        users = outbox.user_id | outbox.move_id.invoice_user_id
        able = users.filtered(lambda user: user.active and user._is_internal())
        return able[:1] or self.find_member(ACCOUNTANTS, outbox.company_id)

    def find_member(self, group, company):
        """Return the first user with a group who may work in a company."""
        members = (
            self.env.ref(group)
            .sudo()
            .all_user_ids.filtered(
                lambda user: user.active and company in user.company_ids
            )
        )
        return members.sorted("id")[:1] or self.env.ref("base.user_admin")


def digest(*parts):
    """Return the key of a cause."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def link_to(env, action):
    """Return the link to a list of invoices, as a paragraph."""
    return Markup("<p><a href='/odoo/action-%s'>%s</a></p>") % (
        action,
        say(env, messages.ALERT_LINK),
    )
