"""Contacts: the people of an account."""

from .checks import email_findings, language_findings
from .records import Record, midnight, next_number
from .resources import RESOURCES

CONTACTS = "crm/Contacts"
HIGHEST_NUMBER = 2**31 - 1
_NAMES = ("FirstName", "MiddleName", "LastName")
# What is sent in the first overwrites the second.
_BIRTH_NAMES = {"BirthName": "LastName", "BirthNamePrefix": "MiddleName"}


class Contact(Record):
    uri = CONTACTS
    unique = ("HID",)
    used_by = (("documents/Documents", "Contact"), ("crm/Addresses", "Contact"))
    label = "Contact"
    fixed = ("Account",)

    def findings(self):
        for name, target in _BIRTH_NAMES.items():
            if self.values.get(name):
                self.values[target] = self.values[name]
        findings = language_findings(self)
        findings += email_findings(self, "Email", "BusinessEmail")
        if not self.text("FirstName") and not self.text("LastName"):
            findings.append(self.context.about("mandatory", "LastName"))
        if "HID" in self.values and self.values["HID"] is None:
            del self.values["HID"]
        if self.values.get("HID", 1) <= 0:
            findings.append(self.context.about("invalid", "HID", self.values["HID"]))
        return findings

    def fill(self):
        rows = self.context.rows(CONTACTS).values()
        number = next_number([row["HID"] for row in rows], HIGHEST_NUMBER)
        self.default(HID=number, StartDate=midnight(self.context), AllowMailing=1)

    def derive(self):
        contact = self.row
        parts = [(contact.get(name) or "").strip() for name in _NAMES]
        contact["FullName"] = " ".join(part for part in parts if part)
        contact["Code"] = str(contact["HID"])
        account = self.context.find("crm/Accounts", contact["Account"])
        contact.update(_of_account(account, contact))

    def forget(self):
        account = self.context.find("crm/Accounts", self.row["Account"])
        if _is_main(self.row, account):
            account["MainContact"] = None


def follow_account(context, account):
    """Show on the contacts of an account what it says of itself now."""
    for row in context.rows(CONTACTS).values():
        if row["Account"] != account["ID"]:
            continue
        changes = _of_account(account, row)
        if any(row.get(name) != value for name, value in changes.items()):
            row.update(changes)
            context.state.stamp(RESOURCES[CONTACTS], row, context.user)


def _of_account(account, contact):
    return {
        "AccountName": account["Name"],
        "AccountIsCustomer": account.get("Status") == "C",
        "AccountIsSupplier": account.get("IsSupplier", False),
        "AccountMainContact": account.get("MainContact"),
        "IsMainContact": _is_main(contact, account),
        "City": account.get("City"),
        "Country": account.get("Country"),
        "Postcode": account.get("Postcode"),
        "State": account.get("State"),
    }


def _is_main(contact, account):
    key = contact.get("ID")
    return key is not None and account.get("MainContact") == key
