"""The benchmark runs in its smallest form; how fast it is says only `make bench`."""

import json
import subprocess
import sys

import pytest

from dev import paths


@pytest.fixture(scope="module")
def figures(environment):
    command = [sys.executable, "-m", "tests.benchmark", "--smallest"]
    output = subprocess.check_output(command, cwd=paths.ROOT, text=True)
    rows = [json.loads(line) for line in output.splitlines() if line[:1] == "{"]
    return {row["figure"]: row for row in rows}


def test_every_figure_is_printed(figures):
    beginnings = (
        *("Button", "Calls, known", "Calls, new", "SQL queries", "CPU beyond HTTP"),
        *("Minute's budget", "Added to posting", "Added to sending", "Memory growth"),
        *("Calls, exactonline", "CPU, exactonline"),
        *("First fetch", "Second fetch", "Calls of a fetch"),
        *("First reading", "Calls of a first reading", "Calls of a further reading"),
        *("Proof of", "Calls of a comparison"),
    )
    for beginning in beginnings:
        assert [name for name in figures if name.startswith(beginning)], beginning


def test_figures_that_no_slow_machine_changes_are_reached(figures):
    for beginning in (
        "Calls, known",
        "Calls, new",
        "Minute's budget used, when",
        "Calls of a fetch",
        "Calls of a first",
        "Calls of a further",
        "Calls of a comparison",
    ):
        (row,) = [row for name, row in figures.items() if name.startswith(beginning)]
        assert row["reached"], row
