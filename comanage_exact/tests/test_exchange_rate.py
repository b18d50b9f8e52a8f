from decimal import Decimal

from odoo.tests import BaseCase

from ..booking.exchange_rate import Sum, fit_rate, nearest_rate

RATE = Decimal("0.92276460275")


def make_sum(amounts, wanted, *, is_vat=False):
    return Sum([Decimal(amount) for amount in amounts], Decimal(wanted), is_vat)


def decimals_of(rate):
    return max(0, -rate.as_tuple().exponent)


class TestConversion(BaseCase):
    """The rate under which the converted lines of an entry equal the ledger."""

    def assert_fits(self, rate, *sums):
        """Fit a rate and check that all sums come out with it."""
        fitting = fit_rate(rate, sums)
        self.assertIsNotNone(fitting)
        for one in sums:
            self.assertEqual(one.convert(fitting), one.wanted)
        return fitting

    def test_rate_has_no_more_digits_than_the_cents_need(self):
        sums = make_sum(["100"], "92.28"), make_sum(["21"], "19.38")
        self.assertEqual(self.assert_fits(RATE, *sums), Decimal("0.9228"))
        sums = (make_sum(["250000"], "230691.15"),)
        self.assertEqual(self.assert_fits(RATE, *sums), Decimal("0.9227646"))

    def test_no_rate_with_fewer_digits_gives_the_cents(self):
        for amount, tax in (("10.12", "2.13"), ("87.5", "18.38"), ("1234.5", "259.25")):
            sums = [
                make_sum([text], round(Decimal(text) * RATE, 2))
                for text in (amount, tax)
            ]
            rate = self.assert_fits(RATE, *sums)
            unit = Decimal(1).scaleb(1 - decimals_of(rate))
            near = rate.quantize(unit)
            for other in (near + step * unit for step in range(-20, 21)):
                with self.subTest(amount=amount, other=other):
                    self.assertTrue(
                        any(one.convert(other) != one.wanted for one in sums)
                    )

    def test_rate_has_at_most_the_decimals_that_exact_uses(self):
        """Of 250,000 dollars, the sixth decimal is a quarter of a dollar."""
        sums = [make_sum(["250000"], "230691.15")]
        self.assertIsNone(fit_rate(RATE, sums, 5))
        self.assertIsNone(fit_rate(RATE, sums, 6))
        self.assertEqual(fit_rate(RATE, sums, 7), Decimal("0.9227646"))

    def test_nearest_rate_tells_the_difference(self):
        sums = [make_sum(["250000"], "230691.15")]
        self.assertEqual(
            nearest_rate(RATE, sums, 5), (Decimal("0.92276"), Decimal("1.15"))
        )
        self.assertEqual(
            nearest_rate(RATE, sums, 6), (Decimal("0.922765"), Decimal("0.10"))
        )

    def test_nearest_rate_gives_up_one_cent_only(self):
        """2.11 dollars of VAT are 1.95 euros, and 1.94 in the ledger."""
        sums = make_sum(["10.03"], "9.26"), make_sum(["2.11"], "1.94", is_vat=True)
        rate, difference = nearest_rate(RATE, sums)
        self.assertEqual((rate, difference), (Decimal("0.923"), Decimal("0.01")))
        self.assertIsNone(fit_rate(RATE, sums))

    def test_difference_is_the_largest_of_an_amount_all_vat_and_the_total(self):
        """A cent on each of three taxes is three cents on the VAT return."""
        sums = [make_sum(["2.11"], "1.94", is_vat=True) for _count in range(3)]
        sums.append(make_sum(["1003"], "925.53"))
        self.assertEqual(nearest_rate(RATE, sums).difference, Decimal("0.03"))

    def test_each_line_is_converted_alone(self):
        """Seven times five cents are 35 cents one by one, and 32 at once."""
        amounts = ["0.05"] * 7
        self.assert_fits(RATE, make_sum(amounts, "0.35"))
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
        self.assertEqual(fit_rate(RATE, [make_sum(["0"], "0.00")]), Decimal("0.922765"))
        self.assertEqual(fit_rate(RATE, [], 4), Decimal("0.9228"))

    def test_currency_without_cents(self):
        rate = Decimal("172.4")
        self.assertEqual(self.assert_fits(rate, make_sum(["1.05"], "181")), 172)
