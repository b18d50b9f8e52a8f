"""Query options of a GET: checked against the table, then applied to rows."""

import operator
import re
from decimal import Decimal

from . import odata, texts
from .errors import Refusal
from .resources import RESOURCES
from .values import padded

_COMPARE = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_KNOWN = (
    "$select",
    "$filter",
    "$orderby",
    "$top",
    "$skip",
    "$skiptoken",
    "$inlinecount",
    "$expand",
)
_NUMERIC = ("Byte", "Int16", "Int32", "Int64", "Double", "Single", "Decimal")
# What no row can be ordered by or compared with.
_NOT_COMPARED = ("Collection", "Complex", "Binary")
_KINDS = {"Guid": "guid", "DateTime": "datetime", "String": "string", "Boolean": "flag"}


class Query:
    """The options of one GET on a resource.

    :raise Refusal: an option is wrong or a mandatory one is missing.
    """

    def __init__(self, resource, options, settings, *, single=False):
        self.resource = resource
        self._settings = settings
        self._options = options
        for name in options:
            if name.startswith("$") and name not in _KNOWN:
                raise Refusal(400, texts.SYNTAX)
        self.select = self._read_select()
        self.expand = self._read_expand()
        self.top = self._read_number("$top")
        self.skip = self._read_skip()
        self.count = self._read_count()
        self.order = self._read_order()
        self._tree = self._read_filter()
        self._token = self._read_token()
        if not single:
            self._check_mandatory()

    # === READING === #

    def _read_select(self):
        """Return the selected paths, or None for everything."""
        text = self._options.get("$select", "").strip()
        if not text:
            return None
        paths = [path.strip() for path in text.split(",")]
        expanded = self._names_in("$expand")
        for path in paths:
            head, slash, tail = path.partition("/")
            if path == "*":
                if self.resource.is_sync:
                    raise Refusal(400, texts.SYNTAX)
                continue
            is_collection = self._property(head).edm == "Collection"
            if slash and (not is_collection or head not in expanded):
                raise Refusal(400, texts.SYNTAX)
            child = self._child(head)
            if slash and tail != "*" and child:
                _property(child, tail)
        return None if "*" in paths else paths

    def _names_in(self, option):
        text = self._options.get(option, "").strip()
        return [name.strip() for name in text.split(",")] if text else []

    def _child(self, name):
        """Return the resource of a collection's rows; None where it is none here."""
        found = self.resource.children.get(name)
        return RESOURCES.get(found[0]) if found else None

    def _read_expand(self):
        names = self._names_in("$expand")
        for name in names:
            if self._property(name).edm != "Collection":
                raise Refusal(400, texts.SYNTAX)
        return names

    def _read_number(self, name):
        text = self._options.get(name)
        if text is None:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
            raise Refusal(400, texts.SYNTAX)
        return int(text)

    def _read_skip(self):
        number = self._read_number("$skip")
        if number is not None and not self.resource.takes_skip:
            raise Refusal(400, texts.NO_SKIP)
        return number or 0

    def _read_count(self):
        value = self._options.get("$inlinecount", "none")
        if value not in ("none", "allpages"):
            raise Refusal(400, texts.SYNTAX)
        return value == "allpages"

    def _read_order(self):
        """Return [(property, descending)], the key always last."""
        found = []
        for part in self._options.get("$orderby", "").split(","):
            words = part.split()
            if not words:
                continue
            if len(words) > 2 or words[1:] not in ([], ["asc"], ["desc"]):
                raise Refusal(400, texts.SYNTAX)
            if self._property(words[0]).edm in _NOT_COMPARED:
                raise Refusal(400, texts.SYNTAX)
            found.append((words[0], words[1:] == ["desc"]))
        if self.resource.is_sync:
            found = [("Timestamp", False)]
        if self.resource.key not in [name for name, _descending in found]:
            found.append((self.resource.key, False))
        return found

    def _read_filter(self):
        text = self._options.get("$filter")
        if text is None:
            return None
        tree = odata.parse_filter(text)
        wrong = []
        for path in odata.names(tree):
            head, _slash, tail = path.partition("/")
            if tail or self._property(head).edm in _NOT_COMPARED:
                raise Refusal(400, texts.FILTER_NOT_SUPPORTED)
            if head in self.resource.unfilterable:
                wrong.append(head)
        if self.resource.is_sync and set(odata.names(tree)) - {"Timestamp"}:
            raise Refusal(400, texts.FILTER_NOT_SUPPORTED)
        if wrong:
            raise Refusal(400, texts.FIELDS_NOT_SUPPORTED.format(", ".join(wrong)))
        self._check_truth(tree)
        return tree

    def _read_token(self):
        text = self._options.get("$skiptoken")
        if text is None:
            return None
        literals = odata.parse_skiptoken(text)
        if len(literals) != len(self.order):
            raise Refusal(400, texts.SYNTAX)
        for (name, _descending), literal in zip(self.order, literals, strict=True):
            if not _fit(self._kind(odata.Name(name)), self._kind(literal)):
                raise Refusal(400, texts.SYNTAX)
        return [literal.value for literal in literals]

    def _property(self, name):
        return _property(self.resource, name)

    def _check_mandatory(self):
        uri = self.resource.uri
        wants_select = self.resource.select_required or (
            uri in self._settings.select_required
        )
        has_select = self._options.get("$select", "").strip()
        if wants_select and not has_select and self.top != 1:
            raise Refusal(400, texts.MANDATORY_SELECT)
        fields = self.resource.filter_fields
        used = odata.names(self._tree) if self._tree else []
        is_enforced = fields and self._settings.mandatory_filter
        if is_enforced and not set(used) & set(fields):
            raise Refusal(400, texts.MANDATORY_FILTER.format(", ".join(fields)))

    # === TYPES === #

    def _check_truth(self, tree):
        """Refuse a tree that is not a condition, or compares different types."""
        if isinstance(tree, odata.Junction):
            for part in tree.parts:
                self._check_truth(part)
        elif isinstance(tree, odata.Comparison):
            self._check_comparison(tree)
        elif self._kind(tree) != "flag":
            raise Refusal(400, texts.SYNTAX)

    def _check_comparison(self, tree):
        left, right = self._type(tree.left), self._type(tree.right)
        fits = _fit(self._kind(tree.left), self._kind(tree.right))
        is_required = self._settings.timestamp_suffix == "required"
        if is_required and _lacks_suffix(left, tree.right):
            fits = False
        if not fits:
            text = texts.INCOMPATIBLE.format(
                tree.operator, f"System.{left}", f"System.{right}", tree.position
            )
            raise Refusal(400, text)

    def _kind(self, tree):
        """Return what a part of the tree may be compared with."""
        if isinstance(tree, odata.Literal):
            return tree.kind
        edm = self._type(tree)
        return "number" if edm in _NUMERIC else _KINDS[edm]

    def _type(self, tree):
        if isinstance(tree, odata.Literal):
            return tree.edm
        if isinstance(tree, odata.Name):
            return self._property(tree.path).edm
        if isinstance(tree, odata.Call):
            for argument in tree.arguments:
                if not _fit("string", self._kind(argument)):
                    raise Refusal(400, texts.SYNTAX)
            return "Boolean" if tree.function in odata.TRUTH_FUNCTIONS else "String"
        self._check_truth(tree)
        return "Boolean"

    # === APPLYING === #

    def matching(self, rows):
        """Return the rows that fit the filter, in order."""
        if self._tree is not None:
            rows = [row for row in rows if self._value(self._tree, row)]
        rows = list(rows)
        for name, descending in reversed(self.order):
            rows.sort(key=self._by(name), reverse=descending)
        return rows

    def page(self, rows, size):
        """Return one page of ordered rows, and whether there are more."""
        if self._token is not None:
            rows = [row for row in rows if self._is_after_token(row)]
        elif self.skip:
            rows = rows[self.skip :]
        if self.top is not None:
            rows = rows[: self.top]
        return rows[:size], len(rows) > size

    def next_options(self, last_row, page_length):
        """Return the options that give the page after `last_row`."""
        options = dict(self._options)
        options.pop("$skip", None)
        if self.top is not None:
            options["$top"] = str(self.top - page_length)
        options["$skiptoken"] = ",".join(
            _literal(self.resource.properties[name], self.resource.read(last_row, name))
            for name, _descending in self.order
        )
        return options

    def _by(self, name):
        return lambda row: sort_key(self.resource.read(row, name))

    def _is_after_token(self, row):
        for (name, descending), value in zip(self.order, self._token, strict=True):
            mine, last = sort_key(self.resource.read(row, name)), sort_key(value)
            if mine != last:
                return (mine < last) if descending else (mine > last)
        return False

    def _value(self, tree, row):
        if isinstance(tree, odata.Literal):
            return tree.value
        if isinstance(tree, odata.Name):
            prop = self.resource.properties[tree.path]
            return padded(prop, self.resource.read(row, tree.path))
        if isinstance(tree, odata.Junction):
            parts = (self._value(part, row) for part in tree.parts)
            return all(parts) if tree.word == "and" else any(parts)
        if isinstance(tree, odata.Call):
            return self._call(tree, row)
        left = self._comparable(self._value(tree.left, row))
        right = self._comparable(self._value(tree.right, row))
        if left is None or right is None:
            equal = left is None and right is None
            return {"eq": equal, "ne": not equal}.get(tree.operator, False)
        return _COMPARE[tree.operator](left, right)

    def _call(self, tree, row):
        values = [self._value(argument, row) for argument in tree.arguments]
        if any(value is None for value in values):
            return False if tree.function in odata.TRUTH_FUNCTIONS else None
        if tree.function == "trim":
            return values[0].strip()
        if tree.function == "tolower":
            return values[0].lower()
        first, second = (self._comparable(value) for value in values)
        if tree.function == "startswith":
            return first.startswith(second)
        return first in second

    def _comparable(self, value):
        if not isinstance(value, str):
            return value
        # The database below Exact does not see blanks at the end.
        value = value.rstrip(" ")
        return value.lower() if self._settings.case_insensitive else value


def _property(resource, name):
    try:
        return resource.properties[name]
    except KeyError:
        text = texts.NO_SUCH_PROPERTY.format(name, resource.type_name)
        raise Refusal(400, text) from None


def _lacks_suffix(edm, other):
    """Tell a number without its L, which is an Int32, where an Int64 belongs."""
    return edm == "Int64" and isinstance(other, odata.Literal) and other.edm == "Int32"


def _fit(left, right):
    return left == right or "null" in (left, right)


def sort_key(value):
    """Order None before everything; numbers among each other."""
    if value is None:
        return (0, 0)
    return (1, Decimal(value)) if isinstance(value, int) else (1, value)


def _literal(prop, value):
    if value is None:
        return "null"
    if prop.edm == "Guid":
        return f"guid'{value}'"
    if prop.edm == "DateTime":
        # As Exact writes it, unless that would lose something.
        form = "auto" if value.microsecond % 1000 else "milliseconds"
        return f"datetime'{value.isoformat(timespec=form)}'"
    if prop.edm == "String":
        return "'" + value.replace("'", "''") + "'"
    if prop.edm == "Boolean":
        return "true" if value else "false"
    return f"{value}L" if prop.edm == "Int64" else str(value)
