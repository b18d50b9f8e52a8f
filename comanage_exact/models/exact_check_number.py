import logging
from collections import Counter

from odoo import api, models

from ..exact_api import odata, resources
from ..exact_api.exceptions import ExactError
from .res_company_number import PREVIEW

_logger = logging.getLogger(__name__)


class ExactCheck(models.Model):
    """The line about entry numbers: the format, clashes here, and numbers in Exact."""

    _name = "exact.check"
    _inherit = ["exact.check"]

    @api.model
    def _find_taken_number(self, company):
        """Ask Exact, with one call, for the numbers that come next in the journal.

        These are the numbers of the last invoices that are not booked yet, and the one
        after the newest.

        :return: what the sentence about a number in use needs, or None.
        """
        moves = company._exact_get_numbered_moves(PREVIEW)
        if not moves or not company._exact_is_ready():
            return None
        newest = moves[0]
        wanted = self._get_wanted_numbers(moves)
        journal = newest._exact_get_journal().code
        if not wanted or not journal:
            return None
        numbers = " or ".join(f"EntryNumber eq {number}" for number in wanted)
        try:
            with company.exact_connection_id._client() as client:
                rows = client.get(
                    resources.ENTRIES,
                    select="EntryNumber,YourRef,CustomerName",
                    filter=f"Journal eq {odata.quoted(journal)} and ReportingYear eq "
                    f"{newest.invoice_date.year} and ({numbers})",
                )
        except ExactError as err:
            # The lines about connection and rights tell it.
            _logger.info("Numbers of company %s: %s", company.id, err)
            return None
        for row in rows:
            number, reference = row["EntryNumber"], (row["YourRef"] or "").strip()
            if number in wanted and wanted[number] != reference:
                return {
                    "number": number,
                    "name": wanted[number] or self.env._("the next invoice"),
                    "journal": journal,
                    "customer": (row["CustomerName"] or "").strip() or "?",
                    "reference": reference or "?",
                }
        return None

    @api.model
    def _get_wanted_numbers(self, moves):
        """Return {number: name of the invoice, None for the next one}."""
        newest = moves[0]
        journal = newest._exact_get_journal()
        wanted = {}
        for move in moves:
            is_alike = (
                move._exact_get_journal() == journal
                and move.invoice_date.year == newest.invoice_date.year
            )
            if is_alike and not move._exact_get_number_problems():
                if move == newest:
                    self._add_next_number(wanted, move)
                if move.exact_state != "sent":
                    wanted[move._exact_get_entry_number()] = move.name
        return wanted

    @api.model
    def _add_next_number(self, wanted, newest):
        try:
            wanted[newest._exact_get_entry_number(after=1)] = None
        except OverflowError:
            # Told when there is an invoice with that number.
            _logger.info("No number comes after %s", newest.name)

    @api.model
    def _judge_number(self, company, taken):
        """Try the number format on the last ten invoices.

        :param dict taken: of `_find_taken_number`.
        """
        moves = company._exact_get_numbered_moves(PREVIEW)
        for move in moves:
            problems = move._exact_get_number_problems()
            if problems:
                return "error", problems[0], "company"
        twins = self._find_twins(moves)
        if twins:
            message = self.env._(
                "%(names)s get the same entry number. Change the prefix or the suffix, "
                "for instance with {yy} or other digits for credit notes.",
                names=", ".join(twins.mapped("name")),
            )
            return "error", message, "company"
        if taken:
            message = self.env._(
                "Entry number %(number)s, which %(name)s would get, is used in journal "
                "%(journal)s of Exact Online by %(customer)s, reference %(reference)s. "
                "Change the prefix or the suffix.",
                **taken,
            )
            return "error", message, "company"
        if not moves:
            return "ok", self.env._("No invoice yet to try the format on."), ""
        message = self.env._(
            "%(name)s becomes entry %(number)s.",
            name=moves[0].name,
            number=moves[0]._exact_get_entry_number(),
        )
        return "ok", message, ""

    @api.model
    def _find_twins(self, moves):
        """Return the invoices that get the same number in the same journal and year."""
        keys = {
            move: (
                move._exact_get_journal(),
                move.invoice_date.year,
                move._exact_get_entry_number(),
            )
            for move in moves
        }
        counts = Counter(keys.values())
        return moves.filtered(lambda move: counts[keys[move]] > 1)
