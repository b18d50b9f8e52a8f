from odoo.tests import tagged

from .kinds import KindsCommon


@tagged("post_install", "-at_install")
class TestManyLines(KindsCommon):
    """The longest invoice that somebody may think of."""

    # The tests with the simulator have ten times as many.
    count = 1_000

    def test_many_lines_equal_the_ledger(self):
        self.company.sudo().tax_calculation_rounding_method = "round_per_line"
        cents = range(101, 101 + self.count)
        invoice = self.make_lines(*({"price_unit": one / 100} for one in cents))
        self.assert_books(
            invoice,
            # In whole numbers, for which nothing is lost: half a cent goes up.
            *(self.line(one / 100, (21 * one + 50) // 100 / 100) for one in cents),
        )
