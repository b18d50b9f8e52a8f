"""Documents and their attachments; of a file only what tells it from others is kept."""

import base64
import hashlib
from urllib.parse import quote

from . import entries
from .body import check_values
from .errors import Findings
from .resources import RESOURCES
from .seed_data import DOCUMENT_TYPES
from .validation import DOCUMENTS, ENTRIES, SALES_INVOICE, may_be_changed
from .values import next_number

ATTACHMENTS = "documents/DocumentAttachments"
HEAD_LENGTH = 16
HIGHEST_HID = 2**31 - 1


# === DOCUMENTS === #


def create_document(context, values):
    if not context.settings.keep_client_guid:
        values.pop("ID", None)
    findings = check_values(context, RESOURCES[DOCUMENTS], values)
    _raise(findings + _check(context, values, None, "create"))
    if values.get("HID") is None:
        numbers = {row["HID"] for row in context.rows(DOCUMENTS).values()}
        values["HID"] = next_number(numbers, HIGHEST_HID)
    document = context.state.insert(context.division, DOCUMENTS, values, context.user)
    _derive(context, document)
    return document


def update_document(context, document, values):
    # Without a number no document is left.
    if values.get("HID") is None:
        values.pop("HID", None)
    findings = check_values(context, RESOURCES[DOCUMENTS], values, is_put=True)
    _raise(findings + _check(context, values, document, "change"))
    document.update(values)
    _derive(context, document)
    context.state.stamp(RESOURCES[DOCUMENTS], document, context.user)


def delete_document(context, document):
    for entry in context.rows(ENTRIES).values():
        if entry.get("Document") == document["ID"]:
            raise Findings([context.about("in_use", "Document")])
    for row in attachments_of(context.state, context.division, document["ID"]):
        context.state.delete(context.division, ATTACHMENTS, row["ID"])
    context.state.delete(context.division, DOCUMENTS, document["ID"])


def _raise(findings):
    if findings:
        raise Findings(list(dict.fromkeys(findings)))


def _check(context, values, document, how):
    findings = []
    kind = values.get("Type")
    if kind is not None and kind not in DOCUMENT_TYPES:
        findings.append(context.about("invalid", "Type", kind))
    currency = values.get("Currency")
    if currency and not context.find("general/Currencies", currency):
        findings.append(context.about("reference", "Currency"))
    number = values.get("HID")
    for other in context.rows(DOCUMENTS).values():
        if number is not None and other is not document and other["HID"] == number:
            findings.append(context.say("exists"))
    entry = context.find(ENTRIES, values.get("FinancialTransactionEntryID"))
    if entry:
        findings += _check_link(context, {**(document or {}), **values}, entry, how)
    return findings


def _check_link(context, document, entry, how):
    """Return what is against linking a document to an entry that is booked."""
    if how not in context.settings.document_links:
        return [context.about("not_allowed", "FinancialTransactionEntryID")]
    findings = may_be_changed(context, entry)
    if document.get("Type") != SALES_INVOICE:
        findings.append(context.say("document_type"))
    return findings


def _derive(context, document):
    account = context.find("crm/Accounts", document.get("Account")) or {}
    document["AccountCode"] = account.get("Code")
    document["AccountName"] = account.get("Name")
    document["TypeDescription"] = DOCUMENT_TYPES[document["Type"]]
    document["HasEmptyBody"] = not document.get("Body")
    document["DocumentViewUrl"] = (
        f"{context.base_url}/docs/DocView.aspx?DocumentID={document['ID']}"
    )
    entry = context.find(ENTRIES, document.get("FinancialTransactionEntryID"))
    if entry:
        entries.link(context, entry, document["ID"])


# === ATTACHMENTS === #


def create_attachment(context, values):
    values.pop("ID", None)
    findings = check_values(context, RESOURCES[ATTACHMENTS], values)
    content = base64.b64decode(values.pop("Attachment", None) or "")
    settings = context.settings
    extension = (values.get("FileName") or "").rpartition(".")[2].lower()
    if values.get("FileName") and extension not in settings.attachment_extensions:
        findings.append(context.about("not_allowed", "FileName"))
    if len(content) > settings.attachment_limit:
        findings.append(context.say("too_large", settings.attachment_limit))
    _raise(findings)
    row = {
        **values,
        "FileSize": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "head": content[:HEAD_LENGTH],
    }
    context.state.insert(context.division, ATTACHMENTS, row, context.user)
    name = quote(row["FileName"])
    row["Url"] = (
        f"{context.base_url}/docs/SysAttachment.aspx?ID={row['ID']}&Name={name}"
    )
    return row


def delete_attachment(context, row):
    context.state.delete(context.division, ATTACHMENTS, row["ID"])


def attachments_of(state, division, key):
    rows = state.rows(division, ATTACHMENTS).values()
    return [row for row in rows if row["Document"] == key]
