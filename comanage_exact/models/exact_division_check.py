from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sync.division_check import FREE, OPEN, DivisionCheck


class ExactDivisionCheck(models.Model):
    """Whether a division of Exact does what the add-on relies on.

    One record a company, so that there is one place which knows of a test entry.
    """

    _name = "exact.division.check"
    _description = "Exact Online Division Check"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    division_id = fields.Many2one(related="company_id.exact_division_id")
    checked_at = fields.Datetime("Checked On", readonly=True)
    summary = fields.Char(readonly=True)
    problem = fields.Char(
        readonly=True, help="Why the last check or test ended early, if it did."
    )
    line_ids = fields.One2many(
        "exact.division.check.line", "check_id", string="Facts", readonly=True
    )
    problem_count = fields.Integer("Problems", compute="_compute_problem_count")
    report = fields.Binary(
        "File", readonly=True, attachment=False, help="Without secrets and names."
    )
    # Answers as they came, with names and numbers of customers.
    recording = fields.Text(
        readonly=True, groups=fields.NO_ACCESS, prefetch=False, copy=False
    )
    entry_state = fields.Selection(
        [
            ("nothing", "None"),
            ("sending", "Unconfirmed"),
            ("booked", "Booked"),
            ("left", "Not deleted"),
            ("deleted", "Deleted"),
        ],
        string="Test Entry",
        required=True,
        readonly=True,
        default="nothing",
        copy=False,
    )
    entry_marker = fields.Char("Reference of Test Entry", readonly=True)
    entry_guid = fields.Char("ID of Test Entry", readonly=True)
    entry_number = fields.Char("Number of Test Entry", readonly=True)
    entry_division = fields.Char(
        "Division of Test Entry",
        readonly=True,
        help="Where Exact Online booked it, if not in the chosen division.",
    )
    entry_journal = fields.Char("Journal of Test Entry", readonly=True)
    entry_sent_at = fields.Datetime("Test Entry Sent On", readonly=True)
    is_entry_open = fields.Boolean(
        "Test Entry May Exist", compute="_compute_entry_message"
    )
    entry_message = fields.Char(
        "About the Test Entry", compute="_compute_entry_message"
    )

    _company_unique = models.Constraint(
        "UNIQUE(company_id)", "A company can have only one division check."
    )

    @api.depends("company_id")
    def _compute_display_name(self):
        for check in self:
            check.display_name = self.env._(
                "Check of %(company)s", company=check.company_id.display_name or ""
            )

    @api.depends("line_ids.result")
    def _compute_problem_count(self):
        for check in self:
            lines = check.line_ids.filtered(lambda line: line.result == "problem")
            check.problem_count = len(lines)

    @api.depends("entry_state", "entry_number", "entry_division", "entry_journal")
    def _compute_entry_message(self):
        for check in self:
            check.is_entry_open = check.entry_state in OPEN
            check.entry_message = check._get_entry_message()

    def _get_entry_message(self):
        if self.entry_state == "nothing":
            return False
        if self.entry_state == "deleted":
            return self.env._(
                "The test entry was booked and deleted. Nothing is left in Exact "
                "Online."
            )
        if self.entry_state == "sending":
            return self.env._(
                "A test entry with reference %(reference)s may be in journal "
                "%(journal)s: there was no answer when it was booked. Wait two "
                "minutes, then click Delete Test Entry to find and delete it.",
                reference=self.entry_marker,
                journal=self.entry_journal or "?",
            )
        return self.env._(
            "Test entry %(number)s with reference %(reference)s is still in journal "
            "%(journal)s of division %(division)s. Click Delete Test Entry to delete "
            "it, or delete it manually in Exact Online.",
            number=self.entry_number or "?",
            reference=self.entry_marker,
            journal=self.entry_journal or "?",
            division=self.entry_division or self.division_id.code or "?",
        )

    # === ACTIONS === #

    def action_check(self):
        """Read a page of each list that the add-on uses, and judge the answers."""
        self._check_manager()
        DivisionCheck(self.sudo()).read_lists()

    def action_test(self):
        """Ask on what a test entry is to be booked."""
        self._check_manager()
        if self.entry_state not in FREE:
            raise UserError(self.entry_message)
        wizard = self.env["exact.division.test"].sudo()._make(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book a Test Entry"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_delete(self):
        """Delete the test entry that may be left."""
        self._check_manager()
        DivisionCheck(self.sudo()).delete()

    def action_download(self):
        """Return the file to send with a bug report."""
        self._check_manager()
        if not self.checked_at:
            raise UserError(self.env._("Click Check Now first."))
        name = f"exact-online-check-{fields.Date.to_string(self.checked_at)}.json"
        address = f"/web/content/{self._name}/{self.id}/report/{name}?download=true"
        return {"type": "ir.actions.act_url", "url": address, "target": "download"}

    def _check_manager(self):
        self.ensure_one()
        self.env.user._exact_check_role("manager")
        self.check_access("read")

    # === BUSINESS === #

    @api.model
    def _open(self, company):
        """Return the action that shows the check of a company; make it first."""
        self.env.user._exact_check_role("manager")
        company = company.sudo().exact_owner_id.sudo(False)
        company.check_access("read")
        checks = self.sudo()
        check = checks.search([("company_id", "=", company.id)]) or checks.create(
            {"company_id": company.id}
        )
        return check._get_action()

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check This Division"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }


class ExactDivisionCheckLine(models.Model):
    """A fact that the add-on relies on, and what the division does about it."""

    _name = "exact.division.check.line"
    _description = "Exact Online Division Check Line"
    _order = "check_id, sequence, id"
    _rec_name = "fact"

    check_id = fields.Many2one(
        "exact.division.check",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="check_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    area = fields.Char("About", readonly=True)
    fact = fields.Char(readonly=True)
    section = fields.Char(readonly=True, help="Of the project's notes on Exact's API.")
    result = fields.Selection(
        [
            ("ok", "As expected"),
            ("info", "Handled"),
            ("problem", "Problem"),
            ("unknown", "Not checked"),
        ],
        required=True,
        readonly=True,
        default="unknown",
    )
    message = fields.Text(readonly=True)
