"""Programs that come from the machine's own package manager."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dev.console import Problem, say
from dev.process import run

APT_LISTS = Path("/var/lib/apt/lists")

CHROMIUM_NAMES = ("google-chrome", "chromium", "chromium-browser")


def ensure_ensurepip():
    """Debian keeps `ensurepip`, which `venv` needs, in a package of its own.

    :raise Problem: it is missing and cannot be installed.
    """
    if _has_ensurepip():
        return
    install("python3-venv")
    if not _has_ensurepip():
        raise Problem(
            f"{sys.executable} cannot make virtual environments; install the package "
            "python3-venv, or name another Python 3.11 or newer with PYTHON=..."
        )


def offer_wkhtmltopdf():
    """Install wkhtmltopdf when it is missing; without it Odoo prints no PDF."""
    if not shutil.which("wkhtmltopdf"):
        _offer("wkhtmltopdf", "invoices get no PDF")


def ensure_chromium():
    """Install a browser when there is none; without it Odoo skips its browser tests.

    :raise Problem: it cannot be installed.
    """
    if not any(map(shutil.which, CHROMIUM_NAMES)):
        install("chromium")


def install(package):
    """Install a Debian package.

    :raise Problem: no apt, no rights, or apt failed.
    """
    if not shutil.which("apt-get"):
        raise Problem(f"Please install {package}: this machine has no apt-get.")
    if os.geteuid() != 0:
        raise Problem(f"Please install {package}: sudo apt-get install {package}")
    if not has_apt_lists():
        update_apt_lists()
    try:
        _apt_install(package)
    except Problem:
        # The lists may be older than what the mirror still has.
        update_apt_lists()
        _apt_install(package)


def has_apt_lists():
    """Tell whether apt knows any package (a fresh container knows none)."""
    return any(APT_LISTS.glob("*_Packages*"))


def update_apt_lists():
    """Fetch the machine's package lists; a failing extra source is not our business."""
    say("Fetching the package lists (apt-get update)")
    subprocess.run(["apt-get", "-qq", "update"], stdin=subprocess.DEVNULL, check=False)


def _offer(package, consequence):
    try:
        install(package)
    except Problem as problem:
        say(f"Going on without {package} ({consequence}). {problem}")


def _apt_install(package):
    run(
        f"Installing {package}",
        [
            "apt-get",
            "install",
            "--yes",
            "--no-install-recommends",
            "-oDPkg::Lock::Timeout=300",
            package,
        ],
        log=f"apt-{package}.log",
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def _has_ensurepip():
    command = [sys.executable, "-c", "import ensurepip"]
    return subprocess.call(command, stderr=subprocess.DEVNULL) == 0
