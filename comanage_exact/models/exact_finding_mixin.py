from odoo import api, fields, models

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
    is_rounding_only = fields.Boolean(
        "Booked with Rounding Difference",
        readonly=True,
        help="The Exact Online entry differs by no more than the allowed rounding "
        "difference.",
    )

    @api.depends("state", "error_kind", "finding", "is_rounding_only")
    def _compute_status(self):
        for booking in self:
            status = booking.state
            if status == "failed" and booking.error_kind == "customer":
                status = "customer"
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
            }
            if booking._keeps_change(finding):
                found = {"compared_at": found["compared_at"]}
            booking.write({**found, **values})

    def _keeps_change(self, finding):
        """Tell whether a change of the invoice matters more than what was found."""
        if self.finding != "changed":
            return False
        # Only the number is told apart by no comparison of amounts.
        return finding == "differs" or (finding == "equal" and self.is_renamed)

    def _note_changed(self, warning):
        """Store that the invoice is no longer what was booked."""
        self._note_finding("changed", warning)

    def _note_unchanged(self):
        """Store that the invoice is again what was booked."""
        values = self._prepare_finding(self.booked_difference, self.is_verification_due)
        # What was changed is no more, so nothing is to be kept of it.
        self.finding = False
        self._note_finding(**values)

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

    def _note_verified(self, difference, finding=None, **values):
        """Store how the entry, read again, differs from the invoice; '' if equal.

        A warning about a later change of the invoice stays.

        :param str finding: where the difference is none of amounts.
        :param values: further fields to write in the same query.
        """
        values = {
            "is_verification_due": False,
            "booked_difference": difference,
            "is_rounding_only": False,
            "rounding_difference": 0,
            **values,
        }
        if self.finding == "changed" and finding != "deleted":
            self.write(values)
            return
        found = self._prepare_finding(difference, False)
        self._note_finding(finding or found["finding"], difference, **values)

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
