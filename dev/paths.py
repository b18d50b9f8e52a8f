"""Where everything lies that these tools fetch, build or write."""

import os
from pathlib import Path

ADDON = "comanage_exact"

ROOT = Path(__file__).resolve().parent.parent
"""The clone. It is an addons path: the add-on is the only module in it."""

LOCAL = Path(os.environ.get("COMANAGE_LOCAL") or ROOT / ".local").resolve()
"""One folder for all that is not in the repository; several clones may share it."""

ODOO_TREE = LOCAL / "odoo"
VENV = LOCAL / "venv"
VENV_PYTHON = VENV / "bin" / "python"
CLIENTS = LOCAL / "clients"
IMPORTS = LOCAL / "imports"
COMPILED = LOCAL / "compiled"

STATE = Path(os.environ.get("COMANAGE_STATE") or LOCAL).resolve()
"""What belongs to one PostgreSQL server; the soak has one of its own, to restart it."""

PGDATA = STATE / "pgdata"
ODOO_DATA = STATE / "data"
FILESTORE = ODOO_DATA / "filestore"
CONFIGS = STATE / "configs"
LOGS = STATE / "logs"
LOCKS = STATE / "locks"

SOAK = LOCAL / "soak"
"""The state of `make soak`, as the Makefile says it too."""

REQUIREMENTS = ROOT / "dev" / "requirements.txt"
