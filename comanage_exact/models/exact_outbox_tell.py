from markupsafe import Markup

from odoo import api, fields, models

from ..booking import sales_entry
from .exact_outbox import DUE_STATES

SETTLED = ("sent", "failed")


class ExactOutbox(models.Model):
    """What people see: the result of the button, our entry beside another one."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    conflict_html = fields.Html(
        compute="_compute_conflict_html",
        help="This invoice beside the entry in Exact that has its number.",
    )

    # === BUTTON === #

    def _tell_user(self):
        """Tell the user who pressed the button, once all that was asked is through."""
        if not (self.is_awaited and self.state in SETTLED):
            return
        awaited = [("is_awaited", "=", True), ("user_id", "=", self.user_id.id)]
        under_way = [
            *awaited,
            ("state", "in", DUE_STATES),
            ("scheduled_at", "<=", fields.Datetime.now()),
        ]
        if self.search_count(under_way, limit=1):
            return
        settled = self.search([*awaited, ("state", "in", SETTLED)])
        failed = settled.filtered(lambda outbox: outbox.state == "failed")
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "danger" if failed else "success",
                "title": self.env._("Exact Online"),
                "message": (settled - failed)._say_booked(failed),
                "sticky": bool(failed),
            },
        )
        settled.is_awaited = False

    def _say_booked(self, failed):
        """Say what became of these booked rows and of the failed ones, in a text."""
        sentences = []
        if len(self) == 1:
            sentences.append(
                self.env._(
                    "%(name)s is booked as entry %(number)s.",
                    name=self.move_id.name,
                    number=self.exact_number,
                )
            )
        elif self:
            sentences.append(
                self.env._("%(count)s invoices are booked.", count=len(self))
            )
        if len(failed) == 1:
            sentences.append(failed.error)
        elif failed:
            sentences.append(
                self.env._(
                    "%(count)s invoices could not be booked: %(names)s. Open them to "
                    "see why.",
                    count=len(failed),
                    names=", ".join(failed[:5].move_id.mapped("name"))
                    + ("…" if len(failed) > 5 else ""),
                )
            )
        return " ".join(sentences)

    # === SIDE BY SIDE === #

    @api.depends("foreign_entry", "request")
    def _compute_conflict_html(self):
        for outbox in self:
            outbox.conflict_html = (
                outbox.foreign_entry and outbox._build_conflict_html()
            )

    def _build_conflict_html(self):
        ours, theirs = self.request or {}, self.foreign_entry
        rows = (
            (self.env._("Journal"), ours.get("Journal"), theirs.get("Journal")),
            (self.env._("Number"), ours.get("EntryNumber"), theirs.get("EntryNumber")),
            (self.env._("Date"), ours.get("EntryDate"), theirs.get("EntryDate")),
            (self.env._("Reference"), ours.get("YourRef"), theirs.get("YourRef")),
            (
                self.env._("Customer"),
                self.partner_id.display_name,
                theirs.get("CustomerName"),
            ),
            (
                self.env._("Total"),
                f"{sales_entry.total(ours):.2f}" if ours else "",
                f"{float(theirs.get('AmountFC') or 0):.2f}",
            ),
        )
        head = Markup("<tr><th></th><th>%s</th><th>%s</th></tr>") % (
            self.env._("This invoice"),
            self.env._("Entry in Exact Online"),
        )
        body = Markup().join(
            Markup("<tr class='%s'><th>%s</th><td>%s</td><td>%s</td></tr>")
            % ("" if str(mine) == str(yours) else "table-warning", label, mine, yours)
            for label, mine, yours in rows
        )
        return Markup("<table class='table table-sm w-auto'>%s%s</table>") % (
            head,
            body,
        )
