from odoo.tests.common import BaseCase, tagged

from ..booking.entry_number import NumberFormat, NumberSource
from ..booking.number_format import (
    CREDIT,
    DEBIT,
    INVOICE,
    Document,
    Formats,
    Group,
    find_problems,
    propose,
)

PLACE = ("700", 2026)


@tagged("post_install", "-at_install")
class TestNumberProposal(BaseCase):
    """Which formats are proposed: a pure function of the documents."""

    def formats(self, invoice="{yy}", credit="{yy}9", debit="{yy}8", suffix=""):
        prefixes = {INVOICE: invoice, CREDIT: credit, DEBIT: debit}
        return Formats(
            {kind: NumberFormat(text, suffix) for kind, text in prefixes.items()}
        )

    def documents(self, journal, *digits, kind=INVOICE, place=PLACE, **values):
        year, month = values.pop("year", 2026), values.pop("month", 3)
        values.setdefault("has_year", True)
        return [
            Document(
                f"{journal}/{text}",
                place,
                Group(journal, kind),
                NumberSource(text, "700", "8000", year, month, **values),
            )
            for text in digits
        ]

    def prefixes(self, documents, formats=None, **options):
        """Return the proposed prefixes of the groups that there are."""
        found = propose(documents, formats or self.formats(), **options)
        groups = dict.fromkeys(one.group for one in documents if one.group)
        self.assertEqual([], list(find_problems(documents, found)))
        return [found.of(group).prefix for group in groups]

    def test_what_fits_stays(self):
        documents = [
            *self.documents("INV", "00001", "00002"),
            *self.documents("INV", "00001", kind=CREDIT),
        ]
        formats = self.formats(invoice="7{yy}")
        self.assertEqual(propose(documents, formats), formats)

    def test_second_journal_gets_a_digit_of_its_own(self):
        documents = [
            *self.documents("INV", "00001", "00002"),
            *self.documents("WEB", "00001"),
            *self.documents("POS", "00001"),
        ]
        self.assertEqual(self.prefixes(documents), ["{yy}", "{yy}1", "{yy}2"])

    def test_journal_with_most_invoices_keeps_the_format(self):
        documents = [
            *self.documents("WEB", "00001"),
            *self.documents("INV", "00001", "00002"),
        ]
        self.assertEqual(self.prefixes(documents), ["{yy}1", "{yy}"])

    def test_digit_that_would_run_into_longer_numbers_is_not_taken(self):
        # 26|1|0001 is what 26|10001 would be.
        documents = [
            *self.documents("INV", "00001", "00002"),
            *self.documents("WEB", "0001", "0002", "0003"),
        ]
        self.assertEqual(self.prefixes(documents), ["{yy}", "{yy}"])

    def test_month_in_the_numbers_is_wanted_before_they_clash(self):
        documents = self.documents("INV", "0001", has_month=True)
        (problem,) = find_problems(documents, self.formats())
        self.assertEqual(problem.kind, "restart")
        self.assertEqual(self.prefixes(documents), ["{yy}{mm}"])

    def test_year_in_the_numbers_stays_in_the_format(self):
        documents = self.documents("INV", "00001")
        formats = self.formats(invoice="9999999999")
        self.assertEqual(self.prefixes(documents, formats), ["{yy}"])

    def test_number_without_year_needs_none(self):
        documents = self.documents("INV", "202600017", has_year=False)
        formats = self.formats(invoice="99")
        self.assertEqual(self.prefixes(documents, formats), [""])

    def test_suffix_that_is_too_long_is_dropped(self):
        documents = self.documents("INV", "00001")
        found = propose(documents, self.formats(suffix="999999999"))
        self.assertEqual(found.company[INVOICE], NumberFormat("{yy}", ""))

    def test_number_in_exact_is_avoided(self):
        documents = [
            Document("typed there", PLACE, fixed=2600001),
            *self.documents("INV", "00001"),
        ]
        self.assertEqual(self.prefixes(documents), ["{yy}1"])

    def test_the_same_number_in_another_year_is_no_clash(self):
        documents = [
            *self.documents("INV", "0500", year=2025),
            *self.documents("INV", "0500", year=2025, place=("700", 2025)),
        ]
        formats = self.formats()
        self.assertEqual(propose(documents, formats), formats)

    def test_only_one_journal_may_change(self):
        documents = [
            *self.documents("INV", "00001"),
            *self.documents("WEB", "00001", "00002"),
        ]
        found = self.prefixes(
            documents, may_change=lambda group: group and group.journal == "INV"
        )
        self.assertEqual(found, ["{yy}1", "{yy}"])

    def test_ten_journals_find_formats(self):
        documents = [
            document
            for index in range(12)
            for kind in (INVOICE, CREDIT, DEBIT)
            for document in self.documents(index, "00001", kind=kind)
        ]
        found = self.prefixes(documents)
        self.assertEqual(len(set(found)), len(found))

    def test_nothing_is_proposed_where_nothing_helps(self):
        documents = [
            *self.documents("INV", "2000000001", has_year=False),
            *self.documents("INV", "2000000001", has_year=False),
        ]
        self.assertIsNone(propose(documents, self.formats()))
