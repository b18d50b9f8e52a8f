"""`make record`: writes the example among the recorded checks of divisions anew."""

import os
import subprocess
import sys

from dev import odoo, paths
from dev.console import guarded
from dev.environment import python_variables


def main():
    folder = odoo.locate().python_path()
    variables = {
        **os.environ,
        **python_variables(),
        "PYTHONPATH": os.pathsep.join([str(folder), str(paths.ROOT)]),
    }
    command = [sys.executable, "-m", "tests.record"]
    return subprocess.call(command, cwd=paths.ROOT, env=variables)


if __name__ == "__main__":
    sys.exit(guarded(main))
