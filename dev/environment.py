"""One object that tests and the demo start Odoo with."""

import hashlib
import os
from dataclasses import dataclass

from dev import odoo, paths, postgres


@dataclass(frozen=True)
class Environment:
    """An Odoo and a PostgreSQL server that are ready to use."""

    odoo: odoo.Odoo
    server: postgres.Server

    @classmethod
    def start(cls):
        """Find Odoo, start PostgreSQL unless it runs, write the configuration file.

        Costs a few milliseconds when PostgreSQL runs; fetches nothing.
        :raise Problem: `make setup` was not run, or the server cannot be reached.
        """
        environment = cls(odoo=odoo.locate(), server=postgres.start())
        environment._write_config()
        return environment

    @property
    def config(self):
        """Return the path of Odoo's configuration file for this clone."""
        name = hashlib.sha256(os.fsencode(paths.ROOT)).hexdigest()[:12]
        return paths.CONFIGS / f"odoo-{name}.conf"

    def command(self, *options):
        """Return the command line that runs Odoo with `options`."""
        python = str(paths.VENV_PYTHON)
        return [python, "-m", "odoo", f"--config={self.config}", *options]

    def variables(self):
        """Return the environment variables for a process that imports Odoo."""
        return {**os.environ, "PYTHONPATH": str(self.odoo.python_path())}

    def _write_config(self):
        server = self.server
        paths.CONFIGS.mkdir(parents=True, exist_ok=True)
        text = (
            "[options]\n"
            f"addons_path = {paths.ROOT}\n"
            f"data_dir = {paths.ODOO_DATA}\n"
            f"db_host = {server.host}\n"
            f"db_port = {server.port}\n"
            f"db_user = {server.user}\n"
            f"db_password = {server.password or False}\n"
            f"db_sslmode = {server.sslmode}\n"
            "http_interface = 127.0.0.1\n"
            "list_db = False\n"
        )
        # Another command may be reading it, and it may hold a password.
        fresh = self.config.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(text)
        fresh.replace(self.config)
