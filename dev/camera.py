"""Takes pictures of pages of Odoo, in the browser that tours run in.

Run with the tools of the documentation: reads one order as JSON from standard input,
and prints what it noticed as JSON.
"""

import json
import sys

from playwright.sync_api import Error, sync_playwright

HEIGHT = 820
# Narrower screens are those of a phone.
PHONE = 600
PATIENCE = 15_000
# The first page has the assets made.
FIRST_PATIENCE = 120_000
# What fills the page once its content is there.
READY = ".o_content, .o_form_view, .o_list_view, .o_kanban_view, .o_action"
# Texts of the page that do not fit their box, and all texts as they stand there.
CUT = """() => [...document.querySelectorAll(
    'button, .badge, th, label, .nav-link, .o_menu_sections *, h1, h2, .alert'
)].filter(one => {
    const style = getComputedStyle(one);
    return one.offsetParent && one.scrollWidth > one.clientWidth + 1
        && (style.overflowX === 'hidden' || style.overflowX === 'clip');
}).map(one => one.innerText.trim()).filter(text => text)"""
TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.replace(/\\s+/g, ' ').trim();
        if (text && walker.currentNode.parentElement.offsetParent) texts.push(text);
    }
    return texts;
}"""

WRITE = """([model, id, values]) => fetch(`/web/dataset/call_kw/${model}/write`, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({jsonrpc: '2.0', params: {
        model, method: 'write', args: [[id], values], kwargs: {},
    }}),
}).then(answer => answer.json())"""


def main():
    order = json.load(sys.stdin)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=order["browser"], args=["--no-sandbox"]
        )
        seen = [_Camera(browser, order, width).take_all() for width in order["widths"]]
        browser.close()
    json.dump([row for rows in seen for row in rows], sys.stdout)


class _Camera:
    """One browser window of a width, in which somebody has logged in."""

    def __init__(self, browser, order, width):
        self.order, self.width = order, width
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            has_touch=width < PHONE,
            locale=order["locale"],
        )
        context.set_default_timeout(PATIENCE)
        company = {"name": "cids", "value": str(order["company"]), "url": order["url"]}
        context.add_cookies([company])
        self.page = context.new_page()

    def take_all(self):
        """Return a row for each picture: name, width, what is cut, all texts."""
        self._log_in()
        return [self._take(**screen) for screen in self.order["screens"]]

    def _log_in(self):
        page, order = self.page, self.order
        page.goto(f"{order['url']}/web/login")
        page.fill("input[name=login]", order["login"])
        page.fill("input[name=password]", order["login"])
        page.click("button[type=submit]")
        page.wait_for_selector(".o_web_client", timeout=FIRST_PATIENCE)

    def _take(self, name, path, clicks, write=None):
        page = self.page
        if write:
            page.evaluate(WRITE, write)
        missing = []
        try:
            page.goto(self.order["url"] + path)
            page.wait_for_selector(READY)
            for selector in clicks:
                page.locator(selector).first.click()
                page.wait_for_timeout(400)
        except Error as err:
            missing = [str(err).splitlines()[0]]
        self._settle()
        file = f"{self.order['folder']}/{name}-{self.width}.png"
        page.screenshot(path=file, full_page=self.width < PHONE)
        return {
            "name": name,
            "width": self.width,
            "missing": missing,
            "cut": page.evaluate(CUT),
            "texts": page.evaluate(TEXTS),
        }

    def _settle(self):
        # The bus keeps one connection open, so that the network is never idle.
        self.page.wait_for_timeout(700)


if __name__ == "__main__":
    main()
