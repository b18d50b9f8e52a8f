from collections import defaultdict
from decimal import Decimal

from odoo import fields, models

from .. import payload, proof

# Invoices that are read together, and entries that are created together.
BATCH = 200


class ExactProof(models.Model):
    """The comparison, once all entries of the period are read."""

    _name = "exact.proof"
    _inherit = ["exact.proof"]

    # === ODOO'S SIDE === #

    def _get_moves_domain(self):
        members = self.company_id._exact_get_members()
        return [
            ("company_id", "in", members.ids),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
            ("invoice_date", ">=", self.date_from),
            ("invoice_date", "<=", self.date_to),
        ]

    def _get_moved(self):
        """Return GUIDs of our entries that are not in the period in Exact any more.

        Somebody gave them another date or journal there, or deleted them.
        """
        booked = self.env["exact.outbox"].search(
            [("state", "=", "sent"), ("move_id", "any", self._get_moves_domain())],
            order="id",
        )
        known = {*self.line_ids.mapped("exact_guid"), *(self.asked_guids or [])}
        return [guid for guid in booked.mapped("exact_guid") if guid not in known]

    def _compare(self):
        """Compare every invoice of the period with its entry, and add both up."""
        fetched = self.line_ids
        entries, names = fetched._read_entries()
        matcher = proof.Matcher(entries)
        totals = defaultdict(lambda: [Decimal()] * 4)
        lines = []
        fetched.unlink()
        moves = self._get_moves(entries)
        currencies = self._get_currency_ids(entries, moves)
        for start in range(0, len(moves), BATCH):
            batch = moves[start : start + BATCH]
            for move in batch:
                ours = move._exact_get_booking()
                theirs = matcher.take(ours)
                lines.append(self._prepare_line(move, ours, theirs, currencies))
                _add(totals, ours, 0)
                if theirs:
                    _add(totals, theirs, 2)
            # Thousands of invoices would fill the memory.
            self.env.flush_all()
            self.env.invalidate_all()
        for theirs in matcher.left():
            lines.append(self._prepare_foreign_line(theirs, names, currencies))
            _add(totals, theirs, 2)
        self.env["exact.proof.line"].create(lines)
        self.env["exact.proof.total"].create(self._prepare_totals(totals, currencies))
        self.write({"state": "done", "compared_at": fields.Datetime.now()})

    def _get_moves(self, entries):
        """Return the invoices of the period, and others whose entries are in it."""
        journals = self._get_journals()
        moves = self.env["account.move"].search(
            self._get_moves_domain(), order="invoice_date, id"
        )
        guids = [entry.key for entry in entries]
        elsewhere = self.env["exact.outbox"].search(
            [
                ("exact_guid", "in", guids),
                ("state", "=", "sent"),
                ("company_id", "in", self.company_id._exact_get_members().ids),
            ]
        )
        moves |= elsewhere.move_id.filtered(lambda move: move.state == "posted")
        owner = self.company_id
        return moves.with_company(owner).filtered(
            lambda move: move._exact_get_journal().code in journals
        )

    # === RESULTS === #

    def _prepare_line(self, move, ours, theirs, currencies):
        outbox = move.exact_outbox_id
        differences = proof.differences(ours, theirs) if theirs else []
        if theirs and not ours.key:
            kind, message = "different", self._say_not_linked(theirs)
        elif differences:
            kind, message = "different", self._say_differences(differences)
        elif theirs:
            kind, message = "equal", False
        elif ours.key:
            kind, message = "missing_exact", self._say_gone(outbox)
        else:
            kind, message = "not_sent", self._say_not_sent(move, outbox)
        return {
            **self._prepare_columns(theirs or ours, currencies),
            "kind": kind,
            "message": message,
            "move_id": move.id,
            "number": (theirs or ours).number,
            "reference": move.name,
            "customer": move.commercial_partner_id.name,
            "odoo_total": ours.total,
            "exact_total": theirs.total if theirs else 0,
        }

    def _prepare_foreign_line(self, theirs, names, currencies):
        return {
            **self._prepare_columns(theirs, currencies),
            "kind": "missing_odoo",
            "message": self.env._(
                "Entry %(number)s was booked in Exact Online by somebody else. If it "
                "is an invoice, make it in Odoo or leave it where it is.",
                number=theirs.number,
            ),
            "number": theirs.number,
            "reference": theirs.reference,
            "customer": names.get(theirs.key),
            "exact_total": theirs.total,
        }

    def _prepare_columns(self, booking, currencies):
        return {
            "proof_id": self.id,
            "exact_guid": booking.key,
            "journal": booking.journal,
            "entry_date": booking.day,
            "currency_id": currencies.get(booking.currency),
        }

    def _get_currency_ids(self, entries, moves):
        """Return {code: id} of all currencies on either side, also archived ones."""
        codes = {entry.currency for entry in entries} | {
            currency.name for currency in moves.currency_id
        }
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "in", list(codes))])
        return {currency.name: currency.id for currency in found}

    def _prepare_totals(self, totals, currencies):
        return [
            {
                "proof_id": self.id,
                "journal": journal,
                "period": period,
                "vat_code": code,
                "currency_id": currencies.get(currency),
                "odoo_base": amounts[0],
                "odoo_vat": amounts[1],
                "exact_base": amounts[2],
                "exact_vat": amounts[3],
                "is_equal": amounts[:2] == amounts[2:],
            }
            for (journal, period, currency, code), amounts in totals.items()
        ]

    # === WORDS === #

    def _say_differences(self, differences):
        labels = {
            "total": self.env._("Total"),
            "total_dc": self.env._("Total in company currency"),
            "vat": self.env._("VAT"),
            "vat_dc": self.env._("VAT in company currency"),
            "date": self.env._("Date"),
            "journal": self.env._("Journal"),
            "number": self.env._("Entry number"),
            "currency": self.env._("Currency"),
            "customer": self.env._("Customer"),
        }
        found = []
        for what, ours, theirs in differences:
            if isinstance(what, tuple):
                kind, code = what
                label = self.env._(
                    "%(name)s of VAT code %(code)s",
                    name=self.env._("Base") if kind == "base" else labels["vat"],
                    code=code,
                )
            else:
                label = labels[what]
            if what == "customer":
                text = self.env._("Booked on another account in Exact.")
            else:
                text = self.env._(
                    "%(label)s: %(ours)s in Odoo, %(theirs)s in Exact.",
                    label=label,
                    ours=payload.shown(ours),
                    theirs=payload.shown(theirs),
                )
            found.append(text)
        return "\n".join(found)

    def _say_not_linked(self, theirs):
        return self.env._(
            "Entry %(number)s in Exact Online has this number or reference, but Odoo "
            "did not book it. Link it to the invoice, or delete one of the two.",
            number=theirs.number,
        )

    def _say_gone(self, outbox):
        return self.env._(
            "Entry %(number)s is not in Exact Online any more: somebody deleted it "
            "there. Reset the invoice to draft as an Exact manager and send it anew, "
            "or correct it in Odoo.",
            number=outbox.exact_number,
        )

    def _say_not_sent(self, move, outbox):
        if outbox.error:
            return outbox.error
        if outbox:
            label = outbox._get_state_label(outbox.state)
            return self.env._(
                "Not in Exact Online yet: %(state)s. Press Send to Exact to book it "
                "now.",
                state=label,
            )
        return self.env._("Never sent to Exact Online. Press Send to Exact to book it.")


def _add(totals, booking, at):
    period = f"{booking.day:%Y-%m}" if booking.day else ""
    for code, base, vat in booking.by_code:
        amounts = totals[booking.journal, period, booking.currency, code]
        amounts[at] += base
        amounts[at + 1] += vat
