"""Which Odoo is used: the one `ODOO_HOME` names, else the one of `odoo_package`."""

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev import odoo_package, paths
from dev.console import Problem

SERIES = ("19", "0")


@dataclass(frozen=True)
class Odoo:
    """An Odoo on this machine.

    :param Path root: the folder that holds the Python package `odoo`.
    :param str identity: changes whenever its source changes; keys the templates.
    """

    root: Path
    identity: str

    def python_path(self):
        """Return a folder for PYTHONPATH in which `odoo` is the only package.

        An installed Odoo lies among hundreds of other packages, which must not hide
        those of the virtual environment; hence a folder with nothing but a link.
        """
        name = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        folder = paths.IMPORTS / name
        folder.mkdir(parents=True, exist_ok=True)
        link = folder / "odoo"
        if not link.is_symlink():
            link.symlink_to(self.root / "odoo", target_is_directory=True)
        return folder


def ensure():
    """Return the Odoo to use; fetch it first when it is not here.

    :raise Problem: `ODOO_HOME` names no Odoo 19, or Odoo cannot be fetched.
    """
    if not os.environ.get("ODOO_HOME"):
        odoo_package.ensure()
    return locate()


def locate():
    """Return the Odoo to use, without fetching anything.

    :raise Problem: there is none, or it is another version.
    """
    home = os.environ.get("ODOO_HOME")
    if home:
        root = _root_of(Path(home).expanduser().resolve())
    else:
        root = odoo_package.ROOT
        if not root.is_dir():
            raise Problem("Odoo is not here yet: run make setup.")
    _check_series(root)
    return Odoo(root=root, identity=_identity(root))


def _root_of(home):
    """Accept a checkout, the package `odoo` itself, or the folder that holds it."""
    for root in (home, home.parent, home / "usr" / "lib" / "python3" / "dist-packages"):
        if (root / "odoo" / "release.py").is_file():
            return root
    raise Problem(
        f"ODOO_HOME={home} is no Odoo: give the path of a checkout (the folder with "
        "odoo-bin) or of an installed Odoo (the folder with the Python package odoo)."
    )


def _check_series(root):
    text = (root / "odoo" / "release.py").read_text()
    version = re.search(r"^version_info = \((\w+), (\w+),", text, re.MULTILINE)
    if not version or version.groups() != SERIES:
        raise Problem(
            f"The add-on needs Odoo {'.'.join(SERIES)}, which {root} is not; name "
            "another one with ODOO_HOME."
        )


def _identity(root):
    """Return the commit of a checkout, else the time its files came onto this disk."""
    if (root / ".git").exists():
        command = ["git", "-C", str(root), "rev-parse", "HEAD"]
        head = subprocess.run(command, check=False, capture_output=True, text=True)
        if head.returncode == 0:
            return head.stdout.strip()
    return str((root / "odoo" / "release.py").stat().st_ctime_ns)
