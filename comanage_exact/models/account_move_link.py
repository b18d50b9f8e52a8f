from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Taking an entry that Exact has already for the booking of an invoice."""

    _name = "account.move"
    _inherit = ["account.move"]

    def action_exact_link(self):
        """Look for an entry that is this invoice, to link it instead of sending."""
        self.ensure_one()
        self._exact_check_user()
        self._exact_check_linkable()
        link = self.env["exact.link"].sudo()._make(self.sudo())
        return link._open()

    def _exact_compare_with(self, row):
        """Return how an entry differs from this invoice, as text; '' if it does not.

        Number, journal and text are what somebody chose there.

        :param dict row: of SalesEntries, selected by `resources.HEADER`.
        """
        chosen = {"number": None, "journal": None, "reference": None}
        return self._exact_compare_booked(row, **chosen)

    def _exact_link_entry(self, row):
        """Take an entry of Exact for the booking of this invoice; nothing is sent.

        :raise UserError: the invoice is on its way, booked, or the entry is another's.
        """
        self.ensure_one()
        self._exact_check_linkable()
        self._exact_check_free_entry(row)
        self._exact_create_outboxes()
        outbox = self.exact_outbox_id
        locked = outbox.try_lock_for_update()
        if not locked or outbox.state in ("sending", "unconfirmed", "sent"):
            raise UserError(
                self.env._(
                    "%(name)s is booked in Exact Online already, or on its way there. "
                    "Reload the page to see where it stands.",
                    name=self.name,
                )
            )
        outbox._note_booked(
            row["EntryID"],
            row["EntryNumber"],
            row["Journal"].strip(),
            self._exact_compare_with(row),
            foreign_entry=False,
            # Whoever booked it may have attached a PDF: ours stays here.
            attempts=0,
            request=False,
            **outbox._get_clean_document(),
        )
        self.message_post(
            body=self.env._(
                "Linked to entry %(number)s, which was in Exact Online already. "
                "Nothing was sent.",
                number=row["EntryNumber"],
            )
        )

    def _exact_check_linkable(self):
        if not self._exact_is_forwardable():
            raise UserError(
                self.env._(
                    "%(name)s is not a confirmed customer invoice. Confirm it, then "
                    "link it.",
                    name=self.display_name,
                )
            )

    def _exact_find_other_of_entry(self, row):
        """Return the row of another invoice whose booking an entry of Exact is."""
        members = self._exact_get_company()._exact_get_members()
        return self.env["exact.outbox"].search(
            [
                ("exact_guid", "=", row["EntryID"]),
                ("company_id", "in", members.ids),
                ("move_id", "!=", self.id),
            ],
            limit=1,
        )

    def _exact_check_free_entry(self, row):
        other = self._exact_find_other_of_entry(row)
        if other:
            raise UserError(
                self.env._(
                    "Entry %(number)s is the booking of %(other)s already. Choose "
                    "another entry for %(name)s.",
                    number=row["EntryNumber"],
                    other=other.move_id.name,
                    name=self.name,
                )
            )
