"""Sentences about who connected with which app, and what a consent does to others."""

from odoo.tools.translate import LazyTranslate

from ..exact_api.exceptions import ExactBadCredentials
from .messages import explain_connection, say

_lt = LazyTranslate(__name__)

CONNECTED_AS = _lt("Connected as %(user)s in Exact Online.")
CONNECTED = _lt("Exact Online has not named yet who authorized this connection.")
SHARED_WITH = _lt(
    "%(companies)s share this connection. When you connect again with the same Exact "
    "Online user, they are connected again too; when you disconnect, they stay "
    "connected."
)
SHARED_WITH_ONE = _lt(
    "%(companies)s shares this connection. When you connect again with the same "
    "Exact Online user, it is connected again too; when you disconnect, it stays "
    "connected."
)
USES_SAME_APP = _lt(
    "%(companies)s is connected with the same app as Exact Online user %(user)s. If "
    "you authorize %(company)s as %(user)s, they share one connection; if you "
    "authorize it as another user, each keeps its own."
)
USE_SAME_APP = _lt(
    "%(companies)s are connected with the same app as Exact Online user %(user)s. If "
    "you authorize %(company)s as %(user)s, they all share one connection; if you "
    "authorize it as another user, each keeps its own."
)
USES_SAME_APP_UNKNOWN = _lt(
    "%(companies)s is connected with the same app. If you authorize %(company)s as the "
    "same Exact Online user, they share one connection; if you authorize it as another "
    "user, each keeps its own."
)
USE_SAME_APP_UNKNOWN = _lt(
    "%(companies)s are connected with the same app. If you authorize %(company)s as "
    "the same Exact Online user, they share one connection; if you authorize it as "
    "another user, each keeps its own."
)
# By whether the user is known and whether there are several companies.
SAME_APP = {
    (True, False): USES_SAME_APP,
    (True, True): USE_SAME_APP,
    (False, False): USES_SAME_APP_UNKNOWN,
    (False, True): USE_SAME_APP_UNKNOWN,
}
DATABASE_COPIED = _lt(
    "This database was copied or renamed, so nothing of %(company)s is sent to Exact "
    "Online and its invoices are waiting. If this is your live database, click Connect "
    "to Exact Online on the company."
)
RENEWAL_FAILS = _lt(
    "Odoo has not been able to reach Exact Online for %(company)s for more than half "
    "an hour, so its invoices are waiting. Ask your server administrator whether the "
    "server can connect to Exact Online. Odoo will retry automatically; nothing is "
    "lost."
)


def login_text(env, connection):
    """Return as whom a company is connected, and who shares that."""
    login = connection.login_id
    text = CONNECTED_AS if login.exact_user_name else CONNECTED
    sentences = [say(env, text, user=login.exact_user_name)]
    others = login.connection_ids - connection
    if others:
        text = SHARED_WITH if len(others) > 1 else SHARED_WITH_ONE
        sentences.append(say(env, text, companies=_names(others)))
    return " ".join(sentences)


def consent_text(env, company, others):
    """Return what connecting does to other companies; False if nothing.

    :param str company: its name.
    :param exact.connection others: that are connected with the same app.
    """
    sentences = [
        say(
            env,
            SAME_APP[bool(login.exact_user_name), len(connections) > 1],
            user=login.exact_user_name,
            companies=_names(connections),
            company=company,
        )
        for login, connections in others.grouped("login_id").items()
    ]
    return "\n".join(sentences) or False


def login_problems(env, connection):
    """Return {kind: sentence} of what only a person can end about a login."""
    company, login = connection.company_id.with_env(env), connection.login_id
    if connection._get_state() == "copied":
        # In a neutralized one nobody expects anything to be sent.
        parameters = env["ir.config_parameter"].sudo()
        if parameters.get_param("database.is_neutralized"):
            return {}
        return {"copied": say(env, DATABASE_COPIED, company=company.name)}
    if connection.state != "connected":
        return {}
    if login.is_rejected:
        return {"rejected": explain_connection(company, ExactBadCredentials([], 400))}
    if login._is_failing():
        return {"failing": say(env, RENEWAL_FAILS, company=company.name)}
    return {}


def _names(connections):
    return ", ".join(connections.company_id.mapped("name"))
