"""Number formats of a company: where two entries would clash, and which formats fit."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .entry_number import ODOO_DIGITS, NumberFormat, NumberSource

INVOICE, CREDIT, DEBIT = "invoice", "credit", "debit"
KINDS = (INVOICE, CREDIT, DEBIT)

# What a prefix may start with, and the digit after it that tells kinds and journals
# apart: 9 is known for credit notes and 8 for debit notes.
_BASES = (
    "",
    "{yy}",
    "{yyyy}",
    "{yy}{mm}",
    "{yyyy}{mm}",
    "{journal}{yy}",
    "{journal}{yy}{mm}",
)
_DIGITS = {INVOICE: "123456789", CREDIT: "987654321", DEBIT: "897654321"}
# How many digits of a long running number may still count up.
_COUNTING = 5


class Group(NamedTuple):
    """The documents that one format numbers.

    :param journal: of Odoo.
    :param str kind: one of KINDS; a credit note that shares numbers with the invoices
        is an invoice here.
    """

    journal: Hashable
    kind: str


@dataclass(frozen=True)
class Document:
    """An invoice that gets a number, or an entry that has one.

    :param str name: of the invoice, or what else a person knows it by.
    :param place: where Exact keeps numbers unique: journal and financial year.
    :param int fixed: the number it has in Exact already.
    :param bool is_expected: it does not exist yet; it would be the next of its group.
    """

    name: str
    place: tuple[Hashable, ...]
    group: Group | None = None
    source: NumberSource | None = None
    fixed: int | None = None
    is_expected: bool = False


@dataclass(frozen=True)
class Formats:
    """The formats of the company by kind, and those of single Odoo journals."""

    company: Mapping[str, NumberFormat]
    own: Mapping[Group, NumberFormat] = field(default_factory=dict)

    def of(self, group: Group) -> NumberFormat:
        return self.own.get(group) or self.company[group.kind]

    def with_company(self, kind: str, form: NumberFormat) -> "Formats":
        return replace(self, company={**self.company, kind: form})

    def with_own(self, group: Group, form: NumberFormat) -> "Formats":
        return replace(self, own={**self.own, group: form})


class Finding(NamedTuple):
    """What is wrong with the number of a document.

    :param str kind: 'clash', 'taken', 'restart', 'too_large' or 'not_digits'.
    :param value: the number, or what is no number.
    :param Document other: that has the number already.
    """

    kind: str
    document: Document
    value: object
    other: Document | None = None


def find_problems(documents: Iterable[Document], formats: Formats) -> Iterator[Finding]:
    """Return what Exact would refuse under these formats, now or next month."""
    ordered = sorted(documents, key=lambda document: document.fixed is None)
    seen = {}
    for document in ordered:
        number = document.fixed
        if number is None:
            form = formats.of(document.group)
            try:
                number = document.source.number(form)
            except OverflowError as err:
                yield Finding("too_large", document, str(err))
                continue
            except ValueError as err:
                yield Finding("not_digits", document, str(err))
                continue
        twin = seen.setdefault((document.place, number), document)
        if document.fixed is None and twin is not document:
            kind = "clash" if twin.group else "taken"
            yield Finding(kind, document, number, twin)
    yield from _find_restarts(ordered, formats)


def _find_restarts(
    documents: Iterable[Document], formats: Formats
) -> Iterator[Finding]:
    """Return one document of each group whose numbers come again next month."""
    told = set()
    for document in documents:
        source, group = document.source, document.group
        if not source or document.fixed or group in told or not source.has_month:
            continue
        form = formats.of(group)
        if not form.has("mm"):
            told.add(group)
            yield Finding("restart", document, form.prefix)


# === PROPOSAL === #


def propose(
    documents: Iterable[Document],
    formats: Formats,
    *,
    may_change: Callable[[Group | None], bool] = lambda group: True,
) -> Formats | None:
    """Return formats under which no two documents clash; those that fit stay.

    Each group gets the shortest one that leaves room for what is still to come, else
    the shortest that works for what there is.

    :param may_change: tells of a group whether it may have another format, and of
        None whether the company's may change.
    :return: None if nothing is found.
    """
    return _Proposal(list(documents), formats, may_change).find()


class _Proposal:
    def __init__(
        self,
        documents: list[Document],
        formats: Formats,
        may_change: Callable[[Group | None], bool],
    ) -> None:
        self.formats = formats
        self.may_change = may_change
        self.fixed = [one for one in documents if one.fixed is not None]
        self.open: dict[Group, list[Document]] = {}
        for one in documents:
            if one.fixed is None:
                self.open.setdefault(one.group, []).append(one)
        # The kinds whose company format has a group that relies on it.
        self.settled: set[str] = set()
        self.numbers = {(one.place, one.fixed) for one in self.fixed}
        self.ranges: list[tuple[object, int, int]] = []

    def find(self) -> Formats | None:
        for group in self._in_order():
            form = self._find_format(group)
            if form is None:
                return None
            self._accept(group, form)
        return self.formats

    def _in_order(self) -> list[Group]:
        """Return the groups: fixed ones, then invoices, then what has most of them."""

        def rank(group: Group) -> tuple[object, ...]:
            real = [one for one in self.open[group] if not one.is_expected]
            return (
                self.may_change(group),
                KINDS.index(group.kind),
                group in self.formats.own,
                -len(real),
            )

        return sorted(self.open, key=rank)

    def _find_format(self, group: Group) -> NumberFormat | None:
        current = self.formats.of(group)
        if not self.may_change(group) or self._works(group, current):
            return current
        for is_roomy in (True, False):
            for form in self._candidates(group):
                if is_roomy and not self._has_room(group, form):
                    continue
                if self._works(group, form):
                    return form
        return None

    def _accept(self, group: Group, form: NumberFormat) -> None:
        if form != self.formats.of(group):
            if self._may_change_company(group):
                self.formats = self.formats.with_company(group.kind, form)
            else:
                self.formats = self.formats.with_own(group, form)
        if group not in self.formats.own:
            self.settled.add(group.kind)
        self.numbers |= set(self._numbers(group, form) or ())
        self.ranges += self._ranges(group, form) or ()

    def _may_change_company(self, group: Group) -> bool:
        return (
            self.may_change(None)
            and group.kind not in self.settled
            and group not in self.formats.own
        )

    def _candidates(self, group: Group) -> list[NumberFormat]:
        """Return the formats to try, the shortest first."""
        suffix = self.formats.of(group).suffix
        is_company = self._may_change_company(group)
        prefixes = [
            base + digit for base in _BASES for digit in ("", *_DIGITS[group.kind])
        ]
        if not is_company:
            # An empty prefix stands for the company's.
            prefixes = [prefix for prefix in prefixes if prefix]
        suffixes = [suffix, ""] if suffix and is_company else [suffix]
        source = self.open[group][0].source
        forms = [
            NumberFormat(prefix, suffix) for suffix in suffixes for prefix in prefixes
        ]

        def length(form: NumberFormat) -> int:
            codes = len(source.journal) * form.prefix.count("{journal}")
            for name, size in (("{yyyy}", 4), ("{yy}", 2), ("{mm}", 2)):
                codes += size * form.prefix.count(name)
            return codes + sum(char.isdigit() for char in form.prefix)

        forms.sort(key=length)
        # The company's other suffix is tried last, whatever its length.
        return sorted(forms, key=lambda form: form.suffix != suffix)

    # === FITTING === #

    def _works(self, group: Group, form: NumberFormat) -> bool:
        """Tell whether all that is there gets a number of its own."""
        numbers = self._numbers(group, form)
        if numbers is None or len(numbers) != len(set(numbers)):
            return False
        restarts = any(one.source.has_month for one in self.open[group])
        if restarts and not form.has("mm"):
            return False
        return not self.numbers & set(numbers)

    def _has_room(self, group: Group, form: NumberFormat) -> bool:
        """Tell whether what is still to come fits, too."""
        if not form.has("yy", "yyyy"):
            if any(one.source.has_year for one in self.open[group]):
                return False
        ranges = self._ranges(group, form)
        if ranges is None:
            return False
        for place, low, high in ranges:
            for where, start, end in self.ranges:
                if place == where and low <= end and start <= high:
                    return False
            for where, number in self.numbers:
                if place == where and low <= number <= high:
                    return False
        return True

    def _numbers(
        self, group: Group, form: NumberFormat
    ) -> list[tuple[object, int]] | None:
        try:
            return [(one.place, one.source.number(form)) for one in self.open[group]]
        except (ValueError, OverflowError):
            return None

    def _ranges(
        self, group: Group, form: NumberFormat
    ) -> list[tuple[object, int, int]] | None:
        """Return (place, first, last) of the numbers that a format may give."""
        ranges = set()
        for one in self.open[group]:
            fixed, counting = _split(one.source.digits)
            first = replace(one.source, digits=fixed + "1".zfill(counting))
            last = replace(one.source, digits=fixed + "9" * counting)
            try:
                ranges.add((one.place, first.number(form), last.number(form)))
            except (ValueError, OverflowError):
                return None
        return list(ranges)


def _split(digits: str) -> tuple[str, int]:
    """Return what of a running number stays, and how many digits count up."""
    if len(digits) <= ODOO_DIGITS:
        return "", len(digits)
    return digits[:-_COUNTING], _COUNTING
