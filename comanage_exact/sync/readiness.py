"""The readiness list of a company: what only Exact Online can tell of it."""

import logging

from ..exact_api import odata, resources
from ..exact_api.exceptions import ExactError, ExactRejected, ExactUnavailable
from ..exact_api.resources import OPTIONAL_RIGHTS, RIGHTS
from ..mappers.sales_entry import SalesEntryMapper
from .connection import open_client

_logger = logging.getLogger(__name__)

# How many of the last invoices are looked at.
LATEST = 10


class Readiness:
    """Asks Exact Online what the readiness list needs, and has the list judged.

    Raises nothing about Exact: a line that cannot be judged says so.
    """

    def __init__(self, company):
        # An administrator may look at a company that is not among the chosen ones.
        self.company = company.sudo()
        self.connection = self.company.exact_connection_id
        self.checks = self.company.env["exact.check"].with_company(self.company)

    def run(self):
        """Judge all lines."""
        failures = self.probe()
        is_reached = not any(
            isinstance(err, ExactUnavailable) for err in (failures or {}).values()
        )
        taken = self.find_taken_number() if is_reached else None
        self.checks._judge(self.company, failures, taken)

    def probe(self):
        """Ask Exact for a row of each resource that booking needs.

        :return: {resource: ExactError} of those that failed; after an error that is
            no refusal, which the next call would meet too, no further one is made.
            None where the company is not connected, so that nothing was asked.
        """
        if not self.company._exact_is_ready():
            return None
        failures = {}
        optional = OPTIONAL_RIGHTS if self.company.exact_send_pdf else {}
        for resource, (_right, key, rule) in {**RIGHTS, **optional}.items():
            options = {"select": key, "top": 1, **({"filter": rule} if rule else {})}
            try:
                with open_client(self.connection) as client:
                    client.get(resource, **options)
            except ExactRejected as err:
                failures[resource] = err
            except ExactError as err:
                failures[resource] = err
                break
        return failures

    def find_taken_number(self):
        """Ask Exact, with one call, for the numbers that come next in the journal.

        These are the numbers of the last invoices that are not booked yet, and the one
        after the newest.

        :return: what the sentence about a number in use needs, with None as the name
            of the next invoice; None if no number is in use.
        """
        moves = self.company._exact_get_numbered_moves(LATEST)
        if not moves or not self.company._exact_is_ready():
            return None
        newest = SalesEntryMapper(moves[0])
        wanted = self._get_wanted_numbers(moves)
        journal = newest.journal.code
        if not wanted or not journal:
            return None
        for row in self._read_entries(newest, journal, wanted):
            number, reference = row["EntryNumber"], (row["YourRef"] or "").strip()
            if number in wanted and wanted[number] != reference:
                return {
                    "number": number,
                    "name": wanted[number],
                    "journal": journal,
                    "customer": (row["CustomerName"] or "").strip() or "?",
                    "reference": reference or "?",
                }
        return None

    def _read_entries(self, newest, journal, wanted):
        """Return the entries with these numbers; none where Exact does not answer."""
        numbers = " or ".join(f"EntryNumber eq {number}" for number in wanted)
        try:
            with open_client(self.connection) as client:
                return client.get(
                    resources.ENTRIES,
                    select="EntryNumber,YourRef,CustomerName",
                    filter=f"Journal eq {odata.quoted(journal)} and ReportingYear eq "
                    f"{newest.financial_year} and ({numbers})",
                )
        except ExactError as err:
            # The lines about connection and rights say it.
            _logger.info("Numbers of company %s: %s", self.company.id, err)
            return []

    def _get_wanted_numbers(self, moves):
        """Return {number: name of the invoice, None for the next one}."""
        newest = SalesEntryMapper(moves[0])
        wanted = {}
        for mapper in map(SalesEntryMapper, moves):
            move = mapper.move
            is_alike = (
                mapper.journal == newest.journal
                and mapper.financial_year == newest.financial_year
            )
            if is_alike and not mapper.number_problems():
                if move == newest.move:
                    self._add_next_number(wanted, mapper)
                if move.exact_state != "sent":
                    wanted[mapper.entry_number] = move.name
        return wanted

    def _add_next_number(self, wanted, newest):
        try:
            wanted[newest.number(after=1)] = None
        except OverflowError:
            # The list says so when there is an invoice with that number.
            _logger.info("No number comes after %s", newest.move.name)
