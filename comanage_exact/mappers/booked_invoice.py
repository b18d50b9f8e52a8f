"""An invoice as Odoo's ledger has it, to be compared with its entry."""

from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from odoo import models

from ..booking import comparison
from ..exact_api import bodies
from .entry_lines import ExactLine


class BookedLine(NamedTuple):
    """A line with the codes that it was booked with."""

    row: ExactLine
    vat_code: str
    gl_account: str | None
    cost_center: str
    cost_unit: str


class BookedInvoice:
    """Reads amounts from Odoo's ledger, and codes from the booking.

    Number, journal, customer and the codes of lines are those that were sent, because
    the settings may have changed after it. Where the invoice itself was changed,
    customer and codes are its own.

    :param SalesEntryMapper mapper: of the invoice.
    """

    def __init__(self, mapper):
        self.mapper = mapper
        self.move = mapper.move
        self.outbox = self.move.exact_outbox_id
        self.is_sent = self.outbox.state == "sent"
        # None if it was not sent, or booked by somebody else.
        self.request = (self.is_sent and self.outbox.request) or None
        if self.outbox.finding_before and not mapper.has_codes_as_sent:
            self.request = None

    def booking(self):
        """Return comparison.Booking; with a key only if Exact said it has the entry."""
        mapper, move, outbox = self.mapper, self.move, self.outbox
        journal = outbox.exact_journal if self.is_sent else ""
        total_dc, vat_dc = mapper.totals_dc
        return comparison.Booking(
            key=outbox.exact_guid or "" if self.is_sent else "",
            number=outbox.exact_number if self.is_sent else mapper.likely_number,
            day=move.invoice_date,
            journal=journal or mapper.journal.code or "",
            reference=bodies.text(move.name, "your_ref"),
            customer=self.request["Customer"] if self.request else mapper.customer,
            currency=move.currency_id.name,
            total=mapper.total,
            total_dc=total_dc,
            vat_dc=vat_dc,
            year=mapper.period.year or None,
            period=mapper.period.number or None,
            accounting_day=mapper.accounting_date,
            by_code_dc=self._read_codes_dc(),
            **self._read_lines(),
        )

    def _read_lines(self):
        lines = self.lines
        return {
            "by_code": comparison.sum_by_code(
                (line.vat_code, line.row.amount, line.row.vat_amount) for line in lines
            ),
            "by_gl": comparison.sum_by_gl(
                (line.gl_account, line.row.amount) for line in lines
            ),
            "by_gl_dc": comparison.sum_by_gl(
                (line.gl_account, line.row.amount_dc) for line in lines
            ),
            "by_center": self._sum_costs("cost_center"),
            "by_unit": self._sum_costs("cost_unit"),
        }

    def _sum_costs(self, name):
        """Return the base of each code; None if no line has any."""
        pairs = [(getattr(line, name), line.row.amount) for line in self.lines]
        return comparison.sum_shares(pairs) if any(code for code, _ in pairs) else None

    def _read_codes_dc(self):
        """Return base and VAT of each VAT code in the currency of the company.

        None where VAT of one code of Odoo's settings was sent with several.
        """
        sent = {}
        for line in self.lines:
            sent.setdefault(line.row.vat_code, set()).add(line.vat_code)
        amounts = [
            (line.vat_code, line.row.amount_dc, Decimal()) for line in self.lines
        ]
        for vat_code, vat_dc in self.mapper.ledger.vat_dc.items():
            codes = sent.get(vat_code, {vat_code.code or ""})
            if len(codes) > 1:
                return None
            amounts.append((*codes, Decimal(), vat_dc))
        return comparison.sum_by_code(amounts)

    # === LINES === #

    @cached_property
    def lines(self):
        """The lines, as list of BookedLine."""
        rows = self.mapper.lines
        sent = self.request["SalesEntryLines"] if self.request else ()
        if len(sent) != len(rows):
            return [self._make_line(row) for row in rows]
        codes = self._find_gl_codes({line["GLAccount"] for line in sent})
        return [
            BookedLine(
                row,
                # None where Exact took the code of the account.
                line.get("VATCode") or row.vat_code.code or "",
                codes.get(line["GLAccount"]),
                *self._get_costs(line, row),
            )
            for line, row in zip(sent, rows, strict=True)
        ]

    def _get_costs(self, sent, row):
        if self.is_redistributed:
            return row.cost_center or "", row.cost_unit or ""
        return sent.get("CostCenter") or "", sent.get("CostUnit") or ""

    @cached_property
    def is_redistributed(self):
        """Tell whether the analytic distribution was changed after the booking.

        Odoo allows it on a confirmed invoice, and makes new analytic items.
        """
        items = self.move.line_ids.analytic_line_ids
        booked_at = self.outbox.synced_at
        return bool(booked_at) and any(
            item.create_date > booked_at for item in items if item.create_date
        )

    @staticmethod
    def _make_line(row):
        return BookedLine(
            row,
            row.vat_code.code or "",
            row.gl_account.code,
            row.cost_center or "",
            row.cost_unit or "",
        )

    def _find_gl_codes(self, guids):
        """Return {GUID: code} of G/L accounts, also those no longer mapped."""
        accounts: models.Model = self.env["exact.gl.account"].union(
            *(row.gl_account for row in self.mapper.lines)
        )
        codes = {account.exact_guid: account.code for account in accounts}
        if missing := guids - codes.keys():
            company = self.mapper.company
            found = accounts.sudo().with_context(active_test=False)
            found = found.search(
                [
                    ("company_id", "=", company.id),
                    ("exact_guid", "in", list(missing)),
                ]
            )
            codes |= {account.exact_guid: account.code for account in found}
        return codes

    @property
    def env(self):
        return self.move.env
