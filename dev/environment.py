"""One object that tests and the demo start Odoo with."""

import hashlib
import os
from dataclasses import dataclass

from dev import oca, odoo, paths, postgres


def python_variables():
    """Return environment variables with which Python keeps what it has compiled.

    Many containers forbid it, and an Odoo of the user's own may be read-only; compiling
    takes a process of Odoo as long as all the rest of its start.
    """
    variables = {**os.environ, "PYTHONPYCACHEPREFIX": str(paths.COMPILED)}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables


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

    def command(self, *options, subcommand="server"):
        """Return the command line that runs Odoo with `options`."""
        python = str(paths.VENV_PYTHON)
        return [python, "-m", "odoo", subcommand, f"--config={self.config}", *options]

    def variables(self):
        """Return the environment variables for a process that imports Odoo."""
        return {**python_variables(), "PYTHONPATH": str(self.odoo.python_path())}

    def _write_config(self):
        options = {
            "addons_path": ",".join([str(paths.ROOT), *oca.addons_paths()]),
            "data_dir": paths.ODOO_DATA,
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "db_password": self.server.password,
            "db_sslmode": self.server.sslmode,
            "http_interface": "127.0.0.1",
            "list_db": False,
        }
        lines = [f"{name} = {value}" for name, value in options.items() if value != ""]
        paths.CONFIGS.mkdir(parents=True, exist_ok=True)
        # Another command may be reading the old one, and it may hold a password.
        fresh = self.config.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text("\n".join(["[options]", *lines, ""]))
        fresh.replace(self.config)
