from ast import literal_eval

from lxml import etree

from odoo import fields
from odoo.tests import tagged

from ..booking import setup_steps
from ..exact_api import refusals
from ..sync.fix import OF_COMPANY
from .common import ExactCommon

# A text of Exact for each refusal that is fixed on the company.
REFUSED = {
    refusals.JOURNAL: "Ongeldig: Dagboek",
    refusals.SCOPE: "Application scope violated",
    refusals.USER_BLOCKED: "BlockedUser",
    refusals.WRONG_DIVISION: "Wrong division",
}


@tagged("post_install", "-at_install")
class TestFix(ExactCommon):
    """From each problem to the place where it is fixed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.company.sudo()
        cls.make_known()
        cls.administrator = cls.make_user(
            "fix_administrator", "base.group_system,account.group_account_manager"
        )
        cls.manager = cls.make_user(
            "fix_manager",
            "account.group_account_invoice,comanage_exact.group_exact_manager",
        )
        cls.accountant = cls.make_user(
            "fix_accountant", "account.group_account_manager"
        )

    def make_failed(
        self, invoice=None, kind="check", error="Something is missing.", **values
    ):
        invoice = invoice or self.make_invoice()
        invoice._exact_queue(fields.Datetime.now(), "button")
        outbox = invoice.sudo().exact_outbox_id
        if kind:
            outbox._fail(kind, error, **values)
        return invoice

    def fix(self, invoices, user=None):
        action = invoices.with_user(user or self.administrator).action_exact_fix()
        if action["tag" if "tag" in action else "type"] == "display_notification":
            return action["params"]["next"], action["params"]["message"]
        return action, ""

    def find_step(self, invoice, user=None):
        action, _text = self.fix(invoice, user)
        self.assertEqual(action["res_model"], "exact.setup")
        return self.env["exact.setup"].sudo().browse(action["res_id"]).shown_step

    # === SET-UP === #

    def test_settings_of_the_company_are_fixed_in_their_step(self):
        other = self.settings.exact_division_id.copy(
            {"code": "9", "vat_number": "NL123456789B01"}
        )
        for values, lines, step in (
            ({"exact_journal_id": False}, {}, setup_steps.MAPPING),
            ({"exact_division_id": other.id}, {}, setup_steps.DIVISION),
            ({}, {"tax": self.tax_21.browse()}, setup_steps.MAPPING),
        ):
            with self.subTest(step=step), self.env.cr.savepoint() as savepoint:
                invoice = self.make_failed(self.make_invoice(**lines))
                self.settings.vat = "BE0477472701"
                self.settings.write(values)
                self.assertEqual(self.find_step(invoice), step)
                savepoint.rollback()

    def test_refusals_of_the_company_are_fixed_in_their_step(self):
        for kind, text in REFUSED.items():
            with self.subTest(kind=kind):
                invoice = self.make_failed(kind="refused", cause=text)
                self.assertEqual(self.find_step(invoice), OF_COMPANY[kind])

    def test_what_has_no_step_opens_the_settings(self):
        invoice = self.make_failed(kind="refused", cause="Verplicht: Kostenplaats")
        action, _text = self.fix(invoice)
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.company", self.company.id)
        )
        view = self.env.ref("comanage_exact.res_company_view_form_exact")
        self.assertEqual(action["views"], [(view.id, "form")])

    def test_invoice_that_waits_for_a_connection_leads_to_the_step_that_is_next(self):
        invoice = self.make_failed(kind=None)
        login = self.settings.exact_connection_id.login_id
        login.state = "expired"
        self.env.invalidate_all()
        self.assertTrue(invoice.is_exact_fixable)
        self.assertEqual(self.find_step(invoice), setup_steps.CONNECTION)

    def test_accountant_asks_a_manager_for_the_set_up(self):
        invoice = self.make_failed(kind="refused", cause="BlockedUser")
        action = invoice.with_user(self.accountant).action_exact_fix()
        self.assertEqual(action["res_model"], "exact.ask")
        able = self.env["exact.ask"].sudo().browse(action["res_id"]).able_ids
        self.assertIn(self.administrator, able)
        self.assertIn(self.manager, able)
        self.assertNotIn(self.accountant, able)

    def test_colleague_of_one_company_is_asked_by_somebody_of_two(self):
        other = self.settings.create({"name": "Other"})
        clerk = self.make_user("fix_clerk", "account.group_account_invoice")
        clerk.company_ids += other
        invoice = self.make_failed(kind="refused", cause="BlockedUser")
        both = (self.settings + other).ids
        action = (
            invoice.with_user(clerk)
            .with_context(allowed_company_ids=both)
            .action_exact_fix()
        )
        self.assertEqual(action["res_model"], "exact.ask")
        able = self.env["exact.ask"].sudo().browse(action["res_id"]).able_ids
        self.assertIn(self.manager, able)

    def stop(self):
        connection = self.settings.exact_connection_id
        connection.misplaced = {
            "resource": "salesentry/SalesEntries",
            "key": "",
            "asked": "123456",
            "found": "9",
        }
        self.env.invalidate_all()

    def test_stop_leads_managers_to_the_set_up_and_others_to_a_manager(self):
        invoice = self.make_failed(kind=None)
        self.stop()
        self.assertTrue(invoice.is_exact_fixable)
        action, text = self.fix(invoice, self.manager)
        self.assertEqual(action["res_model"], "exact.setup")
        self.assertIn("click Resume Booking", text)
        action = invoice.action_exact_fix()
        self.assertEqual(action["res_model"], "exact.ask")
        able = self.env["exact.ask"].sudo().browse(action["res_id"]).able_ids
        self.assertIn(self.manager, able)

    def test_link_of_the_set_up_opens_the_step_that_needs_somebody(self):
        setups = self.env["exact.setup"].with_user(self.administrator)
        setup = setups._get_or_create(self.company.with_user(self.administrator))
        self.stop()
        setup.action_fix()
        self.assertEqual(setup.shown_step, setup_steps.CONNECTION)
        with self.enter_registry_test_mode():
            setup.with_user(self.manager).action_resume()
        self.env.invalidate_all()
        self.assertFalse(self.settings.exact_connection_id._is_stopped())
        self.cron_push.sudo().active = False
        setup.action_fix()
        self.assertEqual(setup.shown_step, setup_steps.TEST)

    # === SEVERAL === #

    def lose_code(self, name):
        tax = self.tax_21.sudo().copy({"name": name, "exact_vat_code_id": False})
        error = f"Tax {name} has no Exact Online VAT code."
        one, other = (
            self.make_failed(self.make_invoice(tax=tax), error=error) for _ in "ab"
        )
        return tax, one | other

    def test_taxes_of_several_causes_open_in_one_list(self):
        tax_a, invoices = self.lose_code("Tax A")
        tax_b, more = self.lose_code("Tax B")
        action, text = self.fix(invoices | more)
        self.assertEqual(action["res_model"], "account.tax")
        self.assertEqual(action["domain"], [("id", "in", (tax_a | tax_b).ids)])
        self.assertNotIn("need another fix", text)

    def test_other_causes_are_counted(self):
        tax, invoices = self.lose_code("Tax A")
        blocked = self.make_failed(kind="refused", cause="BlockedUser")
        action, text = self.fix(invoices | blocked)
        self.assertEqual(action["domain"], [("id", "in", tax.ids)])
        self.assertIn("1 of the selected invoices need another fix.", text)

    def test_fix_of_one_cause_lets_all_its_rows_go(self):
        tax, invoices = self.lose_code("Tax A")
        outboxes = invoices.sudo().exact_outbox_id
        self.assertEqual(len(set(outboxes.mapped("problem_group"))), 1)
        tax.exact_vat_code_id = self.vat_code_21
        cron = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()
        self.assertTrue(
            self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", cron.id)])
        )
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(set(outboxes.mapped("state")), {"pending"})
        self.assertFalse(any(outboxes.mapped("problem_group")))

    def test_fix_sends_all_that_is_fixed_already(self):
        tax, invoices = self.lose_code("Tax A")
        tax.exact_vat_code_id = self.vat_code_21
        invoices.with_user(self.administrator).action_exact_fix()
        self.assertEqual(set(invoices.mapped("exact_state")), {"pending"})

    def test_nothing_to_fix_is_told(self):
        invoices = self.make_invoice() | self.make_invoice()
        action = invoices.action_exact_fix()
        self.assertIn("Nothing has to be fixed", action["params"]["message"])

    def test_lost_answer_needs_attention_after_an_hour_only(self):
        search = self.env.ref("comanage_exact.exact_outbox_view_search").sudo()
        [text] = etree.fromstring(search.arch).xpath(
            "//filter[@name='problem']/@domain"
        )
        domain = literal_eval(text)
        outbox = self.make_failed(kind=None).sudo().exact_outbox_id
        own = [("id", "=", outbox.id)]
        for moment, is_found in (("08:30:00", False), ("07:30:00", True)):
            claimed_at = f"2026-03-10 {moment}"
            outbox.write({"state": "unconfirmed", "claimed_at": claimed_at})
            found = outbox.search(own + domain)
            self.assertEqual(bool(found), is_found, moment)
        outbox.write({"state": "failed", "error_kind": "check"})
        self.assertTrue(outbox.search(own + domain))

    # === HIGHLIGHT === #

    def test_what_has_to_be_changed_is_bold(self):
        _tax, invoices = self.lose_code("Tax <A>")
        html = invoices[0].exact_error_html
        self.assertIn("<b>Tax &lt;A&gt;</b> has no Exact Online VAT code", html)

    def test_part_of_a_longer_word_is_not_bold(self):
        _tax, invoices = self.lose_code("A")
        outbox = invoices[0].sudo().exact_outbox_id
        outbox.error = "Tax A has no code: ABC\nSecond."
        self.assertIn("Tax <b>A</b> has no code: ABC<br>Second.", outbox.error_html)

    def test_what_is_fixed_nowhere_in_odoo_is_told_as_it_is(self):
        invoice = self.make_failed(kind="internal", error="An <error>.")
        self.assertIn("An &lt;error&gt;.", invoice.exact_error_html)
