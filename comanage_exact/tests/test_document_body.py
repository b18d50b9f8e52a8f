import base64
import io
import json
import tempfile
import tracemalloc
from datetime import date

from odoo.tests.common import BaseCase, tagged

from ..exact_api import documents

GUID = "44444444-4444-4444-8444-444444444444"


@tagged("post_install", "-at_install")
class TestDocumentBody(BaseCase):
    """Bodies and filters, and the file that is never read as a whole."""

    def test_document_is_cut_to_what_exact_stores(self):
        body = documents.document("é" * 70, GUID, date(2026, 3, 10))
        self.assertEqual(
            body,
            {
                "Subject": "é" * 60,
                "Type": 10,
                "Account": GUID,
                "DocumentDate": "2026-03-10",
            },
        )
        self.assertIn(
            f"Subject eq '{'é' * 60}'", documents.find_document("é" * 70, GUID)
        )

    def test_quotes_do_not_end_a_filter(self):
        self.assertEqual(
            documents.find_attachment(GUID, "L'été.pdf"),
            f"Document eq guid'{GUID}' and FileName eq 'L''été.pdf'",
        )

    def test_file_name_keeps_its_extension(self):
        for name, expected in (
            ("INV_1.pdf", "INV_1.pdf"),
            ("INV_1", "INV_1.pdf"),
            ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
            ("a\nb.pdf", "a b.pdf"),
        ):
            with self.subTest(name=name):
                self.assertEqual(documents.file_name(name), expected)

    def test_every_length_arrives_as_it_is(self):
        piece = documents.PIECE
        for size in (0, 1, 2, 3, 4, piece - 1, piece, piece + 1, 3 * piece + 2):
            with self.subTest(size=size):
                content = bytes(index % 251 for index in range(size))
                body = documents.Attachment(GUID, "é.pdf", io.BytesIO(content))
                sent = b"".join(body)
                self.assertEqual(len(sent), len(body))
                self.assertEqual(body.size, size)
                values = json.loads(sent)
                self.assertEqual(base64.b64decode(values.pop("Attachment")), content)
                self.assertEqual(values, {"Document": GUID, "FileName": "é.pdf"})

    def test_ten_megabytes_take_less_than_one_of_memory(self):
        with tempfile.TemporaryFile() as file:
            file.truncate(10_000_000)
            body = documents.Attachment(GUID, "a.pdf", file)
            tracemalloc.start()
            self.addCleanup(tracemalloc.stop)
            sent = sum(len(piece) for piece in body)
            peak = tracemalloc.get_traced_memory()[1]
        self.assertEqual(sent, len(body))
        self.assertLess(peak, 1_000_000)

    def test_history_gets_the_size_and_no_file(self):
        body = documents.Attachment(GUID, "a.pdf", io.BytesIO(b"12345"))
        self.assertEqual(
            body.shown,
            {"Document": GUID, "FileName": "a.pdf", "Attachment": "(5 bytes)"},
        )
