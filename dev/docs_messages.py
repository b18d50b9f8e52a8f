"""The page with every message about a booking: cause and fix, as the code says them."""

import ast
import re

from dev import paths

FOLDER = paths.ROOT / paths.ADDON / "sync"
# File, table, heading, what stands below it.
TABLES = (
    (
        "messages",
        "PROBLEMS",
        "Before an invoice is sent",
        "Odoo checks these first: nothing has left, and no call was made.",
    ),
    (
        "refusal_messages",
        "FIX_BY_REFUSAL",
        "What Exact Online refused",
        "Odoo quotes what Exact Online says, then how to fix it:",
    ),
    (
        "messages",
        "CONNECTION_ERRORS",
        "The connection",
        "Invoices wait meanwhile; none is lost.",
    ),
    (
        "comparison_messages",
        "COMPARISON_RESULTS",
        "What the comparison finds",
        "Each difference between Odoo and Exact Online has its own line.",
    ),
    (
        "number_messages",
        "FINDINGS",
        "Entry numbers",
        "Shown on the company and on the journal before anything is sent.",
    ),
    ("gl_messages", "REASONS", "Why a G/L account is proposed", ""),
    ("vat_messages", "PROPOSAL_REASONS", "Why a VAT code is proposed", ""),
    ("cost_messages", "COST_REASONS", "Why a cost centre is proposed", ""),
    (
        "note_messages",
        "NOTES",
        "Notes of the preview",
        "Not wrong, but otherwise than in Odoo:",
    ),
)
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# The end of the sentence that says what is wrong.
END = re.compile(r"(?<=[.?!]) (?=[A-Z“*])")
HEAD = """# Every message

What Odoo says about a booking, and what to do. *Words in italics* stand for the record
in question. This page is made from the program itself, so that no message is missing.
"""


def page():
    """Return the page, as Markdown."""
    parts = [HEAD]
    for name, table, heading, text in TABLES:
        parts.append(f"## {heading}\n")
        if text:
            parts.append(f"{text}\n")
        parts.append("| Message | What to do |\n|---|---|")
        parts += [_row(message) for message in find(name, table)]
        parts.append("")
    return "\n".join(parts)


def find(name, table):
    """Return the texts of a table in a module of messages, in their order.

    :param str name: of the module.
    """
    tree = ast.parse((FOLDER / f"{name}.py").read_text())
    for node in tree.body:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        if any(getattr(target, "id", None) == table for target in targets):
            return [
                call.args[0].value
                for call in ast.walk(node)
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_lt"
            ]
    raise LookupError(f"{name}.py has no table {table}")


def _row(message):
    text = PLACEHOLDER.sub(r"*\1*", message).replace("%%", "%").replace("|", "\\|")
    cause, *fix = END.split(" ".join(text.split()), maxsplit=1)
    return f"| {cause} | {fix[0] if fix else ''} |"
