"""Bodies of the requests that bring the PDF of an invoice to Exact."""

import base64
import json
import os
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from .bodies import text
from .const import DOCUMENT_TYPE_SALES_INVOICE, MAX_LENGTH
from .odata import quoted

# Bytes of the file in a piece: a multiple of three, so that no padding comes between.
PIECE = 3 * 16 * 1024


def document(subject: str, account: str, day: date, entry: str = "") -> dict[str, Any]:
    """Build the body of POST documents/Documents.

    :param str account: GUID of the customer.
    :param date day: of the invoice.
    :param str entry: EntryID, where the entry is booked already.
    Source: HlpRestAPIResourcesDetails.aspx?name=DocumentsDocuments
    """
    body = {
        "Subject": text(subject, "subject"),
        "Type": DOCUMENT_TYPE_SALES_INVOICE,
        "Account": account,
        "DocumentDate": day.isoformat(),
    }
    return {**body, **link(entry)} if entry else body


def link(entry: str) -> dict[str, Any]:
    """Build the body of a PUT that links a document to an entry that is booked."""
    return {"FinancialTransactionEntryID": entry}


def find_document(subject: str, account: str) -> str:
    """Return the filter that finds a document whose answer was lost."""
    return (
        f"Subject eq {quoted(text(subject, 'subject'))} and Account eq guid'{account}' "
        f"and Type eq {DOCUMENT_TYPE_SALES_INVOICE}"
    )


def find_attachment(guid: str, name: str) -> str:
    """Return the filter that finds an attachment whose answer was lost."""
    return f"Document eq guid'{guid}' and FileName eq {quoted(file_name(name))}"


def file_name(name: str) -> str:
    """Make a name that Exact takes: its length, and the extension at its end."""
    stem = text(name, "file_name").removesuffix(".pdf")
    return f"{stem[: MAX_LENGTH['file_name'] - len('.pdf')]}.pdf"


class Attachment:
    """The body of POST documents/DocumentAttachments, read from a file as it is sent.

    Its length is known before, so that it goes as one piece and not in chunks, which
    not every proxy lets through.

    :param str guid: of the document.
    :param file: binary and seekable; its content is the attachment.
    Source: HlpRestAPIResourcesDetails.aspx?name=DocumentsDocumentAttachments
    """

    def __init__(self, guid: str, name: str, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, os.SEEK_END)
        self._fields = {"Document": guid, "FileName": file_name(name)}
        head = json.dumps(self._fields).removesuffix("}")
        self._head = f'{head}, "Attachment": "'.encode()
        self._tail = b'"}'

    @property
    def shown(self) -> dict[str, Any]:
        """The body as the history keeps it: the file by its size."""
        return {**self._fields, "Attachment": f"({self.size} bytes)"}

    def __len__(self) -> int:
        encoded = (self.size + 2) // 3 * 4
        return len(self._head) + encoded + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        yield self._head
        while piece := self._file.read(PIECE):
            yield base64.b64encode(piece)
        yield self._tail
