from odoo import api, fields, models

from ..mappers.sales_entry import SalesEntryMapper

FINDINGS = [
    ("equal", "Equal"),
    ("differs", "Differs"),
    ("deleted", "Deleted in Exact"),
    ("changed", "Changed since booked"),
]


class ExactFindingMixin(models.AbstractModel):
    """How the entry of a booking compares with its invoice, and since when.

    The state says how far a booking has come; the finding, what became of it since.
    """

    _name = "exact.finding.mixin"
    _description = "Comparison of a Booking with Exact Online"

    finding = fields.Selection(
        FINDINGS,
        readonly=True,
        help="How the Exact Online entry compares with the invoice; empty until the "
        "two are compared.",
    )
    compared_at = fields.Datetime("Compared On", readonly=True)
    status = fields.Selection(
        [
            ("pending", "Scheduled"),
            ("held", "On hold"),
            ("sending", "Sending"),
            ("unconfirmed", "Awaiting confirmation"),
            ("misplaced", "In another division"),
            ("customer", "Waiting for customer match"),
            ("failed", "Needs attention"),
            ("sent", "Booked"),
            ("differs", "Booked with differences"),
            ("deleted", "Deleted in Exact"),
            ("changed", "Changed since booked"),
            ("withdrawing", "Withdrawing"),
            ("withdrawn", "Withdrawn"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_status",
        store=True,
        index=True,
    )
    verified = fields.Boolean(
        readonly=True,
        help="The Exact Online entry matches the invoice.",
    )
    is_verification_due = fields.Boolean(
        "Not Verified Yet",
        readonly=True,
        help="Exact Online has booked the invoice but has not returned all amounts. "
        "Odoo compares them when it next reads entries, within a day.",
    )
    difference = fields.Text(readonly=True)
    found = fields.Json(
        "Differences Found",
        readonly=True,
        help="What differs, whatever the language; empty until it is compared.",
    )
    booked_difference = fields.Text(
        string="Difference When Booked",
        readonly=True,
        help="The difference at the time of booking, regardless of later changes.",
    )
    is_renamed = fields.Boolean(
        "Renamed Since",
        readonly=True,
        help="The invoice got another number in Odoo after it was booked.",
    )
    finding_before = fields.Json(
        "Finding Before the Change",
        readonly=True,
        help="What was found before the invoice was changed in Odoo; empty unless it "
        "was changed after booking.",
    )
    is_accepted = fields.Boolean(
        "Difference Accepted",
        readonly=True,
        help="A user decided to leave the difference as it is; nobody is alerted.",
    )
    is_withdrawn = fields.Boolean(
        "Withdrawn from Exact",
        readonly=True,
        help="A manager had the entry deleted in Exact Online.",
    )
    is_review_due = fields.Boolean(
        "Difference to Review",
        readonly=True,
        help="The entry was changed or deleted in Exact Online after it was booked. "
        "Someone is alerted until the difference is fixed or accepted.",
    )
    is_rounding_only = fields.Boolean(
        "Booked with Rounding Difference",
        readonly=True,
        help="The Exact Online entry differs by no more than the allowed rounding "
        "difference.",
    )

    @api.depends("state", "error_kind", "finding", "is_rounding_only", "is_withdrawn")
    def _compute_status(self):
        for booking in self:
            status = booking.state
            if status == "failed" and booking.error_kind == "customer":
                status = "customer"
            elif status == "cancelled" and booking.is_withdrawn:
                status = "withdrawn"
            elif status == "sent" and booking.finding not in (False, "equal"):
                status = booking.finding
                if status == "differs" and booking.is_rounding_only:
                    # A person or a setting of the company accepted these cents.
                    status = "sent"
            booking.status = status

    def _note_finding(self, finding, difference="", *, found=None, **values):
        """Store how entry and invoice compare; the only code that does.

        A change of the invoice stays until the two are equal again or somebody decides
        about it, whatever else is found meanwhile.

        :param str finding: see FINDINGS; False if they were not compared yet.
        :param str difference: as text; empty if there is none.
        :param dict found: the differences, see `comparison.describe`; None if only the
            text is known.
        :param values: further fields to write in the same query.
        """
        for booking in self:
            now = finding and fields.Datetime.now()
            if booking._keeps_change(finding):
                booking.write({**booking._prepare_kept(), **values})
                continue
            is_same = booking._is_known(finding, difference, found)
            is_rounding_only = values.get("is_rounding_only")
            result = {
                "finding": finding,
                "difference": difference,
                "found": found or (is_same and booking.found),
                "verified": finding == "equal",
                "compared_at": now,
                "is_review_due": booking._needs_review(
                    finding, is_new=not is_same and not is_rounding_only
                ),
            }
            if not is_same:
                # Nobody accepted this one.
                result["is_accepted"] = False
                booking._refresh_screens()
            if finding == "equal":
                # The invoice as it is now is what Exact has.
                result["finding_before"] = False
            booking.write({**result, **values})

    def _is_known(self, finding, difference, found):
        """Tell whether people were told of these differences before."""
        before = self.found
        if finding != self.finding:
            return False
        if finding != "differs":
            # Gone is gone, whoever tells it in whatever words.
            return finding == "deleted" or (difference or "") == (self.difference or "")
        if not found:
            return (difference or "") == (self.difference or "")
        if not before:
            # Whoever booked, linked or accepted it saw it as it was then.
            return True
        lines = before["lines"], found["lines"]
        return before["entry"] == found["entry"] and (
            None in lines or len({*map(str, lines)}) == 1
        )

    def _keeps_change(self, finding):
        """Tell whether a change of the invoice matters more than what was found."""
        if self.finding != "changed":
            return False
        return finding == "differs" or (
            finding == "equal" and not self._compares_truly()
        )

    def _prepare_kept(self):
        """Return what a comparison changes of a booking whose invoice was changed."""
        before = {**(self.finding_before or {}), "is_outdated": True}
        return {"compared_at": fields.Datetime.now(), "finding_before": before}

    def _compares_truly(self):
        """Tell whether a comparison looks at the invoice as it is now.

        The number is told apart by no comparison of amounts.
        """
        return self.move_id.state == "posted" and not self.is_renamed

    def _may_differ_in_lines(self, theirs):
        """Tell whether lines that did not come with an entry may be what differs.

        :param comparison.Booking theirs: the entry, equal as far as it was read.
        """
        if self.finding == "differs" and theirs.by_code is None:
            return True
        return bool(self.finding_before) and (
            theirs.by_code is None
            or (
                theirs.by_gl is None
                and not SalesEntryMapper(self.move_id).has_codes_as_sent
            )
        )

    def _needs_review(self, finding, *, is_new):
        """Tell whether somebody has to be told of what was found.

        Whoever booked or linked the invoice saw what differed then.
        """
        if finding not in ("differs", "deleted"):
            return False
        if finding == self.finding:
            return is_new or self.is_review_due
        return bool(self.finding) or self.is_verification_due

    def _note_changed(self, warning):
        """Store that the invoice is no longer what was booked.

        An entry that is gone matters more than what it would be compared with.
        """
        if self.finding == "deleted":
            return
        before = self.finding_before
        if self.finding != "changed":
            names = ("finding", "difference", "found", "is_accepted", "is_review_due")
            if before:
                # Accepted, and changed once more: what was booked is long ago.
                before = {**before, "is_outdated": True}
            else:
                before = {name: self[name] for name in names}
        self._note_finding(
            "changed", warning, finding_before=before, compared_at=self.compared_at
        )

    def _note_unchanged(self):
        """Store that the invoice is again what was booked, as it was found then."""
        before = self.finding_before or {}
        if self.finding != "changed":
            return
        finding, is_outdated = before.get("finding"), before.get("is_outdated")
        if is_outdated and finding == "equal":
            # The entry was compared with something else since: only Exact knows.
            finding = False
        # What was changed is no more, so nothing is to be kept of it.
        self.finding = False
        self._note_finding(
            finding,
            before.get("difference"),
            found=before.get("found"),
            compared_at=finding and self.compared_at,
            is_accepted=before.get("is_accepted"),
            is_review_due=before.get("is_review_due"),
            finding_before=False,
            is_verification_due=bool(is_outdated) or self.is_verification_due,
        )

    def _note_renamed(self, warning):
        """Store that the invoice has another number than the one that was booked."""
        self.is_renamed = True
        self._note_changed(warning)
        # Somebody has to know, not only who looks at the invoice.
        self._trigger_recheck()

    def _forget_rename(self):
        """Store that invoice and entry have the same number again."""
        if self.is_renamed:
            self.is_renamed = False
            self._note_unchanged()

    def _note_verified(self, difference, *, found=None, **values):
        """Store how the entry, read again, differs from the invoice; '' if equal.

        A warning about a later change of the invoice stays.

        :param dict found: the differences, see `comparison.describe`.
        :param values: further fields to write in the same query.
        """
        values = {
            "is_verification_due": False,
            "booked_difference": difference,
            "is_rounding_only": False,
            "rounding_difference": 0,
            **values,
        }
        is_open = difference or not self._compares_truly()
        if self.finding == "changed" and is_open:
            # What was booked is compared once the invoice is that again.
            self.write({**self._prepare_kept(), "is_verification_due": False})
            return
        finding = self._prepare_finding(difference, False)
        self._note_finding(**finding, found=found, **values)

    @api.model
    def _prepare_finding(self, difference, is_verification_due):
        """Return what a difference, or none, says about a booking.

        :param bool is_verification_due: Exact left something out of its answer.
        """
        finding = "equal" if not is_verification_due else False
        return {
            "finding": "differs" if difference else finding,
            "difference": difference,
        }
