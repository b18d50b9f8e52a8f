"""Finding the entries that a manager named while Exact Online could not be read."""

from ..exact_api import odata, resources

# Of one call.
BATCH = 20


def find_due(owner):
    """Return the bookings whose entries are known by number alone, a batch of them.

    :param res.company owner: that has the connection, as superuser.
    """
    return owner.env["exact.outbox"].search(
        [
            ("state", "=", "sent"),
            ("is_verification_due", "=", True),
            ("exact_guid", "=", False),
            ("exact_number", "!=", False),
            ("company_id", "in", owner._exact_get_members().ids),
        ],
        order="id",
        limit=BATCH,
    )


def find_late_entries(owner, client):
    """Store the IDs of the entries that are known by number alone.

    :param res.company owner: that has the connection, as superuser.
    :param ExactClient client: of its division.
    """
    due = find_due(owner)
    wanted = (
        f"(Journal eq {odata.quoted(one.exact_journal or '')} "
        f"and EntryNumber eq {one.exact_number})"
        for one in due
    )
    rows = client.get(
        resources.ENTRIES, select=resources.HEADER, filter=" or ".join(wanted)
    )
    for outbox in due.try_lock_for_update():
        if row := _pick(outbox, rows):
            outbox.exact_guid = row["EntryID"]


def _pick(outbox, rows):
    """Return the entry of a booking: one with its reference, else the only one."""
    place = ((outbox.exact_journal or "").strip(), str(outbox.exact_number))
    found = [
        row
        for row in rows
        if (row["Journal"].strip(), str(row["EntryNumber"])) == place
        and not outbox.move_id._exact_find_other_of_entry(row)
    ]
    named = [
        row
        for row in found
        if (row.get("YourRef") or "").strip() == (outbox.booked_name or "").strip()
    ]
    found = named or found
    return found[0] if len(found) == 1 else None
