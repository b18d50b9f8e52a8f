import logging
import re
from urllib.parse import quote

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..booking.setup_steps import CONNECTION, DIVISION
from ..exact_api.const import RETURN_ROUTE
from ..sync.onboarding import Consent


class HideConsentCode(logging.Filter):
    """Keep the code of a consent out of the log of requests.

    The web server logs each request with its query, and the code is a secret as long
    as it lives.
    """

    # Also as a part of the address of the log-in page, where it comes encoded.
    _query = re.compile(
        f"({re.escape(RETURN_ROUTE)}|{re.escape(quote(RETURN_ROUTE, safe=''))})"
        r"(\?|%3F)[^ ]*"
    )

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(
                self._query.sub(r"\1?…", arg) if isinstance(arg, str) else arg
                for arg in record.args
            )
        return True


logging.getLogger("werkzeug").addFilter(HideConsentCode())


class ExactOAuth(http.Controller):
    @http.route(RETURN_ROUTE, type="http", auth="user", methods=["GET"])
    def exact_oauth_return(self, state=None, code=None, error=None, **_kwargs):
        """Take the user back from Exact's consent page.

        :param str state: what `action_exact_connect` signed.
        :param str code: of the consent, good for one use within three minutes.
        :param str error: set instead of a code where the user refused.
        """
        consent = None
        try:
            consent = Consent.from_state(request.env, state)
            consent.finish(None if error else code)
        except (AccessError, UserError) as err:
            return request.render(
                "comanage_exact.oauth_failed",
                {"message": str(err), **self._prepare_ways_on(consent)},
                status=400,
            )
        return request.redirect(self._get_setup_url(consent.company))

    def _prepare_ways_on(self, consent):
        """Return the addresses that a failure offers: to try again, and the set-up.

        :param Consent consent: None where it is not known whose it was.
        """
        if not consent:
            return {
                "setup_url": "/odoo/action-comanage_exact.exact_setup_server_action"
            }
        return {
            "setup_url": self._get_setup_url(consent.company, keeps_step=True),
            # Connected without lists, they are all that is missing.
            "retry_url": not consent.is_connected() and consent.get_url(),
        }

    def _get_setup_url(self, company, *, keeps_step=False):
        """Return the address of the set-up, where the division is chosen next."""
        setups = request.env["exact.setup"]
        action = setups._open(company, CONNECTION if keeps_step else DIVISION)
        return f"/odoo/action-comanage_exact.exact_setup_action/{action['res_id']}"
