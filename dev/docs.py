"""`make docs`: builds the documentation, with a page of all messages from the code."""

import shutil
import subprocess
import sys

from dev import docs_messages, paths
from dev.console import guarded, say
from dev.venv import VirtualEnvironment

SOURCE = paths.ROOT / "docs"


def ensure():
    """Install the tools; return their environment's folder of programs.

    :raise Problem: pip failed.
    """
    environment = VirtualEnvironment(
        paths.DOCS_TOOLS,
        paths.ROOT / "dev" / "docs.txt",
        name="docs",
        title="Installing the tools of the documentation",
    )
    environment.ensure()
    return environment.python.parent


def build(work, site):
    """Build the documentation.

    :param Path work: where the pages are put together; emptied first.
    :param Path site: where the result goes.
    :return: exit status; a warning is an error.
    """
    programs = ensure()
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(SOURCE, work)
    (work / "messages.md").write_text(docs_messages.page())
    options = ("--fail-on-warning", "--keep-going", "--quiet")
    return subprocess.call([programs / "sphinx-build", *options, work, site])


def main():
    site = paths.ROOT / "dist" / "docs"
    status = build(paths.LOCAL / "docs", site)
    if not status:
        say(f"{site.relative_to(paths.ROOT)}/index.html")
    return status


if __name__ == "__main__":
    sys.exit(guarded(main))
