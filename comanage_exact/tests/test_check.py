from datetime import date
from unittest.mock import patch

import requests

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..exact_api.exceptions import ExactUnavailable
from ..exact_api.resources import OPTIONAL_RIGHTS, RIGHTS
from ..models.exact_check import CHECKS
from ..sync import onboarding
from ..sync.code_lists import CodeLists
from ..sync.readiness import Readiness
from .common import API_URL, ENTRIES_URL, ExactCommon, error_body

ALL_RIGHTS = {**RIGHTS, **OPTIONAL_RIGHTS}


@tagged("post_install", "-at_install")
class TestCheck(ExactCommon):
    """Each line of the readiness list, green and in trouble."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_sudo = cls.company.sudo()
        own = {"company_id": cls.company.id}
        env = cls.company_sudo.env
        env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("exact_vat_code_id", "=", False)]
        ).active = False
        env["exact.currency"].create({**own, "code": "EUR"})
        cls.condition = env["exact.payment.condition"].create({**own, "code": "30"})
        cls.company_sudo.exact_payment_condition_id = cls.condition
        cls.period = env["exact.period"].create(
            {
                **own,
                "code": "2026-03",
                "start_date": date(2026, 3, 1),
                "end_date": date(2026, 3, 31),
            }
        )

    def check(self, *refused, answer=None):
        """Run the list; return {code: line}. Exact refuses these resources."""
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.assert_all_requests_are_fired = False
            for resource in ALL_RIGHTS:
                url = f"{API_URL}/{resource}"
                if resource in refused:
                    mock.get(url, **(answer or {"status": 403}))
                else:
                    mock.get(url, json={"d": {"results": []}})
            Readiness(self.company_sudo).run()
        return self.company.exact_check_ids.grouped("code")

    def assert_only_red(self, code, sentence, lines=None, state="error"):
        """Want one line in trouble, with this in its sentence and a way out."""
        lines = lines or self.check()
        others = {line.code for line in lines.values() if line.state != "ok"}
        self.assertEqual(others, {code}, [line.message for line in lines.values()])
        self.assertEqual(lines[code].state, state)
        self.assertIn(sentence, lines[code].message)
        self.assertIn("type", lines[code].action_exact_fix())

    # === GREEN === #

    def test_all_is_green_when_all_is_well(self):
        self.make_invoice()
        lines = self.check()
        self.assertEqual(len(lines), len(CHECKS))
        for line in lines.values():
            with self.subTest(check=line.code):
                self.assertEqual(line.state, "ok", line.message)
                self.assertFalse(line.fix_location)

    def test_rights_are_asked_with_one_harmless_get_each(self):
        self.check()
        self.assertEqual(len(self.calls), len(ALL_RIGHTS))
        for call in self.calls:
            self.assertEqual(call.request.method, "GET")
            self.assertIn("%24top=1", call.request.url)
            self.assertIn("%24select=", call.request.url)

    def test_a_second_run_replaces_the_lines(self):
        self.check()
        self.assertEqual(len(self.check()), len(CHECKS))

    # === RED === #

    def test_connection_expired(self):
        self.company_sudo.exact_connection_id.state = "expired"
        self.company.invalidate_recordset()
        lines = self.check()
        self.assertIn("Click Connect", lines["connection"].message)
        self.assertEqual(lines["connection"].state, "error")
        self.assertEqual(lines["rights"].state, "error")
        self.assertFalse(self.calls)

    def test_exact_down_gives_sentences(self):
        down = {"body": requests.ConnectionError()}
        lines = self.check(*RIGHTS, answer=down)
        self.assertEqual(lines["connection"].state, "warning")
        self.assertIn("is currently unavailable", lines["connection"].message)
        self.assertEqual(lines["rights"].state, "warning")
        self.assertEqual(len(self.calls), 1)

    def test_division_with_another_vat_number(self):
        self.company_sudo.vat = "BE0477472701"
        self.company_sudo.exact_division_id.vat_number = "BE 0403.170.701"
        self.assert_only_red("division", "VAT number BE 0403.170.701")

    def test_division_with_the_same_vat_number_written_otherwise(self):
        self.company_sudo.vat = "BE0477472701"
        self.company_sudo.exact_division_id.vat_number = "0477.472.701"
        self.assertEqual(self.check()["division"].state, "ok")

    def test_division_in_another_currency(self):
        self.company_sudo.exact_division_id.currency_code = "XOF"
        self.assert_only_red("division", "uses currency XOF")

    def test_reason_makes_a_division_amber(self):
        self.company_sudo.exact_division_id.currency_code = "XOF"
        self.company_sudo.exact_mismatch_reason = "Our branch in Dakar."
        self.assert_only_red("division", "Our branch in Dakar.", state="warning")

    def test_division_archived(self):
        self.company_sudo.exact_division_id.active = False
        self.assert_only_red("division", "Choose the division")

    def test_missing_right_is_named(self):
        text = "Forbidden - Application Scope Violated."
        for resource, (right, _key, _filter) in RIGHTS.items():
            answer = {"status": 403, "json": error_body(text)}
            # Each round a minute of its own.
            self.company_sudo.exact_connection_id.budget = False
            lines = self.check(resource, answer=answer)
            with self.subTest(resource=resource):
                self.assert_only_red("rights", right, lines)
                self.assertNotIn(",", lines["rights"].message.split(". ")[0])

    def test_missing_right_to_documents_is_told_and_not_red(self):
        lines = self.check("documents/Documents")
        sentence = (
            "without their PDF because Exact Online denied access to: organization/doc"
        )
        self.assert_only_red("rights", sentence, lines, state="warning")

    def test_right_to_documents_is_not_asked_where_no_pdf_goes(self):
        self.company_sudo.exact_send_pdf = False
        self.assertEqual(self.check("documents/Documents")["rights"].state, "ok")
        self.assertEqual(len(self.calls), len(RIGHTS))

    def test_journal_missing(self):
        self.company_sudo.exact_journal_id = False
        self.assert_only_red("journal", "no Exact Online sales journal")

    def test_journal_blocked(self):
        self.company_sudo.exact_journal_id.active = False
        self.assert_only_red("journal", "blocked")

    def test_gl_account_missing(self):
        self.company_sudo.exact_gl_account_id = False
        self.assert_only_red("gl_account", "no default G/L account")

    def test_gl_account_of_a_refused_type(self):
        self.company_sudo.exact_gl_account_id.is_bookable = False
        self.assert_only_red("gl_account", "Entry lines cannot be booked")

    def test_gl_account_that_wants_a_cost_centre(self):
        self.company_sudo.exact_gl_account_id.use_cost_center = 1
        self.assert_only_red("gl_account", "requires a cost centre")

    def test_mapped_account_that_wants_a_cost_unit(self):
        account = self.company_data["default_account_revenue"].sudo()
        own = {"company_id": self.company.id, "code": "7", "is_bookable": True}
        mapped = self.company_sudo.env["exact.gl.account"].create(
            {**own, "use_cost_unit": 1}
        )
        account.with_company(self.company).exact_gl_account_id = mapped
        self.assert_only_red(
            "gl_account", "G/L account 7 requires a cost centre or cost unit"
        )

    def test_payment_condition_gone(self):
        self.condition.active = False
        self.assert_only_red("payment_condition", "no longer exists")

    def test_customers_may_have_no_payment_condition(self):
        self.company_sudo.exact_payment_condition_id = False
        self.assert_only_red("payment_condition", "none", state="warning")

    def test_taxes_not_mapped_are_counted_and_five_are_named(self):
        for number in range(6):
            self.tax_21.sudo().copy(
                {"name": f"New {number}", "exact_vat_code_id": False}
            )
        lines = self.check()
        self.assert_only_red("taxes", "6 of 7", lines)
        self.assertEqual(lines["taxes"].message.count("New "), 5)

    def test_fixed_and_grouped_taxes_need_no_code(self):
        for kind in ("fixed", "group"):
            self.tax_21.sudo().copy(
                {"name": kind, "amount_type": kind, "exact_vat_code_id": False}
            )
        self.assertEqual(self.check()["taxes"].state, "ok")

    def test_currency_that_exact_does_not_know(self):
        dollar = self.env.ref("base.USD")
        dollar.sudo().active = True
        self.make_invoice(currency_id=dollar.id)
        self.assert_only_red("currencies", "USD")

    def test_currencies_not_fetched(self):
        self.company_sudo.env["exact.currency"].search([]).unlink()
        self.assert_only_red("currencies", "not been fetched", state="warning")

    def test_today_in_no_period(self):
        self.period.end_date = date(2026, 3, 9)
        self.assert_only_red("period", "for today's date")

    def test_number_with_letters(self):
        self.company_sudo.exact_number_prefix = "{journal}"
        self.company_sudo.exact_journal_id.code = "VK"
        self.make_invoice()
        self.assert_only_red("number", "VK")

    def test_number_given_twice(self):
        self.company_sudo.exact_credit_note_prefix = "{yy}"
        self.make_invoice()
        refund = self.make_invoice(move_type="out_refund")
        self.assertTrue(refund.journal_id.refund_sequence)
        self.assert_only_red("number", "would both get entry number")

    # === INVOICES === #

    def test_mismatch_stops_invoices_until_there_is_a_reason(self):
        self.make_known()
        self.company_sudo.exact_division_id.currency_code = "XOF"
        invoice = self.make_invoice()
        invoice.action_exact_send()
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertIn("uses currency XOF", invoice.exact_error)
        self.company_sudo.exact_mismatch_reason = "Our branch in Dakar."
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(self.calls[0].request.url, ENTRIES_URL)

    # === BUTTON, CRON, RIGHTS === #

    def test_button_survives_exact_down_while_fetching(self):
        down = ExactUnavailable("down")
        fetch = patch.object(onboarding, "fetch_all", side_effect=down)
        probe = patch.object(Readiness, "probe", return_value={"crm/Accounts": down})
        with fetch, probe:
            self.company_sudo.with_user(
                self.env.ref("base.user_admin")
            ).action_exact_check()
        lines = self.company.exact_check_ids.grouped("code")
        self.assertEqual(lines["connection"].state, "warning")

    def test_cron_judges_every_company_with_a_division(self):
        fetch = patch.object(CodeLists, "fetch_or_note_problem")
        probe = patch.object(Readiness, "probe", return_value={})
        cron = self.env.ref("comanage_exact.ir_cron_exact_fetch").sudo()
        with fetch, probe, self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(len(self.company.exact_check_ids), len(CHECKS))

    def test_lines_are_in_the_language_of_whoever_reads_them(self):
        self.env["res.lang"].sudo()._activate_lang("nl_NL")
        lines = self.check_number()
        for code, name, message in (
            ("connection", "Verbinding", f"{self.company.name} is verbonden."),
            ("rights", "Rechten", "Alle vereiste rechten zijn verleend."),
        ):
            with self.subTest(code):
                line = lines[code].with_context(lang="nl_NL")
                self.assertEqual(lines[code].state, "ok", lines[code].message)
                self.assertEqual((line.name, line.message), (name, message))

    def check_number(self, *entries):
        """Run the list while Exact has these entries in the journal."""
        self.env["exact.check"].search([]).sudo().unlink()
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.assert_all_requests_are_fired = False
            for resource in ALL_RIGHTS:
                if resource != "salesentry/SalesEntries":
                    mock.get(f"{API_URL}/{resource}", json={"d": {"results": []}})
            self.answer_look_up(mock, *entries)
            Readiness(self.company_sudo).run()
        return self.company.exact_check_ids.grouped("code")

    def entry(self, number, reference):
        row = {"EntryNumber": number, "YourRef": reference, "CustomerName": "Smit"}
        return {**row, "EntryID": reference}

    def test_number_that_exact_has_used_for_another(self):
        invoice = self.make_invoice()
        lines = self.check_number(self.entry(2600001, "by hand"))
        self.assert_only_red("number", f"which {invoice.name} would get", lines)
        self.assertIn("Smit, reference by hand", lines["number"].message)

    def test_next_number_that_exact_has_used(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        invoice.sudo().exact_outbox_id.state = "sent"
        lines = self.check_number(self.entry(2600002, "by hand"))
        self.assert_only_red("number", "which the next invoice would get", lines)

    def test_number_of_our_own_entry_is_no_clash(self):
        invoice = self.make_invoice()
        lines = self.check_number(self.entry(2600001, f"{invoice.name} "))
        self.assertEqual(lines["number"].state, "ok")
        (url,) = [
            call.request.url
            for call in self.calls
            if "SalesEntries" in call.request.url and "EntryNumber" in call.request.url
        ]
        self.assertIn("2600001", url)
        self.assertIn("2600002", url)

    def test_saved_format_is_checked_soon(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([]).unlink()
        self.company_sudo.exact_number_suffix = "1"
        cron = self.env.ref("comanage_exact.ir_cron_exact_fetch")
        self.assertEqual(triggers.search([]).cron_id, cron.sudo())

    def test_cron_that_is_off_or_late(self):
        cron = self.env.ref("comanage_exact.ir_cron_exact_push").sudo()
        cron.active = False
        self.assert_only_red("sending", "is inactive")
        cron.write({"active": True, "nextcall": "2026-03-10 08:00:00"})
        self.assert_only_red("sending", "half an hour late")

    def test_lines_are_read_and_never_written_by_users(self):
        line = self.check()["rights"]
        for operation in ("write", "create", "unlink"):
            self.assertFalse(line.has_access(operation))
        clerk = new_test_user(
            self.env(su=True),
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            self.company.with_user(clerk).action_exact_check()

    def test_lines_of_another_company_are_hidden(self):
        line = self.check()["rights"].with_context(allowed_company_ids=self.company.ids)
        self.assertTrue(line.has_access("read"))
        other = self.company_sudo.create({"name": "Other"})
        line.sudo().company_id = other
        self.assertFalse(line.has_access("read"))
