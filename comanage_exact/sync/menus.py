"""The menus that sentences send people to, under the names that the reader sees.

A sentence has a placeholder such as %(menu_gl_accounts)s, which `messages.say` fills
with the path of the menu: as its translation, or an administrator, calls it.
"""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SEPARATOR = " ▸ "


class Menu(NamedTuple):
    """A menu, and what a sentence calls its screen where the menu was removed."""

    xml_id: str
    label: object


# By placeholder.
MENUS = {
    "menu_bookings": Menu("comanage_exact.exact_outbox_menu", _lt("Bookings")),
    "menu_customer_matching": Menu(
        "comanage_exact.exact_match_menu", _lt("Customer Matching")
    ),
    "menu_comparison": Menu("comanage_exact.exact_comparison_menu", _lt("Comparison")),
    "menu_historical_invoices": Menu(
        "comanage_exact.exact_backfill_menu", _lt("Historical Invoices")
    ),
    "menu_set_up": Menu("comanage_exact.exact_setup_menu", _lt("Set Up")),
    "menu_vat_codes": Menu("comanage_exact.account_tax_menu", _lt("VAT Codes")),
    "menu_gl_accounts": Menu(
        "comanage_exact.account_account_menu", _lt("G/L Accounts")
    ),
    "menu_payment_conditions": Menu(
        "comanage_exact.account_payment_term_menu", _lt("Payment Conditions")
    ),
    "menu_cost_centres": Menu(
        "comanage_exact.account_analytic_account_menu", _lt("Cost Centres")
    ),
    "menu_check_division": Menu(
        "comanage_exact.exact_division_check_menu", _lt("Check This Division")
    ),
    # Odoo's own.
    "menu_companies": Menu("base.menu_action_res_company_form", _lt("Companies")),
    "menu_currencies": Menu("account.menu_action_currency_form", _lt("Currencies")),
    "menu_scheduled_actions": Menu("base.menu_ir_cron_act", _lt("Scheduled Actions")),
}


class Values(dict):
    """What fills a sentence: the given values, and each menu that it names."""

    def __init__(self, env, values):
        super().__init__(values)
        self.env = env

    def __missing__(self, name):
        return path(self.env, name)


def path(env, name):
    """Return the path to a menu in the language of `env`.

    :param str name: a placeholder of MENUS.
    :raise KeyError: there is none of that name.
    """
    menu = MENUS[name]
    names = env["ir.ui.menu"].sudo()._exact_get_path(menu.xml_id)
    return SEPARATOR.join(names) or env._(menu.label)
