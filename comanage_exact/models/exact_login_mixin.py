from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import MANAGERS
from ..sync import login_messages

# What a stored secret looks like to everybody.
BULLET = "•"
MASK = 8 * BULLET


class ExactLoginMixin(models.AbstractModel):
    """What a company says of its app in Exact Online, and with whom it shares a login.

    The client secret is written and never read again.
    """

    _name = "exact.login.mixin"
    _description = "Exact Online App and Login of a Company"

    exact_client_id = fields.Char("Exact Online Client ID", groups=MANAGERS, copy=False)
    exact_client_secret = fields.Char(
        string="Exact Online Client Secret",
        compute="_compute_exact_client_secret",
        inverse="_inverse_exact_client_secret",
        compute_sudo=True,
        copy=False,
        groups=MANAGERS,
        help="Once saved, it is shown to nobody. Enter another one to replace it.",
    )
    exact_app_secret = fields.Char(
        "Stored Exact Online Client Secret", copy=False, groups=fields.NO_ACCESS
    )
    exact_login_note = fields.Text(
        "Exact Online Login",
        compute="_compute_exact_login_note",
        compute_sudo=True,
        groups=MANAGERS,
    )

    # === COMPUTES === #

    @api.depends("exact_app_secret")
    def _compute_exact_client_secret(self):
        for company in self:
            company.exact_client_secret = MASK if company.exact_app_secret else False

    def _inverse_exact_client_secret(self):
        for company in self:
            typed = company.exact_client_secret or ""
            # Typed before or behind what stood there.
            secret = typed.replace(BULLET, "").strip()
            if typed and not secret:
                continue
            company_sudo = company.sudo()
            company_sudo.exact_app_secret = secret or False
            login = company_sudo.exact_connection_id.login_id
            if secret and login.client_id == company_sudo.exact_client_id:
                login._use_secret(secret)
        # Nor is it in what the same request answers.
        self.invalidate_recordset(["exact_client_secret"])

    @api.depends("exact_client_id", "exact_connection_state")
    def _compute_exact_login_note(self):
        """Say whose connection it is, or what a consent does to others before it."""
        for company in self:
            connection = company.exact_connection_id
            state = company.exact_connection_state
            if state == "connected":
                text = login_messages.login_text(self.env, connection)
            else:
                others = company._exact_find_connected_twins()
                text = login_messages.consent_text(self.env, company.name, others)
            company.exact_login_note = text

    def _exact_find_connected_twins(self):
        """Return the connections of other companies that use the same app."""
        self.ensure_one()
        if not self.exact_client_id:
            return self.env["exact.connection"]
        return self.env["exact.connection"].search(
            [
                ("state", "=", "connected"),
                ("company_id", "!=", self._origin.id),
                ("login_id.site", "=", self.exact_site),
                ("login_id.client_id", "=", self.exact_client_id),
            ]
        )

    # === CONSTRAINTS === #

    def _exact_check_app(self, client_id):
        """Refuse another app while the tokens are those of this one.

        :raise UserError: it is connected.
        """
        for company in self.sudo():
            is_other = (company.exact_client_id or "") != (client_id or "")
            if is_other and company.exact_connection_state == "connected":
                raise UserError(
                    self.env._(
                        "%(company)s is connected to Exact Online with another client "
                        "ID. Disconnect it first, then enter the new one.",
                        company=company.name,
                    )
                )
