from odoo import api, fields, models

from ..sync import decision

# Exact Online has the entry, or may have it.
HOLDING = ("sending", "unconfirmed", "misplaced", "sent", "withdrawing")


class ExactClaimMixin(models.AbstractModel):
    """The entry number that an invoice claims in Exact Online, and for how long."""

    _name = "exact.claim.mixin"
    _description = "Claimed Entry Number"

    claimed_number = fields.Char(
        "Claimed Entry Number",
        readonly=True,
        help="Site, division, journal, financial year and entry number. No other "
        "invoice is sent with them until it is certain that Exact Online does not "
        "have this one.",
    )

    is_decidable = fields.Boolean(
        string="Can Be Decided",
        compute="_compute_is_decidable",
        help="Odoo could not find out for an hour whether Exact Online has the "
        "invoice. A manager may decide.",
    )

    def _compute_is_decidable(self):
        for booking in self:
            booking.is_decidable = decision.is_decidable(booking)

    def _prepare_claim_values(self, state, values):
        """Return what a new state makes of the claimed number, as dict.

        :param dict values: written with the state.
        """
        is_in_doubt = values.get("must_look_up", any(self.mapped("must_look_up")))
        if state == "failed":
            is_in_doubt |= values.get("error_kind") == "unconfirmed"
        if state in HOLDING or (state != "cancelled" and is_in_doubt):
            return {}
        return {"claimed_number": False}

    @api.model
    def _find_claim(self, claimed_number):
        """Return the booking of any company that has claimed this number."""
        domain = [("claimed_number", "=", claimed_number), ("id", "not in", self.ids)]
        return self.sudo().search(domain, limit=1)

    def _claim(self, request, rounding_limit, *, claimed_number):
        """Mark the locked row as sending; the caller commits.

        :param dict request: what is sent next, for the look-up should the worker die;
            None while Exact does not know the customer.
        :param Decimal rounding_limit: the largest difference that may result.
        :param str claimed_number: see `sync.number_claim`.
        """
        self.ensure_one()
        self._transition(
            "sending",
            claimed_number=claimed_number,
            claimed_at=fields.Datetime.now(),
            attempts=self.attempts + 1,
            request=request or self.request,
            rounding_limit=float(rounding_limit),
        )

    def _note_linked(self, row, difference):
        """Store that an entry is the invoice which Odoo has not sent.

        :param dict row: of SalesEntries.
        :param str difference: see `_note_booked`.
        """
        self._note_booked(
            row["EntryID"],
            row["EntryNumber"],
            row["Journal"].strip(),
            difference,
            claimed_number=False,
            foreign_entry=False,
            # Nothing is sent now.
            synced_at=self.synced_at,
            # Whoever booked it may have attached a PDF: ours stays here.
            attempts=0,
            request=False,
        )
