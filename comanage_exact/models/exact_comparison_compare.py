from dataclasses import replace

from odoo import fields, models

from ..booking import comparison

# Invoices that are read together.
BATCH = 200


class ExactComparison(models.Model):
    """The comparison, once all entries of the period are read."""

    _name = "exact.comparison"
    _inherit = ["exact.comparison"]

    # === ODOO'S SIDE === #

    def _get_moves_domain(self):
        return [
            *self._get_own_domain(),
            ("state", "=", "posted"),
            ("invoice_date", ">=", self.date_from),
            ("invoice_date", "<=", self.date_to),
        ]

    def _get_own_domain(self):
        members = self.company_id._exact_get_members()
        return [
            ("company_id", "in", members.ids),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ]

    def _get_booked_domain(self):
        return [("state", "=", "sent"), ("move_id", "any", self._get_moves_domain())]

    def _get_moved(self):
        """Return GUIDs of our entries that are not in the period in Exact any more.

        Somebody gave them another date or journal there, or deleted them.
        """
        booked = self.env["exact.outbox"].search(self._get_booked_domain(), order="id")
        known = {*self.line_ids.mapped("exact_guid"), *(self.asked_guids or [])}
        return [guid for guid in booked.mapped("exact_guid") if guid not in known]

    def _compare(self):
        """Compare every invoice of the period with its entry, and add both up."""
        fetched = self.line_ids
        entries, names = fetched._read_entries()
        fetched.unlink()
        booked = self._find_booked(entries)
        matcher = comparison.Matcher(entries, set(booked))
        moves = self._get_moves(booked)
        currencies = self._get_currency_ids(entries, moves)
        totals = comparison.Totals(self.company_id.currency_id.name)
        lines = []
        for start in range(0, len(moves), BATCH):
            batch = moves[start : start + BATCH]
            # Odoo itself would read these for each invoice alone.
            batch.line_ids.fetch(["tax_ids", "tax_tag_ids"])
            for move in batch:
                ours = move._exact_get_booking()
                theirs = matcher.take(ours)
                lines.append(self._prepare_line(move, ours, theirs, currencies))
                totals.add(ours, comparison.ODOO)
                if theirs:
                    totals.add(theirs, comparison.EXACT)
            # Thousands of invoices would fill the memory.
            self.env.flush_all()
            self.env.invalidate_all()
        left = matcher.left()
        namesakes = self._find_namesakes(left)
        for theirs in left:
            move = booked.get(theirs.key) or namesakes.get(theirs.reference)
            line = self._prepare_left_line(theirs, move, currencies)
            lines.append({**line, "customer": names.get(theirs.key)})
            totals.add(theirs, comparison.EXACT)
        self.env["exact.comparison.line"].create(lines)
        self.env["exact.comparison.total"].create(
            self._prepare_totals(totals, currencies)
        )
        self.write({"state": "done", "compared_at": fields.Datetime.now()})

    def _find_booked(self, entries):
        """Return {GUID: invoice} of the entries that Exact told as our bookings."""
        members = self.company_id._exact_get_members()
        booked = self.env["exact.outbox"].search(
            [
                ("exact_guid", "in", [entry.key for entry in entries]),
                ("state", "=", "sent"),
                ("company_id", "in", members.ids),
            ]
        )
        return {outbox.exact_guid: outbox.move_id for outbox in booked}

    def _get_moves(self, booked):
        """Return the invoices of the period, and others whose entries are in it."""
        moves = self.env["account.move"].search(
            self._get_moves_domain(), order="invoice_date, id"
        )
        moves = moves.union(*booked.values())
        return moves.with_company(self.company_id).filtered(
            lambda move: move.state == "posted"
        )

    def _find_namesakes(self, entries):
        """Return {name: invoice} of the invoices that entries have as their text."""
        names = [entry.reference for entry in entries if entry.reference]
        moves = self.env["account.move"].search(
            [*self._get_own_domain(), ("state", "=", "posted"), ("name", "in", names)]
        )
        return {move.name: move for move in moves}

    # === RESULTS === #

    def _prepare_line(self, move, ours, theirs, currencies):
        kind, message = self._judge(move, ours, theirs)
        return {
            **self._prepare_columns(theirs or ours, currencies),
            "kind": kind,
            "message": message,
            "move_id": move.id,
            "reference": move.name,
            "customer": move.commercial_partner_id.name,
            "odoo_total": ours.total,
            "exact_total": theirs.total if theirs else 0,
        }

    def _judge(self, move, ours, theirs):
        """Return how an invoice and its entry compare: the kind, and a sentence."""
        outbox = move.exact_outbox_id
        if not theirs:
            if ours.key:
                return "missing_exact", self._say_gone(move)
            return "not_sent", self._say_not_sent(outbox)
        # People may write a text of their own there.
        found = comparison.differences(replace(ours, reference=None), theirs)
        sentences = [move._exact_say_differences(found)]
        kind = "different" if found else "equal"
        if theirs.key != ours.key:
            if ours.key:
                sentences.insert(0, self._say_replaced(move, theirs))
            else:
                kind = "different"
                sentences.insert(0, self._say_not_linked(move, theirs))
        return kind, "\n".join(filter(None, sentences)) or False

    def _prepare_left_line(self, theirs, move, currencies):
        """Prepare the line of an entry that no invoice was found for.

        :param account.move move: that Odoo booked as this entry and that is not
            confirmed any more, or that the entry has as its text; None if none.
        """
        kind = "missing_odoo"
        if not move:
            message = self._say_foreign(theirs)
        elif move.state != "posted":
            message = self._say_taken_back(move, theirs)
        elif move.exact_outbox_id.state == "sent":
            kind, message = "double", self._say_double(move, theirs)
        else:
            message = self._say_not_linked(move, theirs)
        return {
            **self._prepare_columns(theirs, currencies),
            "kind": kind,
            "message": message,
            "move_id": move and move.id,
            "reference": theirs.reference,
            "exact_total": theirs.total,
        }

    def _prepare_columns(self, booking, currencies):
        return {
            "comparison_id": self.id,
            "exact_guid": booking.key,
            "number": booking.number,
            "journal": booking.journal,
            "entry_date": booking.day,
            "currency_id": currencies.get(booking.currency),
        }

    def _get_currency_ids(self, entries, moves):
        """Return {code: id} of all currencies on either side, also archived ones."""
        codes = {entry.currency for entry in entries} | {
            currency.name
            for currency in moves.currency_id | self.company_id.currency_id
        }
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "in", list(codes))])
        return {currency.name: currency.id for currency in found}

    def _prepare_totals(self, totals, currencies):
        return [
            {
                "comparison_id": self.id,
                "journal": journal,
                "period": period,
                "is_sum": code is None,
                "vat_code": self.env._("All") if code is None else code,
                "currency_id": currencies.get(currency),
                "odoo_base": amounts[0],
                "odoo_vat": amounts[1],
                "exact_base": amounts[2],
                "exact_vat": amounts[3],
                "is_equal": amounts[:2] == amounts[2:],
            }
            for (journal, period, currency, code), amounts in totals.amounts.items()
        ]

    # === WORDS === #

    def _say_not_linked(self, move, theirs):
        if move.exact_outbox_id.state in ("sending", "unconfirmed"):
            return self.env._(
                "%(name)s is on its way to Exact Online, perhaps as entry %(number)s. "
                "Compare again in a few minutes.",
                name=move.name,
                number=theirs.number,
            )
        return self.env._(
            "Entry %(number)s in Exact Online looks like %(name)s, but Odoo did not "
            "book it. Press “Already in Exact?” on the invoice to link it, or delete "
            "one of the two in Exact.",
            number=theirs.number,
            name=move.name,
        )

    def _say_replaced(self, move, theirs):
        return self.env._(
            "Entry %(old)s, which Odoo booked, was deleted in Exact Online; entry "
            "%(number)s stands in its place.",
            old=move.exact_number,
            number=theirs.number,
        )

    def _say_gone(self, move):
        return self.env._(
            "Entry %(number)s is not in Exact Online any more: somebody deleted it "
            "there. Book it there again by hand with the reference %(name)s, or credit "
            "the invoice in Odoo.",
            number=move.exact_number,
            name=move.name,
        )

    def _say_taken_back(self, move, theirs):
        return self.env._(
            "%(name)s was booked as entry %(number)s and is not confirmed in Odoo any "
            "more. Confirm it again, or delete the entry in Exact Online.",
            name=move.display_name,
            number=theirs.number,
        )

    def _say_double(self, move, theirs):
        return self.env._(
            "Entry %(number)s has the reference of %(name)s, which Odoo booked as "
            "entry %(own)s. If it is booked twice, delete entry %(number)s in Exact.",
            number=theirs.number,
            name=move.name,
            own=move.exact_number,
        )

    def _say_foreign(self, theirs):
        return self.env._(
            "Entry %(number)s was booked in Exact Online by somebody else. If it "
            "is an invoice, make it in Odoo or leave it where it is.",
            number=theirs.number,
        )

    def _say_not_sent(self, outbox):
        if outbox.error:
            return outbox.error
        if outbox.state == "sending":
            return self.env._(
                "On its way to Exact Online. Compare again in a few minutes."
            )
        if outbox:
            label = outbox._get_state_label(outbox.state)
            return self.env._(
                "Not in Exact Online yet: %(state)s. Press Send to Exact to book it "
                "now.",
                state=label,
            )
        return self.env._("Never sent to Exact Online. Press Send to Exact to book it.")
