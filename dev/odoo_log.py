"""What Odoo's log says about a run."""

import re

from dev import paths

LINE = re.compile(r"^\S+ \S+ \d+ (?P<level>WARNING|ERROR|CRITICAL) .*$", re.MULTILINE)


def complaints(text):
    """Return the lines of a log that must not be there after the add-on's installation.

    :return: list of lines: every error, and every warning that names the add-on.
    """
    return [
        line.group()
        for line in LINE.finditer(text)
        if line["level"] != "WARNING" or paths.ADDON in line.group()
    ]
