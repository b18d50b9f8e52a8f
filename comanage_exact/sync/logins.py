"""Whose tokens they are: Exact tells it for free, and companies share by it."""

import logging

from ..exact_api import resources
from ..exact_api.client import ExactClient
from ..exact_api.exceptions import ExactError
from ..exact_api.oauth import User
from .connection import get_access_token

_logger = logging.getLogger(__name__)


def read_user(base_url, token):
    """Return the oauth.User of an access token; None where Exact does not tell."""
    client = ExactClient(base_url, None, token)
    try:
        rows = client.get(resources.ME, select=",".join(resources.ME_USER))
    except ExactError as err:
        _logger.info("Exact does not tell who gave consent: %s", err)
        return None
    finally:
        client.close()
    guid, name = (rows[0].get(key) if rows else None for key in resources.ME_USER)
    return User(str(guid), str(name or guid)) if guid else None


def learn_user(connection):
    """Find out who gave consent, if that is not known yet.

    :param exact.connection connection: as superuser.
    """
    login = connection.login_id
    if login.exact_user_guid or connection._get_state() != "connected":
        return
    try:
        token = get_access_token(connection)
    except ExactError as err:
        _logger.info("Company %s: %s", connection.company_id.id, err)
        return
    if user := read_user(connection.company_id._exact_get_base_url(), token):
        login._identify(user)


def learn_users_of_app(company):
    """Find out who gave the consents to the app of a company before there is another.

    Otherwise a new one would end those of the same user, and nobody knew whose.

    :param res.company company: as superuser.
    """
    for connection in company._exact_find_connected_twins():
        learn_user(connection)
