from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exact_api.const import (
    ACCOUNT_STATUS_CUSTOMER,
    VAT_TRANSACTION_PURCHASE,
    VAT_TYPE_EXCLUSIVE,
)
from ..sync.division_check import DivisionCheck, make_choice


class ExactDivisionTest(models.TransientModel):
    """Asks on what a test entry is to be booked, and whether it really shall be."""

    _name = "exact.division.test"
    _description = "Exact Online Test Entry"
    _check_company_auto = True

    check_id = fields.Many2one(
        "exact.division.check", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="check_id.company_id")
    division_id = fields.Many2one(related="company_id.exact_division_id")
    account_id = fields.Many2one(
        "exact.account", "Exact Online Customer", check_company=True
    )
    journal_id = fields.Many2one(
        "exact.journal", "Exact Online Sales Journal", check_company=True
    )
    gl_account_id = fields.Many2one(
        "exact.gl.account", "Exact Online G/L Account", check_company=True
    )
    vat_code_id = fields.Many2one(
        "exact.vat.code", "Exact Online VAT Code", check_company=True
    )
    payment_condition_id = fields.Many2one(
        "exact.payment.condition", check_company=True
    )

    # === ACTIONS === #

    def action_book(self):
        """Book the test entry, read it back and delete it."""
        self.ensure_one()
        self.env.user._exact_check_role("manager")
        self.check_access("write")
        self.check_id.check_access("read")
        self._check_complete()
        wizard = self.sudo()
        check = wizard.check_id
        DivisionCheck(check).book(make_choice(wizard))
        return check.sudo(False)._get_action()

    def _check_complete(self):
        names = ("account_id", "journal_id", "gl_account_id", "vat_code_id")
        if not all(self[name] for name in names):
            raise UserError(
                self.env._(
                    "Choose a customer, a journal, a G/L account and a VAT code for "
                    "the test entry first."
                )
            )

    # === BUSINESS === #

    @api.model
    def _make(self, check):
        """Return the wizard of a check, with what the company chose."""
        company = check.company_id
        own = [("company_id", "=", company.id)]
        conditions = self.env["exact.payment.condition"].search(own, limit=1)
        customer = [
            ("status", "=", ACCOUNT_STATUS_CUSTOMER),
            ("is_blocked", "=", False),
        ]
        accounts = self.env["exact.account"].search([*own, *customer], limit=2)
        return self.create(
            {
                "check_id": check.id,
                # More than one is a choice that only a person can make.
                "account_id": accounts.id if len(accounts) == 1 else False,
                "journal_id": company.exact_journal_id.id,
                "gl_account_id": company.exact_gl_account_id.id,
                "vat_code_id": self._find_vat_code(company).id,
                "payment_condition_id": (
                    company.exact_payment_condition_id or conditions
                ).id,
            }
        )

    def _find_vat_code(self, company):
        """Return a code with VAT, of a tax if one is mapped."""
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "child_of", company.id),
                ("type_tax_use", "=", "sale"),
                ("exact_vat_code_id.vat_type", "=", VAT_TYPE_EXCLUSIVE),
                ("exact_vat_code_id.percentage", ">", 0),
            ],
            limit=1,
        )
        return taxes.exact_vat_code_id or self.env["exact.vat.code"].search(
            [
                ("company_id", "=", company.id),
                ("vat_type", "=", VAT_TYPE_EXCLUSIVE),
                ("percentage", ">", 0),
                ("transaction_type", "!=", VAT_TRANSACTION_PURCHASE),
            ],
            limit=1,
        )
