from odoo import Command
from odoo.tests import tagged

from ..sync.code_lists import CodeLists
from .common import problem_texts
from .kinds import OTHER_GL_GUID, KindsCommon

CENTERS = ("GENT", "BRU", "ADMIN")
UNITS = ("P1", "P2")


@tagged("post_install", "-at_install")
class TestKindsOfCosts(KindsCommon):
    """Cost centres and units: what the analytic distribution of Odoo says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plans = cls.lists["account.analytic.plan"]
        cls.departments = plans.create({"name": "Departments", "sequence": 1})
        cls.projects = plans.create({"name": "Projects", "sequence": 2})
        cls.centers = {
            code: cls.lists["exact.cost.center"].create({**cls.own, "code": code})
            for code in CENTERS
        }
        cls.units = {
            code: cls.lists["exact.cost.unit"].create({**cls.own, "code": code})
            for code in UNITS
        }
        cls.gent = cls.make_account("Gent", center="GENT")
        cls.brussels = cls.make_account("Brussel", center="BRU")
        cls.north = cls.make_account("North", cls.projects, unit="P1")
        cls.south = cls.make_account("South", cls.projects, unit="P2")
        cls.gl_account = cls.company.sudo().exact_gl_account_id

    @classmethod
    def make_account(cls, name, plan=None, center=None, unit=None, **values):
        plan = plan or cls.departments
        account = cls.lists["account.analytic.account"].create(
            {"name": name, "plan_id": plan.id, "company_id": cls.company.id, **values}
        )
        account = account.with_company(cls.company)
        account.exact_cost_center_id = cls.centers.get(center)
        account.exact_cost_unit_id = cls.units.get(unit)
        return account

    def cost_line(self, amount, vat_amount, center=None, unit=None, **values):
        costs = {"CostCenter": center, "CostUnit": unit}
        used = {name: code for name, code in costs.items() if code}
        return self.line(amount, vat_amount, **used, **values)

    @staticmethod
    def key(*accounts):
        return ",".join(str(account.id) for account in accounts)

    # === SHARES === #

    def test_sixty_per_cent_gent_and_forty_brussels(self):
        invoice = self.make_lines(
            {
                "price_unit": 100.01,
                "analytic_distribution": {
                    self.key(self.gent): 60,
                    self.key(self.brussels): 40,
                },
            },
            {"price_unit": 10, "name": "Other"},
        )
        self.assert_books(
            invoice,
            self.cost_line(60.01, 12.6, "GENT"),
            self.cost_line(40.0, 8.4, "BRU"),
            self.cost_line(10.0, 2.1, name="Other"),
        )

    def test_credit_note_takes_back_what_each_centre_got(self):
        distribution = {
            self.key(self.gent): 33.33,
            self.key(self.brussels): 66.67,
        }
        lines = ({"price_unit": 0.05, "analytic_distribution": distribution},)
        refund = self.make_lines(*lines, move_type="out_refund")
        self.assert_books(
            refund,
            self.cost_line(-0.02, 0.0, "GENT"),
            self.cost_line(-0.03, -0.01, "BRU"),
            EntryNumber=26900001,
        )

    def test_two_plans_in_one_key(self):
        invoice = self.make_lines(
            {
                "price_unit": 100,
                "analytic_distribution": {
                    self.key(self.gent, self.north): 25,
                    self.key(self.brussels, self.south): 75,
                },
            }
        )
        self.assert_books(
            invoice,
            self.cost_line(25.0, 5.25, "GENT", "P1"),
            self.cost_line(75.0, 15.75, "BRU", "P2"),
        )

    def test_two_plans_in_keys_of_their_own(self):
        invoice = self.make_lines(
            {
                "price_unit": 100,
                "analytic_distribution": {
                    self.key(self.gent): 60,
                    self.key(self.brussels): 40,
                    self.key(self.north): 100,
                },
            }
        )
        self.assert_books(
            invoice,
            self.cost_line(60.0, 12.6, "GENT", "P1"),
            self.cost_line(40.0, 8.4, "BRU", "P1"),
        )

    def test_two_accounts_of_one_centre_are_one_line(self):
        other = self.make_account("Gent South", center="GENT")
        invoice = self.make_lines(
            {
                "price_unit": 100,
                "analytic_distribution": {
                    self.key(self.gent): 50,
                    self.key(other): 50,
                },
            }
        )
        self.assert_books(invoice, self.cost_line(100.0, 21.0, "GENT"))

    def test_rest_of_a_distribution_has_no_cost_centre(self):
        invoice = self.make_lines(
            {"price_unit": 100, "analytic_distribution": {self.key(self.gent): 60}}
        )
        self.assert_books(
            invoice, self.cost_line(60.0, 12.6, "GENT"), self.cost_line(40.0, 8.4)
        )

    def test_other_currency_adds_up_in_both(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        self.lists["res.currency.rate"].create(
            {
                "name": "2026-03-01",
                "rate": 1.25,
                "currency_id": dollar.id,
                "company_id": self.company.id,
            }
        )
        invoice = self.make_lines(
            {
                "price_unit": 100,
                "analytic_distribution": {
                    self.key(self.gent): 50,
                    self.key(self.brussels): 50,
                },
            },
            currency_id=dollar.id,
        )
        self.assert_books(
            invoice,
            self.cost_line(50.0, 10.5, "GENT"),
            self.cost_line(50.0, 10.5, "BRU"),
            Currency="USD",
            Rate=0.8,
        )

    def test_tax_of_its_own_follows_odoo(self):
        """An expense is distributed, what the company owes is not."""
        tax = self.make_tax(2, amount_type="fixed", invoice_label="Recupel", sequence=0)
        lines = (
            {
                "price_unit": 100,
                "tax": tax + self.tax_21,
                "analytic_distribution": {self.key(self.gent): 100},
            },
        )
        for account, center in (
            (self.company_data["default_account_expense"], "GENT"),
            (self.company_data["default_account_tax_sale"], None),
        ):
            self.make_gl_account(account)
            parts = tax.repartition_line_ids.filtered(
                lambda part: part.repartition_type == "tax"
            )
            parts.account_id = account
            invoice = self.make_lines(*(dict(line) for line in lines))
            options = {"code": "0", "name": "Recupel", "GLAccount": OTHER_GL_GUID}
            with self.subTest(center=center):
                items = invoice.line_ids.grouped("tax_line_id")
                item = items[tax.with_env(self.env)]
                self.assertEqual(bool(item.analytic_distribution), bool(center))
                self.assert_books(
                    invoice,
                    self.cost_line(100.0, 21.0, "GENT"),
                    self.cost_line(2.0, 0.0, center, **options),
                    EntryNumber=2600000 + invoice.sequence_number,
                )

    # === WHERE EXACT WANTS ONE, AND WHERE IT WANTS NONE === #

    def test_default_is_for_accounts_that_demand_one(self):
        self.company.sudo().exact_cost_center_id = self.centers["ADMIN"]
        line = {"price_unit": 100, "analytic_distribution": {self.key(self.gent): 60}}
        for use, center in ((0, None), (1, "ADMIN")):
            self.gl_account.use_cost_center = use
            invoice = self.make_lines(dict(line))
            with self.subTest(use=use):
                self.assert_books(
                    invoice,
                    self.cost_line(60.0, 12.6, "GENT"),
                    self.cost_line(40.0, 8.4, center),
                    EntryNumber=2600000 + invoice.sequence_number,
                )

    def test_part_without_a_centre_is_told_where_one_is_demanded(self):
        self.gl_account.use_cost_center = 1
        line = {"price_unit": 100, "analytic_distribution": {self.key(self.gent): 60}}
        (problem,) = problem_texts(self.make_lines(line))
        self.assertIn("requires a cost centre", problem)
        whole = {"price_unit": 10, "analytic_distribution": {self.key(self.gent): 100}}
        self.assertEqual(problem_texts(self.make_lines(whole)), [])

    def test_account_that_allows_none_gets_none(self):
        self.gl_account.use_cost_center = 2
        invoice = self.make_lines(
            {
                "price_unit": 100,
                "analytic_distribution": {
                    self.key(self.gent, self.north): 60,
                    self.key(self.brussels, self.north): 40,
                },
            }
        )
        self.assert_books(invoice, self.cost_line(100.0, 21.0, unit="P1"))

    # === MAPPING === #

    def test_only_accounts_of_the_chosen_plan_are_cost_centres(self):
        self.north.exact_cost_center_id = self.centers["ADMIN"]
        lines = (
            {
                "price_unit": 100,
                "analytic_distribution": {self.key(self.gent, self.north): 100},
            },
        )
        invoice = self.make_lines(*(dict(line) for line in lines))
        self.assertIn("which plan has the cost centres", problem_texts(invoice)[0])
        self.company.sudo().exact_cost_center_plan_id = self.departments
        self.assert_books(invoice, self.cost_line(100.0, 21.0, "GENT", "P1"))

    def test_cost_centre_that_is_gone_is_told(self):
        self.centers["GENT"].active = False
        invoice = self.make_lines(
            {"price_unit": 100, "analytic_distribution": {self.key(self.gent): 100}}
        )
        (problem,) = problem_texts(invoice)
        self.assertIn("GENT no longer exists in Exact Online", problem)
        self.assertIn("Gent", problem)

    def test_account_that_is_deleted_has_no_cost_centre(self):
        gone = self.make_account("Gone", center="GENT")
        key = self.key(gone)
        invoice = self.make_lines(
            {"price_unit": 100, "analytic_distribution": {key: 100}}
        )
        invoice.line_ids.analytic_line_ids.sudo().unlink()
        invoice.invoice_line_ids.sudo().with_context(
            skip_analytic_sync=True
        ).analytic_distribution = {key: 100}
        gone.unlink()
        self.assert_books(invoice, self.cost_line(100.0, 21.0))

    def test_codes_and_names_that_agree_are_mapped(self):
        self.centers["GENT"].name = "Gent"
        self.centers["BRU"].name = "Brussels office"
        self.centers["ADMIN"].name = "Administration"
        accounts = {
            "both": self.make_account("Gent", code="gent"),
            "name is the code": self.make_account("Bru"),
            "other name": self.make_account("Sales", code="ADMIN"),
            "other code": self.make_account("Administration", code="900"),
            "none": self.make_account("Luik"),
        }
        CodeLists(self.company.sudo()).fill_defaults()
        self.assertEqual(
            {
                name: account.exact_cost_center_id.code
                for name, account in accounts.items()
            },
            {
                "both": "GENT",
                "name is the code": "BRU",
                "other name": False,
                "other code": False,
                "none": False,
            },
        )
        company = self.company.sudo()
        self.assertEqual(company.exact_cost_center_plan_id, self.departments)
        self.assertFalse(company.exact_cost_unit_plan_id)
        doubtful = accounts["other name"] + accounts["other code"] + accounts["none"]
        self.assertEqual(
            doubtful.mapped("exact_proposed_cost_center_id"), self.centers["ADMIN"]
        )
        self.assertEqual(
            doubtful.mapped("exact_cost_reason"),
            [
                "The codes are equal, the names are not.",
                "The names are equal, the codes are not.",
                "Exact Online has none of this code or name.",
            ],
        )
        doubtful.action_exact_accept_costs()
        self.assertEqual(
            [account.exact_cost_center_id.code for account in doubtful],
            ["ADMIN", "ADMIN", False],
        )

    def test_cost_centre_that_somebody_cleared_stays_empty(self):
        account = self.make_account("P2", self.projects)
        CodeLists(self.company.sudo()).fill_defaults()
        self.assertEqual(account.exact_cost_unit_id, self.units["P2"])
        account.exact_cost_unit_id = False
        CodeLists(self.company.sudo()).fill_defaults()
        self.assertFalse(account.exact_cost_unit_id)

    def test_analytic_accounts_without_a_centre_are_a_warning_of_readiness(self):
        luik = self.make_account("Luik")
        self.make_lines(
            {
                "price_unit": 100,
                "analytic_distribution": {
                    self.key(self.gent): 50,
                    self.key(luik): 50,
                },
            }
        )
        checks = self.lists["exact.check"].with_company(self.company)
        state, message, fix = checks._judge_costs(self.company.sudo())
        self.assertEqual((state, fix), ("warning", "costs"))
        self.assertIn("1 analytic accounts", message)
        self.assertIn(luik.display_name, message)
        self.company.sudo().exact_cost_unit_plan_id = self.projects
        self.assertEqual(checks._judge_costs(self.company.sudo())[0], "ok")
        self.company.sudo().exact_cost_center_plan_id = self.departments
        luik.exact_cost_center_id = self.centers["ADMIN"]
        self.assertEqual(checks._judge_costs(self.company.sudo())[0], "ok")

    def test_lines_without_distribution_are_left_as_they_are(self):
        invoice = self.make_lines(
            {"price_unit": 100, "analytic_distribution": {}},
            {"price_unit": 0, "tax_ids": [Command.clear()]},
        )
        self.assert_books(invoice, self.cost_line(100.0, 21.0))
