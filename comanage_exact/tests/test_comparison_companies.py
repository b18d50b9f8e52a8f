from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BASE_URL
from .common_companies import OTHER_URL, OtherCompany
from .common_comparison import ComparisonCommon


@tagged("post_install", "-at_install")
class TestComparisonCompanies(OtherCompany, ComparisonCommon):
    """Two companies in one database: each with its own division."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()

    def test_each_company_is_compared_with_its_own_division(self):
        """Journal, number and reference of both are the same."""
        mine, theirs = self.make_invoice(100), self.make_other_invoice(50)
        row = self.book(mine)
        other_row = self.book(theirs, OTHER_URL)
        for name in ("Journal", "EntryNumber", "YourRef"):
            self.assertEqual(row[name], other_row[name])
        comparison = self.compare(row)
        self.assertEqual(comparison.line_ids.move_id, mine)
        self.assertEqual(comparison.line_ids.kind, "equal")
        other_proof = self.make_comparison(company_id=self.other.id)
        self.compare(other_row, comparison=other_proof, url=OTHER_URL)
        self.assertEqual(other_proof.line_ids.move_id, theirs)
        self.assertEqual(other_proof.line_ids.kind, "equal")

    def test_entry_that_landed_in_the_division_of_another_is_found(self):
        mine, theirs = self.make_invoice(100), self.make_other_invoice(50)
        row, other_row = self.book(mine), self.book(theirs, OTHER_URL)
        other_row["YourRef"] = "Of another"
        comparison = self.compare(row, other_row)
        stray = comparison.line_ids.filtered(lambda line: line.kind != "equal")
        self.assertEqual(stray.kind, "missing_odoo")
        self.assertFalse(stray.move_id, "Nothing of the other company is shown")

    def test_cron_goes_on_for_all_companies(self):
        row = self.book(self.make_invoice(100))
        other_row = self.book(self.make_other_invoice(50), OTHER_URL)
        proofs = self.make_comparison() + self.make_comparison(company_id=self.other.id)
        proofs.sudo().state = "fetching"
        with self.exact() as mock:
            mock.get(self.url_of(self.company), json={"d": {"results": [row]}})
            mock.get(OTHER_URL, json={"d": {"results": [other_row]}})
            self.run_cron()
        self.assertEqual(proofs.mapped("state"), ["done", "done"])
        self.assertEqual(proofs.mapped("equal_count"), [1, 1])

    def url_of(self, company):
        code = company.exact_division_id.code
        return f"{BASE_URL}/api/v1/{code}/salesentry/SalesEntries"


@tagged("post_install", "-at_install")
class TestComparisonBranches(ComparisonCommon):
    """A company is compared together with the branches that book in its division."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.env["res.company"].sudo()
        cls.branch = companies.create(
            {
                "name": "Branch Gent",
                "parent_id": cls.company.id,
                "country_id": cls.company.country_id.id,
            }
        )
        # Odoo loads its chart when the transaction ends.
        cls.cr.precommit.run()
        cls.env.user.sudo().company_ids += cls.branch

        cls.branch_journal = cls.make_journal("GENT")

    def make_branch_invoice(self):
        return self.make_invoice(
            company_id=self.branch.id, journal_id=self.branch_journal.id
        )

    def test_invoice_of_a_branch_is_in_the_comparison_of_the_company(self):
        mine, theirs = self.make_invoice(), self.make_branch_invoice()
        self.assertEqual(theirs.company_id, self.branch)
        unsent = self.make_branch_invoice()
        comparison = self.compare(self.book(mine), self.book(theirs))
        self.assertEqual(
            {line.move_id: line.kind for line in comparison.line_ids},
            {mine: "equal", theirs: "equal", unsent: "not_sent"},
        )

    def test_branch_is_told_to_compare_its_company(self):
        comparison = self.make_comparison(company_id=self.branch.id)
        with self.assertRaisesRegex(UserError, "Compare "):
            comparison.action_compare()

    def test_branch_with_a_division_of_its_own_is_left_out(self):
        invoice = self.make_branch_invoice()
        self._set_up_connection(self.branch.sudo(), 654321)
        comparison = self.compare(self.book(self.make_invoice()))
        self.assertNotIn(invoice, comparison.line_ids.move_id)
