"""`make dist`: builds our add-ons as packages of the OCA's kind, and as one zip."""

import argparse
import ast
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from dev import paths
from dev.console import guarded, say
from dev.process import run

ADDONS = (paths.ADDON, paths.QUEUE_ADDON)
FOLDER = paths.ROOT / "dist"
# Made by Python itself, or by tools.
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "build", "*.egg-info")
# Every archive of the same files is the same.
EPOCH = (1980, 1, 1, 0, 0, 0)


def build(folder):
    """Build all packages in a folder, which is made.

    :param Path folder:
    :return: list of Paths: a wheel of each add-on, then the zip.
    :raise Problem: pip failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        for name in ADDONS:
            shutil.copytree(paths.ROOT / name, work / name, ignore=LEFT_OUT)
        wheels = [_build_wheel(work / name, folder) for name in ADDONS]
        return [*wheels, _build_zip(work, folder)]


def _build_wheel(addon, folder):
    """Build the wheel of one add-on with whool."""
    python, pip = paths.VENV_PYTHON, ("-m", "pip", "--disable-pip-version-check")
    with tempfile.TemporaryDirectory() as made:
        run(
            f"Building the package of {addon.name}",
            # Odoo itself is no package that pip could find.
            [python, *pip, "wheel", "--no-deps", "--wheel-dir", made, addon],
            log=f"dist-{addon.name}.log",
        )
        (wheel,) = Path(made).iterdir()
        return Path(shutil.copy(wheel, folder))


def _build_zip(work, folder):
    path = folder / f"{paths.ADDON}-{_version()}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(work.rglob("*")):
            if file.is_file():
                name = str(file.relative_to(work))
                archive.writestr(
                    zipfile.ZipInfo(name, EPOCH), file.read_bytes(), compresslevel=9
                )
    return path


def _version():
    manifest = (paths.ROOT / paths.ADDON / "__manifest__.py").read_text()
    return ast.literal_eval(manifest)["version"]


def main():
    parser = argparse.ArgumentParser(prog="python -m dev.dist", description=__doc__)
    parser.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path in build(FOLDER):
        say(f"{path.relative_to(paths.ROOT)}, {path.stat().st_size / 1024:,.0f} kB")


if __name__ == "__main__":
    sys.exit(guarded(main))
