"""The packages alone bring the add-on into an Odoo, take it further, and out again."""

import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from dev import dist, paths
from dev.environment import Environment
from dev.odoo_log import complaints
from dev.templates import Template, fresh_copy

RELEASES = Path(__file__).parent / "releases"
CLEAN = Template(modules=("account", "l10n_be"), addons=())
COUNTS = """
SELECT 'table ' || table_name FROM information_schema.tables
 WHERE table_name ~ '^exact_|_exact_'
UNION SELECT 'column ' || table_name || '.' || column_name
  FROM information_schema.columns WHERE column_name ~ 'exact_'
UNION SELECT 'parameter ' || key FROM ir_config_parameter WHERE key ~ 'exact'
UNION SELECT 'model ' || model FROM ir_model WHERE model ~ '^exact\\.'
UNION SELECT 'field ' || model || '.' || name FROM ir_model_fields
 WHERE name ~ 'exact_'
UNION SELECT 'action ' || name::text FROM ir_act_server WHERE name::text ~ 'Exact'
UNION SELECT 'cron ' || cron_name FROM ir_cron WHERE cron_name ~ 'Exact'
UNION SELECT 'group ' || name::text FROM res_groups WHERE name::text ~ 'Exact'
UNION SELECT 'menu ' || name::text FROM ir_ui_menu WHERE name::text ~ 'Exact'
UNION SELECT 'view ' || name FROM ir_ui_view WHERE name ~ 'comanage_exact'
UNION SELECT 'rule ' || name FROM ir_rule WHERE name ~ 'Exact'
UNION SELECT 'activity type ' || name::text FROM mail_activity_type
 WHERE name::text ~ 'Exact'
UNION SELECT 'attachment ' || name FROM ir_attachment
 WHERE res_model ~ '^exact\\.' OR url ~ 'comanage_exact'
UNION SELECT 'identifier ' || name FROM ir_model_data WHERE module ~ 'comanage_exact'
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "comanage_exact")]).module_uninstall()
env.cr.commit()
"""
# What an administrator has before the next version comes.
CONNECTED = """
company = env.company
company.write({
    "exact_site": "be",
    "exact_client_id": "an app",
    "exact_client_secret": "its secret",
    "exact_start_date": "2026-01-01",
})
connections = env["exact.connection"].sudo()
connections.create({
    "company_id": company.id,
    "state": "connected",
    "access_token": "access",
    "refresh_token": "refresh",
    "issued_at": "2026-01-01 12:00:00",
    "user_id": env.uid,
    "database_uuid": connections._get_database_identity(),
})
env.cr.commit()
"""
STILL_CONNECTED = """
company = env.company
assert company.exact_connection_id._get_state() == "connected"
assert company.exact_client_id == "an app"
assert str(company.exact_start_date) == "2026-01-01"
print("still connected")
"""


@dataclass(frozen=True)
class PackagedEnvironment(Environment):
    """An environment whose Odoo finds the add-on in a package alone.

    :param Path folder: that the package was unpacked in.
    """

    folder: Path = paths.ROOT

    @classmethod
    def unpack(cls, environment, package, folder):
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        inside = folder / "odoo" / "addons"
        return cls(
            environment.odoo,
            environment.server,
            inside if inside.is_dir() else folder,
        )

    def command(self, *options, subcommand="server"):
        own = f"--addons-path={self.folder}"
        return super().command(own, *options, subcommand=subcommand)

    def run(self, database, *options, subcommand="server", script=""):
        """Run Odoo to its end; return what it printed, if it complained of nothing."""
        command = self.command(
            f"--database={database}", "--no-http", *options, subcommand=subcommand
        )
        done = subprocess.run(
            command,
            input=script,
            env=self.variables(),
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        assert complaints(done.stderr) == []
        return done.stdout

    def install(self, database, option="--init"):
        self.run(database, f"{option}={paths.ADDON}", "--stop-after-init")

    def shell(self, database, script):
        return self.run(database, subcommand="shell", script=script)


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Return the wheel of the add-on, that of the queue, and the zip."""
    return dist.build(tmp_path_factory.mktemp("dist"))


def find_traces(environment, database):
    with environment.server.cursor(database) as cursor:
        cursor.execute(COUNTS)
        return sorted(name for (name,) in cursor.fetchall())


def test_the_packages_are_named_as_pip_finds_them(packages):
    names = [path.name for path in packages]
    assert names[0].startswith("odoo_addon_comanage_exact-19.0.")
    assert names[1].startswith("odoo_addon_comanage_exact_queue_job-19.0.")
    assert names[2].startswith("comanage_exact-19.0.")


def test_the_wheel_installs_and_leaves_no_trace(environment, packages, tmp_path):
    packaged = PackagedEnvironment.unpack(environment, packages[0], tmp_path)
    with fresh_copy(environment, CLEAN) as database:
        packaged.install(database)
        assert len(find_traces(environment, database)) > 100
        packaged.shell(database, UNINSTALL)
        assert find_traces(environment, database) == []


def test_the_zip_has_the_files_of_the_wheels(packages):
    *wheels, zipped = (zipfile.ZipFile(path) for path in packages)
    files = {
        name.removeprefix("odoo/addons/"): wheel.read(name)
        for wheel in wheels
        for name in wheel.namelist()
        if name.startswith("odoo/addons/")
    }
    inside = {name: zipped.read(name) for name in zipped.namelist()}
    # Says how a wheel is built.
    for name in (paths.ADDON, paths.QUEUE_ADDON):
        assert inside.pop(f"{name}/pyproject.toml")
    assert inside == files


def test_the_zip_updates_the_version_before(environment, packages, tmp_path):
    (release,) = RELEASES.glob("comanage_exact-*.zip")
    old = PackagedEnvironment.unpack(environment, release, tmp_path / "old")
    new = PackagedEnvironment.unpack(environment, packages[2], tmp_path / "new")
    with fresh_copy(environment, CLEAN) as database:
        old.install(database)
        old.shell(database, CONNECTED)
        new.install(database, "--update")
        assert "still connected" in new.shell(database, STILL_CONNECTED)
