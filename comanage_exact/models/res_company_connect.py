import json

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

from ..exact_api import oauth
from ..exact_api.const import RETURN_ROUTE
from ..exact_api.exceptions import (
    ExactBadCredentials,
    ExactConsentLost,
    ExactError,
    ExactRateLimited,
    ExactRejected,
)

STATE_SCOPE = "comanage_exact.oauth"
STATE_HOURS = 1


class ResCompany(models.Model):
    """Connecting a company to Exact Online: consent, divisions, disconnect."""

    _name = "res.company"
    _inherit = ["res.company"]

    # === ACTIONS === #

    def action_exact_connect(self):
        """Lead to the page of Exact where the user allows the connection."""
        self.ensure_one()
        self._exact_check_administrator()
        if not (self.exact_client_id and self.exact_client_secret):
            raise UserError(
                self.env._(
                    "Fill in the client ID and the client secret of %(company)s first: "
                    "Exact's App Center shows them where the app is registered.",
                    company=self.name,
                )
            )
        state = hash_sign(
            self.sudo().env,
            STATE_SCOPE,
            [self.id, self.env.uid],
            expiration_hours=STATE_HOURS,
        )
        url = oauth.consent_url(
            self._exact_get_base_url(),
            self.exact_client_id,
            self._exact_get_redirect_uri(),
            state,
        )
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def action_exact_disconnect(self):
        """Wipe the tokens and keep what was chosen and mapped."""
        self.ensure_one()
        self._exact_check_administrator()
        self.sudo().exact_connection_id._disconnect()
        self.invalidate_recordset()

    def action_exact_fetch(self):
        """Fetch divisions and code lists now."""
        self.ensure_one()
        self._exact_check_administrator()
        try:
            self._exact_fetch_all()
        except ExactError as err:
            raise UserError(self._exact_explain_button(err)) from err
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The lists of Exact Online are up to date."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _exact_check_administrator(self):
        """Refuse everybody but administrators, and companies not open to them."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only an administrator connects a company to Exact Online.")
            )
        self.check_access("write")

    # === CONSENT === #

    def _exact_get_redirect_uri(self):
        return self.get_base_url().rstrip("/") + RETURN_ROUTE

    def _exact_read_state(self, state):
        """Return the company that a signed state names, if it is this user's.

        :raise UserError: forged, over an hour old, or of another user.
        :raise AccessError: the user is no administrator any more.
        """
        try:
            payload = verify_hash_signed(self.sudo().env, STATE_SCOPE, state or "")
        except (ValueError, TypeError, json.JSONDecodeError):
            payload = None
        if not payload or payload[1] != self.env.uid:
            raise UserError(
                self.env._(
                    "This answer of Exact Online does not belong to a connection that "
                    "you started within the last hour. Press Connect to Exact Online "
                    "again."
                )
            )
        company = self.browse(payload[0])
        company._exact_check_administrator()
        return company

    def _exact_finish_consent(self, code):
        """Trade the code for tokens, then fetch divisions and lists.

        :raise UserError: nothing was stored, and the sentence says why.
        """
        self.ensure_one()
        self._exact_check_administrator()
        try:
            tokens = oauth.exchange_code(
                self._exact_get_base_url(),
                self.exact_client_id,
                self.exact_client_secret,
                code,
                self._exact_get_redirect_uri(),
            )
        except ExactError as err:
            raise UserError(self._exact_explain_button(err)) from err
        self.env["exact.connection"].sudo()._store_tokens(self, tokens)
        # This transaction began before the tokens were stored and cannot see them.
        problem = None
        with self.env.registry.cursor() as cr:
            company = self.with_env(self.env(cr=cr))
            if not company.exact_start_date:
                company.exact_start_date = fields.Date.context_today(company)
            try:
                company._exact_fetch_all()
            except ExactError as err:
                # What was fetched before the failure is kept.
                problem = company._exact_explain_lists(err)
        if problem:
            raise UserError(problem)
        # What waited for a connection goes now.
        self.env["exact.outbox"]._trigger_push(fields.Datetime.now())

    # === MESSAGES === #

    def _exact_say_consent_refused(self):
        return self.env._(
            "%(company)s was not connected, since the connection was refused on the "
            "page of Exact Online. Press Connect to Exact Online to try again.",
            company=self.name,
        )

    def _exact_explain_lists(self, err):
        return self.env._(
            "%(company)s is connected, but its lists could not be fetched: %(reason)s "
            "Press Refresh lists on the company later.",
            company=self.name,
            reason=self._exact_explain(err),
        )

    def _exact_explain(self, err):
        """Say in one sentence what an error means for the company's connection."""
        if isinstance(err, ExactConsentLost):
            return self.env._(
                "The connection of %(company)s with Exact Online has expired. Press "
                "Connect to Exact Online on the company to connect again.",
                company=self.name,
            )
        if isinstance(err, ExactBadCredentials):
            return self.env._(
                "Exact Online does not know the client ID or client secret of "
                "%(company)s, or this consent was used before. Check both on the "
                "company and press Connect to Exact Online again.",
                company=self.name,
            )
        if isinstance(err, ExactRejected):
            return self.env._(
                "Exact Online refuses %(company)s: %(reason)s. Check the division and "
                "the rights of the Exact user who connected.",
                company=self.name,
                reason="; ".join(err.messages).rstrip("."),
            )
        if isinstance(err, ExactRateLimited):
            return self.env._(
                "Exact Online takes no more calls for %(company)s for now. Odoo goes "
                "on by itself; nothing is lost.",
                company=self.name,
            )
        return self.env._(
            "Exact Online cannot be reached for %(company)s right now. Odoo tries "
            "again by itself; nothing is lost.",
            company=self.name,
        )

    def _exact_explain_button(self, err):
        """Say it to who pressed a button, after which nothing goes on by itself."""
        if isinstance(err, ExactConsentLost | ExactRejected):
            return self._exact_explain(err)
        if isinstance(err, ExactRateLimited):
            return self.env._(
                "Exact Online takes no more calls for %(company)s for now. Wait a "
                "minute, then press the button again.",
                company=self.name,
            )
        return self.env._(
            "Exact Online cannot be reached for %(company)s right now. Wait a minute, "
            "then press the button again.",
            company=self.name,
        )
