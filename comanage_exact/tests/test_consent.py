import logging
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import responses
from freezegun import freeze_time
from lxml import html
from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from ..controllers.oauth import HideConsentCode
from ..exact_api.const import RETURN_ROUTE
from ..sync.code_lists import choose
from ..sync.onboarding import Consent
from .common import BASE_URL, DIVISION, TOKEN_URL
from .common_consent import ConsentCommon


@tagged("post_install", "-at_install")
class TestConsent(ConsentCommon, HttpCase):
    """The way to Exact's consent page and back."""

    is_frozen = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env(su=True),
            login="exact_admin",
            groups="base.group_system,account.group_account_manager",
            company_id=cls.company.id,
        )
        cls.company = cls.company.with_user(cls.administrator)
        cls.connection = cls.company.sudo().exact_connection_id
        cls.connection.login_id.unlink()
        cls.company.sudo().exact_division_id = False

    def connect(self):
        """Press the button; return the query of Exact's consent page."""
        url = self.company.action_exact_connect()["url"]
        self.assertTrue(url.startswith(f"{BASE_URL}/api/oauth2/auth?"), url)
        return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}

    def come_back(self, login="exact_admin", **query):
        self.authenticate(login, login)
        return self.url_open(
            f"{RETURN_ROUTE}?" + "&".join(f"{k}={v}" for k, v in query.items()),
            allow_redirects=False,
        )

    def assert_refused(self, answer, sentence):
        self.assertEqual(answer.status_code, 400)
        self.assertIn(sentence, answer.text)
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.state, "disconnected")

    # === THERE === #

    def test_consent_page_gets_what_exact_asks_for(self):
        query = self.connect()
        self.assertEqual(query["client_id"], "client-id")
        self.assertEqual(query["response_type"], "code")
        self.assertEqual(query["redirect_uri"], self.company.exact_redirect_uri)
        self.assertNotIn("client-secret", str(query))

    def test_connect_without_credentials_says_what_is_missing(self):
        self.company.exact_client_secret = False
        self.assertFalse(self.company.sudo().exact_app_secret)
        with self.assertRaisesRegex(UserError, "client ID and client secret"):
            self.company.action_exact_connect()

    def test_only_managers_connect(self):
        company = self.company.with_user(self.accountant)
        for action in ("connect", "disconnect"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(company, f"action_exact_{action}")()

    # === AND BACK === #

    def test_consent_connects_and_fetches_the_lists(self):
        self.tax_21.sudo().exact_vat_code_id = False
        self.vat_code_21.sudo().unlink()
        with self.exact() as mock:
            mock.post(
                TOKEN_URL,
                json={
                    "access_token": "first",
                    "refresh_token": "second",
                    "expires_in": "600",
                },
            )
            self.announce_lists(mock)
            mock.add_passthru("http://127.0.0.1")
            answer = self.come_back(state=self.connect()["state"], code="abc")
        self.assertEqual(answer.status_code, 303, answer.text)
        setup = self.env["exact.setup"].search([("company_id", "=", self.company.id)])
        self.assertRegex(answer.headers["Location"], rf"exact_setup_action/{setup.id}$")
        self.env.invalidate_all()
        self.assertEqual(self.company.exact_connection_state, "connected")
        self.assertEqual(self.connection.refresh_token, "second")
        self.assertEqual(self.connection.login_id.exact_user_name, "Eva Peeters")
        self.assertEqual(self.company.exact_division_id.code, str(DIVISION))
        self.assertEqual(self.company.exact_division_id.name, "Ours")
        self.assertEqual(self.tax_21.exact_vat_code_id.code, "4")
        codes = self.env["exact.vat.code"].search([], order="code")
        # A letter that nobody knows is read as none.
        self.assertEqual(codes.mapped("eu_listing"), [False, "N", False])
        accounts = self.env["exact.gl.account"].search(
            [("company_id", "=", self.company.id), ("is_bookable", "=", True)]
        )
        self.assertEqual(accounts.mapped("code"), ["700000"])
        centers = self.env["exact.cost.center"].search([])
        self.assertEqual(centers.mapped("code"), ["VERK"])
        period = self.env["exact.period"].search([("company_id", "=", self.company.id)])
        self.assertEqual(period.code, "2026-03")
        self.assertEqual(str(period.start_date), "2026-03-01")
        self.assertEqual(str(period.end_date), "2026-03-31")

    def test_page_that_is_loaded_again_exchanges_no_code_again(self):
        tokens = {"access_token": "a", "refresh_token": "b", "expires_in": "600"}
        state = self.connect()["state"]
        with self.exact() as mock:
            token_call = mock.post(TOKEN_URL, json=tokens)
            self.announce_lists(mock)
            mock.add_passthru("http://127.0.0.1")
            for _index in range(2):
                answer = self.come_back(state=state, code="abc")
                self.assertEqual(answer.status_code, 303, answer.text)
        self.assertEqual(token_call.call_count, 1)
        self.env.invalidate_all()
        self.assertEqual(self.company.exact_connection_state, "connected")

    def test_request_that_is_repeated_after_a_conflict_exchanges_no_code_again(self):
        tokens = {"access_token": "a", "refresh_token": "b", "expires_in": "600"}
        conflicts = [SerializationFailure("met another one")]

        def trigger(outboxes, *args):
            if conflicts:
                raise conflicts.pop()

        self.patch(type(self.env["exact.outbox"]), "_trigger_push", trigger)
        with self.exact() as mock, self.enter_registry_test_mode():
            token_call = mock.post(TOKEN_URL, json=tokens)
            self.announce_lists(mock)
            with suppress(SerializationFailure):
                Consent(self.company).finish("abc")
            Consent(self.company).finish("abc")
        self.assertEqual(conflicts, [])
        self.assertEqual(token_call.call_count, 1)

    def test_code_that_led_nowhere_is_not_used_again(self):
        state = self.connect()["state"]
        with self.exact() as mock:
            mock.post(TOKEN_URL, status=503)
            mock.add_passthru("http://127.0.0.1")
            self.come_back(state=state, code="abc")
            answer = self.come_back(state=state, code="abc")
        self.assertEqual(len([c for c in self.calls if TOKEN_URL in c.request.url]), 1)
        self.assert_refused(answer, "was already used or is older than three minutes")

    def test_consents_before_it_are_learned_first(self):
        """A company connected by an earlier version gets the tokens of its user too."""
        other = self.company.sudo().create({"name": "Diensten"})
        self._set_up_connection(other, 222222)
        other.exact_connection_id.login_id.exact_user_guid = False
        tokens = {"access_token": "a", "refresh_token": "b", "expires_in": "600"}
        with self.exact() as mock:
            mock.post(TOKEN_URL, json=tokens)
            self.announce_lists(mock)
            mock.add_passthru("http://127.0.0.1")
            self.come_back(state=self.connect()["state"], code="abc")
        self.env.invalidate_all()
        self.assertEqual(other.exact_connection_id.access_token, "a")
        self.assertEqual(other.exact_connection_id.login_id, self.connection.login_id)

    def test_refused_consent_is_a_readable_page(self):
        answer = self.come_back(state=self.connect()["state"], error="access_denied")
        self.assert_refused(answer, "was declined in Exact Online")

    def test_refused_consent_is_tried_again_with_a_click(self):
        answer = self.come_back(state=self.connect()["state"], error="access_denied")
        page = html.fromstring(answer.text)
        [again] = page.xpath("//a[contains(., 'Try Again')]/@href")
        self.assertTrue(again.startswith(f"{BASE_URL}/api/oauth2/auth?"), again)
        query = {key: one[0] for key, one in parse_qs(urlsplit(again).query).items()}
        self.assert_refused(
            self.come_back(state=query["state"], error="access_denied"),
            "was declined in Exact Online",
        )
        [back] = page.xpath("//a[contains(., 'Back to Set Up')]/@href")
        self.assertIn("exact_setup_action/", back)

    def test_consent_of_nobody_known_leads_to_the_set_up(self):
        page = html.fromstring(self.come_back(state="forged", code="abc").text)
        self.assertFalse(page.xpath("//a[contains(., 'Try Again')]"))
        [back] = page.xpath("//a[contains(., 'Back to Set Up')]/@href")
        self.assertEqual(back, "/odoo/action-comanage_exact.exact_setup_server_action")

    def test_forged_missing_and_old_states_are_refused(self):
        good = self.connect()["state"]
        with freeze_time("2020-01-01 00:00:00"):
            old = self.connect()["state"]
        for state in ("", "forged", good[:-4] + "AAAA", "é", old):
            with self.subTest(state=state):
                answer = self.come_back(state=state, code="abc")
                self.assert_refused(
                    answer, "was started more than an hour ago or by another user"
                )
        self.assert_refused(
            self.come_back(), "was started more than an hour ago or by another user"
        )

    def test_state_of_another_user_is_refused(self):
        new_test_user(
            self.env(su=True), login="other_admin", groups="base.group_system"
        )
        state = self.connect()["state"]
        answer = self.come_back("other_admin", state=state, code="abc")
        self.assert_refused(
            answer, "was started more than an hour ago or by another user"
        )

    def test_reused_code_and_wrong_secret_are_a_readable_page(self):
        with self.exact() as mock:
            mock.post(TOKEN_URL, status=400, json={"error": "invalid_request"})
            mock.add_passthru("http://127.0.0.1")
            answer = self.come_back(state=self.connect()["state"], code="abc")
        self.assert_refused(answer, "client ID or client secret")

    def test_exact_down_is_a_readable_page(self):
        with self.exact() as mock:
            mock.post(TOKEN_URL, body=responses.ConnectionError("code=abc"))
            mock.add_passthru("http://127.0.0.1")
            answer = self.come_back(state=self.connect()["state"], code="abc")
        self.assert_refused(answer, "is currently unavailable")

    def test_code_is_in_no_log(self):
        with (
            self.assertLogs(level="DEBUG") as everything,
            self.assertLogs("werkzeug", "DEBUG") as requests,
            self.exact() as mock,
        ):
            mock.post(TOKEN_URL, status=400, json={"error": "invalid_request"})
            mock.add_passthru("http://127.0.0.1")
            self.come_back(state=self.connect()["state"], code="verysecretcode")
        self.assertIn(f"GET {RETURN_ROUTE}?…", "\n".join(requests.output))
        # The browser of this test logs too what it asks for.
        browser = f"urllib3.connectionpool:{self.base_url()}"
        lines = "\n".join(everything.output + requests.output).splitlines()
        lines = [line for line in lines if browser not in line]
        for secret in ("verysecretcode", "client-secret"):
            self.assertEqual([line for line in lines if secret in line], [])

    # === DIVISIONS === #

    def test_one_division_serves_one_company(self):
        division = (
            self.env["exact.division"]
            .sudo()
            .create({"company_id": self.company.id, "code": "1"})
        )
        self.company.sudo().exact_division_id = division
        other = (
            self.env["res.company"].sudo().create({"name": "Other", "exact_site": "be"})
        )
        twin = division.copy({"company_id": other.id})
        with self.assertRaisesRegex(UserError, "is already used for the invoices of"):
            other.exact_division_id = twin

    def test_another_division_forgets_the_customers_of_the_first(self):
        divisions = (
            self.env["exact.division"]
            .sudo()
            .create(
                [{"company_id": self.company.id, "code": code} for code in ("1", "2")]
            )
        )
        company = self.company.sudo()
        company.exact_division_id = divisions[0]
        self.make_known()
        company.exact_division_id = divisions[1]
        self.assertFalse(self.customer.sudo().with_company(company).exact_guid)

    def test_division_and_site_stay_while_an_invoice_is_on_its_way(self):
        company = self.company.sudo()
        self.connection.state = "connected"
        self.connection.login_id = (
            self.env["exact.login"]
            .sudo()
            .create(
                {
                    "site": "be",
                    "client_id": "client-id",
                    **self.env["exact.login"]._get_database_identity(),
                }
            )
        )
        company.exact_division_id = (
            self.env["exact.division"]
            .sudo()
            .create({"company_id": company.id, "code": "1"})
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Disconnect it first"):
            company.exact_site = "nl"
        self.env.invalidate_all(flush=False)
        invoice = self.make_invoice()
        invoice.action_exact_send()
        for state in ("sending", "unconfirmed"):
            invoice.sudo().exact_outbox_id.state = state
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(UserError, "being sent"),
            ):
                company.exact_division_id = False
            self.env.invalidate_all(flush=False)

    def test_only_journal_is_chosen_with_a_format_that_fits(self):
        company = self.company.sudo()
        company.exact_journal_id = False
        journal = (
            self.env["exact.journal"].sudo().search([("company_id", "=", company.id)])
        )
        self.make_invoice()
        company.exact_number_prefix = "9999999999"
        choose(company, exact_journal_id=journal.id)
        self.assertEqual(company.exact_journal_id, journal)
        self.assertEqual(company.exact_number_prefix, "{yy}")

    def test_code_in_the_address_of_the_log_in_page_is_masked_too(self):
        record = logging.makeLogRecord(
            {
                "args": (
                    "GET /web/login?redirect=%2Fcomanage_exact%2Foauth%2Freturn%3Fa",
                )
            }
        )
        HideConsentCode().filter(record)
        self.assertTrue(record.args[0].endswith("%2Freturn?…"), record.args)
