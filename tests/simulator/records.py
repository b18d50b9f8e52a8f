"""Records that are created, changed and deleted as their table says.

What is special about a resource is a subclass: lists that its codes come from, what is
there only once, defaults, and what follows from other properties.
"""

from datetime import datetime

from .body import check_values
from .errors import Findings
from .resources import RESOURCES

NEVER_NULL = {"Boolean": False, "Byte": 0}


def raise_findings(findings):
    """Refuse if there are findings, each told once."""
    if findings:
        raise Findings(list(dict.fromkeys(findings)))


def midnight(context):
    today = context.state.clock.today()
    return datetime(today.year, today.month, today.day)


def next_number(taken, highest):
    """Return the number after the highest taken one; if that is over, the first gap."""
    following = max(taken, default=0) + 1
    if following <= highest:
        return max(following, 1)
    used = set(taken)
    return next(number for number in range(1, highest + 1) if number not in used)


class Record:
    """One record of a resource, in one call.

    :cvar str uri: of the resource.
    :cvar dict codes: property -> uri of the list that has its code.
    :cvar tuple unique: properties that together are there only once.
    :cvar tuple used_by: (uri, property) that keep a record from being deleted.
    :cvar tuple owned: (uri, property) of the records that go with it.
    :cvar str label: what the screens call such a record.
    :cvar tuple may_be_null: flags that are null where nobody set them.
    :cvar tuple fixed: properties that only a POST sets.
    """

    uri = ""
    codes = {}
    unique = ()
    used_by = ()
    owned = ()
    label = "Code"
    may_be_null = ()
    fixed = ()

    def __init__(self, context, row=None):
        self.context = context
        self.row = row
        self.resource = RESOURCES[self.uri]
        self.values = {}
        # Rows of collections that came with a new record.
        self.parts = {}

    @classmethod
    def post(cls, context, values):
        return cls(context).create(values)

    @classmethod
    def put(cls, context, row, values):
        cls(context, row).update(values)

    @classmethod
    def remove(cls, context, row):
        cls(context, row).delete()

    # === WRITING === #

    def create(self, values):
        self.values = values
        findings = self._read_key()
        self.parts = {
            name: values.pop(name, None) or [] for name in self.resource.children
        }
        raise_findings(findings + self._table_findings() + self.findings())
        self.fill()
        existing = self.find_existing()
        if existing:
            return existing
        self.row = values
        self.derive()
        self._fill_flags()
        division, user = self.context.division, self.context.user
        self.context.state.insert(division, self.uri, values, user)
        self.add_parts()
        self.follow_up()
        return self.row

    def update(self, values):
        self.values = values
        raise_findings(self._table_findings(is_put=True) + self.findings())
        for name in self.fixed:
            values.pop(name, None)
        self.row.update(values)
        self.derive()
        self._fill_flags()
        self.context.state.stamp(self.resource, self.row, self.context.user)
        self.follow_up()

    def delete(self):
        raise_findings(self.delete_findings())
        key = self.row[self.resource.key]
        for uri, name in self.owned:
            rows = self.context.rows(uri)
            for other in [other for other, row in rows.items() if row[name] == key]:
                self._drop(uri, other)
        self._drop(self.uri, key)
        self.forget()

    def _drop(self, uri, key):
        context = self.context
        context.state.delete(context.division, uri, key, context.user)

    # === WHAT A SUBCLASS ADDS === #

    def findings(self):
        """Return what is against storing `values`, besides the table."""
        return []

    def fill(self):
        """Add to `values` what a new record has by itself."""

    def find_existing(self):
        """Return a record that stands for the new one, if there is such."""
        return None

    def derive(self):
        """Set on `row` what follows from its other properties."""

    def follow_up(self):
        """Change other records after this one."""

    def forget(self):
        """Change other records after this one is gone."""

    def add_parts(self):
        """Store the rows of `parts`."""

    def delete_findings(self):
        key = self.row[self.resource.key]
        for uri, name in self.used_by:
            if any(row.get(name) == key for row in self.context.rows(uri).values()):
                return [self.context.about("in_use", self.label)]
        return []

    # === CHECKS === #

    def merged(self, name):
        """Return a property as it will be."""
        row = self.row or {}
        return self.values[name] if name in self.values else row.get(name)

    def text(self, name):
        """Return a text as it will be, without blanks around it."""
        return (self.merged(name) or "").strip()

    def default(self, **defaults):
        for name, value in defaults.items():
            if self.values.get(name) is None:
                self.values[name] = value

    def copy_from(self, uri, name, **names):
        """Copy from the row that `name` points to: property of `row` -> of that row."""
        source = self.context.find(uri, self.row.get(name)) or {}
        for target, origin in names.items():
            self.row[target] = source.get(origin)

    def _read_key(self):
        key = self.resource.key
        if not self.context.settings.keep_client_guid:
            self.values.pop(key, None)
        elif self.context.find(self.uri, self.values.get(key)):
            return [self.context.say("exists")]
        elif self.values.get(key) is None:
            self.values.pop(key, None)
        return []

    def _table_findings(self, *, is_put=False):
        findings = check_values(
            self.context, self.resource, self.values, is_put=is_put, given=()
        )
        for name, uri in self.codes.items():
            code = self.values.get(name)
            if code is None:
                continue
            self.values[name] = code.strip() or None
            if code.strip() and not self.context.by_code(uri, code):
                findings.append(self.context.about("reference", name))
        return findings + self._unique_findings()

    def _unique_findings(self):
        if not any(name in self.values for name in self.unique):
            return []
        mine = [self._comparable(self.merged(name)) for name in self.unique]
        for row in self.context.rows(self.uri).values():
            if [self._comparable(row.get(name)) for name in self.unique] != mine:
                continue
            # Exact refuses a record's own code, too.
            is_own = row is self.row
            repeats = self.unique == ("Code",)
            if is_own and not (
                repeats and self.context.settings.put_own_code == "refuse"
            ):
                continue
            return [self.context.say("exists")]
        return []

    @staticmethod
    def _comparable(value):
        return value.strip() if isinstance(value, str) else value

    def _fill_flags(self):
        for prop in self.resource.properties.values():
            empty = NEVER_NULL.get(prop.edm)
            if empty is None or prop.name in self.may_be_null:
                continue
            if self.row.get(prop.name) is None:
                self.row[prop.name] = empty
