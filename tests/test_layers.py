"""Proves the direction of imports by reading them: views, models, root modules."""

import ast
from pathlib import Path

import pytest

ADDON = Path(__file__).parent.parent / "comanage_exact"
SIMULATOR = Path(__file__).parent / "simulator"
ROOT_MODULES = {
    "const": set(),
    "exceptions": {"const"},
    "numbering": {"const", "exceptions"},
    "oauth": {"const", "exceptions"},
    "budget": {"const", "exceptions"},
    "client": {"budget", "const", "exceptions"},
    "conversion": set(),
    "payload": {"const", "exceptions"},
    "fingerprint": set(),
    "matching": set(),
    "comparison": {"payload"},
    "document": {"const", "payload"},
    "refusals": set(),
    "vat_words": {"const"},
    "vat_facts": {"const", "vat_words"},
    "vat_mapping": {"const", "vat_facts", "vat_words"},
}


def imported(path):
    """Return the modules that a file imports, with the dots of relative ones."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            if node.module:
                names.add(base)
            else:
                names.update(base + alias.name for alias in node.names)
    return names


def test_every_root_module_has_its_place():
    files = {path.stem for path in ADDON.glob("*.py")}
    assert files == {*ROOT_MODULES, "__init__", "__manifest__", "controllers"}


@pytest.mark.parametrize("name", ROOT_MODULES)
def test_root_modules_know_no_odoo_and_import_downwards_only(name):
    names = imported(ADDON / f"{name}.py")
    assert not [module for module in names if module.split(".")[0] == "odoo"]
    own = {module[1:] for module in names if module.startswith(".")}
    assert own <= ROOT_MODULES[name]


@pytest.mark.parametrize(
    "path", sorted((ADDON / "models").glob("*.py")), ids=lambda p: p.stem
)
def test_models_import_no_controllers(path):
    assert not [name for name in imported(path) if "controllers" in name]


def test_controllers_reach_exact_through_models_only():
    own = {name for name in imported(ADDON / "controllers.py") if name[0] == "."}
    assert own <= {".const", ".models"}


@pytest.mark.parametrize("path", sorted(SIMULATOR.rglob("*.py")), ids=lambda p: p.stem)
def test_simulator_knows_neither_the_addon_nor_odoo(path):
    roots = {name.lstrip(".").split(".")[0] for name in imported(path)}
    assert not roots & {"odoo", "comanage_exact", "dev"}
    # No way out of its folder by a relative import either.
    assert not [name for name in imported(path) if name.startswith("..")]


@pytest.mark.parametrize("path", sorted(ADDON.rglob("*.py")), ids=lambda p: p.stem)
def test_addon_knows_nothing_of_the_development_tools(path):
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"tests", "dev"}
