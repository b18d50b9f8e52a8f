from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestVatRefusal(ExactCommon):
    """A wrong VAT code is refused when it is saved, not by Exact."""

    def make_code(self, **values):
        return (
            self.env["exact.vat.code"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "code": "X",
                    "name": "Wrong",
                    "percentage": 0.21,
                    "vat_type": "E",
                    "transaction_type": "S",
                    **values,
                }
            )
        )

    def assert_refused(self, cure, **values):
        code = self.make_code(**values)
        with self.assertRaisesRegex(ValidationError, cure) as caught:
            self.tax_21.exact_vat_code_id = code
        self.assertIn("21% test", str(caught.exception))
        self.assertIn("X Wrong", str(caught.exception))

    def test_inclusive_code_is_refused(self):
        self.assert_refused("Choose a code of type “Excluding VAT”", vat_type="I")

    def test_blocked_code_is_refused(self):
        self.assert_refused("Choose another code, or unblock", active=False)

    def test_purchase_code_is_refused(self):
        self.assert_refused("Choose a code for sales", transaction_type="P")

    def test_code_of_another_rate_is_refused(self):
        self.assert_refused("is 6%, but the tax is 21%", percentage=0.06)

    def test_code_that_books_no_vat_is_refused(self):
        self.assert_refused("is 0%, but the tax is 21%", vat_type="N")

    def test_rate_of_a_mapped_tax_does_not_change_alone(self):
        with self.assertRaisesRegex(ValidationError, "is 21%, but the tax is 6%"):
            self.tax_21.amount = 6

    def test_tax_inside_the_price_is_compared_by_what_it_is_on_the_base(self):
        self.tax_21.write(
            {
                "exact_vat_code_id": False,
                "amount_type": "division",
                "amount": 20,
            }
        )
        self.tax_21.exact_vat_code_id = self.make_code(percentage=0.25)
        self.assertEqual(self.tax_21.exact_vat_code_id.code, "X")

    def test_right_code_is_taken(self):
        code = self.make_code(transaction_type="B")
        self.tax_21.exact_vat_code_id = code
        self.assertEqual(self.tax_21.exact_vat_code_id, code)
