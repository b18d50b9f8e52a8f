from decimal import Decimal

from odoo.tests import tagged

from .kinds import KindsCommon

LINES = 10_000


@tagged("post_install", "-at_install")
class TestManyLines(KindsCommon):
    """The longest invoice that somebody may think of, posted in Odoo."""

    def test_ten_thousand_lines_equal_the_ledger(self):
        amounts = [Decimal(cents) / 100 for cents in range(101, 101 + LINES)]
        invoice = self.make_invoice(*map(float, amounts))
        body = self.make_body(invoice)
        lines = body["SalesEntryLines"]
        self.assertEqual(len(lines), LINES)
        total = sum(Decimal(str(line["AmountFC"])) for line in lines)
        self.assertEqual(total, sum(amounts))
        self.assertEqual(invoice._exact_get_problems(), [])
        self.assert_equals_ledger(invoice, body)
