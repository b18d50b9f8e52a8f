from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..mappers.mapping_counts import count_terms
from .kinds import KindsCommon

CONDITIONS = (
    ("00", {"payment_days": 0, "payment_method": "K"}),
    ("08", {"payment_days": 30, "discount_percentage": 2, "discount_days": 8}),
    ("14", {"payment_days": 14}),
    ("15", {"payment_days": 15, "payment_method": "I"}),
    ("30", {"payment_days": 30}),
    ("EM", {"payment_days": 10, "end_of_months": 1}),
    ("S2", {"payment_days": 60, "share": 0.5}),
)


@tagged("post_install", "-at_install")
class TestPaymentMapping(KindsCommon):
    """The payment condition that stands for a payment term, with the reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plain = {"payment_method": "B", "share": 1}
        cls.conditions = {
            code: cls.lists["exact.payment.condition"].create(
                {**cls.own, "code": code, "name": code, **plain, **values}
            )
            for code, values in CONDITIONS
        }
        cls.terms = cls.lists["account.payment.term"].with_company(cls.company)

    def make_term(self, *lines, **values):
        lines = lines or ({"nb_days": 30},)
        share = 100 / len(lines)
        return self.terms.create(
            {
                "name": "Term",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, **line})
                    for line in lines
                ],
                **values,
            }
        )

    def check(self, term, code, confidence, words):
        condition = self.conditions.get(code, self.conditions["00"].browse())
        self.assertEqual(term.exact_proposed_payment_condition_id, condition)
        self.assertEqual(term.exact_proposal_confidence, confidence)
        self.assertIn(words, term.exact_proposal_reason)

    # === PROPOSALS === #

    def test_same_days_are_certain(self):
        self.check(self.make_term(), "30", "certain", "means the same: 30 days.")

    def test_same_discount_is_certain_and_another_one_is_doubtful(self):
        discount = {"early_discount": True, "discount_days": 8}
        term = self.make_term(**discount, discount_percentage=2)
        words = "30 days, 2.00% discount within 8 days"
        self.check(term, "08", "certain", words)
        term = self.make_term(**discount, discount_percentage=3)
        self.check(term, "08", "doubtful", "the discount differs")

    def test_end_of_the_next_month_is_one_month_end(self):
        term = self.make_term(
            {"nb_days": 10, "delay_type": "days_after_end_of_next_month"}
        )
        self.check(term, "EM", "certain", "10 days after the end of the next month")

    def test_other_ways_to_count_to_a_month_end_have_no_like(self):
        for kind in ("days_after_end_of_month", "days_end_of_month_on_the"):
            with self.subTest(kind=kind):
                term = self.make_term({"nb_days": 10, "delay_type": kind})
                self.check(term, None, "none", "No payment condition counts to the end")

    def test_collected_amount_is_doubtful(self):
        term = self.make_term({"nb_days": 15})
        self.check(term, "15", "doubtful", "collected or paid at once")

    def test_several_parts_have_no_like(self):
        term = self.make_term({"nb_days": 30}, {"nb_days": 60})
        self.check(term, None, "none", "several parts")

    def test_condition_of_several_parts_is_none_of_one(self):
        self.check(self.make_term({"nb_days": 60}), None, "none", "60 days. Choose one")

    def test_of_several_alike_the_name_decides(self):
        condition = self.conditions["14"]
        self.conditions["B"] = condition.copy({"code": "B", "name": "Two weeks net"})
        term = self.make_term({"nb_days": 14}, name="Two weeks net")
        self.check(term, "B", "doubtful", "mean the same: 14 days. Choose one.")
        self.assertFalse(term._exact_find_sure_rows(self.company.sudo()))
        self.check(self.make_term({"nb_days": 14}), "14", "doubtful", "14, B mean")

    def test_blocked_conditions_are_not_proposed(self):
        self.conditions["30"].active = False
        term = self.make_term()
        self.check(term, "08", "doubtful", "the discount differs")

    # === ACCEPTING === #

    def test_accepted_proposal_goes_with_the_entry(self):
        term = self.make_term()
        other = self.make_term({"nb_days": 60}, name="Sixty")
        mapped = self.make_term()
        mapped.exact_payment_condition_id = self.conditions["14"]
        action = (term | other | mapped).action_exact_accept_proposal()
        self.assertEqual(term.exact_payment_condition_id, self.conditions["30"])
        self.assertFalse(other.exact_payment_condition_id)
        self.assertEqual(mapped.exact_payment_condition_id, self.conditions["14"])
        self.assertIn("no proposal for Sixty", action["params"]["message"])

    def test_branch_cannot_choose_for_its_main_company(self):
        branch = self.lists["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        with self.assertRaises(UserError) as caught:
            self.make_term().with_company(
                branch
            ).exact_payment_condition_id = self.conditions["30"]
        self.assertIn("Switch to", str(caught.exception))

    # === SET-UP AND FIX === #

    def test_set_up_counts_the_terms(self):
        company = self.company.sudo()
        before = count_terms(company)
        self.make_term({"nb_days": 60})
        mapped = self.make_term()
        self.make_term()
        mapped.exact_payment_condition_id = self.conditions["30"]
        after = count_terms(company)
        rise = [new - old for new, old in zip(after, before, strict=True)]
        self.assertEqual(rise, [1, 1, 1])
        setup = company.env["exact.setup"]._get_or_create(company)
        self.assertEqual(
            (setup.term_certain, setup.term_to_confirm, setup.term_left), after
        )
        action = setup.action_terms()
        self.assertEqual(action["res_model"], "account.payment.term")

    def test_fix_of_a_missing_condition_opens_the_list(self):
        manager = new_test_user(
            self.lists,
            login="conditions_manager",
            groups="account.group_account_manager",
            company_id=self.company.id,
        )
        term = self.make_term()
        invoice = self.make_lines({"price_unit": 100}, invoice_payment_term_id=term.id)
        invoice.action_exact_send()
        outbox = invoice.sudo().exact_outbox_id
        outbox._fail("refused", "Refused.", "Verplicht: Betalingsconditie")
        action = invoice.with_user(manager).action_exact_fix()["params"]["next"]
        self.assertEqual(action["res_model"], "account.payment.term")
        self.assertEqual(action["domain"], [("id", "in", term.ids)])
