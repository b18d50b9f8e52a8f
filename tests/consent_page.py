"""Clicks through the consent page as a browser does; needs `requests` only."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests


def allow(url, user):
    """Open the page, choose the user, click "Allow".

    :return: the address that the browser is sent back to.
    """
    form = _Form(requests.get(url, timeout=10).text)
    answer = requests.post(
        urljoin(url, form.action),
        data={**form.fields, "user": user, "decision": "allow"},
        allow_redirects=False,
        timeout=10,
    )
    return answer.headers["Location"]


class _Form(HTMLParser):
    """Reads the form: what is hidden or ticked in it is sent with every button."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.action = {}, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.action = found["action"]
        if tag == "input" and _is_sent(found):
            self.fields[found["name"]] = found.get("value", "on")


def _is_sent(found):
    kind = found.get("type", "text")
    return kind not in ("checkbox", "radio", "submit") or "checked" in found
