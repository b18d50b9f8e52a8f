import logging
import re
from urllib.parse import quote

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

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
        try:
            consent = Consent.from_state(request.env, state)
            consent.finish(None if error else code)
        except (AccessError, UserError) as err:
            return request.render(
                "comanage_exact.oauth_failed", {"message": str(err)}, status=400
            )
        action = request.env.ref("base.action_res_company_form")
        return request.redirect(f"/odoo/action-{action.id}/{consent.company.id}")
