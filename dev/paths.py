"""Where everything lies that these tools fetch, build or write."""

import os
from pathlib import Path

ADDON = "comanage_exact"
QUEUE_ADDON = "comanage_exact_queue_job"
"""Lets jobs of OCA's `queue_job` book the invoices of many companies."""

ROOT = Path(__file__).resolve().parent.parent
"""The clone. It is an addons path: our add-ons are the only modules in it."""

LOCAL = Path(os.environ.get("COMANAGE_LOCAL") or ROOT / ".local").resolve()
"""One folder for all that is not in the repository; several clones may share it."""

ODOO_TREE = LOCAL / "odoo"
VENV = LOCAL / "venv"
VENV_PYTHON = VENV / "bin" / "python"
CLIENTS = LOCAL / "clients"
OCA = LOCAL / "oca"
DOCS_TOOLS = LOCAL / "docs-tools"
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
