"""Connecting a company: the consent, its divisions, and the first lists."""

import hashlib
import json

import requests

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

from ..exact_api import oauth, resources
from ..exact_api.exceptions import (
    ExactCodeSpent,
    ExactDivisionsRefused,
    ExactError,
    ExactRejected,
    ExactUnavailable,
)
from . import messages
from .code_lists import CodeLists, choose, fetch_list
from .connection import open_client
from .logins import learn_users_of_app, read_user

STATE_SCOPE = "comanage_exact.oauth"
STATE_HOURS = 1


class Consent:
    """The way of an administrator to Exact's consent page and back.

    :param res.company company: with the environment of the administrator.
    """

    def __init__(self, company):
        company.ensure_one()
        self.company = company
        self.env = company.env

    def get_url(self):
        """Return the address where the user allows the connection."""
        state = hash_sign(
            self.company.sudo().env,
            STATE_SCOPE,
            [self.company.id, self.env.uid],
            expiration_hours=STATE_HOURS,
        )
        return oauth.consent_url(
            self.company._exact_get_base_url(),
            self.company.exact_client_id,
            self.company._exact_get_redirect_uri(),
            state,
        )

    @classmethod
    def from_state(cls, env, state):
        """Return the consent that a signed state names, if it is this user's.

        :raise UserError: forged, over an hour old, or of another user.
        :raise AccessError: the user is no longer a manager of Exact Online.
        """
        try:
            payload = verify_hash_signed(env(su=True), STATE_SCOPE, state or "")
        except (ValueError, TypeError, json.JSONDecodeError):
            payload = None
        if not payload or payload[1] != env.uid:
            raise UserError(messages.say(env, messages.CONSENT_OF_ANOTHER))
        company = env["res.company"].browse(payload[0]).exists()
        if not company:
            raise UserError(messages.say(env, messages.CONSENT_OF_ANOTHER))
        company._exact_check_role("manager")
        return cls(company)

    def finish(self, code):
        """Trade the code for tokens, then fetch divisions and lists.

        :param str code: None where the user refused.
        :raise UserError: nothing was stored, or the lists could not be fetched; the
            sentence says why.
        """
        company = self.company
        company._exact_check_role("manager")
        if not code:
            raise UserError(
                messages.say(self.env, messages.CONSENT_REFUSED, company=company.name)
            )
        self._use_code(code)
        if problem := self._fetch_lists():
            raise UserError(problem)
        # What waited for a connection goes now.
        self.env["exact.outbox"]._trigger_push(fields.Datetime.now())

    def _use_code(self, code):
        """Trade the code for tokens, once.

        The page may be loaded again, and Odoo repeats a request that met another one.
        """
        connections = self.env["exact.connection"].sudo()
        company = self.company
        digest = hashlib.sha256(code.encode()).hexdigest()
        if connections._use_code(company, digest):
            learn_users_of_app(company.sudo())
            tokens = self._get_tokens(code)
            user = read_user(company._exact_get_base_url(), tokens.access_token)
            connections._store_tokens(company, tokens, user)
        elif not self.is_connected():
            err = ExactCodeSpent("the code was used before")
            raise UserError(messages.explain_button(company, err))

    def is_connected(self):
        """Tell it from a transaction that sees what another one has just stored."""
        with self.env.registry.cursor() as cr:
            company = self.company.sudo().with_env(self.env(cr=cr, su=True))
            return company.exact_connection_state == "connected"

    def _get_tokens(self, code):
        company = self.company
        try:
            return oauth.exchange_code(
                company._exact_get_base_url(),
                company.exact_client_id,
                company.sudo().exact_app_secret,
                code,
                company._exact_get_redirect_uri(),
            )
        except ExactError as err:
            raise UserError(messages.explain_button(company, err)) from err

    def _fetch_lists(self):
        """Fetch divisions and lists; return what went wrong as a sentence, or None."""
        # The user's transaction began before the tokens were stored and cannot see
        # them.
        with self.env.registry.cursor() as cr:
            company = self.company.with_env(self.env(cr=cr))
            try:
                fetch_all(company)
            except ExactError as err:
                # What was fetched before the failure is kept.
                return messages.explain_lists(company, err)
        return None


def fetch_all(company):
    """Fetch the divisions, and the lists of the one that is chosen.

    :raise ExactError: what was fetched before the failure stays.
    """
    fetch_divisions(company)
    if company.exact_division_id:
        CodeLists(company).fetch()


def fetch_divisions(company):
    """Fetch the divisions, and choose the one that is surely meant.

    Exact may refuse the list under a division that the app or the user may not use, the
    current one included: then the others that it names are tried.

    :raise ExactDivisionsRefused: by all of them, and no division is chosen yet.
    """
    connection = company.sudo().exact_connection_id
    with requests.Session() as session:
        with open_client(connection, session=session) as client:
            me = client.get(resources.ME, select=",".join(resources.ME_DIVISIONS))
        refusal = None
        for division in _get_candidates(company, me):
            with open_client(connection, division, session=session) as client:
                try:
                    fetch_list(company, "exact.division", client)
                except ExactRejected as err:
                    refusal = refusal or err
                    continue
            refusal = None
            break
    if refusal and not company.exact_division_id:
        raise ExactDivisionsRefused(
            refusal.messages, refusal.status, refusal.resource
        ) from refusal
    if not company.exact_division_id:
        choose(company, exact_division_id=guess_division(company).id)


def _get_candidates(company, me):
    """Return the divisions under which the list may be asked for, the best first.

    :param list me: rows of current/Me.
    """
    named = [row.get(name) for row in me for name in resources.ME_DIVISIONS]
    codes = [int(code) for code in (*named, company.exact_division_id.code) if code]
    if not codes:
        raise ExactUnavailable("Exact names no division")
    return list(dict.fromkeys(codes))


def guess_division(company):
    """Return the only division, or the only one with the company's VAT number."""
    divisions = company.env["exact.division"].search([("company_id", "=", company.id)])
    if len(divisions) > 1:
        own = company._exact_get_vat_key(company.vat)
        divisions = divisions.filtered(
            lambda division: (
                own and company._exact_get_vat_key(division.vat_number) == own
            )
        )
    return divisions if len(divisions) == 1 else divisions.browse()
