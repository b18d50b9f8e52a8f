"""Leave each entry of Exact Online to one invoice, before the database wants it so.

Where several invoices have one entry, it stays with the one that was booked first. The
others are named in the log and on their bookings: a person has to look.
"""

import logging

from odoo.tools import sql

_logger = logging.getLogger(__name__)

DIFFERENCE = (
    "Entry %s in Exact Online is also the booking of %s, so it was unlinked from this "
    "invoice. Click Check in Exact to find the entry of this invoice."
)


def migrate(cr, version):
    if not sql.column_exists(cr, "exact_outbox", "exact_guid"):
        return
    cr.execute(
        "SELECT later.id, later.exact_guid, later.exact_number, later_move.name,"
        "       later_company.name, first_move.name"
        "  FROM exact_outbox later"
        "  JOIN account_move later_move ON later_move.id = later.move_id"
        "  JOIN res_company later_company ON later_company.id = later_move.company_id"
        "  JOIN ("
        "       SELECT lower(exact_guid) AS guid,"
        "              (array_agg(id ORDER BY synced_at NULLS LAST, id))[1] AS id"
        "         FROM exact_outbox WHERE exact_guid IS NOT NULL"
        "        GROUP BY lower(exact_guid) HAVING count(*) > 1"
        "       ) kept ON kept.guid = lower(later.exact_guid) AND kept.id != later.id"
        "  JOIN exact_outbox first ON first.id = kept.id"
        "  JOIN account_move first_move ON first_move.id = first.move_id"
        " ORDER BY later.id"
    )
    for row_id, guid, number, name, company, first in cr.fetchall():
        _logger.warning(
            "Exact Online entry %s (%s) is the booking of two invoices: %s keeps it, "
            "%s of %s is to be checked",
            number,
            guid,
            first,
            name,
            company,
        )
        cr.execute(
            "UPDATE exact_outbox SET exact_guid = NULL, verified = FALSE,"
            " difference = %s WHERE id = %s",
            [DIFFERENCE % (number, first), row_id],
        )
