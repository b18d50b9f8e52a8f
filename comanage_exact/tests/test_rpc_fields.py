import json

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_rpc import (
    EXACT_ACCOUNTANTS,
    EXACT_MANAGERS,
    INVOICERS,
    USERS,
    RpcCommon,
)


@tagged("post_install", "-at_install")
class TestRpcFields(RpcCommon):
    """What the add-on adds to Odoo's records, written by hostile callers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.booked = cls.make_invoice()
        cls.booked.action_exact_send()
        cls.booked_outbox = cls.booked.sudo().exact_outbox_id
        cls.booked_outbox.write({"state": "sent", "exact_number": "260001"})

    def overwrite(self, user, records, values, context=None):
        model = records._name
        return self.call(user, model, "write", records.ids, values, context=context)

    # === WHICH FORWARDING === #

    def test_invoice_keeps_its_own_forwarding(self):
        for user in sorted(INVOICERS):
            for target in (False, self.outbox.id):
                with (
                    self.subTest(user=user, target=target),
                    self.attempt(),
                    self.assertRaises(ValidationError),
                ):
                    self.overwrite(user, self.booked, {"exact_outbox_id": target})

    def test_new_invoice_takes_no_forwarding_of_another(self):
        draft = self.make_invoice(post=False)
        values = {"move_type": "out_invoice", "partner_id": self.customer.id}
        stolen = {"exact_outbox_id": self.booked_outbox.id}
        context = {f"default_{name}": value for name, value in stolen.items()}
        calls = (
            ("write", (draft.ids, stolen), {}),
            ("copy", (draft.ids, stolen), {}),
            ("create", ([{**values, **stolen}],), {}),
            ("create", ([values],), context),
            ("web_save", ([], {**values, **stolen}, {"id": {}}), {}),
        )
        for method, args, context in calls:
            with (
                self.subTest(method=method, context=context),
                self.attempt(),
                self.assertRaises(ValidationError),
            ):
                self.call("invoicing", "account.move", method, *args, context=context)

    def test_what_is_shown_of_the_forwarding_cannot_be_written(self):
        names = {
            "exact_state": "cancelled",
            "exact_guid": "0",
            "exact_number": "0",
            "exact_synced_at": "2026-01-01 00:00:00",
            "exact_scheduled_at": "2026-01-01 00:00:00",
            "exact_error": "planted",
            "exact_difference": "planted",
            "exact_document_problem": "planted",
            "exact_document_state": "done",
        }
        for user in sorted(INVOICERS):
            for name, value in names.items():
                with self.subTest(user=user, name=name), self.attempt():
                    before = self.snapshot()
                    self.overwrite(user, self.booked, {name: value})
                    self.assertEqual(self.snapshot(), before)

    # === STATE OF THE INVOICE === #

    def test_booked_invoice_stays_posted_on_every_way(self):
        for values in (
            {"state": "draft"},
            {"state": "cancel"},
            {"state": "draft", "exact_state": "cancelled"},
            {"state": "draft", "exact_outbox_id": False},
            {"exact_outbox_id": False, "state": "draft"},
        ):
            with (
                self.subTest(values=values),
                self.attempt(),
                self.assertRaises(UserError),
            ):
                self.overwrite("invoicing", self.booked, values)

    def test_invoice_on_its_way_stays_posted_whoever_asks(self):
        for state in ("sending", "unconfirmed"):
            for values in (
                {"state": "draft"},
                {"state": "draft", "exact_state": "cancelled"},
            ):
                with (
                    self.subTest(state=state, values=values),
                    self.attempt(),
                    self.assertRaises(UserError),
                ):
                    self.booked_outbox.state = state
                    self.overwrite("adviser", self.booked, values)

    def test_draft_is_not_booked_though_its_forwarding_waits(self):
        self.overwrite("adviser", self.invoice, {"state": "draft"})
        with self.exact():
            self.push()
        self.assertEqual(self.outbox.state, "failed")
        self.assertIn("Confirm it", self.outbox.error)

    # === CONTEXT === #

    def test_defaults_of_the_caller_shape_no_forwarding(self):
        invoice = self.make_invoice()
        context = {
            "default_company_id": self.other.id,
            "default_state": "sent",
            "default_exact_guid": "planted",
            "default_exact_number": "1",
            "default_verified": True,
            "default_request": {"Journal": "planted"},
        }
        ids = invoice.ids
        self.call("invoicing", invoice._name, "action_exact_send", ids, context=context)
        outbox = invoice.sudo().exact_outbox_id
        self.assertEqual(outbox.company_id, self.company)
        self.assertEqual(outbox.state, "pending")
        self.assertFalse(outbox.exact_guid or outbox.exact_number or outbox.verified)
        self.assertFalse(outbox.request)

    # === SETTINGS === #

    def test_only_managers_choose_for_the_company(self):
        names = [
            name
            for name in self.find_fields()["res.company"]
            if self.company._fields[name].type != "many2one"
            and self.company._fields[name].groups != fields.NO_ACCESS
        ]
        values = {name: self.company.sudo()[name] for name in names}
        for name in names:
            for user in sorted(USERS - EXACT_MANAGERS):
                with (
                    self.subTest(name=name, user=user),
                    self.attempt(),
                    self.assertRaises(AccessError),
                ):
                    self.overwrite(user, self.company, {name: values[name]})
            # Whom the mails go to is not theirs who keep no companies.
            may = {"administrator"} if "digest" in name else EXACT_MANAGERS
            for user in sorted(may):
                with self.subTest(name=name, user=user), self.attempt():
                    self.overwrite(user, self.company, {name: values[name]})

    def test_only_administrators_save_the_settings(self):
        values = {"company_id": self.company.id}
        for user in sorted(USERS - {"administrator"}):
            for method, args in {
                "create": ([values],),
                "write": (self.settings.ids, values),
                "web_save": ([], values, {"id": {}}),
                "execute": (self.settings.ids,),
                "set_values": (self.settings.ids,),
            }.items():
                with (
                    self.subTest(user=user, method=method),
                    self.attempt(),
                    self.assertRaises(AccessError),
                ):
                    self.call(user, "res.config.settings", method, *args)
        self.call("administrator", "res.config.settings", "create", [values])

    # === MAPPINGS === #

    def get_mappings(self):
        """Return field and record of each mapping, with the model of its target."""
        return (
            ("exact_vat_code_id", self.twin, "exact.vat.code"),
            ("exact_journal_id", self.invoice.journal_id, "exact.journal"),
            ("exact_credit_journal_id", self.invoice.journal_id, "exact.journal"),
            (
                "exact_gl_account_id",
                self.company_data["default_account_revenue"],
                "exact.gl.account",
            ),
            (
                "exact_payment_condition_id",
                self.env.ref("account.account_payment_term_30days"),
                "exact.payment.condition",
            ),
            ("exact_cost_center_id", self.analytic_account, "exact.cost.center"),
            ("exact_cost_unit_id", self.analytic_account, "exact.cost.unit"),
        )

    def test_accountants_of_exact_map_what_others_keep(self):
        for name, record, _model in self.get_mappings():
            may = EXACT_ACCOUNTANTS
            # Terms are shared, and mapped for the company of the user.
            if record._name == "account.payment.term" and not record.company_id:
                may = may | {"stranger"}
            if record._name == "account.journal":
                may = {"adviser"}
            self.assert_written_by(may, record, {name: False})

    def test_mapping_is_all_that_accountants_of_exact_change(self):
        """Of a tax, an account, or a company that Odoo lets others keep."""
        account = self.company_data["default_account_revenue"]
        for user, record, values in (
            ("exact_accountant", self.twin, {"name": "x"}),
            ("exact_accountant", self.twin, {"name": "x", "exact_vat_code_id": False}),
            ("exact_accountant", account, {"code": "1"}),
            ("exact_accountant", account, {"exact_was_mapped": False}),
            ("exact_manager", self.company, {"name": "x"}),
            ("exact_manager", self.company, {"name": "x", "exact_delay": 7}),
            ("exact_manager", self.company, {"exact_app_secret": "x"}),
            ("exact_manager", self.company, {"exact_owner_id": self.other.id}),
            ("exact_manager", self.other, {"exact_delay": 7}),
            ("exact_manager", self.company, {"exact_collective_rule_ids": [(5,)]}),
            ("exact_manager", self.company, {"exact_digest_user_ids": [(0, 0, {})]}),
        ):
            with (
                self.subTest(user=user, record=record, values=values),
                self.attempt(),
                self.assertRaises(AccessError),
            ):
                self.overwrite(user, record, values)

    def test_journals_are_set_by_those_who_keep_them(self):
        journal = self.invoice.journal_id
        self.assert_written_by({"adviser"}, journal, {"exact_manual_only": True})

    def test_customer_is_written_by_accountants_of_exact_only(self):
        for name, value in {
            "exact_guid": "0",
            "exact_code": "0",
            "exact_synced_at": False,
            "exact_creating_at": False,
        }.items():
            may = {"administrator"}
            if name != "exact_creating_at":
                # The stranger writes what counts in the other company only.
                may |= EXACT_ACCOUNTANTS | {"stranger"}
            self.assert_written_by(may, self.customer, {name: value})

    def assert_written_by(self, users, record, values):
        for user in sorted(USERS):
            with self.subTest(values=values, user=user), self.attempt():
                if user in users:
                    self.overwrite(user, record, values)
                    continue
                with self.assertRaises(AccessError):
                    self.overwrite(user, record, values)

    def test_mapping_to_another_company_is_refused(self):
        lists = self.lists_of_another_company()
        for name, record, model in self.get_mappings():
            with (
                self.subTest(name=name),
                self.attempt(),
                self.assertRaises(UserError),
            ):
                self.overwrite("adviser", record, {name: lists[model].id})

    def test_company_chooses_from_its_own_lists_only(self):
        lists = {**self.lists_of_another_company(), "res.company": self.other}
        for name in self.find_fields()["res.company"]:
            field = self.company._fields[name]
            # Plans belong to all companies.
            is_shared = field.comodel_name == "account.analytic.plan"
            if field.type != "many2one" or is_shared:
                continue
            with (
                self.subTest(name=name),
                self.attempt(),
                self.assertRaises(UserError),
            ):
                values = {name: lists[field.comodel_name].id}
                self.overwrite("administrator", self.company, values)

    def test_off_switch_of_a_customer_is_for_users_of_exact(self):
        clerk = self.make_clerk()
        self.users["clerk"] = clerk
        values = {"exact_manual_only": True}
        with self.attempt(), self.assertRaises(AccessError):
            self.overwrite("clerk", self.customer, values)
        self.overwrite("invoicing", self.customer, values)

    def make_clerk(self):
        """Make somebody who keeps contacts and knows nothing of Exact."""
        user = self.users["exact_user"].copy({"login": "rpc_clerk"})
        user.group_ids = self.env.ref("base.group_user") | self.env.ref(
            "base.group_partner_manager"
        )
        return user

    def test_no_answer_holds_a_token_or_the_client_secret(self):
        ids = self.company.ids
        answers = [
            self.call("administrator", "res.company", "action_exact_connect", ids),
            self.call("adviser", "account.move", "read", self.invoice.ids),
            self.call("adviser", "exact.outbox", "read", self.outbox.ids),
        ]
        text = json.dumps(answers, default=str)
        connection = self.company.sudo().exact_connection_id
        for secret in (
            "client-secret",
            connection.access_token,
            connection.refresh_token,
        ):
            self.assertNotIn(secret, text)
