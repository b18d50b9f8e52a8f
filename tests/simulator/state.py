"""Everything the simulator remembers, in memory."""

import threading
import uuid
from dataclasses import dataclass, field

from . import seed
from .clock import Clock
from .faults import Faults
from .files import FileStore
from .indexes import Lookup, Rows, Sequence
from .kinds import DOCUMENTS, KINDS, SALES
from .limits import Limits
from .resources import RESOURCES
from .resources_finance import TERMS, TRANSACTION_LINES
from .settings import Settings
from .tokens import Tokens

DELETED = "sync/Deleted"
# What sync/Deleted tells of, by its EntityType; what has a row version.
ENTITY_TYPES = {
    TRANSACTION_LINES: 1,
    "crm/Accounts": 2,
    "crm/Addresses": 3,
    "documents/DocumentAttachments": 4,
    "crm/Contacts": 5,
    "documents/Documents": 6,
    "financial/GLAccounts": 7,
    "logistics/SalesItemPrices": 8,
    "logistics/Items": 9,
    TERMS: 10,
    "salesinvoice/SalesInvoices": 13,
    "crm/BankAccounts": 48,
}
# Long lists that are searched by code.
_CODED = ("crm/Accounts", "logistics/Items")


@dataclass
class State:
    """One lock around everything: whoever reads or writes holds it."""

    clock: Clock = field(default_factory=Clock)
    settings: Settings = field(default_factory=Settings)
    lock: threading.RLock = field(default_factory=threading.RLock)
    apps: dict = field(default_factory=dict)

    def __post_init__(self):
        self.start_settings = self.settings.as_dict()
        self.files = FileStore()
        self.reset()

    def reset(self):
        """Go back to the seed; the registered apps stay, and settings and clock."""
        with self.lock:
            self._rows = {}
            self.files.close()
            self.files = FileStore()
            # HID of what is to be paid, over all divisions.
            self._term_number = 0
            # Of the database below Exact: grows with every change.
            self._row_version = 1000
            self.users = {}
            self.calls = []
            # What the simulator itself failed at, one line each.
            self.crashes = []
            # (division, year, period, journal code or None for every journal)
            self.closed_periods = set()
            self.cost_centers = {}
            self.cost_units = {}
            self.faults = Faults()
            self.limits = Limits(self.settings, self.clock)
            self.tokens = Tokens(self.settings, self.clock)
            seed.fill(self)

    # === ROWS === #

    def rows(self, division, uri):
        """Return {key: row} of a resource in a division."""
        if uri.endswith(("/Divisions", "/AllDivisions")):
            division, uri = None, "system/Divisions"
        found = self._rows.get((division, uri))
        if found is None:
            found = self._rows[division, uri] = Rows(_make_indexes(uri))
        return found

    def find(self, division, uri, key):
        return self.rows(division, uri).get(key)

    def by_code(self, division, uri, code):
        """Return the row with this Code; blanks around it do not count."""
        wanted = (code or "").strip()
        if not wanted:
            return None
        if uri in _CODED:
            return next(iter(self.lookup(division, uri, wanted, by=("Code",))), None)
        for row in self.rows(division, uri).values():
            if (row["Code"] or "").strip() == wanted:
                return row
        return None

    def divisions(self):
        return self.rows(None, "system/Divisions")

    def insert(self, division, uri, row, user=None):
        """Store a row with a key of its own and who made it when."""
        resource = RESOURCES[uri]
        key = row.get(resource.key)
        is_guid = resource.properties[resource.key].edm == "Guid"
        if key is None or (is_guid and key in self.rows(division, uri)):
            row[resource.key] = str(uuid.uuid4())
        if "Division" in resource.properties:
            row["Division"] = division
        self.stamp(resource, row, user, created=True)
        self.rows(division, uri)[row[resource.key]] = row
        return row

    def now(self):
        """Return the local time in milliseconds, as Exact keeps it."""
        moment = self.clock.local()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def stamp(self, resource, row, user, created=False):
        self.touch(resource, row)
        now = self.now()
        for name in ("Created", "Modified") if created else ("Modified",):
            if name in resource.properties:
                row[name] = now
        for name in ("Creator", "Modifier") if created else ("Modifier",):
            if user and name in resource.properties:
                row[name] = user.guid
                row[f"{name}FullName"] = user.full_name

    def touch(self, resource, row):
        """Give a row its next version, which sync tells it by, and file it anew."""
        if resource.uri in ENTITY_TYPES:
            row["Timestamp"] = self._next_row_version()
        rows = self.rows(row.get("Division"), resource.uri)
        if rows.get(row[resource.key]) is row:
            rows.refile(row[resource.key])

    def _next_row_version(self):
        self._row_version += 1
        return self._row_version

    def renew_row_versions(self):
        """Give every row another version, as moving a division does."""
        for (_division, uri), rows in self._rows.items():
            for row in rows.values() if uri in ENTITY_TYPES else ():
                row["Timestamp"] = self._next_row_version()

    def delete(self, division, uri, key, user=None):
        row = self.rows(division, uri).pop(key)
        if uri in ENTITY_TYPES:
            version = self._next_row_version()
            gone = {
                "ID": str(uuid.uuid4()),
                "Division": division,
                "EntityKey": key,
                "EntityType": ENTITY_TYPES[uri],
                "DeletedBy": user.guid if user else None,
                "DeletedDate": self.now(),
                "Timestamp": version,
            }
            self.rows(division, DELETED)[gone["ID"]] = gone
        return row

    def entry_lines(self, division, entry_id, uri=SALES.lines):
        """Return the lines of an entry, in their order."""
        lines = self.lookup(division, uri, entry_id, by=("EntryID",))
        return sorted(lines, key=lambda line: line["LineNumber"])

    def lookup(self, division, uri, *values, by):
        """Return the rows with these values; `by` names the properties."""
        return self.rows(division, uri).lookup(values, by)

    def next_term_number(self):
        self._term_number += 1
        return self._term_number

    def may_open(self, user, division):
        return user.may_open(division)

    def language(self, user):
        """Return the language of the findings for a user."""
        wanted = self.settings.language
        if wanted != "user":
            return wanted
        return user.language if user else "nl"


def _make_indexes(uri):
    """Return the indexes of what is searched again and again: links, codes, numbers."""
    links = {
        link
        for resource in RESOURCES.values()
        for child, link in resource.children.values()
        if child == uri
    }
    if uri == TERMS:
        links.add("TransactionEntryID")
    if uri in _CODED:
        links.add("Code")
    found = {"HID": Sequence("HID")} if uri == DOCUMENTS else {}
    for kind in KINDS:
        if uri == kind.entries:
            links.add(kind.party)
            for name in ("EntryNumber", "InvoiceNumber"):
                found[name] = Sequence(name, "Journal", "ReportingYear")
    return {**found, **{(link,): Lookup(link) for link in links}}
