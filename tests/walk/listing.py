"""Calls as lines of text: the file where it changes, the function by its depth."""

from dataclasses import dataclass, field
from itertools import groupby

from .trace import Call


@dataclass
class _Node:
    """A call with those that it leads to."""

    call: Call
    children: list = field(default_factory=list)


def lines(calls):
    """Yield a line for each call; the same one several times in a row is one line."""
    width = max((len(call.file) for call in calls), default=0) + 2
    here = None
    for call, times in _folded(_tree(calls)):
        file = "" if call.file == here else call.file
        here = call.file
        again = f"  × {times}" if times > 1 else ""
        yield f"{file:{width}}{'  ' * call.depth}{call.name}{again}"


def _tree(calls):
    """Return the nodes of the calls that no other call of the list leads to."""
    root = _Node(Call(-1, "", ""))
    stack = [root]
    for call in calls:
        while stack[-1].call.depth >= call.depth:
            stack.pop()
        node = _Node(call)
        stack[-1].children.append(node)
        stack.append(node)
    return root.children


def _folded(nodes):
    """Yield (call, times), where neighbours are one if all below them is the same."""
    for node, same in groupby(nodes):
        yield node.call, len(list(same))
        yield from _folded(node.children)
