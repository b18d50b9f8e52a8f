"""Add-ons of the OCA that an add-on of ours builds on, as their packages hold them."""

from dev import paths
from dev.venv import VirtualEnvironment


def ensure():
    """Fetch the add-ons, unless they are here.

    :raise Problem: pip failed.
    """
    VirtualEnvironment(
        paths.OCA,
        paths.ROOT / "dev" / "oca.txt",
        name="oca",
        title="Installing the add-ons of the OCA",
        # They ask for Odoo itself, which is here already.
        options=("--no-deps",),
    ).ensure()


def addons_paths():
    """Return the folders in which Odoo finds them."""
    found = paths.OCA.glob("lib/python*/site-packages/odoo/addons")
    return sorted(str(path) for path in found)
