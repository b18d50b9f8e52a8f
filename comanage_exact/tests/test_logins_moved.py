import json
from pathlib import Path

from odoo.modules import module
from odoo.tests import tagged

from .common import NOW, ExactCommon

SCRIPT = Path("migrations", "19.0.1.1.0", "post-logins.py")
OLD = {
    "access_token": "varchar",
    "refresh_token": "varchar",
    "issued_at": "timestamp",
    "database_uuid": "varchar",
    "budget": "jsonb",
}


@tagged("post_install", "-at_install")
class TestLoginsMoved(ExactCommon):
    """An update moves connections made by an earlier version; nobody connects again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.company.sudo()
        cls.other = cls.settings.create({"name": "Diensten"})
        cls._set_up_connection(cls.other, 222222)
        cls.connections = (cls.settings + cls.other).exact_connection_id
        cls.logins = cls.env["exact.login"].sudo()

    def setUp(self):
        super().setUp()
        here = self.logins._get_database_identity()["database_uuid"]
        self.connections.login_id.unlink()
        self.settings.exact_app_secret = False
        self.env["exact.budget"].sudo().search([]).unlink()
        self.env.flush_all()
        cr = self.env.cr
        for name, kind in OLD.items():
            cr.execute(f"ALTER TABLE exact_connection ADD COLUMN {name} {kind}")
        cr.execute("ALTER TABLE res_company ADD COLUMN exact_client_secret varchar")
        cr.execute("UPDATE res_company SET exact_client_secret = 'client-secret'")
        budget = {
            "minute": [60, 7, "2026-03-10T09:01:00"],
            "day": [5000, 70, "2026-03-11T00:00:00"],
            "hour": "2026-03-10T10:00:00",
            "errors": {"crm/Accounts": 3},
        }
        cr.execute(
            "UPDATE exact_connection SET state = 'connected', access_token = 'old',"
            " refresh_token = 'old-refresh', issued_at = %s, database_uuid = %s,"
            " budget = %s WHERE id IN %s",
            [NOW, here, json.dumps(budget), tuple(self.connections.ids)],
        )
        self.env.invalidate_all()

    def migrate(self):
        path = Path(module.get_module_path("comanage_exact")) / SCRIPT
        spec = module.importlib.util.spec_from_file_location("moved", path)
        script = module.importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")

    def test_connections_go_on_with_their_tokens(self):
        self.migrate()
        for connection in self.connections:
            login = connection.login_id
            self.assertEqual(connection._get_state(), "connected")
            self.assertEqual(login.refresh_token, "old-refresh")
            self.assertEqual(login.client_secret, "client-secret")
            self.assertEqual(str(login.issued_at), NOW)
            self.assertEqual((login.site, login.client_id), ("be", "client-id"))
            self.assertFalse(login.exact_user_guid)
        self.assertEqual(len(self.connections.login_id), 2)
        self.assertEqual(self.settings.exact_app_secret, "client-secret")

    def test_no_secret_stays_behind(self):
        self.migrate()
        self.env.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_name IN ('exact_connection', 'res_company')"
            " AND column_name IN %s",
            [(*OLD, "exact_client_secret")],
        )
        self.assertEqual(self.env.cr.fetchall(), [])
        # A second run finds nothing to do.
        self.migrate()

    def test_counts_are_kept_and_refusals_of_the_app_added_up(self):
        self.migrate()
        for connection in self.connections:
            self.assertEqual(connection.budget["minute"][1], 7)
            self.assertEqual(connection.budget["day"][1], 70)
            self.assertEqual(connection.budget["errors"], {"crm/Accounts": 6})

    def test_copy_stays_a_copy(self):
        self.env.cr.execute("UPDATE exact_connection SET database_uuid = 'original'")
        self.migrate()
        for connection in self.connections:
            self.assertEqual(connection._get_state(), "copied")
            self.assertFalse(connection.login_id.server_identifier)

    def test_disconnected_and_expired_stay_what_they_were(self):
        mine, theirs = self.connections
        self.env.cr.execute(
            "UPDATE exact_connection SET access_token = NULL, refresh_token = NULL,"
            " state = CASE id WHEN %s THEN 'disconnected' ELSE 'expired' END",
            [mine.id],
        )
        self.migrate()
        self.assertEqual(mine._get_state(), "disconnected")
        self.assertFalse(mine.login_id)
        self.assertEqual(theirs._get_state(), "expired")
        self.assertEqual(theirs.login_id.state, "expired")
