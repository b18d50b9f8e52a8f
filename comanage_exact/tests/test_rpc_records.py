from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ENTRY_GUID, NOW
from .common_rpc import (
    EXACT_ACCOUNTANTS,
    EXACT_MANAGERS,
    EXACT_READERS,
    EXACT_USERS,
    USERS,
    RpcCommon,
)

# Who may do more than read.
WRITERS = {
    "exact.collective.rule": EXACT_MANAGERS,
    "exact.backfill": EXACT_ACCOUNTANTS,
    "exact.comparison": EXACT_ACCOUNTANTS,
    "exact.setup": EXACT_MANAGERS,
}
SECRET = (
    "exact.connection",
    "exact.login",
    "exact.budget",
    "exact.directory",
    "exact.digest.mailing",
    # Each of these is for who made it alone.
    "exact.ask",
    "exact.backfill",
    "exact.backfill.line",
    "exact.decision",
    "exact.division.test",
    "exact.hold",
    "exact.link",
    "exact.link.candidate",
    "exact.preview",
    "exact.preview.account",
    "exact.preview.line",
    "exact.withdraw",
)
# Who reads what not all readers do.
READERS = {
    "exact.comparison": EXACT_ACCOUNTANTS | {"reader"},
    "exact.digest.mailing": {"administrator"},
    "exact.division.check": EXACT_MANAGERS,
    "exact.match": EXACT_USERS,
}
TOKENS = ("access_token", "refresh_token")


@tagged("post_install", "-at_install")
class TestRpcRecords(RpcCommon):
    """Odoo's own public methods on the records of the add-on."""

    def find_models(self):
        return sorted(
            name
            for name, model in self.registry.items()
            if name.startswith("exact.") and not model._abstract
        )

    def find_key(self, model):
        """Return the field that says whose a record is: of a company, or of an app."""
        names = self.env[model]._fields
        return "company_id" if "company_id" in names else "site"

    def make_record(self, model):
        """Return a record of the company, made unless there is one."""
        records = self.env[model].sudo()
        if self.find_key(model) == "site":
            return self.make_record_of_app(records)
        if not records._transient:
            found = records.search([("company_id", "=", self.company.id)], limit=1)
            if found:
                return found
        values = {
            "code": "X",
            "outbox_id": self.outbox.id,
            "called_at": NOW,
            "exact_guid": ENTRY_GUID,
            "partner_id": self.customer.id,
            "kind": "equal",
            "user_id": self.env.uid,
            "last_day": "2026-03-01",
        }
        if model == "exact.digest.mailing":
            values["user_id"] = self.users["administrator"].id
            values["last_day"] = NOW
        if model.startswith("exact.comparison."):
            values["comparison_id"] = self.make_record("exact.comparison").id
        if model == "exact.match.candidate":
            values["match_id"] = self.make_record("exact.match").id
            values["account_id"] = self.make_record("exact.account").id
            del values["partner_id"], values["code"], values["exact_guid"]
        if model in ("exact.decision", "exact.link", "exact.preview", "exact.withdraw"):
            return records._make(self.invoice.sudo())
        if model in ("exact.ask", "exact.hold"):
            return records.create({"move_id": self.invoice.id})
        if model == "exact.division.check.line":
            values["check_id"] = self.make_record("exact.division.check").id
        if model == "exact.division.test":
            return records._make(self.make_record("exact.division.check"))
        if model == "exact.backfill":
            own = {"company_id": self.company.id, "date_from": "2026-01-01"}
            return records.create(own)
        if model == "exact.link.candidate":
            return records.create({"link_id": self.make_record("exact.link").id})
        if model == "exact.backfill.line":
            wizard = self.make_record("exact.backfill")
            values = {"backfill_id": wizard.id, "move_id": self.invoice.id}
            return records.create(values)
        if model == "exact.preview.line":
            return self.make_record("exact.preview").line_ids[0]
        if model == "exact.preview.account":
            return self.make_record("exact.preview").account_ids[0]
        known = {name: values[name] for name in values if name in records._fields}
        return records.create({"company_id": self.company.id, **known})

    def make_record_of_app(self, records):
        values = {"site": "be", "client_id": "rpc", "division": "1"}
        app = {name: values[name] for name in values if name in records._fields}
        domain = [(name, "=", value) for name, value in app.items()]
        return records.search(domain) or records.create(app)

    # === WRITING === #

    def test_nobody_writes_a_record_of_the_add_on(self):
        for model in self.find_models():
            ids = self.make_record(model).ids
            values = {"company_id": self.company.id}
            calls = {
                "create": ([values],),
                "name_create": ("New",),
                "write": (ids, values),
                "web_save": (ids, values, {"id": {}}),
                "unlink": (ids,),
                "copy": (ids,),
                "action_archive": (ids,),
            }
            if "active" not in self.env[model]._fields:
                del calls["action_archive"]
            name = self.env[model]._rec_name
            if not name or self.env[model]._fields[name].compute:
                # Odoo creates nothing by name then, whoever asks.
                del calls["name_create"]
            for method, args in calls.items():
                for user in sorted(USERS - WRITERS.get(model, set())):
                    with (
                        self.subTest(model=model, method=method, user=user),
                        self.attempt(),
                        self.assertRaises(AccessError),
                    ):
                        self.call(user, model, method, *args)

    def test_nobody_imports_a_record_of_the_add_on(self):
        for model in self.find_models():
            row = str(self.make_record(model).id), str(self.company.id)
            for user in sorted(USERS - WRITERS.get(model, set())):
                with self.subTest(model=model, user=user), self.attempt():
                    before = self.snapshot()
                    key = self.find_key(model)
                    names = [".id", "company_id/.id" if key == "company_id" else key]
                    try:
                        answer = self.call(user, model, "load", names, [row])
                    except AccessError:
                        continue
                    self.assertFalse(answer["ids"])
                    self.assertEqual(self.snapshot(), before)

    # === READING === #

    def test_only_those_with_a_role_in_the_company_read(self):
        for model in self.find_models():
            record = self.make_record(model)
            readers = self.find_readers(model)
            for user in sorted(USERS):
                with self.subTest(model=model, user=user), self.attempt():
                    if user in readers:
                        self.call(user, model, "read", record.ids, ["company_id"])
                        continue
                    for method, args in {
                        "read": (record.ids,),
                        "web_read": (record.ids, {"display_name": {}}),
                        "export_data": (record.ids, [self.find_key(model)]),
                    }.items():
                        with self.assertRaises(UserError):
                            self.call(user, model, method, *args)
                    self.assert_finds_none(user, model)

    def find_readers(self, model):
        if model in SECRET:
            return set()
        few = [who for name, who in READERS.items() if model.startswith(name)]
        return few[0] if few else EXACT_READERS

    def assert_finds_none(self, user, model):
        """A stranger searches in vain, the others may not search at all."""
        key = self.find_key(model)
        for method, args in {
            "search_read": ([], [key]),
            "web_search_read": ([], {"display_name": {}}),
            "name_search": ("",),
            "search_count": ([],),
            "formatted_read_group": ([], [key], ["__count"]),
        }.items():
            try:
                answer = self.call(user, model, method, *args)
            except AccessError:
                continue
            records = answer["records"] if isinstance(answer, dict) else answer
            self.assertFalse(records, method)

    # === SECRETS === #

    def test_tokens_are_read_by_nobody(self):
        connection = self.company.sudo().exact_connection_id
        for user in sorted(USERS):
            for name in TOKENS:
                for model, method, args in (
                    ("exact.connection", "read", (connection.ids, [name])),
                    ("exact.connection", "search_read", ([], [name])),
                    ("exact.login", "read", (connection.login_id.ids, [name])),
                    ("exact.login", "search_read", ([], [name])),
                    (
                        "res.company",
                        "export_data",
                        # The state first: judging it reads the connection as sudo.
                        (
                            self.company.ids,
                            ["exact_connection_state", f"exact_connection_id/{name}"],
                        ),
                    ),
                    (
                        "res.company",
                        "web_read",
                        (
                            self.company.ids,
                            {
                                "exact_connection_state": {},
                                "exact_connection_id": {"fields": {name: {}}},
                            },
                        ),
                    ),
                    (
                        "res.company",
                        "search",
                        ([(f"exact_connection_id.{name}", "like", "r")],),
                    ),
                ):
                    with self.subTest(user=user, model=model, method=method):
                        self.assert_hides(user, model, method, args, name)

    def assert_hides(self, user, model, method, args, name):
        """The call fails, or what it answers holds no token."""
        secret = self.company.sudo().exact_connection_id[name]
        with self.attempt():
            try:
                answer = self.call(user, model, method, *args)
            except (AccessError, UserError, ValueError, TypeError):
                return
            self.assertNotIn(secret, str(answer))
            self.assertNotEqual(method, "search")

    def test_that_there_is_a_client_secret_is_read_by_managers_only(self):
        names = ["exact_client_secret"]
        ids = self.company.ids
        for user in sorted(USERS - EXACT_MANAGERS):
            for method, args in {
                "read": (ids, names),
                "web_read": (ids, {names[0]: {}}),
                "export_data": (ids, names),
                "search": ([(names[0], "like", "client")],),
                "search_read": ([], names),
                "formatted_read_group": ([], names, ["__count"]),
                "onchange": ([], {}, [], {names[0]: {}}),
            }.items():
                with (
                    self.subTest(user=user, method=method),
                    self.attempt(),
                    self.assertRaises(UserError),
                ):
                    self.call(user, "res.company", method, *args)
        for user in sorted(EXACT_MANAGERS):
            answer = self.call(user, "res.company", "read", ids, names)
            self.assertEqual(answer[0]["exact_client_secret"], "••••••••")

    def test_client_secret_is_shown_to_nobody(self):
        ids = self.company.ids
        for user in sorted(USERS):
            for name in ("exact_client_secret", "exact_app_secret"):
                for method, args in {
                    "read": (ids, [name]),
                    "web_read": (ids, {name: {}}),
                    "export_data": (ids, [name]),
                    "search": ([(name, "like", "client")],),
                    "search_read": ([(name, "like", "client-s%")], [name]),
                    "formatted_read_group": ([], [name], ["__count"]),
                    "onchange": (ids, {}, [], {name: {}}),
                    "write": (ids, {"exact_app_secret": "x"}),
                }.items():
                    with self.subTest(user=user, method=method), self.attempt():
                        try:
                            answer = self.call(user, "res.company", method, *args)
                        except (AccessError, UserError, ValueError):
                            continue
                        self.assertNotIn("client-secret", str(answer))
                        self.assertNotIn(method, ("search", "write"))

    def test_secret_is_no_way_to_sort_by(self):
        for user in sorted(USERS - EXACT_MANAGERS):
            with self.subTest(user=user), self.assertRaises(AccessError):
                order = "exact_client_secret"
                self.call(user, "res.company", "search", [], order=order)

    # === PORTAL === #

    def test_portal_and_visitors_see_no_field_of_the_add_on(self):
        self.users["visitor"] = self.env.ref("base.public_user").sudo()
        for user in ("portal", "visitor"):
            for model, fields in self.find_all_fields().items():
                with self.subTest(user=user, model=model), self.attempt():
                    records = self.env[model].with_user(self.users[user])
                    seen = records.has_access("read") and records.fields_get(fields)
                    self.assertFalse(seen)

    def test_portal_searches_by_no_field_of_its_invoices(self):
        for name in ("exact_outbox_id", "exact_state", "exact_number", "exact_error"):
            for method, args, kwargs in (
                ("search", ([(name, "!=", False)],), {}),
                ("search", ([],), {"order": name}),
                ("search_count", ([("exact_outbox_id.error", "like", "a")],), {}),
                ("formatted_read_group", ([], [name], ["__count"]), {}),
            ):
                with (
                    self.subTest(name=name, method=method, args=args),
                    self.attempt(),
                    self.assertRaises(AccessError),
                ):
                    self.call("portal", "account.move", method, *args, **kwargs)

    def find_all_fields(self):
        """Return the names of the fields that the add-on brings to each model."""
        found = {
            name: [
                field.name
                for field in model._fields.values()
                if "comanage_exact" in field._modules
            ]
            for name, model in self.registry.items()
        }
        return {name: names for name, names in found.items() if names}
