"""Fetches Odoo 19 as the Debian package of the unstable suite: unpacked, not installed.

The machine's own Debian mirror is asked, through a private apt configuration, so that
neither the machine's sources nor its installed packages change.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from dev import paths, system
from dev.console import Problem, say
from dev.lock import exclusive
from dev.process import run

ROOT = paths.ODOO_TREE / "usr" / "lib" / "python3" / "dist-packages"
"""The folder with the Python package `odoo` in the unpacked tree."""

PACKAGES = (
    "odoo-19",
    # Odoo's package links to files of these.
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
)

ICONS = "fonts-font-awesome"
"""Odoo links to version 4 of these icons, which unstable no longer has; the suite that
the machine itself runs may."""

EMPTY_SCRIPT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
"""Left out of the package though its asset bundles name it: without it every page logs
an error in the browser's console, which fails any browser test."""

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

SPARE_BYTES = 2 * 1024**3
"""What must stay free on the disk for the virtual environment and the databases."""

ALTERNATIVE = (
    "Without the package, set ODOO_HOME to a checkout of Odoo 19.0 (the folder with "
    "odoo-bin) or to an installed Odoo."
)


def ensure():
    """Fetch and unpack Odoo unless that was done before.

    :raise Problem: no Debian mirror, no such package, or too little disk.
    """
    if ROOT.is_dir():
        return
    with exclusive("odoo"):
        if not ROOT.is_dir():
            _fetch()


def _fetch():
    for leftover in paths.LOCAL.glob("odoo-fetch-*"):
        shutil.rmtree(leftover)
    with tempfile.TemporaryDirectory(prefix="odoo-fetch-", dir=paths.LOCAL) as folder:
        work = Path(folder)
        # apt's own user for downloads, which root's apt switches to, must get in.
        work.chmod(0o755)
        apt = _PrivateApt(work)
        apt.update()
        _check_disk(apt)
        debs = apt.download(PACKAGES) + _download_icons(work)
        say("Unpacking Odoo 19")
        tree = work / "tree"
        for deb in debs:
            subprocess.run(["dpkg-deb", "--extract", deb, tree], check=True)
        script = tree / ROOT.relative_to(paths.ODOO_TREE) / EMPTY_SCRIPT
        script.parent.mkdir(parents=True, exist_ok=True)
        script.touch()
        tree.rename(paths.ODOO_TREE)


class _PrivateApt:
    """apt with a sources file, lists and cache of its own, all in one folder."""

    def __init__(self, work):
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise Problem(f"This machine has no apt to fetch Odoo with. {ALTERNATIVE}")
        self.work = work
        sources = work / "sources" / "unstable.sources"
        for folder in ("sources", "lists/partial", "archives/partial"):
            (work / folder).mkdir(parents=True)
        signed_by = f"Signed-By: {KEYRING}\n" if KEYRING.exists() else ""
        sources.write_text(
            f"Types: deb\nURIs: {_debian_mirror()}\nSuites: unstable\n"
            f"Components: main\n{signed_by}"
        )
        self.options = [
            "-oDir::Etc::sourcelist=/dev/null",
            f"-oDir::Etc::sourceparts={sources.parent}",
            f"-oDir::State::lists={work / 'lists'}",
            f"-oDir::Cache={work}",
            # Files below a home folder are out of reach for apt's sandbox user.
            "-oAPT::Sandbox::User=root",
        ]

    def update(self):
        run(
            "Asking the Debian mirror for its package lists",
            ["apt-get", *self.options, "update"],
            log="odoo-lists.log",
        )

    def sizes(self, packages):
        """Return the bytes to download and the bytes they unpack to.

        :raise Problem: one of the packages is not offered.
        """
        show = ["apt-cache", *self.options, "show", "--no-all-versions", *packages]
        text = _output(show)
        download = [int(size) for size in re.findall(r"(?m)^Size: (\d+)", text)]
        unpacked = [int(kib) for kib in re.findall(r"(?m)^Installed-Size: (\d+)", text)]
        if len(download) < len(packages):
            raise Problem(
                "The Debian mirror of this machine does not offer all of: "
                f"{', '.join(packages)}. {ALTERNATIVE}"
            )
        return sum(download), sum(unpacked) * 1024

    def download(self, packages):
        """Return the paths of the packages' files."""
        return _download(
            "Downloading Odoo 19",
            [*self.options, "download", *packages],
            self.work / "odoo-debs",
        )


def _debian_mirror():
    """Return the address of the Debian archive that this machine is set up with."""
    if not system.has_apt_lists() and os.geteuid() == 0:
        # The origin of a source is known only once its lists were fetched.
        system.update_apt_lists()
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    command += ["Created-By: Packages", "Origin: Debian", "Label: Debian"]
    found = _output(command).split()
    if not found:
        raise Problem(f"apt on this machine knows no Debian mirror. {ALTERNATIVE}")
    return found[0]


def _check_disk(apt):
    download, unpacked = apt.sizes(PACKAGES)
    needed = download + unpacked + SPARE_BYTES
    free = shutil.disk_usage(paths.LOCAL).free
    size = f"{download / 1e6:.0f} MB to download, {unpacked / 1e9:.1f} GB unpacked"
    say(f"Odoo 19: {size}")
    if free < needed:
        raise Problem(
            f"{paths.LOCAL} has {free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB are "
            "needed: free some, or set COMANAGE_LOCAL to a folder on another disk."
        )


def _download_icons(work):
    """Return the icons' package as a list; empty when the machine's suite has none."""
    try:
        return _download("Downloading icons", ["download", ICONS], work / "icons")
    except Problem:
        say(f"No {ICONS} on the mirror: Odoo works, but shows no icons")
        return []


def _download(title, arguments, folder):
    folder.mkdir()
    run(title, ["apt-get", *arguments], log=f"{folder.name}.log", cwd=folder)
    return sorted(folder.glob("*.deb"))


def _output(command):
    """Return what a program prints; nothing when it fails, which the caller notices."""
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout
