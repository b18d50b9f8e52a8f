"""Historical invoices: what booking them costs, and which Exact Online has already."""

import math

from odoo.exceptions import UserError
from odoo.tools import split_every

from ..exact_api.const import CALLS_PER_DAY, CALLS_PER_MINUTE
from ..mappers.sales_entry import SalesEntryMapper
from . import comparison_messages, duplicates, historical_messages, messages

# What a person may wait for, and what can be looked up within a minute.
MAX_INVOICES = 1000
# Invoices that are in memory at once.
BATCH = 200
# Document and attachment.
CALLS_OF_A_PDF = 2


def duration_text(env, calls):
    """Return how long Exact Online's limits make so many calls last."""
    if calls > CALLS_PER_DAY:
        days = math.ceil(calls / CALLS_PER_DAY)
        return historical_messages.counted(env, historical_messages.DAYS, days)
    minutes = math.ceil(calls / CALLS_PER_MINUTE)
    return historical_messages.counted(env, historical_messages.MINUTES, minutes)


class HistoricalInvoices:
    """The confirmed invoices of some days and journals that were never sent.

    :param res.company company: of the invoices, as superuser.
    :param date date_from, date_to: first and last day.
    :param account.journal journals: empty for all sales journals.
    """

    def __init__(self, company, date_from, date_to, journals):
        self.company = company
        self.env = company.env
        self.owner = company.sudo().exact_owner_id
        self.date_from = date_from
        self.date_to = date_to
        self.journals = journals

    def batches(self):
        """Yield the invoices by day, some at a time.

        Ten thousand would not fit into memory.

        :raise UserError: they are more than a day of calls can book.
        """
        found = self.env["account.move"].search(
            self._get_domain(), order="invoice_date, id"
        )
        if len(found) > MAX_INVOICES:
            raise UserError(
                messages.say(
                    self.env,
                    comparison_messages.TOO_MANY_INVOICES,
                    count=len(found),
                    limit=MAX_INVOICES,
                )
            )
        moves = found.with_company(self.owner)
        for ids in split_every(BATCH, found.ids):
            # Not what somebody switched off.
            yield moves.browse(ids).filtered(
                lambda move: not move._exact_is_manual_only()
            )
            self.env.invalidate_all()

    def _get_domain(self):
        domain = [
            ("company_id", "=", self.company.id),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
            ("invoice_date", ">=", self.date_from),
            ("invoice_date", "<=", self.date_to),
            "|",
            ("exact_outbox_id", "=", False),
            ("exact_state", "=", "cancelled"),
        ]
        if self.journals:
            domain.append(("journal_id", "in", self.journals.ids))
        return domain

    # === COUNTING === #

    def count(self):
        """Return how many invoices there are, and what booking them costs.

        Makes no call.

        :return: dict of the figures, by the names of the wizard's fields.
        """
        total = problems = pdfs = 0
        new = set()
        for moves in self.batches():
            mappers = [SalesEntryMapper(move) for move in moves]
            ready = [mapper for mapper in mappers if not mapper.problems()]
            total += len(mappers)
            problems += len(mappers) - len(ready)
            new |= {
                mapper.move.commercial_partner_id.id
                for mapper in ready
                if not mapper.customer
            }
            if self.owner.exact_send_pdf:
                sent = moves.browse(mapper.move.id for mapper in ready)
                pdfs += len(sent.invoice_pdf_report_id)
        calls = total - problems + len(new) + CALLS_OF_A_PDF * pdfs
        return {
            "invoice_count": total,
            "problem_count": problems,
            "customer_count": len(new),
            "pdf_count": pdfs,
            "call_count": calls,
            "duration": duration_text(self.env, calls),
            "scan_call_count": duplicates.expected_calls(total),
        }
