"""`exactonline` with a configuration in memory; for its steps and for the benchmark."""

from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from exactonline import rawapi
from exactonline.api import ExactApi
from exactonline.storage.base import ExactOnlineConfig, MissingSetting

from ...consent_page import allow


class MemoryStorage(ExactOnlineConfig):
    """The client's configuration, with the addresses of the simulator."""

    def __init__(self, url, client_id, client_secret, redirect_uri):
        self._values = {
            ("server", "auth_url"): f"{url}/api/oauth2/auth",
            ("server", "rest_url"): f"{url}/api",
            ("server", "token_url"): f"{url}/api/oauth2/token",
            ("application", "base_url"): redirect_uri,
            ("application", "client_id"): client_id,
            ("application", "client_secret"): client_secret,
        }

    def get(self, section, option):
        try:
            return self._values[section, option]
        except KeyError:
            raise MissingSetting(option, section) from None

    def set(self, section, option, value):
        self._values[section, option] = value


def plain_http():
    """Patch what it asks for: https, which a machine of one's own does not have."""
    return patch.object(rawapi.opt_secure, "protocols", ("http",))


def connected(storage, user):
    """Return the client with a user's consent; an earlier one of theirs ends."""
    api = ExactApi(storage=storage)
    back = allow(api.create_auth_request_url(), user)
    api.request_token(parse_qs(urlsplit(back).query)["code"][0])
    return api
