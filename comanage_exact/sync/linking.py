"""Finding the entry of an invoice that somebody booked manually in Exact Online."""

from odoo.exceptions import UserError

from ..booking import comparison
from ..exact_api import odata, resources
from ..exact_api.const import MAX_ENTRY_NUMBER
from ..exact_api.exceptions import ExactError
from ..mappers.sales_entry import SalesEntryMapper
from . import comparison_messages, messages
from .connection import open_client

LIMIT = 10


class EntrySearch:
    """Looks in Exact Online for the entries that an invoice may be.

    :param account.move move: as superuser.
    :param str number: of the entry, as a person entered it; may be empty.
    :param str reference: the same.
    """

    def __init__(self, move, number, reference):
        self.env = move.env
        self.company = move.company_id.sudo().exact_owner_id
        self.move = move.with_company(self.company)
        self.number = (number or "").strip()
        self.reference = (reference or "").strip()

    def find(self):
        """Return the values of a candidate for each entry that may be the invoice.

        :raise UserError: nothing to look for was entered, or Exact Online cannot be
            read.
        """
        self.company._exact_check_ready()
        conditions = self._get_conditions()
        found = {}
        try:
            with open_client(self.company.exact_connection_id) as client:
                for condition in conditions:
                    rows = client.get(
                        resources.ENTRIES,
                        select=resources.HEADER,
                        filter=condition,
                        top=LIMIT,
                    )
                    found.update({row["EntryID"]: row for row in rows})
        except ExactError as err:
            raise UserError(messages.explain_button(self.company, err)) from err
        return [self._prepare_candidate(row) for row in found.values()]

    def _get_conditions(self):
        """Return the filters: one call for each that was filled in."""
        conditions = []
        if self.number:
            conditions.append(f"EntryNumber eq {self._get_entry_number()}")
        if self.reference:
            conditions.append(f"YourRef eq {odata.quoted(self.reference)}")
        if not conditions:
            raise UserError(
                messages.say(
                    self.env, comparison_messages.NOTHING_TO_FIND, name=self.move.name
                )
            )
        return conditions

    def _get_entry_number(self):
        number = self.number
        is_number = number.isascii() and number.isdigit()
        if not is_number or int(number) > MAX_ENTRY_NUMBER:
            raise UserError(
                messages.say(
                    self.env, comparison_messages.NOT_AN_ENTRY_NUMBER, number=number
                )
            )
        return int(number)

    def _prepare_candidate(self, row):
        move, entry = self.move, comparison.read_header(row)
        found = SalesEntryMapper(move).differences_from_manual(row)
        customer = move.commercial_partner_id
        return {
            "number": entry.number,
            "journal": entry.journal,
            "entry_date": entry.day,
            "reference": entry.reference,
            "customer": row.get("CustomerName"),
            "total": entry.total,
            "difference": messages.differences_text(move.env, found, customer),
            "entry": odata.to_json(row),
        }
