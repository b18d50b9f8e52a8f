import json

from odoo.tests import tagged

from ..mappers.customer import CustomerMapper
from .common import ACCOUNTS_URL
from .kinds import KindsCommon

PLAIN = {"payment_method": "B", "share": 1}


@tagged("post_install", "-at_install")
class TestPaymentConditionOfNewCustomers(KindsCommon):
    """Exact refuses entries of a customer without one, so that a new one has one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        conditions = (
            ("00", {"payment_days": 0, "payment_method": "K"}),
            ("08", {"payment_days": 30, "discount_percentage": 2, "discount_days": 8}),
            ("14", {"payment_days": 14}),
            ("30", {"payment_days": 30}),
            ("EM", {"payment_days": 0, "end_of_months": 1}),
            ("IN", {"payment_days": 30, "payment_method": "I"}),
        )
        cls.conditions = {
            code: cls.lists["exact.payment.condition"].create(
                {**cls.own, "code": code, "name": code, **PLAIN, **values}
            )
            for code, values in conditions
        }

    def condition(self):
        """Return the one that the customer gets when it is created."""
        mapper = CustomerMapper(self.customer.with_company(self.company))
        return mapper.creation_body.get("PaymentConditionSales")

    def test_usual_days_by_transfer_without_a_discount(self):
        self.assertEqual(self.condition(), "30")

    def test_fewest_days_where_the_usual_ones_are_missing(self):
        self.conditions["30"].active = False
        self.assertEqual(self.condition(), "14")

    def test_none_where_each_means_more(self):
        for code in ("14", "30"):
            self.conditions[code].active = False
        self.assertFalse(self.condition())

    def test_mapped_term_comes_first(self):
        term = self.lists.ref("account.account_payment_term_15days")
        term.with_company(self.company).exact_payment_condition_id = self.conditions[
            "IN"
        ]
        self.customer.sudo().with_company(self.company).property_payment_term_id = term
        self.assertEqual(self.condition(), "IN")

    def test_default_of_the_company_goes_with_the_entry(self):
        self.company.sudo().exact_payment_condition_id = self.conditions["14"]
        self.assertFalse(self.condition())

    def test_readiness_says_which_it_is(self):
        checks = self.lists["exact.check"]
        company = self.company.sudo()
        state, message, _place = checks._judge_payment_condition(company)
        self.assertEqual(state, "ok")
        self.assertIn("Customers created by Odoo get 30 30.", message)
        self.conditions["30"].active = self.conditions["14"].active = False
        state, message, _place = checks._judge_payment_condition(company)
        self.assertEqual(state, "warning")

    def test_it_is_sent_once_and_never_changed(self):
        invoice = self.make_lines({"price_unit": 100})
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push()
        [body] = [
            json.loads(call.request.body)
            for call in self.calls
            if call.request.url == ACCOUNTS_URL
        ]
        self.assertEqual(body["PaymentConditionSales"], "30")
        self.assertEqual(invoice.exact_state, "sent")
        self.assertNotIn("PaymentCondition", invoice.sudo().exact_outbox_id.request)
        self.conditions["30"].active = False
        partner = self.customer.with_company(self.company)
        self.assertFalse(CustomerMapper(partner).changes)
