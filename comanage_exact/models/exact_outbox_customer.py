from dataclasses import replace

from odoo import models

from ..exact_api import bodies


class ExactOutbox(models.Model):
    """The customer of an invoice: found, created or told about what changed."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    def _refresh_directory(self, client):
        """Read what is new among Exact's accounts, before a customer is looked up.

        Commits, so it comes before the row is locked.
        """
        company = self.env.company.sudo()
        company.env["exact.directory"]._get(company)._refresh(client)

    def _ask_anew(self, client, draft):
        """Look whether Exact answers by now the one question that holds a row here.

        Commits, so it comes before the row is locked.

        :return: the draft, made anew where the question was the only problem.
        """
        partner = self.move_id._exact_get_partner()
        match = partner.env["exact.match"]._find_open(partner)
        if not match or draft.problems != match._say_problem():
            return draft
        self._refresh_directory(client)
        match._look_again()
        self.env["ir.cron"]._commit_progress()
        return self._draft()

    def _find_customer(self, entry):
        """Find the customer in the directory; makes no call.

        :param sales_entry.SalesEntry entry: without customer.
        :return: the entry, with the customer where one was found, and what Exact is to
            be told of him; no entry if a person has to decide first: the row failed.
        """
        partner = self.move_id._exact_get_partner()
        match = partner._exact_match()
        if match:
            self._fail("check", match._say_problem())
            return None, {}
        if not partner.exact_guid:
            return entry, {}
        return replace(entry, customer=partner.exact_guid), partner._exact_get_changes()

    def _send_customer(self, client, entry, changes):
        """Create the customer in Exact if need be, or tell Exact what changed.

        :param dict changes: of a customer that Exact knows.
        :return: the entry with its customer.
        """
        if entry.customer and not changes:
            return entry
        partner = self.move_id._exact_get_partner()
        if entry.customer:
            partner._exact_update(client)
            return entry
        customer = partner.exact_guid or partner._exact_create(client)
        entry = replace(entry, customer=customer)
        self.request = bodies.sales_entry(entry)
        # What the look-up needs, should this worker die.
        self.env["ir.cron"]._commit_progress()
        return entry
