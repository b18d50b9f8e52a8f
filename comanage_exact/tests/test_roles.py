import re

from odoo.tests import tagged

from .common_rpc import RpcCommon

# Who may do what with the records of each model: (c)reate, (r)ead, (w)rite, (d)elete.
# What an action of the add-on does with them is decided in `test_rpc`.
ROLES = ("portal", "reader", "invoicing", "adviser", "exact_manager")
NOBODY = ("", "", "", "", "")
READERS = ("", "r", "r", "r", "r")
MODELS = {
    "exact.account": READERS,
    "exact.ask": ("", "", "rw", "rw", "rw"),
    "exact.backfill": ("", "", "", "crw", "crw"),
    "exact.backfill.line": ("", "", "", "rw", "rw"),
    "exact.budget": NOBODY,
    "exact.call": READERS,
    "exact.check": READERS,
    "exact.collective.rule": ("", "r", "r", "r", "crwd"),
    "exact.comparison": ("", "r", "", "crwd", "crwd"),
    "exact.comparison.cost.total": ("", "r", "", "r", "r"),
    "exact.comparison.gl.total": ("", "r", "", "r", "r"),
    "exact.comparison.line": ("", "r", "", "r", "r"),
    "exact.comparison.summary": ("", "r", "", "r", "r"),
    "exact.comparison.total": ("", "r", "", "r", "r"),
    "exact.connection": NOBODY,
    "exact.cost.center": READERS,
    "exact.cost.unit": READERS,
    "exact.currency": READERS,
    "exact.decision": ("", "", "", "rw", "rw"),
    # What is mailed: for administrators.
    "exact.digest.mailing": NOBODY,
    "exact.directory": NOBODY,
    "exact.division": READERS,
    "exact.division.check": ("", "", "", "", "r"),
    "exact.division.check.line": ("", "", "", "", "r"),
    "exact.division.test": ("", "", "", "", "rw"),
    "exact.document": READERS,
    "exact.gl.account": READERS,
    "exact.hold": ("", "", "rw", "rw", "rw"),
    "exact.journal": READERS,
    "exact.link": ("", "", "rw", "rw", "rw"),
    "exact.link.candidate": ("", "", "r", "r", "r"),
    "exact.login": NOBODY,
    "exact.match": ("", "", "r", "r", "r"),
    "exact.match.candidate": ("", "", "r", "r", "r"),
    "exact.outbox": READERS,
    "exact.payment.condition": READERS,
    "exact.period": READERS,
    "exact.preview": ("", "", "r", "r", "r"),
    "exact.preview.account": ("", "", "r", "r", "r"),
    "exact.preview.line": ("", "", "r", "r", "r"),
    "exact.setup": ("", "r", "r", "r", "rw"),
    "exact.vat.code": READERS,
    "exact.withdraw": ("", "", "", "rw", "rw"),
}
OPERATIONS = {"c": "create", "r": "read", "w": "write", "d": "unlink"}
# Who finds which menu.
MENUS = {
    "exact_outbox_menu": {"reader", "invoicing", "adviser"},
    "exact_match_menu": {"invoicing", "adviser"},
    "exact_comparison_menu": {"reader", "adviser"},
    "exact_overview_menu": {"reader", "invoicing", "adviser"},
    "exact_backfill_menu": {"adviser"},
    "exact_setup_menu": {"adviser"},
    "account_tax_menu": {"adviser"},
    "account_account_menu": {"adviser"},
    "exact_vat_code_menu": {"adviser"},
    "exact_division_check_menu": set(),
}


@tagged("post_install", "-at_install")
class TestRoles(RpcCommon):
    """What each role of Exact Online may do with each model."""

    def test_every_model_is_decided_upon(self):
        names = {
            name
            for name, model in self.registry.items()
            if name.startswith("exact.") and not model._abstract
        }
        self.assertEqual(names, set(MODELS))

    def test_each_role_may_do_what_the_table_says(self):
        for model, decided in MODELS.items():
            for role, may in zip(ROLES, decided, strict=True):
                records = self.env[model].with_user(self.users[role])
                found = {
                    letter
                    for letter, operation in OPERATIONS.items()
                    if records.has_access(operation)
                }
                with self.subTest(model=model, role=role):
                    self.assertEqual(found, set(may))

    def test_each_role_finds_its_menus(self):
        for name, roles in MENUS.items():
            menu = self.env.ref(f"comanage_exact.{name}")
            for role in ("reader", "invoicing", "adviser"):
                with self.subTest(menu=name, role=role):
                    found = menu.with_user(self.users[role]).load_menus(False)
                    self.assertEqual(menu.id in found, role in roles)

    def test_accountant_of_odoo_finds_the_configuration_too(self):
        menu = self.env.ref("comanage_exact.account_tax_menu")
        user = self.users["accountant"]
        self.assertIn(menu.id, menu.with_user(user).load_menus(False))

    def test_manager_who_keeps_no_companies_changes_the_settings_alone(self):
        """In a page whose other fields are read-only."""
        company = self.company.with_user(self.users["exact_manager"])
        action = company._exact_open_settings()
        arch = company.get_view(action["views"][0][0])["arch"]
        self.assertIn('edit="1"', arch)
        self.assertRegex(arch, r'<field name="exact_delay"[^>]* readonly="0"')
        self.assertNotRegex(arch, r'<field name="vat"[^>]* readonly="0"')
        company.web_save({"exact_delay": 7}, {"exact_delay": {}})
        self.assertEqual(self.company.sudo().exact_delay, 7)

    def test_accountant_sees_the_settings_and_changes_none(self):
        company = self.company.with_user(self.users["exact_accountant"])
        action = company._exact_open_settings()
        arch = company.get_view(action["views"][0][0])["arch"]
        self.assertIn('name="exact_delay"', arch)
        self.assertIn('edit="False"', arch)
        self.assertNotIn('name="exact_client_id"', arch)
        self.assertNotIn('name="action_exact_connect"', arch)

    def test_reader_sees_no_button_that_changes_anything(self):
        reader = self.users["reader"]
        harmless = {"view", "open_document"}
        for record, prefix in (
            (self.invoice, "action_exact_"),
            (self.outbox, "action_"),
        ):
            for kind in ("form", "list"):
                view = record.with_user(reader).get_view(view_type=kind)
                found = set(re.findall(rf'name="{prefix}(\w+)"', view["arch"]))
                with self.subTest(model=record._name, kind=kind):
                    self.assertLessEqual(found, harmless)
        form = self.invoice.with_user(reader).get_view(view_type="form")["arch"]
        self.assertIn('name="exact_strip_text"', form)
        values = self.invoice.with_user(reader).read(["exact_status"])
        self.assertEqual(values[0]["exact_status"], "pending")
