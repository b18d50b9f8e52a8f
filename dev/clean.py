"""`make clean`: removes what these tools made, and nothing else."""

import shutil
import subprocess
import sys

from dev import paths
from dev.console import guarded, say

REMOVED = (
    paths.ODOO_TREE,
    paths.PGDATA,
    paths.ODOO_DATA,
    paths.IMPORTS,
    paths.COMPILED,
    paths.CONFIGS,
    paths.LOGS,
    paths.LOCKS,
    paths.SOAK,
    paths.CLIENTS,
    paths.OCA,
    paths.DOCS_TOOLS,
    paths.LOCAL / "docs",
    paths.VENV,
)


def main():
    """Drop our databases, stop our server, delete the folders.

    Databases first, as long as there is an environment that can reach the server.
    """
    if paths.VENV_PYTHON.exists():
        teardown = [paths.VENV_PYTHON, "-m", "dev.teardown"]
        subprocess.run(teardown, cwd=paths.ROOT, check=True)
    for folder in REMOVED:
        if folder.exists():
            say(f"Removing {folder}")
            shutil.rmtree(folder)
    if paths.LOCAL.is_dir() and not any(paths.LOCAL.iterdir()):
        paths.LOCAL.rmdir()


if __name__ == "__main__":
    sys.exit(guarded(main))
