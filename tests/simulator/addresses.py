"""Addresses of accounts; the main visit address is the one of the account itself."""

from .checks import place_findings, strip_place
from .records import Record
from .resources import RESOURCES

ADDRESSES = "crm/Addresses"
VISIT, POSTAL, INVOICE, DELIVERY = TYPES = (1, 2, 3, 4)
# What an account and its visit address have in common.
SHARED = (
    "AddressLine1",
    "AddressLine2",
    "AddressLine3",
    "Postcode",
    "City",
    "State",
    "Country",
)
_SAME = ("Account", "Type", "Contact", "Mailbox", *SHARED)


class Address(Record):
    uri = ADDRESSES
    label = "Address"

    def findings(self):
        findings = place_findings(self)
        kind = self.values.get("Type")
        if kind is not None and kind not in TYPES:
            findings.append(self.context.about("invalid", "Type", kind))
        if self.values.get("Warehouse") and self.merged("Type") != DELIVERY:
            findings.append(self.context.about("not_allowed", "Warehouse"))
        contact = self.context.find("crm/Contacts", self.values.get("Contact"))
        if contact and contact["Account"] != self.merged("Account"):
            findings.append(self.context.about("reference", "Contact"))
        if self._is_visit_of_account():
            findings += self._visit_findings()
        strip_place(self)
        return findings

    def _visit_findings(self):
        """The account keeps its visit address, of that type and as its main one."""
        wanted = {"Account": self.row["Account"], "Type": VISIT, "Main": True}
        return [
            self.context.about("not_allowed", name)
            for name, value in wanted.items()
            if self.values.get(name, value) not in (value, None)
        ]

    def _is_visit_of_account(self):
        return self.row and self.row["Main"] and self.row["Type"] == VISIT

    def fill(self):
        division = self.context.state.divisions()[self.context.division]
        self.default(Country=division["Country"].strip())
        others = [row for row in self._others() if row["Main"]]
        self.default(Main=not others)

    def find_existing(self):
        mine = _identity(self.values)
        for row in self.context.rows(ADDRESSES).values():
            if _identity(row) == mine:
                return row
        return None

    def derive(self):
        account = self.context.find("crm/Accounts", self.row["Account"])
        contact = self.context.find("crm/Contacts", self.row.get("Contact")) or {}
        self.row["AccountName"] = account["Name"]
        self.row["AccountIsSupplier"] = account.get("IsSupplier", False)
        self.row["ContactName"] = contact.get("FullName")
        if self.row.get("Main") is None:
            self.row["Main"] = True

    def follow_up(self):
        """Let one address of a type be the main one; the account follows its visit."""
        context = self.context
        if not self.row["Main"]:
            return
        for other in self._others():
            if other["Main"]:
                other["Main"] = False
                context.state.stamp(self.resource, other, context.user)
        account = context.find("crm/Accounts", self.row["Account"])
        if self.row["Type"] != VISIT:
            return
        account["_Visit"] = self.row["ID"]
        if any(account.get(name) != self.row.get(name) for name in SHARED):
            account.update({name: self.row.get(name) for name in SHARED})
            context.state.stamp(RESOURCES["crm/Accounts"], account, context.user)

    def _others(self):
        """Return the addresses of the same type of the same account."""
        return [
            row
            for row in self.context.rows(ADDRESSES).values()
            if row is not self.row
            and (row["Account"], row["Type"])
            == (self.merged("Account"), self.merged("Type"))
        ]

    def delete_findings(self):
        if self._is_visit_of_account():
            return [self.context.about("in_use", self.label)]
        return super().delete_findings()


def follow_account(context, account):
    """Give the visit address of an account what its own fields say."""
    row = context.find(ADDRESSES, account.get("_Visit"))
    shared = {name: account.get(name) for name in SHARED}
    names = {
        "AccountName": account["Name"],
        "AccountIsSupplier": account.get("IsSupplier", False),
    }
    if row is None:
        values = {"Account": account["ID"], "Type": VISIT, "Main": True}
        row = {**values, **shared, **names}
        for prop in RESOURCES[ADDRESSES].properties.values():
            if prop.edm == "Boolean":
                row.setdefault(prop.name, False)
        context.state.insert(context.division, ADDRESSES, row, context.user)
        account["_Visit"] = row["ID"]
    elif any(row.get(name) != value for name, value in (shared | names).items()):
        row.update(shared | names)
        context.state.stamp(RESOURCES[ADDRESSES], row, context.user)


def _identity(row):
    return [(row.get(name) or "") for name in _SAME]
