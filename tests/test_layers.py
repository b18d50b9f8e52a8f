"""Proves the rule of each room of the add-on by reading its code."""

import ast
import functools
from collections import Counter
from pathlib import Path

import pytest

ADDON = Path(__file__).parent.parent / "comanage_exact"
SIMULATOR = Path(__file__).parent / "simulator"

ROOMS = ("exact_api", "booking", "mappers", "sync", "models", "wizard", "controllers")
"""From the lowest to the highest: each imports from itself and from those below."""

ROOT = {"const"}
"""Root modules that every room may import; they know nobody."""

BROAD = {"Exception", "BaseException"}

LONGEST_FUNCTION = 40
LONGEST_FILE = 800

TRANSACTION_NAMES = {"_commit_progress", "rollback", "commit", "SerializationFailure"}
OWN_CURSOR = ADDON / "models" / "exact_own_cursor.py"
"""Tokens and counts of calls are written through a cursor of their own."""


def files(*rooms):
    return sorted(path for room in rooms for path in (ADDON / room).rglob("*.py"))


def shipped():
    return [path for path in sorted(ADDON.rglob("*.py")) if "tests" not in path.parts]


def each(*paths):
    """Run a test once for each file, named by its place in the add-on."""
    return pytest.mark.parametrize(
        "path", paths, ids=lambda path: str(path.relative_to(ADDON.parent))
    )


@functools.cache
def tree(path):
    return ast.parse(path.read_text())


def walk(path):
    """Yield the nodes of a file, but for what only a type checker reads."""
    todo = [tree(path)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        todo += ast.iter_child_nodes(node)


def imported(path):
    """Return the modules that a file imports, relative ones with their dots."""
    names = set()
    for node in walk(path):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            names.add(base) if node.module else names.update(
                base + alias.name for alias in node.names
            )
    return names


def imported_rooms(path):
    """Return the rooms and root modules that a file imports from."""
    return {name[2:].split(".")[0] for name in imported(path) if name[:2] == ".."}


def named(path):
    """Return every name and attribute that a file uses."""
    nodes = list(walk(path))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom | ast.Import)
        for alias in node.names
    }


def functions(path):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in walk(path) if isinstance(node, kinds)]


def model_of(cls):
    """Return (model, _inherit as written) of a class; (None, None) of no model."""
    found = {}
    for node in cls.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in ("_name", "_inherit"):
                found[node.targets[0].id] = ast.literal_eval(node.value)
    inherit = found.get("_inherit")
    first = inherit[0] if isinstance(inherit, list) else inherit
    return found.get("_name") or first, inherit


def models():
    """Return [(model, _inherit, path)] of every class of a model in the add-on."""
    found = []
    for path in shipped():
        for node in walk(path):
            if isinstance(node, ast.ClassDef):
                model, inherit = model_of(node)
                if model:
                    found.append((model, inherit, path))
    return found


# === ROOMS === #


def test_every_file_stands_in_a_room():
    folders = {path.name for path in ADDON.iterdir() if list(path.glob("*.py"))}
    assert folders - {"tests"} == set(ROOMS)
    root = {path.stem for path in ADDON.glob("*.py")}
    assert root - {"__init__", "__manifest__"} <= ROOT


@each(*files(*ROOMS))
def test_rooms_import_downwards_only(path):
    room = path.relative_to(ADDON).parts[0]
    below = set(ROOMS[: ROOMS.index(room) + 1])
    assert imported_rooms(path) <= below | ROOT


def test_root_modules_know_nobody():
    for name in ROOT:
        path = ADDON / f"{name}.py"
        assert not path.exists() or not imported(path)


@each(*files("exact_api", "booking"))
def test_exact_api_and_booking_know_no_odoo(path):
    assert not [name for name in imported(path) if name.split(".")[0] == "odoo"]


@each(*files("exact_api", "booking"))
def test_exact_api_and_booking_carry_type_hints(path):
    bare = []
    for function in functions(path):
        arguments = function.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        wanted = [arg for arg in named if arg.arg not in ("self", "cls")]
        wanted += filter(None, (arguments.vararg, arguments.kwarg))
        has_all = all(arg.annotation for arg in wanted)
        if not has_all or not (function.returns or function.name == "__init__"):
            bare.append(function.name)
    assert not bare


@each(*files("mappers"))
def test_mappers_read_and_write_nothing(path):
    written = {"write", "create", "unlink", "copy", "toggle_active", "execute"}
    assert not named(path) & (written | TRANSACTION_NAMES)
    assert not {name for name in imported(path) if "client" in name}


@each(*[path for path in shipped() if path.parent.name != "sync"])
def test_sync_alone_ends_transactions(path):
    allowed = {"SerializationFailure"} if path == OWN_CURSOR else set()
    assert not named(path) & TRANSACTION_NAMES - allowed


@each(*files("models", "wizard", "controllers"))
def test_models_and_wizards_speak_no_http(path):
    modules = {name.rpartition(".")[2] for name in imported(path)}
    # `oauth` is also what the controller itself is called.
    assert not modules & {"requests", "client", "urllib3"}
    assert not {name for name in imported(path) if name == "..exact_api.oauth"}
    assert not named(path) & {"ExactClient", "open_client"}


@each(*files("sync"))
def test_nothing_is_deleted_in_exact_but_a_test_entry_and_what_is_withdrawn(path):
    deleting = {
        ast.unparse(node.func)
        for node in walk(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".delete")
    }
    allowed = path.name in ("division_probe.py", "withdrawal.py")
    assert any("client.delete" in name for name in deleting) == allowed
    assert allowed or not deleting


@each(*files("models", "wizard"))
def test_crons_are_one_line_into_sync(path):
    for function in functions(path):
        if function.name.startswith("_cron_"):
            lines = [
                node
                for node in function.body
                if not (
                    isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
                )
            ]
            assert len(lines) == 1, function.name


@each(*shipped())
def test_bugs_are_caught_in_one_place(path):
    broad = [
        node.lineno
        for node in walk(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in BROAD)
    ]
    assert not broad or path == ADDON / "sync" / "isolation.py"


# === MODELS === #


def test_no_two_classes_write_one_model():
    counts = Counter(model for model, _inherit, _path in models())
    assert [model for model, count in counts.items() if count > 1] == []


def test_models_stand_in_a_file_of_their_name():
    for model, _inherit, path in models():
        stem = model.replace(".", "_")
        # Its lines, totals and candidates stand beside a model.
        assert stem.startswith(path.stem) or path.stem == "exact_code_list", model


def test_extensions_name_their_model_as_a_string():
    for model, inherit, path in models():
        if isinstance(inherit, list):
            # A list is needed where a mixin is added, and there alone.
            assert len(inherit) > 1, f"{model} in {path.name}"


def test_wizards_stand_in_their_folder():
    for path in files("models"):
        bases = [
            ast.unparse(base)
            for node in walk(path)
            if isinstance(node, ast.ClassDef)
            for base in node.bases
        ]
        assert "models.TransientModel" not in bases or path.stem.startswith(
            "res_config"
        )


@each(*shipped())
def test_files_and_functions_are_short(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    long = [
        function.name
        for function in functions(path)
        if function.end_lineno - function.lineno >= LONGEST_FUNCTION
    ]
    assert not long


# === THE OTHERS === #


@each(*sorted(SIMULATOR.rglob("*.py")))
def test_simulator_knows_neither_the_addon_nor_odoo(path):
    roots = {name.lstrip(".").split(".")[0] for name in imported(path)}
    assert not roots & {"odoo", "comanage_exact", "dev"}
    # No way out of its folder by a relative import either.
    assert not [name for name in imported(path) if name.startswith("..")]


@each(*sorted(ADDON.rglob("*.py")))
def test_addon_knows_nothing_of_the_development_tools(path):
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"tests", "dev"}
