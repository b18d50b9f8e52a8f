from urllib.parse import parse_qs, urlencode, urlsplit

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from ..exact_api.const import RETURN_ROUTE
from ..sync.onboarding import Consent
from .common import DIVISION, TOKEN_URL
from .common_consent import ConsentCommon


@tagged("post_install", "-at_install")
class TestSetupTour(ConsentCommon, HttpCase):
    """A bookkeeper who has never seen it, in a real browser."""

    is_frozen = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.company.sudo()
        system = cls.settings.env
        cls.connection = cls.settings.exact_connection_id
        cls.connection.login_id.unlink()
        cls.vat_code_21.sudo().unlink()
        # As it is after the installation.
        cls.settings.write(
            {
                "exact_division_id": False,
                "exact_client_id": False,
                "exact_client_secret": "x",
                "exact_start_date": False,
                "exact_journal_id": False,
                "exact_gl_account_id": False,
            }
        )
        cls.settings.exact_app_secret = False
        taxes = system["account.tax"].search([("type_tax_use", "=", "sale")])
        (taxes - cls.tax_21.sudo()).active = False
        cls.invoice = cls.make_invoice()
        cls.make_known()
        cls.bookkeeper = new_test_user(
            system,
            login="bookkeeper",
            groups="base.group_system,account.group_account_manager",
            company_id=cls.company.id,
        )

    def allow_at_once(self):
        """Have the consent page send the person back, as after a click there."""
        there = Consent.get_url

        def get_url(consent):
            query = parse_qs(urlsplit(there(consent)).query)
            answer = urlencode({"state": query["state"][0], "code": "abc"})
            return f"{RETURN_ROUTE}?{answer}"

        self.patch(Consent, "get_url", get_url)

    def speak(self, code):
        """Give the bookkeeper a language, as a person chooses it."""
        system = self.settings.env
        system["res.lang"]._activate_lang(code)
        names = ("base", "account", "comanage_exact")
        modules = system["ir.module.module"].search([("name", "in", names)])
        modules._update_translations([code])
        self.bookkeeper.lang = code

    def run_tour(self, tour):
        self.allow_at_once()
        with self.exact() as mock:
            mock.assert_all_requests_are_fired = False
            mock.add_passthru("http://127.0.0.1")
            tokens = {"access_token": "a", "refresh_token": "b", "expires_in": "600"}
            mock.post(TOKEN_URL, json=tokens)
            self.announce_lists(mock)
            self.start_tour("/odoo", tour, login="bookkeeper")
        self.env.invalidate_all()

    def test_first_invoice_is_booked_within_twenty_clicks(self):
        self.run_tour("exact_first_invoice")
        self.assertEqual(self.settings.exact_division_id.code, str(DIVISION))
        self.assertEqual(self.settings.exact_gl_account_id.code, "700000")
        today = fields.Date.context_today(self.settings)
        self.assertEqual(self.settings.exact_start_date, today)
        self.assertEqual(self.invoice.exact_state, "pending")
        self.make_known()
        with self.exact() as mock:
            self.answer_look_up(mock)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.invoice.exact_state, "sent", self.invoice.exact_error)

    def test_first_invoice_is_booked_in_dutch_too(self):
        self.speak("nl_BE")
        self.run_tour("exact_first_invoice_dutch")
        self.assertEqual(self.invoice.exact_state, "pending")
