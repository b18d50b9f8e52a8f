"""`make live`: checks a real division, and books one invoice there and deletes it.

For whoever has an app of their own at Exact, and a division for tests. What it needs is
in the environment; it is no part of `make test`.
"""

import json
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import requests

from dev import live_books, paths
from dev.console import Problem, guarded, say
from dev.environment import Environment
from dev.rpc import OdooSession
from dev.server import odoo_server
from dev.stage import LOGIN
from dev.templates import Template, fresh_copy

TEMPLATE = Template(modules=("account", "l10n_be"), demo=True)
NEEDED = {
    "EXACT_CLIENT_ID": "client ID of your app in the Exact Online App Center",
    "EXACT_CLIENT_SECRET": "its client secret",
    "EXACT_REDIRECT_URI": "its redirect address, exactly as registered",
    "EXACT_DIVISION": "number of the division, as in the address of its pages",
}
OPTIONAL = {
    "EXACT_HOST": "https://start.exactonline.nl, or the site of another country",
    "EXACT_CODE": "of the consent, the first time: the address below shows how",
    "EXACT_REFRESH_TOKEN": "instead of a code",
    "EXACT_TOKENS": "file that keeps the tokens, .local/live/tokens.json",
    "EXACT_JOURNAL, EXACT_GL_ACCOUNT, EXACT_VAT_CODE, EXACT_CUSTOMER, "
    "EXACT_PAYMENT_CONDITION": "codes for the test entry, else the first that fit",
}
HOSTS = {f"start.exactonline.{site}" for site in live_books.SITES}
TIMEOUT = 30


class Live:
    """What the environment says.

    :param dict environ: as `os.environ`.
    """

    def __init__(self, environ):
        self.environ = environ
        self.missing = [name for name in NEEDED if not environ.get(name)]
        self.host = environ.get("EXACT_HOST", "https://start.exactonline.nl").rstrip(
            "/"
        )
        default = paths.LOCAL / "live" / "tokens.json"
        self.tokens_path = Path(environ.get("EXACT_TOKENS") or default)

    def get(self, name):
        return self.environ.get(f"EXACT_{name}", "").strip()

    def check_host(self):
        """Refuse to send a secret to any other host than Exact's or this machine."""
        parts = urlsplit(self.host)
        name = parts.hostname or ""
        is_exact = parts.scheme == "https" and parts.netloc in HOSTS
        is_here = parts.scheme == "http" and name == "127.0.0.1"
        if not (is_exact or is_here):
            raise Problem(f"EXACT_HOST is no site of Exact Online: {self.host}")

    @property
    def consent_url(self):
        query = {
            "client_id": self.get("CLIENT_ID"),
            "redirect_uri": self.get("REDIRECT_URI"),
            "response_type": "code",
            "force_login": "0",
        }
        encoded = urlencode(query, safe="/", quote_via=quote)
        return f"{self.host}/api/oauth2/auth?{encoded}"

    # === TOKENS === #

    def get_tokens(self):
        """Return tokens by a code, a refresh token or the file; None without any."""
        if code := self.get("CODE"):
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.get("REDIRECT_URI"),
            }
            return self._ask(form)
        kept = self._read_kept()
        # An access token that is young cannot be renewed yet.
        if kept and time.time() - kept["issued_at"] < 570:
            return kept
        refresh = kept["refresh_token"] if kept else self.get("REFRESH_TOKEN")
        if not refresh:
            return None
        return self._ask({"grant_type": "refresh_token", "refresh_token": refresh})

    def _read_kept(self):
        try:
            return json.loads(self.tokens_path.read_text())
        except (OSError, ValueError):
            return None

    def _ask(self, form):
        secrets = {
            "client_id": self.get("CLIENT_ID"),
            "client_secret": self.get("CLIENT_SECRET"),
        }
        address = f"{self.host}/api/oauth2/token"
        try:
            answer = requests.post(address, data={**form, **secrets}, timeout=TIMEOUT)
            found = answer.json()
            tokens = {
                "access_token": found["access_token"],
                "refresh_token": found["refresh_token"],
                "issued_at": time.time(),
            }
        except requests.RequestException as err:
            raise Problem(f"No tokens: {type(err).__name__} at {address}.") from None
        except (ValueError, KeyError, TypeError):
            raise Problem(
                f"No tokens: HTTP {answer.status_code} at {address}. A code works once "
                "and for three minutes; get a new one from the page of the consent."
            ) from None
        self.keep(tokens)
        return tokens

    def keep(self, tokens):
        """Write the tokens where this user alone can read them."""
        self.tokens_path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.tokens_path.with_suffix(".new")
        flags = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
        with open(os.open(fresh, flags, 0o600), "w") as file:
            json.dump(tokens, file)
        fresh.replace(self.tokens_path)


def main(environ=os.environ):
    """Check the division and book there; 0 also where nothing is set up for it."""
    live = Live(environ)
    if live.missing:
        _explain(live)
        return 0
    live.check_host()
    tokens = live.get_tokens()
    if not tokens:
        say("Open this address, allow the app, and set EXACT_CODE to the code that")
        say("the redirect address gets (decoded once; it works for three minutes):")
        print(live.consent_url)
        return 0
    environment = Environment.start()
    with (
        fresh_copy(environment, TEMPLATE) as database,
        _odoo(environment, database, live, tokens) as odoo,
    ):
        books = live_books.LiveBooks(environment, database, odoo, live)
        try:
            return 0 if books.run() else 1
        finally:
            live.keep(books.read_tokens())


def _explain(live):
    say("Nothing was checked. Set these in the environment to check a real division:")
    for name, meaning in NEEDED.items():
        state = "missing" if name in live.missing else "set"
        print(f"  {name:20} {state:8} {meaning}")
    say("And if you wish:")
    for name, meaning in OPTIONAL.items():
        print(f"  {name}: {meaning}")


@contextmanager
def _odoo(environment, database, live, tokens):
    """Yield a session at an Odoo whose Belgian company has the tokens."""
    with odoo_server(environment, database, cron_threads=0) as server:
        odoo = OdooSession(server.url, database, LOGIN, LOGIN)
        company = odoo.ref("base", "demo_company_be")
        odoo.companies = [company]
        live_books.connect(environment, database, odoo, company, live, tokens)
        yield odoo


if __name__ == "__main__":
    sys.exit(guarded(main))
