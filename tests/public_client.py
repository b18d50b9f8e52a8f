"""`exactonline` from PyPI, a client that nobody here wrote, against the simulator."""

from contextlib import contextmanager
from html.parser import HTMLParser
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests
from exactonline import rawapi
from exactonline.api import ExactApi
from exactonline.storage.base import ExactOnlineConfig, MissingSetting

from .simulator_api import CLIENT_ID, CLIENT_SECRET, DUTCH_USER, REDIRECT_URI


class MemoryStorage(ExactOnlineConfig):
    """The client's configuration, with the addresses of the simulator."""

    def __init__(self, url):
        self._values = {
            ("server", "auth_url"): f"{url}/api/oauth2/auth",
            ("server", "rest_url"): f"{url}/api",
            ("server", "token_url"): f"{url}/api/oauth2/token",
            ("application", "base_url"): REDIRECT_URI,
            ("application", "client_id"): CLIENT_ID,
            ("application", "client_secret"): CLIENT_SECRET,
        }

    def get(self, section, option):
        try:
            return self._values[section, option]
        except KeyError:
            raise MissingSetting(option, section) from None

    def set(self, section, option, value):
        self._values[section, option] = value


class Form(HTMLParser):
    """Reads the consent form as a browser would."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.action = {}, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.action = found["action"]
        if tag == "input":
            self.fields[found["name"]] = found["value"]


@contextmanager
def public_client(url, division, user=DUTCH_USER):
    """Give the client, with a user's consent for the simulator at `url`.

    An earlier consent of the same user ends, as with Exact.
    """
    # It asks for https, which a machine of one's own does not have.
    with patch.object(rawapi.opt_secure, "protocols", ("http",)):
        api = ExactApi(storage=MemoryStorage(url))
        api.request_token(_consent(url, api.create_auth_request_url(), user))
        choices, _current = api.get_divisions()
        assert division in choices
        api.set_division(division)
        yield api


def _consent(simulator_url, url, user):
    """Click "Allow" on the consent page and return the code."""
    form = Form(requests.get(url, timeout=10).text)
    answer = requests.post(
        simulator_url + form.action,
        data={**form.fields, "user": user, "decision": "allow"},
        allow_redirects=False,
        timeout=10,
    )
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
