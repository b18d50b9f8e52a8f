"""The virtual environment with everything that Odoo and the tools import."""

import hashlib
import shutil
import subprocess
import sys

from dev import paths, system
from dev.console import Problem
from dev.lock import exclusive
from dev.process import run

MIN_PYTHON = (3, 11)

COMPLETE = paths.VENV / ".complete"
"""Written last, so that an interrupted installation is never taken for a whole one.
Holds the key of what was installed."""


def ensure():
    """Make or update the environment, unless it already is as the requirements say.

    :raise Problem: Python is too old, or pip failed.
    """
    if sys.version_info < MIN_PYTHON:
        raise Problem(
            f"The packages need Python 3.11 or newer, {sys.executable} is "
            f"{sys.version.split()[0]}; name another one with PYTHON=..."
        )
    if _is_current():
        return
    with exclusive("venv"):
        if not _is_current():
            _install()


def _is_current():
    return (
        paths.VENV_PYTHON.exists()
        and COMPLETE.exists()
        and COMPLETE.read_text() == _key()
    )


def _install():
    if not _is_usable():
        system.ensure_ensurepip()
        shutil.rmtree(paths.VENV, ignore_errors=True)
        paths.VENV.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", paths.VENV], check=True)
    COMPLETE.unlink(missing_ok=True)
    run(
        "Installing the Python packages (about half a minute)",
        [
            paths.VENV_PYTHON,
            *("-m", "pip", "install", "--disable-pip-version-check"),
            *("--requirement", paths.REQUIREMENTS),
        ],
        log="pip.log",
    )
    COMPLETE.write_text(_key())


def _is_usable():
    """Tell whether pip may change the environment in place: whole, and of this Python.

    In place is kinder than a new one to a server that another command runs from it.
    """
    return (
        paths.VENV_PYTHON.exists()
        and COMPLETE.exists()
        and COMPLETE.read_text().split()[0] == _python_version()
    )


def _key():
    digest = hashlib.sha256(paths.REQUIREMENTS.read_bytes()).hexdigest()
    return f"{_python_version()} {digest}\n"


def _python_version():
    return f"{sys.version_info.major}.{sys.version_info.minor}"
