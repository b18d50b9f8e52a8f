from odoo import Command
from odoo.tests import tagged

from .common_companies import OtherCompany
from .kinds import OTHER_GL_GUID, KindsCommon


@tagged("post_install", "-at_install")
class TestKindsOfCompanies(OtherCompany, KindsCommon):
    """Companies and currencies of every kind, and what other add-ons bring along."""

    # === CURRENCIES === #

    def make_currency(self, name, rate, **values):
        """Return a currency of which `rate` units are one of the company's."""
        currency = self.env.ref(f"base.{name}").sudo()
        currency.write({"active": True, "rate_ids": [Command.clear()], **values})
        currency.rate_ids = [
            Command.create(
                {"company_id": self.company.id, "name": "2026-03-10", "rate": rate}
            )
        ]
        return currency

    def test_credit_note_in_another_currency(self):
        dollar = self.make_currency("USD", 1.25)
        refund = self.make_lines(
            {"price_unit": 100}, currency_id=dollar.id, move_type="out_refund"
        )
        self.assert_books(
            refund,
            self.line(-100.0, -21.0),
            Currency="USD",
            Rate=0.8,
            EntryNumber=26900001,
        )

    def test_several_vat_rates_in_another_currency(self):
        dollar = self.make_currency("USD", 1.25)
        invoice = self.make_lines(
            {"price_unit": 100},
            {"price_unit": 50, "tax": self.tax_6, "discount": 10},
            currency_id=dollar.id,
        )
        self.assert_books(
            invoice,
            self.line(100.0, 21.0),
            self.line(45.0, 2.7, "2"),
            Currency="USD",
            Rate=0.8,
        )

    def test_currency_without_cents(self):
        yen = self.make_currency("JPY", 160)
        invoice = self.make_lines({"price_unit": 12345}, currency_id=yen.id)
        self.assert_books(
            invoice, self.line(12345.0, 2592.0), Currency="JPY", Rate=0.00625
        )

    def test_currencies_side_by_side(self):
        """Each invoice has the rate of its own currency, whatever came before it."""
        dollar, pound = self.make_currency("USD", 1.25), self.make_currency("GBP", 0.8)
        for number, (currency, rate) in enumerate(
            ((dollar, 0.8), (pound, 1.25), (dollar, 0.8)), start=1
        ):
            invoice = self.make_lines({"price_unit": 100}, currency_id=currency.id)
            self.assert_books(
                invoice,
                self.line(100.0, 21.0),
                Currency=currency.name,
                Rate=rate,
                EntryNumber=2600000 + number,
            )

    # === COMPANIES === #

    def test_company_with_another_currency(self):
        """What is foreign follows from the company, not from the euro."""
        euro = self.company.currency_id
        self.company.sudo().currency_id = self.env.ref("base.USD")
        invoice = self.make_lines({"price_unit": 100})
        self.assert_books(invoice, self.line(100.0, 21.0), Currency="USD")
        self.make_currency("EUR", 0.8)
        foreign = self.make_lines({"price_unit": 100}, currency_id=euro.id)
        self.assert_books(
            foreign, self.line(100.0, 21.0), Rate=1.25, EntryNumber=2600002
        )

    def test_each_company_books_with_its_own_settings(self):
        self.set_up_other_company()
        self.other_tax.exact_vat_code_id.code = "5"
        self.other.exact_number_prefix = "9{yy}"
        self.other.exact_journal_id.code = "801"
        self.other.exact_gl_account_id.exact_guid = OTHER_GL_GUID
        ours = self.make_lines({"price_unit": 100})
        self.assert_books(ours, self.line(100.0, 21.0))
        theirs = self.make_other_invoice(100, "Line")
        self.assert_books(
            theirs,
            self.line(100.0, 21.0, "5", GLAccount=OTHER_GL_GUID),
            Journal="801",
            EntryNumber=92600001,
        )

    # === DEFERRAL === #

    def assert_deferred(self, *names):
        invoice = self.make_lines({"price_unit": 1200, "name": "Rent"})
        self.add_dates(*names)
        self.assert_books(
            invoice,
            self.line(1200.0, 252.0, name="Rent", From="2026-04-01", To="2027-03-31"),
        )

    def test_deferral_of_odoo_enterprise(self):
        self.assert_deferred("deferred_start_date", "deferred_end_date")

    def test_deferral_of_the_oca(self):
        self.assert_deferred("start_date", "end_date")
