"""The documents of a comparison by kind, and the sentence of what was compared."""

from collections import defaultdict

from ..booking import comparison
from ..booking.comparison_totals import converted
from . import comparison_messages, messages
from .other_documents import KINDS, OtherDocuments

# In the order of the summary.
COMPARED = (
    "equal",
    "rounding",
    "different",
    "incomplete",
    "missing_exact",
    "not_sent",
    "missing_odoo",
    "duplicate",
)
ORDER = (*COMPARED, "left_out", *KINDS)


class ComparisonSummary:
    """Counts documents, and adds up base and VAT in company currency.

    Of Odoo what its ledger has in the period, of Exact the same, so that the sums are
    those of both ledgers wherever the other side has a document.

    :param exact.comparison record: as superuser.
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env
        self._counts = defaultdict(int)
        self._amounts = defaultdict(lambda: [0] * 4)
        # {field: whether it was compared for each invoice that has it}
        self._compared = {}

    def add(self, kind, ours, theirs):
        """Add an invoice, an entry or both.

        :param comparison.Booking ours, theirs: None where the period does not have it.
        """
        self._counts[kind] += 1
        for booking, index in ((ours, 0), (theirs, 2)):
            if booking:
                base, vat = converted(booking)
                self._amounts[kind][index] += base
                self._amounts[kind][index + 1] += vat

    def note_compared(self, ours, theirs):
        """Note which fields of an invoice its entry was found equal in."""
        for name, is_compared in comparison.compared_fields(ours, theirs):
            self._compared[name] = self._compared.get(name, True) and is_compared

    def store(self):
        others = OtherDocuments(self.record)
        for kind in KINDS:
            count, base, vat = others.add_up(kind)
            self._counts[kind] = count
            self._amounts[kind] = [base, vat, 0, 0]
        self.env["exact.comparison.summary"].create(
            [self._prepare_row(kind) for kind in ORDER if self._counts.get(kind)]
        )
        self.record.write(
            {"conclusion": self._conclude(), "coverage": self._get_coverage()}
        )

    def _prepare_row(self, kind):
        base, vat, other_base, other_vat = self._amounts[kind]
        return {
            "comparison_id": self.record.id,
            "sequence": ORDER.index(kind),
            "kind": kind,
            "is_compared": kind in COMPARED,
            "count": self._counts[kind],
            "odoo_base": base,
            "odoo_vat": vat,
            "exact_base": other_base,
            "exact_vat": other_vat,
        }

    # === SENTENCES === #

    @property
    def _has_problem(self):
        problems = set(COMPARED) - {"equal", "rounding"}
        return any(self._counts.get(kind) for kind in problems)

    def _conclude(self):
        """Return what was compared and found equal; False where anything is not.

        Nor where entries of other journals are unexplained: one of them may be an
        invoice that somebody typed in.
        """
        if self._has_problem or self.record.other_journals:
            return False
        equal, rounded = self._counts["equal"], self._counts["rounding"]
        fields = comparison_messages.field_names(self.env, self._compared_names)
        sentences = []
        if equal:
            sentence = "equal" if equal > 1 else "equal_one"
            sentences.append(self._say(sentence, count=equal, fields=fields))
        if rounded:
            sentences.append(self._say("rounding", count=rounded, fields=fields))
        if not sentences:
            sentences.append(self._say("nothing"))
        has_entries = any(any(amounts[2:]) for amounts in self._amounts.values())
        is_read = equal or rounded or has_entries
        sentences.append(self._say("no_others" if is_read else "no_entries"))
        return " ".join(sentences)

    @property
    def _compared_names(self):
        """The fields that every invoice which has them was compared in."""
        names = {name for name, is_compared in self._compared.items() if is_compared}
        # Which the sums of the VAT codes say as well.
        return names - {"vat"} if "by_code" in names else names

    def _get_coverage(self):
        """Return what was read, and which documents of Odoo were not compared."""
        sentences = [self._say("read", calls=self.record.call_count)]
        labels = dict(
            self.env["exact.comparison.summary"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        others = [
            f"{labels[kind]} ({self._counts[kind]})"
            for kind in ORDER
            if kind not in COMPARED and self._counts.get(kind)
        ]
        if others:
            sentences.append(self._say("not_compared", kinds=", ".join(others)))
        return " ".join(sentences)

    def _say(self, sentence, **values):
        record = self.record
        return messages.say(
            self.env,
            comparison_messages.CONCLUSIONS[sentence],
            start=messages.shown(self.env, record.date_from),
            end=messages.shown(self.env, record.date_to),
            journals=", ".join(record.journal_codes or ()),
            **values,
        )
