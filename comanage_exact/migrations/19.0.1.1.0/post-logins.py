"""Move the tokens of each connection to a login, and the counts to their budget.

Nobody has to connect again. Whose tokens they are is not known here: the nightly fetch
learns it, and joins the companies that share an Exact user.
"""

from psycopg2.extras import Json

from odoo import SUPERUSER_ID, api
from odoo.tools import sql

MOVED = ("access_token", "refresh_token", "issued_at", "database_uuid", "budget")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _move_secrets(env)
    if sql.column_exists(cr, "exact_connection", "refresh_token"):
        _move_connections(env)
    for name in MOVED:
        # A secret must not stay behind where nobody looks for one.
        cr.execute(f"ALTER TABLE exact_connection DROP COLUMN IF EXISTS {name}")
    env.invalidate_all(flush=False)


def _move_secrets(env):
    if sql.column_exists(env.cr, "res_company", "exact_client_secret"):
        env.cr.execute(
            "UPDATE res_company SET exact_app_secret = exact_client_secret"
            " WHERE exact_app_secret IS NULL"
        )
        env.cr.execute("ALTER TABLE res_company DROP COLUMN exact_client_secret")


def _move_connections(env):
    env.cr.execute(
        "SELECT n.id, n.state, n.access_token, n.refresh_token, n.issued_at,"
        " n.database_uuid, n.budget, c.exact_site, c.exact_client_id,"
        " c.exact_app_secret, d.code AS division"
        " FROM exact_connection n"
        " JOIN res_company c ON c.id = n.company_id"
        " LEFT JOIN exact_division d ON d.id = c.exact_division_id"
        " ORDER BY n.id"
    )
    here = env["exact.login"]._get_database_identity()
    for row in env.cr.dictfetchall():
        app = (row["exact_site"] or "", row["exact_client_id"] or "")
        if row["state"] != "disconnected":
            _create_login(env.cr, row, app, here)
        if row["budget"]:
            _move_budget(env, row, app)


def _create_login(cr, row, app, here):
    # It is not known on which server a copy was made.
    is_own = row["database_uuid"] == here["database_uuid"]
    identifier = here["server_identifier"] if is_own else None
    cr.execute(
        "INSERT INTO exact_login (site, client_id, client_secret, state, access_token,"
        " refresh_token, issued_at, database_uuid, server_identifier)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [
            *app,
            row["exact_app_secret"],
            row["state"],
            row["access_token"],
            row["refresh_token"],
            row["issued_at"],
            row["database_uuid"],
            identifier or None,
        ],
    )
    cr.execute(
        "UPDATE exact_connection SET login_id = %s WHERE id = %s",
        [cr.fetchone()[0], row["id"]],
    )


def _move_budget(env, row, app):
    """Keep the calls of the division, and add its refusals to those of the app."""
    counts = row["budget"]
    division = {name: counts[name] for name in ("minute", "day") if name in counts}
    _store_budget(env.cr, app, row["division"] or "", division)
    errors = {name: counts[name] for name in ("hour", "errors") if name in counts}
    kept = env["exact.budget"]._find((*app, ""), ["*"]).counts or {}
    if errors.get("hour") == kept.get("hour"):
        names = {*errors.get("errors", {}), *kept.get("errors", {})}
        errors["errors"] = {
            name: errors["errors"].get(name, 0) + kept["errors"].get(name, 0)
            for name in names
        }
    if (errors.get("hour") or "") >= (kept.get("hour") or ""):
        _store_budget(env.cr, app, "*", errors)
    env.invalidate_all(flush=False)


def _store_budget(cr, app, division, counts):
    cr.execute(
        "INSERT INTO exact_budget (site, client_id, division, counts)"
        " VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (site, client_id, division) DO UPDATE SET counts = %s",
        [*app, division, Json(counts), Json(counts)],
    )
