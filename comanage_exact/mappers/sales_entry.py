"""An invoice as the sales entry that Exact Online gets."""

from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from odoo import fields

from ..booking import comparison, entry_number, matching, vat_mapping
from ..booking.gl_mapping import takes_default
from ..booking.problem import Amount, Problem
from ..booking.sales_entry import SalesEntry, SalesEntryLine
from ..exact_api.const import VAT_LISTING_NONE
from .account_search import AccountSearch
from .booked_invoice import BookedInvoice
from .cost_shares import CostShares
from .customer import VAT_NUMBER, CustomerMapper
from .entry_lines import LedgerReader
from .entry_number import EntryNumberMapper
from .exchange_rate import RateMapper
from .period import PeriodMapper
from .place import place
from .tax import TaxMapper, read_code_facts
from .texts import read_texts


def match_problem(match):
    """Return the Problem of an open question about a customer.

    :param exact.match match: a single one.
    """
    return Problem(
        "match_open",
        {
            "customer": match.partner_id.display_name,
            "account": match.candidate_ids.account_id[:1].display_name or "…",
        },
        record=place(match),
    )


class SalesEntryMapper:
    """Reads an invoice: what Exact Online gets of it, and what keeps it here.

    Everything is read once: after a change of the invoice or of a setting it takes
    another mapper.

    :param account.move move: a single one, in the language of who reads the problems.
    """

    def __init__(self, move):
        move.ensure_one()
        self.move = move
        self.env = move.env
        self.sign = -1 if move.move_type == "out_refund" else 1

    @property
    def is_bookable(self):
        """Whether it is a confirmed customer invoice or credit note."""
        is_sale = self.move.move_type in ("out_invoice", "out_refund")
        return is_sale and self.move.state == "posted"

    # === RECORDS === #

    @cached_property
    def company(self):
        """The company whose connection and settings this invoice uses, as sudo."""
        return self.move.company_id.sudo().exact_owner_id

    @cached_property
    def partner(self):
        """The customer, as sudo: of a contact or a delivery address the company."""
        partner = self.move.commercial_partner_id
        return partner.sudo().with_company(self.company)

    @cached_property
    def rule(self):
        """The rule that books this consumer together with others, if any."""
        partner = self.move.commercial_partner_id
        for rule in self.company.exact_collective_rule_ids:
            if rule._fits(partner, self.move):
                return rule
        return self.env["exact.collective.rule"]

    @cached_property
    def numbering(self):
        """How its entry is numbered, as EntryNumberMapper."""
        return EntryNumberMapper(self.move)

    @property
    def journal(self):
        """The journal in Exact Online: that of the Odoo journal comes first."""
        return self.numbering.journal

    @cached_property
    def payment_condition(self):
        term = self.move.invoice_payment_term_id.with_company(self.company)
        default = self.company.exact_payment_condition_id
        return term.exact_payment_condition_id or default

    @cached_property
    def periods(self):
        return PeriodMapper(self.company)

    @cached_property
    def period(self):
        """The exact.period that the entry is booked in; empty if none is known.

        That of the accounting date, unless it is closed and a person chose a later one.
        """
        chosen = self.chosen_period
        return chosen or self.periods.find(self.accounting_date)

    @cached_property
    def chosen_period(self):
        """The exact.period that a person chose; empty once the invoice is later."""
        chosen = self.move.sudo().exact_outbox_id.period_id
        is_used = (
            chosen.active
            and chosen.company_id == self.company
            and chosen.end_date >= self.accounting_date
        )
        return chosen if is_used else chosen.browse()

    @cached_property
    def open_period(self):
        """The exact.period that a person may choose: the first that may be open."""
        outbox = self.move.sudo().exact_outbox_id
        request = outbox.request if outbox.state in ("failed", "sending") else None
        refused = (
            (request.get("ReportingYear"), request.get("ReportingPeriod"))
            if request
            else ()
        )
        day = self.period.start_date or self.accounting_date
        return self.periods.first_open(
            max(day, self.accounting_date), self.journal.code, refused
        )

    @cached_property
    def customer_mapper(self):
        return CustomerMapper(self.partner)

    @cached_property
    def ledger(self):
        """What Odoo's ledger has of the invoice, as LedgerAmounts."""
        return LedgerReader(self.move, self.company).amounts()

    @cached_property
    def cost_shares(self):
        return CostShares(self.company, self.ledger.rows)

    @property
    def lines(self):
        """The lines, in the currency of the invoice, credit notes negative."""
        return self.cost_shares.lines

    # === VALUES === #

    @property
    def accounting_date(self):
        """When Odoo's ledger has it, which a lock date may move behind its date."""
        return self.move.date

    @cached_property
    def financial_year(self):
        """Exact's year of the accounting date, within which its number is unique."""
        if self.period:
            return self.period.year
        return self.periods.calendar.year_of(self.accounting_date)

    @cached_property
    def customer(self):
        """The GUID of the customer; empty while Exact Online has none."""
        if self.rule:
            return self.rule.account_id.exact_guid or ""
        return self.partner.exact_guid or ""

    @cached_property
    def description(self):
        """What people see in Exact Online, cut to what it stores."""
        return read_texts(self.move, is_collective=bool(self.rule)).describe()

    @cached_property
    def entry_number(self):
        """The number of the entry.

        :raise ValueError, OverflowError: see `number`.
        """
        return self.number()

    @cached_property
    def likely_number(self):
        """The number of the entry as text, '' if there is none."""
        try:
            return str(self.entry_number)
        except (ValueError, OverflowError):
            return ""

    def number(self, after=0):
        """Return the number of the entry, from prefix, sequence and suffix.

        :param int after: for an invoice that comes so many after this one.
        :raise ValueError, OverflowError: see `booking.entry_number`.
        """
        return self.numbering.number(after)

    # === CURRENCY OF THE COMPANY === #

    @cached_property
    def rates(self):
        """The exchange rate, and the cents that it makes, as RateMapper."""
        return RateMapper(self.move, self.ledger, self.lines, self.company)

    @cached_property
    def totals_dc(self):
        """Total and VAT in the company's currency, as the ledger has them."""
        return self.ledger.total_dc, sum(self.ledger.vat_dc.values(), Decimal())

    @property
    def total(self):
        """The total with VAT in the currency of the invoice, credit notes negative."""
        return self.ledger.total

    # === ENTRY === #

    def entry(self, customer=None):
        """Return the invoice as Exact Online gets it, credit notes negative.

        :param str customer: GUID, instead of the one that is known.
        :return: booking.sales_entry.SalesEntry
        """
        move = self.move
        total_dc, vat_dc = self.totals_dc
        entry = SalesEntry(
            journal=self.journal.code,
            customer=self.customer if customer is None else customer,
            entry_number=self.entry_number,
            entry_date=move.invoice_date,
            due_date=move.invoice_date_due or move.invoice_date,
            your_ref=move.name,
            description=self.description,
            currency=move.currency_id.name,
            rate=self.rates.rate,
            payment_condition=self.payment_condition.code or "",
            payment_reference=move.payment_reference or "",
            total_dc=total_dc,
            vat_dc=vat_dc,
            lines=tuple(self._entry_line(row) for row in self.lines),
            reporting_year=self.period.year or None,
            reporting_period=self.period.number or None,
        )
        return move._exact_prepare_sales_entry(entry)

    def _entry_line(self, row):
        return SalesEntryLine(
            gl_account=row.gl_account.exact_guid,
            amount=row.amount,
            vat_code=row.vat_code.code or "",
            vat_amount=row.vat_amount,
            description=row.description,
            cost_center=row.cost_center or "",
            cost_unit=row.cost_unit or "",
            from_date=row.from_date,
            to_date=row.to_date,
        )

    # === COMPARISON === #

    def booked(self):
        """Return what Odoo's ledger has of this invoice, as comparison.Booking."""
        return BookedInvoice(self).booking()

    @property
    def has_codes_as_sent(self):
        """Whether customer, VAT codes and G/L accounts are those that were sent."""
        request = self.move.sudo().exact_outbox_id.request
        if not request:
            return True
        sent = [
            (line["GLAccount"], line.get("VATCode", ""))
            for line in request["SalesEntryLines"]
        ]
        codes = [
            (row.gl_account.exact_guid, row.vat_code.code or "") for row in self.lines
        ]
        # Of another count none is taken from the booking.
        is_alike = codes == sent or len(codes) != len(sent)
        return is_alike and self.customer == request["Customer"]

    def differences_from(self, row, **booked):
        """Return how an entry differs from this invoice.

        :param dict row: of SalesEntries, selected by `resources.HEADER`.
        :param booked: fields of comparison.Booking, instead of what the settings say;
            None for what is not compared.
        :return: list, see `comparison.differences`.
        """
        ours = replace(self.booked(), **dict.fromkeys(comparison.OF_LINES), **booked)
        return comparison.differences(ours, comparison.read_header(row))

    def differences_from_manual(self, row):
        """The same for an entry that someone booked manually in Exact Online.

        Number, journal and reference are what they chose there.
        """
        return self.differences_from(row, number=None, journal=None, reference=None)

    # === PROBLEMS === #

    def problems(self):
        """Return all that keeps this invoice from Exact Online, as list of Problem.

        Makes no call. An invoice without problems has an `entry`.
        """
        if not self.is_bookable:
            # A cancelled draft has no number to name it by.
            name = self.move.display_name or self.move.type_name
            return [Problem("not_confirmed", {"name": name})]
        return [*self.booking_problems(), *self.number_problems()]

    def booking_problems(self):
        """Return what is wrong whether the invoice is confirmed or not."""
        return [
            *self.company_problems(),
            *self._line_problems(),
            *self._amount_problems(),
            *self._customer_problems(),
            *self._rate_problems(),
            *self._period_problems(),
            *self.rates.journal_problems(self.journal),
            *self.rates.problems(),
        ]

    def company_problems(self):
        problems, company = [], self.company
        if not self.journal:
            problems.append(Problem("no_journal", {"company": company.name}))
        mismatch = company._exact_get_division_problem()
        if mismatch and not company.exact_mismatch_reason:
            problems.append(Problem("division", {"mismatch": mismatch}))
        return problems

    def number_problems(self):
        try:
            _number = self.entry_number
        except entry_number.NoDigits:
            return [Problem("number_missing", {"name": self.move.name})]
        except OverflowError as err:
            reason = Problem("number_too_large", {"number": str(err)})
        except ValueError as err:
            reason = Problem("number_not_digits", {"part": str(err)})
        else:
            return []
        return [Problem("number", {"name": self.move.name, "reason": reason})]

    def _line_problems(self):
        problems = []
        for row in self.lines:
            gl_account = row.gl_account
            if not gl_account:
                problems.append(self._gl_account_problem(row.account))
            elif not (gl_account.active and gl_account.is_bookable):
                names = {
                    "account": self._name_account(row.account),
                    "gl_account": gl_account.display_name,
                }
                problems.append(
                    Problem("gl_account_blocked", names, place(row.account))
                )
            elif None in (row.cost_center, row.cost_unit):
                problems.append(
                    Problem(
                        "costs_missing",
                        {
                            "account": gl_account.display_name,
                            "company": self.company.name,
                        },
                    )
                )
            problems += self._tax_problems(row)
        problems += self.cost_shares.problems()
        # Many lines have the same problem.
        unique = {(one.kind, *one.values.values()): one for one in problems}
        return list(unique.values())

    def _gl_account_problem(self, account):
        if takes_default(account.account_type):
            names = {"account": account.display_name}
            return Problem("no_gl_account", names, place(account))
        names = {"account": self._name_account(account)}
        return Problem("no_own_gl_account", names, place(account))

    def _name_account(self, account):
        """Return code and name; for the user of the cron Odoo leaves out the code."""
        code = account.with_company(self.company).code or ""
        return f"{code} {account.name}".strip()

    def _tax_problems(self, row):
        """Return what is wrong with the VAT of a line."""
        tax, code = row.taxes, row.vat_code
        if len(tax) > 1:
            names = ", ".join(tax.mapped("display_name"))
            values = {"line": row.description, "taxes": names}
            return [Problem("several_taxes", values, place(tax[:1]))]
        if not tax and not code:
            names = {"line": row.description, "company": self.company.name}
            return [Problem("no_code_for_untaxed", names)]
        if not code:
            names = {"tax": tax.display_name}
            return [Problem("no_vat_code", names, place(tax))]
        if not self._fits(tax, code):
            names = {"code": code.display_name, "tax": tax.display_name or "0%"}
            return [Problem("vat_code", names, place(tax) if tax else None)]
        return []

    def _fits(self, tax, code):
        """Tell whether Exact Online books this tax with this code to the cent."""
        rate = TaxMapper(tax).rate if tax else 0.0
        refusal = vat_mapping.refusal(read_code_facts(code), rate)
        return code.company_id == self.company and not refusal

    def _amount_problems(self):
        """Return what would not be equal to the cent in Exact Online."""
        name = self.move.name or self.move.display_name
        if not self.lines:
            return [Problem("no_lines", {"name": name})]
        found = sum((row.amount + row.vat_amount for row in self.lines), Decimal())
        if found == self.total:
            return []
        currency = self.move.currency_id.name
        values = {
            "lines": Amount(found, currency),
            "total": Amount(self.total, currency),
        }
        return [Problem("total", {"name": name, **values})]

    def _customer_problems(self):
        problems = self.listing_problems()
        if not self.rule:
            return [*self._partner_problems(), *problems]
        if self.rule.account_id:
            return problems
        customer = self.move.commercial_partner_id.display_name
        return [*problems, Problem("no_collective_customer", {"customer": customer})]

    def _partner_problems(self):
        problems = self.customer_mapper.problems()
        if self.partner.exact_guid:
            return problems
        match = self.partner.env["exact.match"]._find_open(self.partner)
        return [*problems, match_problem(match)] if match else problems

    @cached_property
    def listed_code(self):
        """The VAT code of a line that authorities get a listing by customer of."""
        listed = [
            row.vat_code
            for row in self.lines
            if row.vat_code.eu_listing not in (False, VAT_LISTING_NONE)
        ]
        return listed[0] if listed else None

    @property
    def needs_vat_number(self):
        """Whether Exact needs the VAT number of the customer for a listing."""
        return bool(self.listed_code) and not self.rule

    def listing_problems(self):
        """Require a VAT number where the authorities get a listing by customer.

        It is Exact that makes the listing, so the number has to be there.
        """
        if not self.listed_code:
            return []
        partner = self.move.commercial_partner_id
        code = self.listed_code.display_name
        names = {"customer": partner.display_name, "code": code}
        if not matching.vat_key(partner.vat, ""):
            return [Problem("eu_listing", names, place(partner))]
        customer = self.customer_mapper
        if self.rule or not self.partner.exact_guid:
            # One that is created gets it, unless Exact refused just that.
            is_lost = not self.rule and VAT_NUMBER in customer.refused
        else:
            is_lost = customer.lacks_vat_number and not customer.may_send_vat_number
        return [Problem("eu_listing_exact", names, place(partner))] if is_lost else []

    def _rate_problems(self):
        """Return that the currency has no rate."""
        move, currency = self.move, self.move.currency_id
        # A draft may get its date, which is that of the day, when it is confirmed.
        day = move.invoice_date or fields.Date.context_today(move)
        if (
            not self.rates.is_foreign
            or move.invoice_currency_rate not in (0.0, 1.0)
            or currency.with_company(move.company_id).rate_ids.filtered(
                lambda rate: rate.name <= day
            )
        ):
            return []
        name = move.name or move.display_name
        values = {"currency": currency.name, "date": day, "name": name}
        return [Problem("no_rate", values)]

    def _period_problems(self):
        """Return that Exact has no period for the accounting date, or none open."""
        move, periods = self.move, self.periods
        # What is booked already only a comparison judges.
        is_booked = move.sudo().exact_outbox_id.state == "sent"
        if is_booked or not periods.calendar.periods:
            return []
        kind, journal = "period_closed", self.journal.code
        if not self.period:
            kind = "no_period"
        elif not self.period._is_closed(journal):
            return []
        values = {
            "name": move.name or move.display_name,
            "day": self.accounting_date,
            "period": self.period.code,
            "journal": journal,
            "open": self.open_period.code,
        }
        return [Problem(kind if self.open_period else f"{kind}_last", values)]

    def possible_matches(self):
        """Return that Exact Online may have the customer, as the push will find.

        As far as customers were read from Exact Online; makes no call.
        """
        partner = self.partner
        matches = self.env["exact.match"].sudo().with_company(self.company)
        if (
            self.customer
            or self.rule
            or matches._find_open(partner)
            or matches._is_confirmed_new(partner)
        ):
            return []
        _only, found = AccountSearch(partner).find()
        if not found:
            return []
        names = {"customer": partner.display_name, "account": found[:1].display_name}
        return [Problem("possible_match", names)]
