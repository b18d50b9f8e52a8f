from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user
from odoo.tools.misc import file_open

from ..exact_api.exceptions import ExactConsentLost, ExactError, ExactErrorLimit
from ..exact_api.oauth import Tokens, User
from ..exact_api.rate_limits import Limits
from ..sync.connection import get_access_token, open_client
from ..sync.logins import learn_user
from .common import BASE_URL, DIVISION, ENTRIES_URL, NOW, TOKEN_URL, ExactCommon

EVA, SOFIE = User("eva", "Eva Peeters"), User("sofie", "Sofie Maes")
NEW = Tokens("new-access", "new-refresh", 600)
ME_URL = f"{BASE_URL}/api/v1/current/Me"
ELSEWHERE = 222222


@tagged("post_install", "-at_install")
class TestLogins(ExactCommon):
    """Two companies, one app: they share a login if one Exact user gave consent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.company.sudo()
        cls.other = cls.settings.create({"name": "Diensten"})
        cls._set_up_connection(cls.other, ELSEWHERE)
        cls.mine = cls.settings.exact_connection_id
        cls.theirs = cls.other.exact_connection_id
        cls.administrator = new_test_user(
            cls.env(su=True),
            login="exact_admin",
            groups="base.group_system",
            company_id=cls.company.id,
            company_ids=[(6, 0, (cls.settings + cls.other).ids)],
        )

    def consent(self, company, user=EVA, tokens=NEW):
        with self.enter_registry_test_mode():
            self.env["exact.connection"].sudo()._store_tokens(company, tokens, user)
        self.env.invalidate_all()

    def share(self):
        """Let both companies connect as the same user."""
        self.consent(self.settings, tokens=Tokens("first", "first-refresh", 600))
        self.consent(self.other)

    def get_token(self, connection):
        with self.enter_registry_test_mode():
            try:
                return get_access_token(connection)
            except ExactError as err:
                return err

    def care(self):
        cron = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()
        cron.env.ref("comanage_exact.ir_cron_exact_push").nextcall = "2100-01-01"
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        activities = self.env["mail.activity"].sudo()
        return activities.search([("exact_cause", "!=", False)], order="id")

    # === SHARING === #

    def test_second_consent_gives_all_companies_of_the_user_the_new_tokens(self):
        self.share()
        self.assertEqual(self.mine.login_id, self.theirs.login_id)
        self.assertEqual(self.get_token(self.mine), "new-access")
        self.assertEqual(self.get_token(self.theirs), "new-access")
        # Nothing is left of the tokens before.
        logins = self.env["exact.login"].sudo().search([])
        self.assertEqual(logins.mapped("refresh_token"), ["new-refresh"])

    def test_consent_of_another_user_leaves_the_other_company_as_it_is(self):
        self.consent(self.settings, EVA, Tokens("first", "first-refresh", 600))
        self.consent(self.other, SOFIE)
        self.assertEqual(self.get_token(self.mine), "first")
        self.assertEqual(self.get_token(self.theirs), "new-access")

    def test_disconnecting_one_leaves_the_others_and_the_last_wipes_the_tokens(self):
        self.share()
        login = self.mine.login_id
        with self.enter_registry_test_mode():
            self.theirs._disconnect()
        self.env.invalidate_all()
        self.assertEqual(self.other.exact_connection_state, "disconnected")
        self.assertEqual(self.get_token(self.mine), "new-access")
        self.assertIsInstance(self.get_token(self.theirs), ExactConsentLost)
        with self.enter_registry_test_mode():
            self.mine._disconnect()
        self.assertFalse(login.exists())

    def test_company_that_is_deleted_leaves_no_tokens_behind(self):
        login = self.theirs.login_id
        self.theirs.unlink()
        self.env["exact.login"].sudo()._gc_unused()
        self.assertFalse(login.exists())
        self.assertTrue(self.mine.login_id)

    def test_renewal_writes_no_connection_which_others_may_write_meanwhile(self):
        self.share()
        self.mine.login_id.issued_at = "2026-03-10 08:00:00"
        self.env.flush_all()
        self.env.cr.execute("UPDATE exact_connection SET write_date = '2020-01-01'")
        self.env.invalidate_all()
        answer = {"access_token": "third", "refresh_token": "dies", "expires_in": "600"}
        with self.exact() as mock:
            mock.post(TOKEN_URL, json=answer)
            self.assertEqual(self.get_token(self.mine), "third")
        self.env.invalidate_all()
        written = {str(one.write_date) for one in self.mine + self.theirs}
        self.assertEqual(written, {"2020-01-01 00:00:00"})

    def test_login_with_new_tokens_does_not_expire_for_the_old_ones(self):
        self.share()
        login = self.mine.login_id
        login._expire(datetime(2026, 3, 10, 8))
        self.assertEqual(login.state, "connected")
        login._expire(login.issued_at)
        self.assertEqual(login.state, "expired")

    def test_login_that_another_consent_removed_expires_no_more(self):
        login = self.mine.login_id.copy(
            {"issued_at": "2026-03-10 08:00:00", "exact_user_guid": "another"}
        )
        issued_at = login.issued_at
        login.unlink()
        login._expire(issued_at)

    def test_expired_login_is_told_once_for_each_company(self):
        self.share()
        self.mine.login_id.issued_at = "2026-03-10 08:00:00"
        with (
            self.exact() as mock,
            self.assertLogs("odoo.addons.comanage_exact", "WARNING"),
        ):
            mock.post(TOKEN_URL, status=400, json={"error": "invalid_grant"})
            for connection in (self.mine, self.theirs):
                self.assertIsInstance(self.get_token(connection), ExactConsentLost)
        self.assertEqual(len(self.calls), 1)
        self.env.invalidate_all()
        self.assertEqual({self.mine.state, self.theirs.state}, {"expired"})
        activities = self.care()
        self.assertEqual(self.companies_of(activities), self.settings + self.other)
        # One of them connects: both are.
        self.consent(self.other)
        self.assertEqual({self.mine.state, self.theirs.state}, {"connected"})
        self.assertFalse(self.care())

    def test_new_consent_ends_the_pauses_of_all_that_share_it(self):
        self.share()
        self.mine.paused_until = "2026-03-10 10:00:00"
        self.consent(self.other)
        self.assertFalse(self.mine.paused_until)

    def test_two_companies_renew_once(self):
        self.share()
        self.mine.login_id.issued_at = "2026-03-10 08:00:00"
        answer = {"access_token": "a", "refresh_token": "b", "expires_in": "600"}
        with self.exact() as mock:
            mock.post(TOKEN_URL, json=answer)
            tokens = [self.get_token(one) for one in (self.mine, self.theirs)]
        self.assertEqual(tokens, ["a", "a"])
        self.assertEqual(len(self.calls), 1)

    # === LEARNING WHO IT WAS === #

    def forget_users(self):
        logins = (self.mine + self.theirs).login_id
        logins.write({"exact_user_guid": False, "exact_user_name": False})

    def learn(self, connection, **me):
        with self.exact() as mock, self.enter_registry_test_mode():
            mock.get(ME_URL, json={"d": [me]})
            learn_user(connection)
        self.env.invalidate_all()

    def test_user_is_learned_once_and_for_free(self):
        self.forget_users()
        self.learn(self.mine, UserID="eva", FullName="Eva Peeters")
        self.assertEqual(self.mine.login_id.exact_user_name, "Eva Peeters")
        self.assertFalse(self.mine.budget)
        with self.exact():
            learn_user(self.mine)

    def test_younger_tokens_win_where_two_are_of_one_user(self):
        for younger, older in (
            (self.mine, self.theirs),
            (self.theirs, self.mine),
        ):
            self.consent(self.settings, None, Tokens("mine", "r", 600))
            self.consent(self.other, None, Tokens("theirs", "r", 600))
            younger.issued_at, older.issued_at = NOW, "2026-03-10 08:59:00"
            token = younger.access_token
            for connection in (self.mine, self.theirs):
                self.learn(connection, UserID="eva", FullName="Eva Peeters")
            self.assertEqual(self.mine.login_id, self.theirs.login_id)
            self.assertEqual(self.mine.access_token, token)

    def test_user_that_exact_does_not_tell_leaves_each_its_own(self):
        self.forget_users()
        for answer in ({"status": 403}, {"json": {"d": []}}, {"json": {"d": [{}]}}):
            with self.exact() as mock, self.enter_registry_test_mode():
                mock.get(ME_URL, **answer)
                learn_user(self.mine)
            self.assertFalse(self.mine.login_id.exact_user_guid)
        self.assertNotEqual(self.mine.login_id, self.theirs.login_id)

    # === WHAT EXACT COUNTS === #

    def refuse(self, connection, count):
        limits = Limits.from_answer({}, 400)
        with self.enter_registry_test_mode():
            for _index in range(count):
                connection._correct_budget(limits, "crm/Accounts")

    def reserve(self, connection, resource="crm/Accounts", division=None):
        with self.enter_registry_test_mode():
            return connection._reserve_call(resource, True, division)

    def test_refusals_of_an_app_are_counted_together(self):
        self.refuse(self.mine, 4)
        self.refuse(self.theirs, 4)
        for connection in (self.mine, self.theirs):
            with self.assertRaises(ExactErrorLimit):
                self.reserve(connection)
        # Another app has a count of its own.
        self.other.exact_connection_id.login_id.state = "expired"
        self.other.exact_client_id = "another"
        self.reserve(self.theirs)

    def test_calls_are_counted_for_each_division(self):
        self.reserve(self.mine)
        self.assertEqual(self.reserve(self.theirs).minute.used, 1)
        # Whichever company asks there.
        used = self.reserve(self.theirs, division=DIVISION).minute.used
        self.assertEqual(used, 2)

    def test_neither_consent_nor_disconnecting_wipes_a_count(self):
        self.reserve(self.mine)
        self.refuse(self.mine, 8)
        self.consent(self.settings)
        with self.enter_registry_test_mode():
            self.mine._disconnect()
        self.consent(self.settings)
        with self.assertRaises(ExactErrorLimit):
            self.reserve(self.mine)
        self.assertEqual(self.reserve(self.mine, "vat/VATCodes").day.used, 2)

    def test_client_of_another_division_counts_there(self):
        url = f"{BASE_URL}/api/v1/{ELSEWHERE}/vat/VATCodes"
        with self.exact() as mock, self.enter_registry_test_mode():
            mock.get(url, json={"d": []})
            with open_client(self.mine, ELSEWHERE) as client:
                client.get("vat/VATCodes")
        self.assertFalse(self.mine.budget)
        self.assertEqual(self.theirs.budget["minute"][1], 1)

    # === WHAT THE COMPANY SHOWS === #

    def note(self, company):
        self.env.invalidate_all()
        return company.with_user(self.administrator).exact_login_note

    def test_page_tells_whose_connection_it_is_and_who_shares_it(self):
        self.consent(self.settings)
        self.assertEqual(
            self.note(self.settings), "Connected as Eva Peeters in Exact Online."
        )
        self.share()
        self.assertIn("Diensten shares this connection", self.note(self.settings))
        self.forget_users()
        self.assertIn("has not named yet", self.note(self.settings))

    def test_page_tells_what_a_consent_does_before_it_is_given(self):
        self.consent(self.other)
        with self.enter_registry_test_mode():
            self.mine._disconnect()
        note = self.note(self.settings)
        self.assertIn("Diensten is connected with the same app as Exact Online", note)
        self.assertIn("as Eva Peeters, they share one connection", note)
        self.forget_users()
        self.assertIn("as the same Exact Online user", self.note(self.settings))
        self.settings.exact_client_id = "another"
        self.assertFalse(self.note(self.settings))

    def test_app_of_a_connected_company_stays(self):
        with self.assertRaisesRegex(UserError, "Disconnect it first"):
            self.settings.exact_client_id = "another"
        self.settings.exact_client_id = "client-id"
        self.mine.state = "expired"
        self.env.invalidate_all()
        self.settings.exact_client_id = "another"

    # === ALERTS === #

    def companies_of(self, activities):
        """Return the companies on whose set-up activities lie."""
        self.assertEqual(set(activities.mapped("res_model")), {"exact.setup"})
        setups = self.settings.env["exact.setup"].browse(activities.mapped("res_id"))
        return setups.company_id

    def test_rejected_secret_is_told_by_the_next_check(self):
        self.mine.issued_at = "2026-03-10 08:00:00"
        with self.exact() as mock:
            mock.post(TOKEN_URL, status=400, json={"error": "invalid_client"})
            self.get_token(self.mine)
        activity = self.care()
        self.assertEqual(self.companies_of(activity), self.settings)
        self.assertIn("rejected the client ID or client secret", activity.note)
        self.settings.exact_client_secret = "renewed"
        self.assertFalse(self.care())

    def test_renewal_that_fails_for_half_an_hour_is_told(self):
        self.mine.issued_at = "2026-03-10 08:00:00"
        with self.exact() as mock:
            mock.post(TOKEN_URL, status=503)
            self.get_token(self.mine)
        self.assertFalse(self.care())
        with freeze_time("2026-03-10 09:31:00"):
            self.assertIn("has not been able to reach", self.care().note)

    # === COPIES === #

    def be_copied(self):
        """Make it a dump that was restored under the same name on another server."""
        logins = self.env["exact.login"]
        identity = {**logins._get_database_identity(), "server_identifier": "another"}
        self.mine.login_id.write(identity)
        self.env.invalidate_all()

    def test_dump_restored_elsewhere_under_the_same_name_sends_nothing(self):
        self.be_copied()
        self.mine.issued_at = "2026-03-10 08:00:00"
        self.make_known()
        self.settings.write({"exact_trigger": "posted", "exact_delay": 0})
        invoice = self.make_invoice()
        with self.exact():
            self.push()
            self.assertIsInstance(self.get_token(self.mine), ExactConsentLost)
        self.assertEqual(self.settings.exact_connection_state, "copied")
        self.assertEqual(invoice.exact_state, "pending")
        # It was the live database after all.
        self.consent(self.settings)
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_copied_database_is_told_unless_it_is_neutralized(self):
        self.be_copied()
        self.assertIn("was copied or renamed", self.care().note)
        self.env["ir.config_parameter"].sudo().set_param(
            "database.is_neutralized", "True"
        )
        self.assertFalse(self.care())

    def test_server_that_may_not_tell_its_identifier_leaves_uuid_and_name(self):
        logins = self.env["exact.login"]
        self.assertTrue(logins._get_server_identifier().isdigit())
        with patch.object(type(logins), "_get_server_identifier", lambda _self: False):
            self.assertTrue(self.mine.login_id._is_own_database())
            self.mine.database_uuid = "the original"
            self.assertFalse(self.mine.login_id._is_own_database())
        self.mine.login_id.write(
            {**logins._get_database_identity(), "server_identifier": False}
        )
        self.assertTrue(self.mine.login_id._is_own_database())

    # === SECRET === #

    def test_secret_is_shown_to_nobody_and_replaced_by_another_one(self):
        company = self.settings.with_user(self.administrator)
        for typed, kept in (
            ("another", "another"),
            # Typed behind what stood there.
            ("••••••••third ", "third"),
            ("••••", "third"),
            ("", False),
            ("last", "last"),
        ):
            answer = company.web_save(
                {"exact_client_secret": typed}, {"exact_client_secret": {}}
            )
            shown = answer[0]["exact_client_secret"]
            with self.subTest(typed=typed):
                self.assertEqual(shown, "••••••••" if kept else False)
                self.assertEqual(self.settings.exact_app_secret, kept)
        exported = company.export_data(["exact_client_secret"])["datas"]
        self.assertEqual(exported, [["••••••••"]])
        self.assertEqual(self.mine.login_id.client_secret, "last")
        with self.assertRaises(UserError):
            company.read(["exact_app_secret"])

    def test_moments_of_a_server_are_believed_within_a_day(self):
        """Neither a past nor a far reset makes calls stop for good, or go on."""
        self.make_known()
        for reset, until in (
            ("1", datetime(2026, 3, 10, 9, 0, 5)),
            ("999999999999999", datetime(2026, 3, 11, 10)),
            ("99999999999999999999", datetime(2026, 3, 11, 10)),
        ):
            self.mine.write({"paused_until": False, "budget": False})
            invoice = self.make_invoice()
            invoice.action_exact_send()
            headers = {"X-RateLimit-Minutely-Reset": reset}
            with self.subTest(reset=reset), self.exact() as mock:
                mock.post(ENTRIES_URL, status=429, headers=headers)
                self.push()
            self.assertEqual(self.mine.paused_until, until)

    def test_neutralized_copy_has_no_secret_left(self):
        self.env.flush_all()
        with file_open("comanage_exact/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all(flush=False)
        self.assertFalse(self.env["exact.login"].sudo().search_count([]))
        self.assertFalse(self.settings.exact_app_secret)
        self.assertEqual(self.settings.exact_connection_state, "disconnected")
