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
PGDATA = LOCAL / "pgdata"
ODOO_DATA = LOCAL / "data"
FILESTORE = ODOO_DATA / "filestore"
IMPORTS = LOCAL / "imports"
CONFIGS = LOCAL / "configs"
LOGS = LOCAL / "logs"
LOCKS = LOCAL / "locks"

REQUIREMENTS = ROOT / "dev" / "requirements.txt"
