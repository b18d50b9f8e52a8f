from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import formatLang

from ..booking.problem import Amount
from ..exact_api import bodies
from ..mappers.booking_notes import BookingNotes
from ..mappers.sales_entry import SalesEntryMapper
from ..sync import messages, note_messages


class ExactPreview(models.TransientModel):
    """The booking of an invoice as Exact will get it, before anything is sent.

    Made by a button and never changed; it needs no connection, and no choice in the
    settings: what is missing is shown as missing.
    """

    _name = "exact.preview"
    _description = "Exact Online Booking Preview"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id")
    currency_id = fields.Many2one(related="move_id.currency_id")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    problems = fields.Text(readonly=True)
    notes = fields.Text(
        readonly=True, help="What Exact Online has otherwise than Odoo, or without."
    )
    is_provisional = fields.Boolean(string="Provisional", readonly=True)
    journal = fields.Char("Exact Online Journal", readonly=True)
    number = fields.Char("Entry Number", readonly=True)
    entry_date = fields.Date("Date", readonly=True)
    period = fields.Char("Financial Period", readonly=True)
    due_date = fields.Date(readonly=True)
    reference = fields.Char(readonly=True)
    description = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    payment_condition = fields.Char(readonly=True)
    payment_reference = fields.Char(readonly=True)
    rate = fields.Char(string="Exchange Rate", readonly=True)
    total_dc = fields.Monetary(
        "Total in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    vat_dc = fields.Monetary(
        "VAT in Company Currency", currency_field="company_currency_id", readonly=True
    )
    rounding = fields.Char(
        "Rounding Difference",
        readonly=True,
        help="The largest difference that an amount in company currency will have in "
        "Exact Online.",
    )
    debit = fields.Monetary("Total Debit", readonly=True)
    credit = fields.Monetary("Total Credit", readonly=True)
    line_ids = fields.One2many("exact.preview.line", "preview_id", readonly=True)
    account_ids = fields.One2many("exact.preview.account", "preview_id", readonly=True)
    has_costs = fields.Boolean(
        string="Has Cost Centres or Units", compute="_compute_columns"
    )
    has_periods = fields.Boolean(compute="_compute_columns")

    @api.depends("line_ids")
    def _compute_columns(self):
        for preview in self:
            preview.has_costs = any(preview.line_ids.mapped("costs"))
            preview.has_periods = any(preview.line_ids.mapped("from_date"))

    @api.depends("move_id")
    def _compute_display_name(self):
        for preview in self:
            preview.display_name = preview.move_id.display_name

    def action_print(self):
        """Return the preview as a PDF, for the accountant."""
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref("comanage_exact.exact_preview_report")
        return report.report_action(self)

    # === BUSINESS === #

    @api.model
    def _make(self, move):
        """Return the preview of an invoice, confirmed or not."""
        move = move.with_company(move.company_id.sudo().exact_owner_id)
        mapper = SalesEntryMapper(move)
        is_draft = move.state == "draft" and move.is_sale_document()
        problems = mapper.booking_problems() if is_draft else mapper.problems()
        sentences = [
            *mapper.company._exact_get_ready_problems(),
            *messages.problem_texts(self.env, [*problems, *mapper.possible_matches()]),
        ]
        lines = self._prepare_lines(mapper)
        notes = note_messages.note_texts(self.env, BookingNotes(mapper).all())
        values = {
            "move_id": move.id,
            "problems": "\n".join(sentences),
            "notes": "\n".join(notes),
            "is_provisional": is_draft,
            "debit": sum(line["debit"] for line in lines),
            "credit": sum(line["credit"] for line in lines),
            "line_ids": [fields.Command.create(line) for line in lines],
            "account_ids": [
                fields.Command.create(line) for line in self._prepare_accounts(mapper)
            ],
            **self._prepare_header(mapper),
        }
        return self.create(values)

    def _prepare_header(self, mapper):
        move, partner, rates = mapper.move, mapper.partner, mapper.rates
        total_dc, vat_dc = mapper.totals_dc
        has_number = mapper.is_bookable
        account = mapper.rule.account_id.display_name or partner.exact_code
        return {
            "journal": mapper.journal.display_name,
            "number": mapper.likely_number if has_number else "",
            "entry_date": move.invoice_date,
            "period": mapper.period.code,
            "due_date": move.invoice_date_due or move.invoice_date,
            "reference": bodies.text(move.name, "your_ref") if has_number else "",
            "description": bodies.text(mapper.description, "description"),
            "customer": " ".join(
                part for part in (partner.name, account and f"({account})") if part
            ),
            "payment_condition": mapper.payment_condition.display_name,
            "payment_reference": move.payment_reference,
            "rate": self._describe_rate(rates),
            "rounding": self._describe_rounding(rates),
            "total_dc": total_dc,
            "vat_dc": vat_dc,
        }

    def _describe_rate(self, rates):
        """Return the rate as it is sent, to the last digit."""
        if not rates.is_foreign:
            return ""
        decimals = max(0, -rates.rate.as_tuple().exponent)
        return formatLang(self.env, float(rates.rate), digits=decimals)

    def _describe_rounding(self, rates):
        if not rates.difference:
            return ""
        amount = Amount(rates.difference, rates.company_currency.name)
        return messages.shown(self.env, amount)

    def _prepare_lines(self, mapper):
        """Return the debtor, the lines and the VAT by code, in debit and credit."""
        found = [*map(self._prepare_line, mapper.lines), *self._prepare_vat(mapper)]
        due = mapper.move.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        debtor = {
            "name": mapper.move.commercial_partner_id.name,
            "amount": -sum((line["amount"] for line in found), Decimal()),
            "kind": "debtor",
            "gl_account": "",
            "account": _name_accounts(due),
        }
        return [_in_debit_and_credit(line) for line in (debtor, *found)]

    def _prepare_line(self, row):
        return {
            "gl_account": row.gl_account.display_name,
            "account": row.account.display_name,
            "name": bodies.text(row.description, "description"),
            "vat_code": row.vat_code.display_name,
            "costs": " / ".join(filter(None, (row.cost_center, row.cost_unit))),
            "from_date": row.from_date,
            "to_date": row.to_date,
            "amount": -row.amount,
        }

    def _prepare_vat(self, mapper):
        vat = defaultdict(Decimal)
        for row in mapper.lines:
            vat[row.vat_code] += row.vat_amount
        for code, amount in vat.items():
            if amount:
                yield {
                    "name": self.env._("VAT %(code)s", code=code.display_name or ""),
                    "amount": -amount,
                    "kind": "vat",
                    "gl_account": "",
                    "account": self._name_vat_accounts(mapper.move, code),
                }

    @staticmethod
    def _name_vat_accounts(move, code):
        """Return where Odoo has the VAT of a code; Exact Online chooses its own."""
        taxes = move.line_ids.filtered("tax_line_id")
        own = taxes.filtered(lambda line: line.tax_line_id.exact_vat_code_id == code)
        return _name_accounts(own or taxes)

    def _prepare_accounts(self, mapper):
        """Return the sum of each G/L account, and which accounts of Odoo it has."""
        sums, accounts = defaultdict(Decimal), defaultdict(dict)
        for row in mapper.lines:
            sums[row.gl_account] += row.amount
            accounts[row.gl_account][row.account.display_name] = None
        return [
            _in_debit_and_credit(
                {
                    "gl_account": gl_account.display_name,
                    "accounts": ", ".join(accounts[gl_account]),
                    "amount": -amount,
                }
            )
            for gl_account, amount in sorted(
                sums.items(), key=lambda pair: pair[0].code or ""
            )
        ]


def _name_accounts(lines):
    return ", ".join(lines.account_id.mapped("display_name"))


def _in_debit_and_credit(line):
    amount = line.pop("amount")
    # Credit notes stand on the other side, as they do in Exact.
    return {**line, "debit": max(amount, 0), "credit": max(-amount, 0)}


class ExactPreviewLine(models.TransientModel):
    _name = "exact.preview.line"
    _description = "Exact Online Booking Preview Line"

    preview_id = fields.Many2one(
        "exact.preview", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="preview_id.company_id")
    currency_id = fields.Many2one(related="preview_id.currency_id")
    kind = fields.Selection(
        [("debtor", "Receivable"), ("line", "Line"), ("vat", "VAT")],
        string="Type",
        required=True,
        readonly=True,
        default="line",
    )
    account = fields.Char("Account in Odoo", readonly=True)
    gl_account = fields.Char("G/L Account", readonly=True)
    name = fields.Char("Description", readonly=True)
    vat_code = fields.Char("VAT Code", readonly=True)
    costs = fields.Char("Cost Centre / Unit", readonly=True)
    from_date = fields.Date("From", readonly=True)
    to_date = fields.Date("To", readonly=True)
    debit = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
    is_missing = fields.Boolean(string="Missing", compute="_compute_is_missing")

    @api.depends("kind", "gl_account", "vat_code")
    def _compute_is_missing(self):
        for line in self:
            line.is_missing = line.kind == "line" and not (
                line.gl_account and line.vat_code
            )


class ExactPreviewAccount(models.TransientModel):
    """The sum of the lines on one G/L account."""

    _name = "exact.preview.account"
    _description = "Exact Online Booking Preview G/L Account"

    preview_id = fields.Many2one(
        "exact.preview", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="preview_id.company_id")
    currency_id = fields.Many2one(related="preview_id.currency_id")
    gl_account = fields.Char("G/L Account", readonly=True)
    accounts = fields.Char("Accounts in Odoo", readonly=True)
    debit = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
