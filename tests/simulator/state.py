"""Everything the simulator remembers, in memory."""

import threading
import uuid
from dataclasses import dataclass, field

from . import seed
from .clock import Clock
from .faults import Faults
from .files import FileStore
from .limits import Limits
from .resources import RESOURCES
from .settings import Settings
from .tokens import Tokens

LINES = "salesentry/SalesEntryLines"
DELETED = "sync/Deleted"
# What sync/Deleted tells of, by its EntityType.
ENTITY_TYPES = {
    "crm/Accounts": 2,
    "crm/Addresses": 3,
    "documents/DocumentAttachments": 4,
    "crm/Contacts": 5,
    "documents/Documents": 6,
    "financial/GLAccounts": 7,
    "logistics/SalesItemPrices": 8,
    "logistics/Items": 9,
    "crm/BankAccounts": 48,
}


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
            # Keys of the lines by their entry, in the order they were made.
            self._lines = {}
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
        return self._rows.setdefault((division, uri), {})

    def find(self, division, uri, key):
        return self.rows(division, uri).get(key)

    def by_code(self, division, uri, code):
        """Return the row with this Code; blanks around it do not count."""
        wanted = (code or "").strip()
        for row in self.rows(division, uri).values():
            if (row["Code"] or "").strip() == wanted:
                return row
        return None

    def divisions(self):
        return self.rows(None, "system/Divisions")

    def insert(self, division, uri, row, user=None):
        """Store a row with a key of its own and who made it when."""
        resource = RESOURCES[uri]
        row.setdefault(resource.key, str(uuid.uuid4()))
        if "Division" in resource.properties:
            row["Division"] = division
        self.stamp(resource, row, user, created=True)
        self.rows(division, uri)[row[resource.key]] = row
        if uri == LINES:
            self._lines.setdefault((division, row["EntryID"]), []).append(row["ID"])
        return row

    def now(self):
        """Return the local time in milliseconds, as Exact keeps it."""
        moment = self.clock.local()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def stamp(self, resource, row, user, created=False):
        self.touch(resource, row)
        for name in ("Created", "Modified") if created else ("Modified",):
            if name in resource.properties:
                row[name] = self.now()
        for name in ("Creator", "Modifier") if created else ("Modifier",):
            if user and name in resource.properties:
                row[name] = user.guid
                row[f"{name}FullName"] = user.full_name

    def touch(self, resource, row):
        """Give a row its next version, which sync tells it by."""
        if resource.uri in ENTITY_TYPES:
            row["Timestamp"] = self._next_row_version()

    def _next_row_version(self):
        self._row_version += 1
        return self._row_version

    def renew_row_versions(self):
        """Give every row another version, as moving a division does."""
        for (_division, uri), rows in self._rows.items():
            for row in rows.values() if uri in ENTITY_TYPES else ():
                row["Timestamp"] = self._next_row_version()

    def delete(self, division, uri, key):
        row = self.rows(division, uri).pop(key)
        if uri in ENTITY_TYPES:
            version = self._next_row_version()
            gone = {
                "ID": str(uuid.uuid4()),
                "Division": division,
                "EntityKey": key,
                "EntityType": ENTITY_TYPES[uri],
                "DeletedDate": self.now(),
                "Timestamp": version,
            }
            self.rows(division, DELETED)[gone["ID"]] = gone
        if uri == LINES:
            self._lines[division, row["EntryID"]].remove(key)

    def entry_lines(self, division, entry_id):
        """Return the lines of an entry, in their order."""
        lines = self.rows(division, LINES)
        mine = [lines[key] for key in self._lines.get((division, entry_id), ())]
        return sorted(mine, key=lambda line: line["LineNumber"])

    def may_open(self, user, division):
        return user.may_open(division)

    def language(self, user):
        """Return the language of the findings for a user."""
        wanted = self.settings.language
        if wanted != "user":
            return wanted
        return user.language if user else "nl"
