"""Documents and their attachments."""

import base64
import hashlib
from urllib.parse import urlencode

from . import entries
from .checks import currency_findings, language_findings
from .kinds import DOCUMENTS, KINDS, find_entry
from .records import Record
from .seed_relations import DEFAULT_CATEGORY
from .validation import closed_findings

ATTACHMENTS = "documents/DocumentAttachments"
TYPES = "documents/DocumentTypes"
HEAD_LENGTH = 16
HIGHEST_NUMBER = 2**31 - 1
VIEW_PAGE, FILE_PAGE = "/docs/DocViewContent.aspx", "/docs/SysAttachment.aspx"


class Document(Record):
    uri = DOCUMENTS
    codes = {"Costcenter": "hrm/Costcenters", "Costunit": "hrm/Costunits"}
    unique = ("HID",)
    owned = ((ATTACHMENTS, "Document"),)
    used_by = tuple((kind.entries, "Document") for kind in KINDS)
    label = "Document"
    may_be_null = ("ActionRegenerateEntryProposal",)

    def _table_findings(self, *, is_put=False):
        # A document keeps its number.
        if self.values.get("HID", 0) is None:
            del self.values["HID"]
        return super()._table_findings(is_put=is_put)

    def findings(self):
        context = self.context
        findings = currency_findings(self, "Currency") + language_findings(self)
        number = self.values.get("Type")
        if number is not None:
            row = context.find(TYPES, number)
            if not row:
                findings.append(context.about("invalid", "Type", number))
            elif not row["DocumentIsCreatable"]:
                findings.append(context.about("not_allowed", "Type"))
        if self.values.get("HID") == 0:
            findings.append(context.about("invalid", "HID", 0))
        kind, entry = self._linked(self.values)
        if entry:
            findings += self._link_findings(kind, entry)
        return findings

    def _linked(self, values):
        key = values.get("FinancialTransactionEntryID")
        return find_entry(self.context.state, self.context.division, key)

    def _link_findings(self, kind, entry):
        """Return what is against linking the document to an entry that is booked."""
        context = self.context
        how = "change" if self.row else "create"
        if how not in context.settings.document_links:
            return [context.about("not_allowed", "FinancialTransactionEntryID")]
        # Being processed or paid is no reason against it.
        findings = closed_findings(context, entry)
        if self.merged("Type") != kind.document_type:
            findings.append(context.say("document_type"))
        return findings

    def fill(self):
        context = self.context
        division = context.state.divisions()[context.division]
        categories = context.rows("documents/DocumentCategories").values()
        names = {row["Description"]: row["ID"] for row in categories}
        self.default(
            HID=self._next_number(),
            Currency=division["Currency"],
            Category=names[DEFAULT_CATEGORY],
            SendMethod=0,
        )

    def _next_number(self):
        """Return the number after the highest; if that is over, the first gap."""
        numbers = self.context.rows(DOCUMENTS).numbers("HID")
        following = max((numbers.highest() or 0) + 1, 1)
        return following if following <= HIGHEST_NUMBER else numbers.next_free(1)

    def derive(self):
        document = self.row
        document["TypeDescription"] = self.context.find(TYPES, document["Type"])[
            "Description"
        ]
        document["HasEmptyBody"] = not document.get("Body")
        names = {"AccountCode": "Code", "AccountName": "Name"}
        self.copy_from("crm/Accounts", "Account", **names)
        self.copy_from("crm/Contacts", "Contact", ContactFullName="FullName")
        category = {"CategoryDescription": "Description"}
        self.copy_from("documents/DocumentCategories", "Category", **category)
        for uri, name in (
            ("documents/DocumentFolders", "DocumentFolder"),
            ("logistics/Items", "Item"),
        ):
            shown = {f"{name}Code": "Code", f"{name}Description": "Description"}
            self.copy_from(uri, name, **shown)
        for name, uri in self.codes.items():
            code = document.get(name)
            row = self.context.by_code(uri, code) if code else {}
            document[f"{name}Description"] = (row or {}).get("Description")

    def follow_up(self):
        document = self.row
        document["DocumentViewUrl"] = address(self.context, VIEW_PAGE, document)
        _kind, entry = self._linked(document)
        if entry:
            entries.link(self.context, entry, document["ID"])


class Attachment(Record):
    uri = ATTACHMENTS
    label = "Attachment"

    def findings(self):
        context, settings = self.context, self.context.settings
        findings = []
        self.content = base64.b64decode(self.values.pop("Attachment", None) or "")
        name = (self.values.get("FileName") or "").strip()
        extension = name.rpartition(".")[2].lower()
        if name and extension not in settings.attachment_extensions:
            findings.append(context.about("not_allowed", "FileName"))
        limit = settings.attachment_limit
        if limit is not None and len(self.content) > limit:
            findings.append(context.say("too_large", limit))
        return findings

    def fill(self):
        self.values.update(
            FileSize=len(self.content),
            sha256=hashlib.sha256(self.content).hexdigest(),
            head=self.content[:HEAD_LENGTH],
            place=self.context.state.files.add(self.content),
        )

    def follow_up(self):
        self.row["Url"] = address(self.context, FILE_PAGE, self.row)


def address(context, page, row):
    """Return the address of a page about a row; its stamp is needed to open it."""
    query = {"ID": row["ID"], "_Division_": context.division, "Stamp": stamp(row)}
    return f"{context.base_url}{page}?{urlencode(query)}"


def stamp(row):
    return hashlib.sha256(row["ID"].encode()).hexdigest()[:16].upper()


def attachments_of(state, division, key):
    rows = state.rows(division, ATTACHMENTS).values()
    return [row for row in rows if row["Document"] == key]
