"""Managers of Exact Online stay it: invoicing administrators no longer are by default.

What they did until now, mapping and withdrawing, the new role Accountant may do. Nobody
who had the role loses it by an update, though: they get it for themselves. Clerks of
Invoicing no longer compare periods or accept rounding differences.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    # Who is archived now comes back with the same rights.
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    manager = env.ref("comanage_exact.group_exact_manager")
    administrators = env.ref("account.group_account_manager")
    if manager not in administrators.implied_ids:
        return
    managers = manager.all_user_ids
    administrators.implied_ids -= manager
    lost = managers - manager.all_user_ids
    lost.group_ids += manager
