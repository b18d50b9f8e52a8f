"""Parser of OData's $filter and $skiptoken.

Grammar, `or` binding weakest:
    either     = both ("or" both)*
    both       = comparison ("and" comparison)*
    comparison = "(" either ")" | operand [("eq"|"ne"|"gt"|"ge"|"lt"|"le") operand]
    operand    = literal | name | name "(" operand ("," operand)* ")" | "(" operand ")"
A comparison without an operator must be a function with a truth value, or a flag.
"""

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from . import texts
from .errors import Refusal
from .values import GUID, read_moment

OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le")
FUNCTIONS = {"trim": 1, "tolower": 1, "substringof": 2, "startswith": 2}
TRUTH_FUNCTIONS = ("substringof", "startswith")
# Part of OData, but Exact answers "Not Implemented".
NOT_IMPLEMENTED = (
    "substring",
    "length",
    "indexof",
    "replace",
    "concat",
    "year",
    "month",
    "day",
    "round",
    "floor",
    "ceiling",
)
MAX_DEPTH = 50

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<guid>guid'[^']*')
    |(?P<datetime>datetime'[^']*')
    |(?P<string>'(?:[^']|'')*')
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?[LlMmDdFf]?(?![\w.]))
    |(?P<name>[A-Za-z_]\w*(?:/\w+)*)
    |(?P<mark>[(),])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Literal:
    """A constant.

    :param str kind: guid, datetime, string, number, flag or null.
    :param str edm: its type; empty for null.
    """

    kind: str
    value: object
    edm: str = ""


@dataclass(frozen=True)
class Name:
    path: str


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple


@dataclass(frozen=True)
class Comparison:
    """Two sides, and where in the text their operator stands."""

    operator: str
    left: object
    right: object
    position: int


@dataclass(frozen=True)
class Junction:
    """Several conditions joined by 'and' or by 'or'."""

    word: str
    parts: tuple


def parse_filter(text):
    """Return the tree of a $filter.

    :raise Refusal: 400 for a wrong syntax, 501 for a function that Exact lacks.
    """
    parser = _Parser(text)
    tree = parser.either()
    parser.expect_end()
    return tree


def parse_skiptoken(text):
    """Return the literals of a $skiptoken: the values of the last row of a page."""
    parser = _Parser(text)
    literals = [parser.literal()]
    while parser.take("mark", ","):
        literals.append(parser.literal())
    parser.expect_end()
    return literals


def function_option(context, name, kind):
    """Return what an address gives a function as `name=guid'…'` and the like.

    :return: None where it gives nothing, which a function answers with no rows.
    :raise Refusal: it gives something of another kind.
    """
    if name not in context.options:
        return None
    literal, *others = parse_skiptoken(context.options[name])
    if others or literal.kind != kind:
        raise _syntax_error()
    return literal.value


def names(tree):
    """Return the paths of all properties in a tree, in order."""
    if isinstance(tree, Name):
        return [tree.path]
    parts = {
        Call: lambda: tree.arguments,
        Comparison: lambda: (tree.left, tree.right),
        Junction: lambda: tree.parts,
    }.get(type(tree), tuple)()
    return [path for part in parts for path in names(part)]


def _syntax_error():
    return Refusal(400, texts.SYNTAX)


def _tokens(text):
    """Return [(kind, text or literal, position)]."""
    text = text.rstrip()
    found = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise _syntax_error()
        kind = match.lastgroup
        start = match.start(kind)
        found.append((*_token(kind, match[kind], start), start))
        position = match.end()
    return found


def _token(kind, text, position):
    if kind == "guid":
        value = text[5:-1]
        if not GUID.fullmatch(value):
            raise Refusal(400, texts.BAD_GUID.format(value, position))
        return "literal", Literal("guid", value.lower(), "Guid")
    if kind == "datetime":
        moment = read_moment(text[9:-1])
        if not isinstance(moment, datetime):
            raise _syntax_error()
        return "literal", Literal("datetime", moment, "DateTime")
    if kind == "string":
        return "literal", Literal("string", text[1:-1].replace("''", "'"), "String")
    if kind == "number":
        return "literal", _number(text)
    if kind == "name" and text in ("true", "false"):
        return "literal", Literal("flag", text == "true", "Boolean")
    if kind == "name" and text == "null":
        return "literal", Literal("null", None)
    return kind, text


def _number(text):
    digits = text.rstrip("LlMmDdFf")
    is_fraction = "." in digits
    suffixes = {"L": "Int64", "M": "Decimal", "D": "Double", "F": "Single"}
    edm = suffixes.get(text[-1].upper(), "Double" if is_fraction else "Int32")
    if edm == "Int64" and is_fraction:
        raise _syntax_error()
    return Literal("number", Decimal(digits), edm)


class _Parser:
    """Recursive descent over the tokens of a text."""

    def __init__(self, text):
        self._tokens = _tokens(text)
        self._index = 0
        self._depth = 0

    def _peek(self):
        """Return the kind, the text and the position of the next token."""
        if self._index == len(self._tokens):
            return ("end", "", 0)
        return self._tokens[self._index]

    def take(self, kind, *values):
        """Consume the next token if it is this one, and return its text."""
        found_kind, value, _position = self._peek()
        if found_kind != kind or (values and value not in values):
            return None
        self._index += 1
        return value

    @contextmanager
    def _deeper(self):
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _syntax_error()
        yield
        self._depth -= 1

    def expect(self, kind, *values):
        value = self.take(kind, *values)
        if value is None:
            raise _syntax_error()
        return value

    def expect_end(self):
        if self._peek()[0] != "end":
            raise _syntax_error()

    def either(self):
        with self._deeper():
            return self._joined("or", self._both)

    def _both(self):
        return self._joined("and", self._comparison)

    def _joined(self, word, part):
        parts = [part()]
        while self.take("name", word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))

    def _comparison(self):
        if self.take("mark", "("):
            tree = self.either()
            self.expect("mark", ")")
        else:
            tree = self._operand()
        return self._maybe_compared(tree)

    def _maybe_compared(self, left):
        position = self._peek()[2]
        operator = self.take("name", *OPERATORS)
        if operator is None:
            return left
        return Comparison(operator, left, self._operand(), position)

    def _operand(self):
        if self._peek()[0] == "literal":
            return self.literal()
        if self.take("mark", "("):
            with self._deeper():
                tree = self._operand()
            self.expect("mark", ")")
            return tree
        name = self.expect("name")
        if name in ("and", "or", *OPERATORS):
            raise _syntax_error()
        if self.take("mark", "("):
            return self._call(name)
        return Name(name)

    def _call(self, function):
        if function in NOT_IMPLEMENTED:
            raise Refusal(501, "Not Implemented")
        with self._deeper():
            arguments = [self._operand()]
            while self.take("mark", ","):
                arguments.append(self._operand())
        self.expect("mark", ")")
        if len(arguments) != FUNCTIONS.get(function):
            raise _syntax_error()
        return Call(function, tuple(arguments))

    def literal(self):
        return self.expect("literal")
