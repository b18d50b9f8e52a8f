"""`make template`: writes the template of the translations.

From a fresh database, so that the template has every text of the code, and no other.
"""

import sys

from dev import paths
from dev.console import guarded
from dev.environment import Environment
from dev.process import run
from dev.templates import TESTS, fresh_copy

PATH = paths.ROOT / paths.ADDON / "i18n" / f"{paths.ADDON}.pot"


def export(environment, database, output):
    """Write the template of the add-on that is installed in `database`.

    :param Path output: a file whose name ends in .pot.
    """
    python, module, odoo = str(paths.VENV_PYTHON), "-m", "odoo"
    options = ["-c", environment.config, "-d", database, "-l", "pot", "-o", output]
    run(
        "Exporting the texts",
        [python, module, odoo, "i18n", "export", *options, paths.ADDON],
        log="template.log",
        env=environment.variables(),
    )


def main():
    environment = Environment.start()
    with fresh_copy(environment, TESTS) as database:
        export(environment, database, PATH)


if __name__ == "__main__":
    sys.exit(guarded(main))
