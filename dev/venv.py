"""The virtual environments: one with everything that Odoo and the tools import."""

import hashlib
import shutil
import subprocess
import sys

from dev import paths, system
from dev.console import Problem
from dev.lock import exclusive
from dev.process import run

MIN_PYTHON = (3, 11)


def ensure():
    """Make or update the environment of Odoo and the tools.

    :raise Problem: Python is too old, or pip failed.
    """
    VirtualEnvironment(
        paths.VENV,
        paths.REQUIREMENTS,
        name="venv",
        title="Installing the Python packages (about half a minute)",
    ).ensure()


class VirtualEnvironment:
    """A folder with the packages of a requirements file, and none of another's."""

    def __init__(self, folder, requirements, *, name, title, options=()):
        """Touches nothing.

        :param str name: of the lock and, with `pip-` before it, of the log.
        :param str title: what is being done; shown.
        :param options: more of `pip install`.
        """
        self.folder, self.requirements = folder, requirements
        self.python = folder / "bin" / "python"
        self._name, self._title, self._options = name, title, options
        # Written last, so that an interrupted installation is never taken for a whole
        # one. Holds the key of what was installed.
        self._complete = folder / ".complete"

    def ensure(self):
        """Make or update it, unless it already is as the requirements say.

        :raise Problem: Python is too old, or pip failed.
        """
        if sys.version_info < MIN_PYTHON:
            raise Problem(
                f"The packages need Python 3.11 or newer, {sys.executable} is "
                f"{sys.version.split()[0]}; name another one with PYTHON=..."
            )
        if self._is_current():
            return
        with exclusive(self._name):
            if not self._is_current():
                self._install()

    def _is_current(self):
        return self._installed_key() == self._key()

    def _install(self):
        if not self._is_usable():
            system.ensure_ensurepip()
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run([sys.executable, "-m", "venv", self.folder], check=True)
        self._complete.unlink(missing_ok=True)
        run(
            self._title,
            [
                self.python,
                *("-m", "pip", "install", "--disable-pip-version-check"),
                *self._options,
                *("--requirement", self.requirements),
            ],
            log=f"pip-{self._name}.log",
        )
        self._complete.write_text(self._key())

    def _is_usable(self):
        """Tell whether pip may change it in place: whole, and of this Python.

        In place is kinder than a new one to a server that another command runs from it.
        """
        return self._installed_key().split()[:1] == [_python_version()]

    def _installed_key(self):
        """Return the key of what is installed, or nothing unless it is whole."""
        if not self.python.exists() or not self._complete.exists():
            return ""
        return self._complete.read_text()

    def _key(self):
        digest = hashlib.sha256(self.requirements.read_bytes()).hexdigest()
        return f"{_python_version()} {digest}\n"


def _python_version():
    return f"{sys.version_info.major}.{sys.version_info.minor}"
