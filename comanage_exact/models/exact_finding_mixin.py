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
        help="What was found before the invoice was changed in Odoo.",
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

    def _note_finding(self, finding, difference="", **values):
        """Store how entry and invoice compare; the only code that does.

        A change of the invoice stays until the two are equal again or somebody decides
        about it, whatever else is found meanwhile.

        :param str finding: see FINDINGS; False if they were not compared yet.
        :param str difference: as text; empty if there is none.
        :param values: further fields to write in the same query.
        """
        for booking in self:
            found = {
                "finding": finding,
                "difference": difference,
                "verified": finding == "equal",
                "compared_at": finding and fields.Datetime.now(),
                "is_review_due": booking._needs_review(finding),
            }
            if (finding, difference or "") != (
                booking.finding,
                booking.difference or "",
            ):
                # Nobody accepted this one.
                found["is_accepted"] = False
            if booking._keeps_change(finding):
                found = {"compared_at": found["compared_at"]}
            booking.write({**found, **values})

    def _keeps_change(self, finding):
        """Tell whether a change of the invoice matters more than what was found."""
        if self.finding != "changed":
            return False
        return finding == "differs" or (
            finding == "equal" and not self._compares_truly()
        )

    def _compares_truly(self):
        """Tell whether a comparison looks at the invoice as it is now.

        Customer, VAT codes and G/L accounts are taken from what was booked, and the
        number is told apart by no comparison of amounts.
        """
        move = self.move_id
        return (
            move.state == "posted"
            and not self.is_renamed
            and SalesEntryMapper(move).has_codes_as_sent
        )

    def _needs_review(self, finding):
        """Tell whether somebody has to be told of what was found.

        Whoever booked or linked the invoice saw what differed then.
        """
        if finding not in ("differs", "deleted"):
            return False
        if finding == self.finding:
            return self.is_review_due
        return bool(self.finding) or self.is_verification_due

    def _note_changed(self, warning):
        """Store that the invoice is no longer what was booked.

        An entry that is gone matters more than what it would be compared with.
        """
        if self.finding == "deleted":
            return
        before = self.finding_before
        if self.finding != "changed":
            names = ("finding", "difference", "is_accepted", "is_review_due")
            before = {name: self[name] for name in names}
        self._note_finding("changed", warning, finding_before=before)

    def _note_unchanged(self):
        """Store that the invoice is again what was booked, as it was found then."""
        if self.finding != "changed":
            return
        before = self.finding_before or {}
        # What was changed is no more, so nothing is to be kept of it.
        self.finding = False
        self._note_finding(
            before.get("finding"),
            before.get("difference"),
            compared_at=self.compared_at,
            is_accepted=before.get("is_accepted"),
            is_review_due=before.get("is_review_due"),
            finding_before=False,
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

    def _note_verified(self, difference, **values):
        """Store how the entry, read again, differs from the invoice; '' if equal.

        A warning about a later change of the invoice stays.

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
            self.write(
                {"is_verification_due": False, "compared_at": fields.Datetime.now()}
            )
            return
        self._note_finding(**self._prepare_finding(difference, False), **values)

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
