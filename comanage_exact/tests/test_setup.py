from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import BaseCase, new_test_user

from ..booking import journal_choice, setup_steps
from ..booking.journal_choice import JournalFacts
from ..sync.left_out import LeftOut
from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestSetupSteps(BaseCase):
    """Which step is next, without records."""

    def judge(self, *done):
        return setup_steps.judge({step: step in done for step in setup_steps.STEPS})

    def test_first_that_is_not_done_is_next_whatever_follows(self):
        states = self.judge("app", "division", "mapping")
        self.assertEqual(
            list(states.values()), ["done", "next", "done", "done", "later"]
        )
        self.assertEqual(setup_steps.find_next(states), "connection")

    def test_last_step_is_shown_where_all_are_done(self):
        self.assertEqual(setup_steps.find_next(self.judge(*setup_steps.STEPS)), "test")


@tagged("post_install", "-at_install")
class TestJournalChoice(BaseCase):
    """Which of several sales journals is the ordinary one."""

    def find(self, *names, currency="EUR", own=""):
        facts = [JournalFacts(name, name, own, False) for name in names]
        return journal_choice.find_plain(facts, currency)

    def test_plain_name_among_others(self):
        for names, wanted in {
            ("Verkopen", "Verkopen, alleen euro"): "Verkopen",
            ("Journal des ventes", "Ventes export"): "Journal des ventes",
            ("Sales Journal", "Credit notes"): "Sales Journal",
            ("Verkaufsbuch", "Gutschriften"): "Verkaufsbuch",
            ("Facturen 2026", "Creditnota's"): "Facturen 2026",
            ("Only one",): "Only one",
        }.items():
            with self.subTest(names=names):
                self.assertEqual(self.find(*names), wanted)

    def test_none_where_one_must_ask(self):
        for names in (
            ("Antwerpen", "Gent"),
            ("Verkopen", "Sales"),
            ("Creditnota's",),
            ("Notes de crédit", "Avoirs"),
            (),
        ):
            with self.subTest(names=names):
                self.assertIsNone(self.find(*names))

    def test_journal_of_another_currency_takes_no_invoices(self):
        self.assertIsNone(self.find("Verkopen", own="USD"))


@tagged("post_install", "-at_install")
class TestSetup(ExactCommon):
    """The set-up screen, as an administrator and as others see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env(su=True),
            login="setup_admin",
            groups="base.group_system,account.group_account_manager",
            company_id=cls.company.id,
        )
        cls.settings = cls.company.sudo()
        env = cls.settings.env
        env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("exact_vat_code_id", "=", False)]
        ).active = False
        env["exact.currency"].create({"company_id": cls.company.id, "code": "EUR"})
        setups = env["exact.setup"].with_user(cls.administrator)
        action = setups._open(cls.company.with_user(cls.administrator))
        cls.setup_record = setups.browse(action["res_id"])

    def states(self):
        self.env.invalidate_all()
        return list(self.setup_record._get_states().values())

    # === STEPS === #

    def test_all_is_done_when_all_is_chosen(self):
        self.make_invoice()
        self.assertEqual(self.states(), ["done"] * 5)
        self.assertTrue(self.setup_record.is_on)

    def test_nothing_is_ready_in_a_company_that_has_nothing(self):
        company = self.settings.create({"name": "New", "country_id": 1})
        setup = self.settings.env["exact.setup"].create({"company_id": company.id})
        self.assertEqual(list(setup._get_states().values()), ["next"] + ["later"] * 4)
        self.assertFalse(setup.is_on)
        self.assertIn("Nothing is sent", setup.sending_note)

    def test_each_step_waits_for_what_it_asks(self):
        for values, states in (
            ({"exact_client_id": False}, ["next", "done", "done", "done", "done"]),
            ({"exact_journal_id": False}, ["done", "done", "done", "next", "done"]),
            ({"exact_gl_account_id": False}, ["done", "done", "done", "next", "done"]),
            ({"exact_start_date": False}, ["done", "done", "done", "done", "next"]),
        ):
            with self.subTest(values=values):
                savepoint = self.env.cr.savepoint()
                self.settings.exact_connection_id.state = "connected"
                if "exact_client_id" in values:
                    self.env.cr.execute(
                        "UPDATE res_company SET exact_client_id = NULL WHERE id = %s",
                        self.company.ids,
                    )
                else:
                    self.settings.write(values)
                self.assertEqual(self.states(), states)
                savepoint.close(rollback=True)

    def test_tax_without_a_code_keeps_the_mapping_open_until_it_has_one(self):
        self.tax_21.sudo().exact_vat_code_id = False
        self.assertEqual(self.states()[3], "next")
        self.assertIn("sales taxes have no", self.setup_record.mapping_problem)
        self.assertEqual(self.setup_record.tax_certain, 0)
        total = self.setup_record.tax_to_confirm + self.setup_record.tax_missing
        self.assertEqual(total, 1)
        self.tax_21.sudo().exact_vat_code_id = self.vat_code_21
        self.assertEqual(self.states()[3], "done")
        self.assertEqual(self.setup_record.tax_certain, 1)

    def test_division_says_which_number_and_name_differ(self):
        self.settings.vat = "BE0477472701"
        division = self.settings.exact_division_id
        division.write({"vat_number": "BE0403170701", "name": "Bakkerij Peeters"})
        self.assertEqual(self.states()[2], "next")
        self.assertIn("has VAT number BE0403170701", self.setup_record.division_problem)
        self.assertIn("“Bakkerij Peeters”", self.setup_record.division_note)
        self.setup_record.mismatch_reason = "Same company"
        self.assertEqual(self.states()[2], "done")

    def test_connection_that_expired_is_next_again(self):
        self.settings.exact_connection_id.state = "expired"
        self.assertEqual(self.states(), ["done", "next", "done", "done", "later"])
        self.setup_record.action_next()
        self.assertEqual(self.setup_record.shown_step, "connection")

    # === APP === #

    def test_app_center_is_that_of_the_country(self):
        self.assertIn("/be/", self.setup_record.app_center_url)
        text = self.setup_record.accountant_text
        self.assertIn(self.setup_record.redirect_uri, text)
        self.assertIn("financial/accounting: manage", text)
        self.assertIn("crm/accounts: manage", text)

    def test_address_without_https_is_told(self):
        parameters = self.settings.env["ir.config_parameter"]
        for address, is_insecure in (
            ("http://odoo.example", True),
            ("https://odoo.example", False),
        ):
            parameters.set_param("web.base.url", address)
            self.env.invalidate_all()
            self.assertEqual(self.setup_record.is_redirect_insecure, is_insecure)

    def test_typed_secret_is_not_answered(self):
        answer = self.setup_record.web_save(
            {"client_secret": "typed-secret"}, {"client_secret": {}}
        )
        self.assertNotIn("typed-secret", str(answer))
        self.assertEqual(self.settings.exact_app_secret, "typed-secret")

    def test_site_follows_the_country_until_connected(self):
        company = self.settings.create(
            {"name": "Moving", "country_id": self.env.ref("base.us").id}
        )
        self.assertEqual(company.exact_site, "us")
        company.country_id = self.env.ref("base.be")
        self.assertEqual(company.exact_site, "be")
        self.settings.country_id = self.env.ref("base.nl")
        self.assertEqual(self.settings.exact_site, "be")

    # === SENDING === #

    def test_without_a_start_date_nothing_goes_by_itself(self):
        self.settings.write({"exact_trigger": "posted", "exact_start_date": False})
        invoice = self.make_invoice()
        self.assertFalse(invoice.exact_state)
        self.assertIn("is off", LeftOut(self.settings).explain(invoice.sudo()))
        self.setup_record.start_date = date(2026, 3, 1)
        self.setup_record.action_switch_on()
        self.assertEqual(self.settings.exact_start_date, date(2026, 3, 1))
        self.assertEqual(self.make_invoice().exact_state, "pending")
        self.setup_record.action_switch_off()
        self.assertFalse(self.settings.exact_start_date)
        # What was asked is offered again.
        self.assertEqual(self.setup_record.start_date, date(2026, 3, 1))

    def test_cannot_be_switched_on_before_it_is_ready(self):
        self.settings.write({"exact_start_date": False, "exact_journal_id": False})
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "4. Accounts and VAT"):
            self.setup_record.action_switch_on()
        self.assertFalse(self.settings.exact_start_date)

    def test_last_invoice_is_previewed_and_booked(self):
        with self.assertRaisesRegex(UserError, "no confirmed customer invoice"):
            self.setup_record.action_preview()
        self.env.invalidate_all()
        self.make_invoice(invoice_date="2026-03-01")
        invoice = self.make_invoice()
        self.assertEqual(self.setup_record.last_move_id, invoice)
        action = self.setup_record.action_preview()
        self.assertEqual(action["res_model"], "exact.preview")
        self.setup_record.action_book()
        self.assertEqual(invoice.exact_state, "pending")

    # === READINESS === #

    def make_check(self, code):
        return self.settings.env["exact.check"].create(
            {"company_id": self.company.id, "code": code, "name": code}
        )

    def test_line_turns_green_with_what_it_asked_for(self):
        self.settings.exact_journal_id, journal = False, self.settings.exact_journal_id
        check = self.make_check("journal")
        self.assertEqual(check.state, "error")
        self.settings.exact_journal_id = journal
        check.invalidate_recordset()
        self.assertEqual((check.state, check.fix_location), ("ok", False))

    def test_fix_opens_the_step_itself(self):
        self.settings.exact_journal_id = False
        self.settings.exact_start_date = False
        for code, step in (("journal", "mapping"), ("sending", "test")):
            check = self.make_check(code).with_user(self.administrator)
            action = check.action_exact_fix()
            self.assertEqual(action["res_model"], "exact.setup")
            self.assertEqual(action["res_id"], self.setup_record.id)
            self.env.invalidate_all()
            self.assertEqual(self.setup_record.shown_step, step)

    def test_sending_is_not_on_before_it_is(self):
        check = self.make_check("sending")
        self.assertIn("Automatic sending is on", check.message)
        self.settings.exact_start_date = False
        check.invalidate_recordset()
        self.assertEqual(check.state, "error")
        self.assertIn("Automatic sending is off", check.message)
        self.settings.exact_connection_id.state = "expired"
        self.env.invalidate_all()
        self.assertIn("Nothing is sent", check.message)

    # === LISTS === #

    def test_income_accounts_come_first_where_a_default_is_chosen(self):
        own = {"company_id": self.company.id, "is_bookable": True}
        accounts = self.settings.env["exact.gl.account"]
        accounts.create({**own, "code": "100000", "account_type": 50})
        first = accounts.create({**own, "code": "700100", "account_type": 110})
        found = accounts.name_search("", [("company_id", "=", self.company.id)])
        self.assertTrue(found[0][1].startswith("100000"))
        accounts = accounts.with_context(exact_income_first=True)
        found = accounts.name_search("", [("company_id", "=", self.company.id)])
        self.assertEqual(found[0][0], first.id)
        self.assertEqual(len(found), 3)
        self.assertEqual(len(accounts.name_search("", limit=1)), 1)

    # === WHO SEES IT === #

    def test_accountants_read_and_change_nothing(self):
        for groups in (
            "account.group_account_invoice",
            "account.group_account_readonly",
            "account.group_account_manager",
            "comanage_exact.group_exact_accountant",
        ):
            with self.subTest(groups=groups):
                user = new_test_user(
                    self.env(su=True),
                    login=groups,
                    groups=groups,
                    company_id=self.company.id,
                )
                setup = self.setup_record.with_user(user)
                views = setup.get_views([(False, "form")])
                names = views["models"]["exact.setup"]["fields"]
                spec = {name: {} for name in names if name in setup._fields}
                [values] = setup.web_read(spec)
                self.assertEqual(
                    values["journal_id"], self.settings.exact_journal_id.id
                )
                self.assertNotIn("client_id", names)
                for change in (
                    {"delay": 1},
                    {"shown_step": "app"},
                    {"journal_id": False},
                ):
                    with self.assertRaises(AccessError):
                        setup.write(change)

    def test_nobody_sees_the_set_up_of_another_company(self):
        other = self.settings.create({"name": "Other"})
        setup = self.settings.env["exact.setup"].create({"company_id": other.id})
        setup = setup.with_user(self.accountant)
        setup = setup.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(AccessError):
            setup.read(["shown_step"])
