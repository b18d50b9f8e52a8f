"""Clicks through the consent page of the simulator, over HTTP as a browser does."""

from urllib.parse import urljoin

from lxml import html

from dev.console import Problem

USER = "eva.peeters@example.com"


def allow(http, url, user=USER, decision="allow"):
    """Open the consent page, choose a user, click a button, go back to Odoo.

    :param requests.Session http: holds the log-in at Odoo.
    :param str url: of the consent page, as Odoo's button gives it.
    :return: the address in Odoo where the user arrives.
    :raise Problem: Odoo or the consent page shows an error instead.
    """
    page = http.get(url, timeout=30)
    page.raise_for_status()
    form = html.fromstring(page.text).forms[0]
    fields = {**dict(form.form_values()), "user": user, "decision": decision}
    answer = http.post(
        urljoin(url, form.action or url), data=fields, timeout=30, allow_redirects=False
    )
    if "Location" not in answer.headers:
        raise Problem(f"Exact Online sends nobody back: {_sentence(answer)}")
    back = http.get(answer.headers["Location"], timeout=120, allow_redirects=False)
    if back.status_code != 303:
        raise Problem(f"Odoo was not connected: {_sentence(back)}")
    return back.headers["Location"]


def _sentence(page):
    return " ".join(html.fromstring(page.text).xpath("//p/text()")).strip()
