"""`make readme`: puts the README of each add-on together from its fragments.

Fragments, their order and their headings are those of the OCA.
"""

import ast
import sys

from dev import paths
from dev.console import guarded

ADDONS = (paths.ADDON, paths.QUEUE_ADDON)
SECTIONS = {
    "DESCRIPTION": "",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues / Roadmap",
}
NOTICE = ".. Made by `make readme` from the folder readme; change it there."


def compose(addon):
    """Return the README of an add-on.

    :param str addon: name of its folder.
    """
    folder = paths.ROOT / addon
    manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
    title = manifest["name"]
    line = "=" * len(title)
    parts = [NOTICE, f"{line}\n{title}\n{line}"]
    for name, heading in SECTIONS.items():
        fragment = folder / "readme" / f"{name}.rst"
        if fragment.exists():
            text = fragment.read_text().strip()
            parts.append(f"{heading}\n{'=' * len(heading)}\n\n{text}".strip())
    return "\n\n".join(parts) + "\n"


def main():
    for addon in ADDONS:
        (paths.ROOT / addon / "README.rst").write_text(compose(addon))
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
