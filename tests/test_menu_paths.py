"""Every way through the menus that a text names leads somewhere."""

import ast
import re

import pytest

from dev import paths
from dev.templates import TESTS, fresh_copy

ADDON = paths.ROOT / paths.ADDON
SIGN = "▸"
PAGES = sorted(
    [
        paths.ROOT / "README.md",
        paths.ROOT / "CONTRIBUTING.md",
        *ADDON.glob("README.rst"),
        *ADDON.glob("readme/*"),
        *ADDON.glob("static/description/*.html"),
        *(paths.ROOT / "docs").rglob("*.md"),
    ]
)
EMPHASIS = re.compile(r"\*+([^*]+)\*+|<(?:em|strong)>([^<]+)<")
# The names are those of the menus; the ways begin where the reader stands.
WAYS = """
WITH RECURSIVE way AS (
    SELECT id, name->>'en_US' AS path FROM ir_ui_menu WHERE parent_id IS NULL
    UNION SELECT menu.id, way.path || ' ▸ ' || (menu.name->>'en_US')
      FROM ir_ui_menu menu JOIN way ON menu.parent_id = way.id
) SELECT path FROM way
"""


@pytest.fixture(scope="module")
def ways(environment):
    with (
        fresh_copy(environment, TESTS) as database,
        environment.server.cursor(database) as cursor,
    ):
        cursor.execute(WAYS)
        return {path for (path,) in cursor.fetchall()}


def named_ways(text):
    """Return the ways that a text names; each stands in italics or bold."""
    found = [" ".join("".join(pair).split()) for pair in EMPHASIS.findall(text)]
    return [way for way in found if SIGN in way]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_way_of_a_page_exists(ways, page):
    text = page.read_text()
    named = named_ways(text)
    assert sum(way.count(SIGN) for way in named) == text.count(SIGN)
    assert [way for way in named if way not in ways] == []


def test_each_way_that_the_demo_prints_exists(ways):
    text = (paths.ROOT / "dev" / "demo.py").read_text()
    named = re.findall(r"^\s*\"\\n +(.+▸[^:]+):", text, re.MULTILINE)
    assert len(named) == len([line for line in text.splitlines() if SIGN in line])
    assert [way for way in named if way not in ways] == []


def test_no_code_and_no_view_has_a_way_of_its_own():
    """Sentences take it from the menu itself, see `sync/menus.py`."""
    found = []
    for path in sorted(ADDON.rglob("*.py")):
        if {"tests", "menus.py"}.isdisjoint({*path.parts, path.name}):
            strings = [
                node.value
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
            found += [(path.name, text) for text in strings if SIGN in text]
    found += [p.name for p in ADDON.rglob("views/*.xml") if SIGN in p.read_text()]
    assert found == []


def test_no_translation_has_a_way_of_its_own():
    files = [*ADDON.glob("i18n/*.po"), *ADDON.glob("i18n/*.pot")]
    assert files
    assert [path.name for path in files if SIGN in path.read_text()] == []


def test_menus_are_named_only_in_texts_that_are_filled():
    """`env._` itself does not know the menus, only `messages.say` does."""
    found = []
    for path in sorted(ADDON.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and "%(menu_" in ast.unparse(node):
                name = ast.unparse(node.func)
                if name.endswith("_") and not name.endswith("_lt"):
                    found.append((path.name, ast.unparse(node)))
    assert found == []
