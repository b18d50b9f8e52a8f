"""`make screenshots`: pictures of every screen, in four languages and two widths.

Those in English that the documentation shows go into `docs/pictures`. What is cut, and
what a language has a word for that is not used, is printed.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from datetime import date

from babel.messages.pofile import read_po
from PIL import Image

from dev import demo, demo_data, docs, paths, system
from dev.console import Problem, guarded, say
from dev.environment import Environment
from dev.stage import LOGIN, running
from dev.templates import SCOPE, replace

DATABASE = SCOPE + "screenshots"
FOLDER = paths.ROOT / "dist" / "screenshots"
PICTURES = paths.ROOT / "docs" / "pictures"
I18N = paths.ROOT / paths.ADDON / "i18n"
WIDTHS = (1366, 390)
PATIENCE = 180
ENTRIES, LINES = "salesentry/SalesEntries", "salesentry/SalesEntryLines"
LANGUAGES = {"en": "en_US", "nl": "nl_BE", "fr": "fr_BE", "de": "de_DE"}
ACTION = "/odoo/action-comanage_exact."
INVOICES = "/odoo/action-account.action_move_out_invoice/"
# What the documentation shows, by the name of the screen.
SHOWN = (
    *("setup-app", "setup-mapping", "setup-test", "overview", "bookings"),
    *("invoice-scheduled", "invoice-attention", "invoice-deleted", "send-window"),
    *("matching", "comparison", "historical", "vat-codes", "gl-accounts", "preview"),
)
# Lists, and screens that open with nothing chosen: their actions.
LISTS = {
    "overview": "exact_overview_action",
    "bookings": "exact_outbox_action",
    "matching": "exact_match_action",
    "comparisons": "exact_comparison_action",
    "historical": "exact_backfill_action",
    "vat-codes": "account_tax_action",
    "gl-accounts": "account_account_action",
    "payment-conditions": "account_payment_term_action",
    "cost-centres": "account_analytic_account_action",
    "check-division": "exact_division_check_action",
    "vat-code-list": "exact_vat_code_action",
    "gl-account-list": "exact_gl_account_action",
    "journal-list": "exact_journal_action",
    "payment-condition-list": "exact_payment_condition_action",
    "customers": "exact_account_action",
}
SETUP = ("comanage_exact", "exact_setup_server_action")
STEPS = ("app", "connection", "division", "mapping", "test")
OTHER_INFO = ".o_notebook a[name=other_info]"


def _screens(scene):
    """Return what the camera is to take: name, path and what is clicked first."""
    for name in STEPS:
        yield f"setup-{name}", f"{ACTION}exact_setup_action/{scene.setup}", []
    for name, invoice in scene.invoices.items():
        yield f"invoice-{name}", f"{INVOICES}{invoice}", []
    yield from _windows(scene.invoices)
    company = f"/odoo/action-base.action_res_company_form/{scene.company}"
    yield "company", company, [".o_notebook a[name=exact_online]"]
    dashboard = "/odoo/action-account.open_account_journal_dashboard_kanban"
    yield "dashboard", dashboard, []
    yield "invoices", INVOICES.rstrip("/"), []
    yield "comparison", f"{ACTION}exact_comparison_action/{scene.comparison}", []
    for name, action in LISTS.items():
        yield name, f"{ACTION}{action}", []


def _windows(invoices):
    """Return the windows that a button of an invoice opens."""
    button = "button[name={}]"
    for name, invoice, *clicks in (
        ("send-window", "ready", button.format("action_invoice_sent")),
        ("hold", "scheduled", button.format("action_exact_ask_hold")),
        ("preview", "ready", OTHER_INFO, button.format("action_exact_preview")),
        ("link", "ready", OTHER_INFO, button.format("action_exact_link")),
        ("withdraw", "booked", OTHER_INFO, button.format("action_exact_withdraw")),
    ):
        yield name, f"{INVOICES}{invoices[invoice]}", clicks


def _order(scene, name, path, clicks):
    """Return what the camera does for one picture."""
    order = {"name": name, "path": path, "clicks": clicks}
    if name.startswith("setup-"):
        values = {"shown_step": name.removeprefix("setup-")}
        order["write"] = ["exact.setup", scene.setup, values]
    return order


# === WHAT IS SEEN === #


class Scene:
    """What is in the database, besides the bookings of the demo.

    An invoice in each state, a question about a customer, a comparison.

    :param Stage stage: on which the demo's invoices are booked.
    """

    def __init__(self, stage):
        self.stage, self.odoo = stage, stage.odoo
        self.company = self.odoo.ref("base", "demo_company_be")
        # By what each shows.
        self.invoices = {}
        self.comparison = self.setup = 0

    def make(self):
        # Its chat would cover the screen of a phone.
        user = self.odoo.ref("base", "user_admin")
        self.odoo.write("res.users", user, odoobot_state="disabled")
        booked = self.odoo.find(
            "account.move", [("exact_state", "=", "sent")], "exact_guid"
        )
        self.invoices["booked"] = booked[0]["id"]
        self.invoices["deleted"] = booked[1]["id"]
        self._delete_entry(booked[1]["exact_guid"])
        self._add_what_needs_attention()
        self._add_what_waits()
        self._compare()
        self.odoo.call("ir.actions.server", "run", [self.odoo.ref(*SETUP)])
        of_it = [("company_id", "=", self.company)]
        self.setup = self.odoo.find("exact.setup", of_it, "id")[0]["id"]
        return self

    def _delete_entry(self, guid):
        """Delete an entry as a bookkeeper does on the screens of Exact Online."""
        simulator = self.stage.simulator
        for entry in simulator.control.entries():
            if entry["EntryID"] == guid:
                for line in entry["SalesEntryLines"]:
                    simulator.state.delete(entry["Division"], LINES, line["ID"])
                simulator.state.delete(entry["Division"], ENTRIES, guid)

    def _add_what_needs_attention(self):
        tax = self.odoo.ref("account", f"{self.company}_attn_VAT-OUT-12-L")
        self.odoo.write("account.tax", tax, exact_vat_code_id=False)
        # One VAT number, two names: somebody has to say who is meant.
        vat = demo_data.CUSTOMERS["dutch"]["vat"]
        twin = demo_data.create_customer(
            self.odoo, name="Bloemenhandel De Roos", country="nl", vat=vat
        )
        self._add("attention", self._find_customer("bookshop"), "attn_VAT-OUT-12-L")
        self._add("match", twin, "attn_VAT-OUT-00-EU-L")
        for name in ("attention", "match"):
            self.odoo.call("account.move", "action_exact_send", [self.invoices[name]])
        demo.wait_until_booked(self.odoo)

    def _add_what_waits(self):
        layout = self.odoo.ref("web", "external_layout_standard")
        self.odoo.write(
            *("res.company", self.company),
            exact_delay=60,
            external_report_layout_id=layout,
        )
        customer = self._find_customer("brewery")
        for name in ("scheduled", "held", "ready"):
            self._add(name, customer, "attn_VAT-OUT-21-S")
        for name in ("scheduled", "held"):
            self.stage.send(self.invoices[name])
        self.odoo.call("account.move", "action_exact_hold", [self.invoices["held"]])

    def _find_customer(self, key):
        name = demo_data.CUSTOMERS[key]["name"]
        return self.odoo.find("res.partner", [("name", "=", name)], "id")[0]["id"]

    def _add(self, name, customer, tax):
        # Else Odoo would take each for a duplicate of the one before.
        price = 96.5 + len(self.invoices)
        lines = [("Consultancy, November", 7.5, price, tax)]
        today = date.today().isoformat()
        self.invoices[name] = demo_data.create_invoice(
            self.odoo, self.company, today, customer, lines
        )

    def _compare(self):
        today = date.today()
        self.comparison = self.odoo.create(
            "exact.comparison",
            company_id=self.company,
            date_from=today.replace(day=1).isoformat(),
            date_to=today.isoformat(),
        )
        self.odoo.call("exact.comparison", "action_compare", [self.comparison])
        deadline = time.monotonic() + PATIENCE
        of_it = [("id", "=", self.comparison), ("state", "=", "done")]
        while not self.odoo.find("exact.comparison", of_it, "state"):
            if time.monotonic() > deadline:
                raise Problem("The comparison does not come to its end.")
            time.sleep(1)


# === LANGUAGES === #


def _install(odoo, languages):
    rows = odoo.call(
        "res.lang",
        "search_read",
        [("code", "in", languages)],
        ["id"],
        context={"active_test": False},
    )
    wizard = odoo.create(
        "base.language.install", lang_ids=[(6, 0, [row["id"] for row in rows])]
    )
    odoo.call("base.language.install", "lang_install", [wizard])


def _translations(language):
    """Return {text: translation} of what has another word in a language."""
    path = I18N / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {
            message.id: message.string
            for message in read_po(file)
            if message.id and message.string and message.string != message.id
        }


# === PICTURES === #


class Camera:
    """Has the pictures of one language taken, and says what is wrong with them."""

    def __init__(self, stage, scene, screens):
        self.stage, self.scene, self.screens = stage, scene, screens
        self.browser = shutil.which(next(filter(shutil.which, system.CHROMIUM_NAMES)))

    def take(self, language):
        """Take all pictures; return how many findings were printed."""
        odoo, code = self.stage.odoo, LANGUAGES[language]
        odoo.write("res.users", odoo.ref("base", "user_admin"), lang=code)
        folder = FOLDER / language
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        order = {
            "url": odoo.url,
            "login": LOGIN,
            "company": self.scene.company,
            "locale": code.replace("_", "-"),
            "browser": self.browser,
            "folder": str(folder),
            "widths": WIDTHS,
            "screens": self.screens,
        }
        done = subprocess.run(
            [docs.ensure() / "python", "-m", "dev.camera"],
            cwd=paths.ROOT,
            input=json.dumps(order),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        translations = _translations(language)
        return sum(
            _report(row, language, translations) for row in json.loads(done.stdout)
        )


def _report(row, language, translations):
    """Print what is wrong with a picture; return how much that is."""
    english = [text for text in row["texts"] if text in translations]
    findings = [
        *(f"not taken as ordered: {text}" for text in row["missing"]),
        *(f"cut: {text}" for text in dict.fromkeys(row["cut"])),
        *(f"in English: {text}" for text in dict.fromkeys(english)),
    ]
    for finding in findings:
        print(f"{language} {row['name']} {row['width']}  {finding}")
    return len(findings)


def main():
    """Take the pictures; the exit status is 1 if any screen could not be taken."""
    parser = argparse.ArgumentParser(prog="python -m dev.screenshots")
    parser.add_argument("--only", help="names of screens, with commas between")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    options = parser.parse_args()
    environment = Environment.start()
    replace(environment, demo.TEMPLATE, DATABASE)
    say("Starting Odoo and the simulator")
    with running(environment, DATABASE) as stage:
        demo.book_invoices(stage)
        say("Having an invoice in each state")
        scene = Scene(stage).make()
        _install(stage.odoo, [*LANGUAGES.values()])
        screens = [
            _order(scene, name, path, clicks)
            for name, path, clicks in _screens(scene)
            if not options.only or name in options.only.split(",")
        ]
        camera = Camera(stage, scene, screens)
        findings = 0
        for language in options.languages.split(","):
            say(f"Taking {len(screens)} screens in {LANGUAGES[language]}")
            findings += camera.take(language)
    _keep_shown()
    say(f"{FOLDER.relative_to(paths.ROOT)}: {findings} findings")
    return 0


def _keep_shown():
    """Copy what the documentation shows."""
    PICTURES.mkdir(exist_ok=True)
    for name in SHOWN:
        picture = FOLDER / "en" / f"{name}-{WIDTHS[0]}.png"
        if picture.exists():
            # A screen has few colours; so it takes a third of the bytes.
            few = Image.open(picture).convert("RGB").quantize(colors=128)
            few.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(guarded(main))
