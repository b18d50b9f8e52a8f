"""Query options of a GET: checked against the table, then applied to rows."""

import operator
import re
from decimal import Decimal

from . import odata, texts
from .errors import Refusal
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
_NUMERIC = ("Byte", "Int16", "Int32", "Int64", "Double")
_KINDS = {"Guid": "guid", "DateTime": "datetime", "String": "string", "Boolean": "flag"}


class Query:
    """The options of one GET on a resource.

    :raise Refusal: an option is wrong or a mandatory one is missing.
    """

    def __init__(self, resource, options, language, settings, *, single=False):
        self.resource = resource
        self._settings = settings
        self._language = language
        self._options = options
        for name in options:
            if name.startswith("$") and name not in _KNOWN:
                raise Refusal(400, texts.SYNTAX)
        self.select = self._read_select()
        self.expand = self._read_expand()
        self.top = self._read_number("$top")
        self.skip = self._read_number("$skip") or 0
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
        expanded = self._options.get("$expand", "").replace(" ", "").split(",")
        if "*" in paths:
            return None
        for path in paths:
            head, _slash, tail = path.partition("/")
            self._property(head)
            if tail and (head not in self.resource.children or head not in expanded):
                raise Refusal(400, texts.SYNTAX)
        return paths

    def _read_expand(self):
        text = self._options.get("$expand", "").strip()
        names = [name.strip() for name in text.split(",")] if text else []
        for name in names:
            self._property(name)
            if name not in self.resource.children:
                raise Refusal(400, texts.SYNTAX)
        return names

    def _read_number(self, name):
        text = self._options.get(name)
        if text is None:
            return None
        if not re.fullmatch(r"\d{1,9}", text.strip()):
            raise Refusal(400, texts.SYNTAX)
        return int(text)

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
            if self._property(words[0]).edm in ("Collection", "Complex", "Binary"):
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
        tree = odata.parse_filter(text, self._language)
        wrong = []
        for path in odata.names(tree):
            head, _slash, tail = path.partition("/")
            if tail or self._property(head).edm in ("Collection", "Complex", "Binary"):
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
        literals = odata.parse_skiptoken(text, self._language)
        if len(literals) != len(self.order):
            raise Refusal(400, texts.SYNTAX)
        for (name, _descending), literal in zip(self.order, literals, strict=True):
            self._check_kinds(self._kind(odata.Name(name)), self._kind(literal))
        return [literal.value for literal in literals]

    def _property(self, name):
        try:
            return self.resource.properties[name]
        except KeyError:
            text = texts.NO_SUCH_PROPERTY.format(name, self.resource.type_name)
            raise Refusal(400, text) from None

    def _check_mandatory(self):
        uri = self.resource.uri
        wants_select = self.resource.select_required or (
            uri in self._settings.select_required
        )
        if wants_select and self.select is None and self.top != 1:
            raise Refusal(400, texts.MANDATORY_SELECT)
        fields = self.resource.filter_fields
        if uri == "financial/GLAccounts" and not self._settings.gl_accounts_filter:
            fields = ()
        used = odata.names(self._tree) if self._tree else []
        if fields and not set(used) & set(fields):
            raise Refusal(400, texts.MANDATORY_FILTER.format(", ".join(fields)))

    # === TYPES === #

    def _check_truth(self, tree):
        """Refuse a tree that is not a condition, or compares different types."""
        if isinstance(tree, odata.Junction):
            for part in tree.parts:
                self._check_truth(part)
        elif isinstance(tree, odata.Comparison):
            self._check_kinds(self._kind(tree.left), self._kind(tree.right))
        elif self._kind(tree) != "flag":
            raise Refusal(400, texts.SYNTAX)

    @staticmethod
    def _check_kinds(left, right):
        if left != right and "null" not in (left, right):
            raise Refusal(400, texts.SYNTAX)

    def _kind(self, tree):
        if isinstance(tree, odata.Literal):
            return "number" if tree.kind == "int64" else tree.kind
        if isinstance(tree, odata.Name):
            edm = self._property(tree.path).edm
            return "number" if edm in _NUMERIC else _KINDS[edm]
        if isinstance(tree, odata.Call):
            for argument in tree.arguments:
                self._check_kinds("string", self._kind(argument))
            return "flag" if tree.function in odata.TRUTH_FUNCTIONS else "string"
        self._check_truth(tree)
        return "flag"

    # === APPLYING === #

    def matching(self, rows):
        """Return the rows that fit the filter, in order."""
        if self._tree is not None:
            rows = [row for row in rows if self._value(self._tree, row)]
        rows = list(rows)
        for name, descending in reversed(self.order):
            rows.sort(key=_by(name), reverse=descending)
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
            _literal(self.resource.properties[name], last_row.get(name))
            for name, _descending in self.order
        )
        return options

    def _is_after_token(self, row):
        for (name, descending), value in zip(self.order, self._token, strict=True):
            mine, last = sort_key(row.get(name)), sort_key(value)
            if mine != last:
                return (mine < last) if descending else (mine > last)
        return False

    def _value(self, tree, row):
        if isinstance(tree, odata.Literal):
            return tree.value
        if isinstance(tree, odata.Name):
            return padded(self.resource.uri, tree.path, row.get(tree.path))
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


def _by(name):
    return lambda row: sort_key(row.get(name))


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
        return f"datetime'{value.isoformat()}'"
    if prop.edm == "String":
        return "'" + value.replace("'", "''") + "'"
    if prop.edm == "Boolean":
        return "true" if value else "false"
    return f"{value}L" if prop.edm == "Int64" else str(value)
