from decimal import Decimal

from odoo.tests import BaseCase

from ..booking.exchange_rate import Sum, fit_rate

RATE = Decimal("0.92276460275")


def make_sum(amounts, wanted):
    return Sum([Decimal(amount) for amount in amounts], Decimal(wanted))


class TestConversion(BaseCase):
    """The rate under which the converted lines of an entry equal the ledger."""

    def assert_fits(self, rate, *sums):
        """Fit a rate and check that all sums come out with it."""
        fitting = fit_rate(rate, sums)
        self.assertIsNotNone(fitting)
        for one in sums:
            self.assertEqual(one.convert(fitting), one.wanted)
        return fitting

    def test_rate_that_fits_stays_to_the_last_digit(self):
        sums = make_sum(["100"], "92.28"), make_sum(["21"], "19.38")
        self.assertEqual(self.assert_fits(RATE, *sums), RATE)

    def test_each_line_is_converted_alone(self):
        """Seven times five cents are 35 cents one by one, and 32 at once."""
        amounts = ["0.05"] * 7
        self.assertEqual(self.assert_fits(RATE, make_sum(amounts, "0.35")), RATE)
        self.assertLess(self.assert_fits(RATE, make_sum(amounts, "0.28")), RATE)
        self.assertIsNone(fit_rate(RATE, [make_sum(amounts, "0.32")]))

    def test_moved_rate_has_few_digits(self):
        sums = make_sum(["10.12"], "9.34"), make_sum(["2.13"], "1.96")
        self.assertEqual(self.assert_fits(RATE, *sums), Decimal("0.9225"))

    def test_credit_notes_fit_alike(self):
        sums = make_sum(["-10.12"], "-9.34"), make_sum(["-2.13"], "-1.96")
        self.assertEqual(self.assert_fits(RATE, *sums), Decimal("0.9225"))

    def test_half_a_cent_is_avoided(self):
        """How Exact rounds 0.005 is not known, so the rate leaves no doubt."""
        rate = self.assert_fits(Decimal("0.5"), make_sum(["0.01"] * 3, "0.03"))
        self.assertGreater(rate, Decimal("0.5"))

    def test_several_sums_have_to_come_out_at_once(self):
        one, other = make_sum(["21"], "19.37"), make_sum(["6"], "5.55")
        self.assert_fits(RATE, one)
        self.assert_fits(RATE, other)
        self.assertIsNone(fit_rate(RATE, [one, other]))

    def test_no_rate_for_amounts_that_contradict(self):
        self.assertIsNone(fit_rate(RATE, [make_sum(["0"], "0.01")]))
        self.assertIsNone(fit_rate(RATE, [make_sum([], "0.01")]))
        self.assertIsNone(fit_rate(RATE, [make_sum(["9"], "-8.30")]))

    def test_no_rate_far_away(self):
        """An amount that is more than some cents off has another reason."""
        self.assert_fits(RATE, make_sum(["100"], "92.38"))
        self.assertIsNone(fit_rate(RATE, [make_sum(["100"], "92.40")]))

    def test_nothing_fits_every_rate(self):
        self.assertEqual(fit_rate(RATE, [make_sum(["0"], "0.00")]), RATE)
        self.assertEqual(fit_rate(RATE, []), RATE)

    def test_currency_without_cents(self):
        rate = Decimal("172.4")
        self.assertEqual(self.assert_fits(rate, make_sum(["1.05"], "181")), rate)
