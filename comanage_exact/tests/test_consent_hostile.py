from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user
from odoo.tools.misc import hash_sign

from ..exact_api.const import RETURN_ROUTE
from ..sync.onboarding import STATE_SCOPE
from .common import TOKEN_URL, ExactCommon

NOT_YOURS = "was started more than an hour ago or by another user"


DEAD = {
    "error": "invalid_grant",
    "error_description": "Token is not allowed, because of invalid or empty chainId",
}


@tagged("post_install", "-at_install")
class TestConsentHostile(ExactCommon, HttpCase):
    """The way back from Exact's consent page, taken by those who should not.

    Exact is not asked in any of them: a call that nobody announced fails the test.
    """

    is_frozen = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.make_user("exact_admin", "base.group_system")
        cls.connection = cls.company.sudo().exact_connection_id

    @classmethod
    def make_user(cls, login, groups):
        return new_test_user(
            cls.env(su=True), login=login, groups=groups, company_id=cls.company.id
        )

    def sign(self, user, scope=STATE_SCOPE, company=None):
        """Return a state as the add-on signs it for this user."""
        company = company or self.company
        env = self.env(su=True)
        return hash_sign(env, scope, [company.id, user.id], expiration_hours=1)

    def come_back(self, login, state, method="GET", code="abc", **query):
        self.authenticate(login, login)
        pairs = {"state": state, "code": code, **query}
        path = f"{RETURN_ROUTE}?" + "&".join(f"{k}={v}" for k, v in pairs.items())
        with self.exact() as mock:
            mock.add_passthru("http://127.0.0.1")
            return self.url_open(path, method=method, allow_redirects=False)

    def assert_unchanged(self):
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.connection.refresh_token, "refresh-123456")

    def assert_refused(self, answer, sentence):
        self.assertEqual(answer.status_code, 400)
        self.assertIn(sentence, answer.text)
        self.assert_unchanged()

    # === WHO === #

    def test_visitor_without_log_in_is_sent_to_it(self):
        answer = self.come_back(None, self.sign(self.administrator))
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])
        self.assert_unchanged()

    def test_state_of_a_manager_serves_nobody_else(self):
        state = self.sign(self.administrator)
        for name, groups in {
            "portal": "base.group_portal",
            "accountant": "account.group_account_manager",
            "administrator": "base.group_system",
        }.items():
            with self.subTest(name=name):
                self.make_user(f"thief_{name}", groups)
                self.assert_refused(self.come_back(f"thief_{name}", state), NOT_YOURS)

    def test_user_who_is_no_manager_any_more_is_refused(self):
        for name, groups in {
            "portal": "base.group_portal",
            "accountant": "account.group_account_manager",
        }.items():
            with self.subTest(name=name):
                user = self.make_user(f"former_{name}", groups)
                answer = self.come_back(user.login, self.sign(user))
                self.assert_refused(answer, "Only Exact Online managers")

    def test_page_of_a_refusal_names_no_company_to_others(self):
        user = self.make_user("former_portal", "base.group_portal")
        state = self.sign(user)
        answer = self.come_back(user.login, state, code="", error="access_denied")
        self.assert_refused(answer, "Only Exact Online managers")
        self.assertNotIn(f"{self.company.name} was not connected", answer.text)

    # === WHAT === #

    def test_signature_for_another_purpose_is_no_state(self):
        state = self.sign(self.administrator, scope="comanage_exact.other")
        self.assert_refused(self.come_back("exact_admin", state), NOT_YOURS)

    def test_company_that_is_gone_is_a_readable_page(self):
        gone = self.company.sudo().create({"name": "Gone"})
        state = self.sign(self.administrator, company=gone)
        gone.unlink()
        answer = self.come_back("exact_admin", state)
        self.assertEqual(answer.status_code, 400)
        self.assert_unchanged()

    def test_answer_is_taken_by_get_only(self):
        state = self.sign(self.administrator)
        for method in ("POST", "PUT", "DELETE"):
            with self.subTest(method=method):
                answer = self.come_back("exact_admin", state, method=method)
                self.assertEqual(answer.status_code, 405)
                self.assert_unchanged()

    def test_replay_of_an_answer_leaves_the_connection_alone(self):
        self.authenticate("exact_admin", "exact_admin")
        path = f"{RETURN_ROUTE}?state={self.sign(self.administrator)}&code=used"
        with self.exact() as mock:
            # Exact takes a code once, and refuses it as it does a dead refresh token.
            mock.post(TOKEN_URL, status=400, json=DEAD)
            mock.add_passthru("http://127.0.0.1")
            answer = self.url_open(path, allow_redirects=False)
        self.assert_refused(answer, "was already used or is older than three minutes")

    def test_page_shows_nothing_of_the_query(self):
        planted = "%3Cscript%3Eplanted%3C%2Fscript%3E"
        state = self.sign(self.administrator)
        for query in (
            {"state": planted},
            {"state": state, "code": "", "error": planted},
            {"state": state, "code": "", "error": "x", "error_description": planted},
        ):
            with self.subTest(query=query):
                answer = self.come_back("exact_admin", **query)
                self.assertEqual(answer.status_code, 400)
                self.assertNotIn("planted", answer.text)
