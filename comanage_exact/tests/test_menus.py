import re
from pathlib import Path

from odoo.tests import tagged

from ..booking.problem import Problem
from ..sync import menus, messages
from .common import ExactCommon

ADDON = Path(__file__).parent.parent
PLACEHOLDER = re.compile(r"%\((menu_\w+)\)s")
GL_ACCOUNTS = "Invoicing ▸ Configuration ▸ Exact Online ▸ G/L Accounts"


@tagged("post_install", "-at_install")
class TestMenus(ExactCommon):
    """Sentences name a menu as the reader sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.menu = cls.env(su=True).ref("comanage_exact.account_account_menu")

    def say(self, env=None):
        problem = Problem("no_own_gl_account", {"account": "700000 Sales"})
        return messages.problem_texts(env or self.env, [problem])[0]

    def test_name_that_ends_with_a_full_stop_ends_the_sentence(self):
        for text, said in (
            ("Sent to %(name)s. Done.", "Sent to Tulpen B.V. Done."),
            ("%(name)s waits...", "Tulpen B.V. waits..."),
        ):
            self.assertEqual(messages.say(self.env, text, name="Tulpen B.V."), said)

    def test_every_menu_of_the_table_is_there(self):
        for name, menu in menus.MENUS.items():
            with self.subTest(name=name):
                self.assertTrue(self.env(su=True).ref(menu.xml_id).active)
                self.assertIn(menus.SEPARATOR, menus.path(self.env, name))

    def test_every_placeholder_names_a_menu(self):
        template = (ADDON / "i18n" / "comanage_exact.pot").read_text()
        named = set(PLACEHOLDER.findall(template.replace('"\n"', "")))
        self.assertIn("menu_gl_accounts", named)
        self.assertLessEqual(named, set(menus.MENUS))

    def test_another_placeholder_is_no_menu(self):
        with self.assertRaises(KeyError):
            messages.say(self.env, "%(nothing)s")

    def test_sentence_names_the_whole_way(self):
        self.assertIn(f"Choose one in {GL_ACCOUNTS}.", self.say())

    def test_way_leads_through_menus_of_odoo(self):
        self.assertEqual(
            menus.path(self.env, "menu_currencies"),
            "Invoicing ▸ Configuration ▸ Accounting ▸ Currencies",
        )

    def test_sentence_follows_a_renamed_menu(self):
        self.assertIn(GL_ACCOUNTS, self.say())
        self.menu.parent_id.name = "Bookkeeping"
        self.menu.name = "Ledger 100%"
        renamed = "Invoicing ▸ Configuration ▸ Bookkeeping ▸ Ledger 100%"
        self.assertIn(f"Choose one in {renamed}.", self.say())

    def test_sentence_follows_a_moved_menu(self):
        self.menu.parent_id = self.menu.parent_id.parent_id.parent_id
        self.assertIn("Choose one in Invoicing ▸ G/L Accounts.", self.say())

    def test_menu_stands_in_the_language_of_the_reader(self):
        self.env(su=True)["res.lang"]._activate_lang("nl_NL")
        self.assertIn(GL_ACCOUNTS, self.say())
        dutch = self.env(context={"lang": "nl_NL"})
        self.menu.with_env(dutch(su=True)).name = "Grootboekrekeningen"
        self.assertIn("▸ Grootboekrekeningen", self.say(dutch))
        self.assertIn(GL_ACCOUNTS, self.say())

    def test_menu_that_nobody_can_open_is_named_without_a_way(self):
        for make_gone in (
            lambda: self.menu.write({"active": False}),
            lambda: self.menu.parent_id.write({"active": False}),
            self.menu.unlink,
        ):
            savepoint = self.env.cr.savepoint()
            make_gone()
            self.assertIn("Choose one in G/L Accounts.", self.say())
            savepoint.close(rollback=True)
            self.env.registry.clear_cache()
            self.env.invalidate_all()

    def test_many_sentences_read_a_menu_once(self):
        self.say()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.say()

    def test_somebody_without_rights_is_told_the_way_too(self):
        portal = self.env.ref("base.public_user")
        self.assertIn(GL_ACCOUNTS, self.say(self.env(user=portal, su=False)))
