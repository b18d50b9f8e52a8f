"""Sales journals of Exact Online that Odoo does not book in; these are compared, too.

An invoice that somebody typed in there is found. What is there besides is summed up,
because another program may book thousands of entries there.
"""

from .duplicates import unexplained_texts


def find_used_codes(invoices):
    """Return the codes of the journals in Exact that invoices are booked in.

    Those of archived journals and of former choices, too.

    :param ComparedInvoices invoices:
    """
    company = invoices.record.company_id
    journals = (
        invoices.env["account.journal"]
        .with_context(active_test=False)
        .search([("company_id", "in", invoices.member_ids), ("type", "=", "sale")])
    )
    chosen = (
        company.exact_journal_id
        | company.exact_credit_journal_id
        | journals.exact_journal_id
        | journals.exact_credit_journal_id
    )
    return {*chosen.mapped("code"), *invoices.get_booked_journals()}


def take_others(invoices, entries, known):
    """Sum up the entries in journals that Odoo does not use; return all others.

    :param ComparedInvoices invoices:
    :param list entries: of comparison.Booking, without invoices.
    :param set known: GUIDs of those that are about an invoice, whatever their journal.
    """
    used = find_used_codes(invoices)
    own = [entry for entry in entries if entry.journal in used or entry.key in known]
    kept = {entry.key for entry in own}
    others = [entry for entry in entries if entry.key not in kept]
    invoices.record.other_journals = "\n".join(unexplained_texts(invoices.env, others))
    return own
