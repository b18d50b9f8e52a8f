"""Telling open screens which bookings changed, so that nobody has to reload them."""

# The notification that `static/src/refresh_service.js` waits for.
REFRESH = "comanage_exact.booking"
# Those who may see the bookings of a company listen to its channel.
CHANNEL = "comanage_exact"
CHANGED = "comanage_exact.changed"
# Of more than so many no ids are told: every screen with bookings is read again.
MOST_IDS = 200


def refresh_screens(outboxes):
    """Tell of changed bookings with the commit, in one message for each company."""
    for company, rows in outboxes.grouped("company_id").items():
        _note(
            company,
            outbox_ids=rows.ids,
            move_ids=rows.move_id.ids,
            journal_ids=rows.move_id.journal_id.ids,
        )


def refresh_comparison(comparison):
    """Tell with the commit how far a comparison is."""
    _note(comparison.company_id, comparison_ids=comparison.ids)


def _note(company, **ids):
    """Remember what changed until the transaction is committed."""
    precommit = company.env.cr.precommit
    if CHANGED not in precommit.data:
        precommit.data[CHANGED] = {}
        bus = company.env["bus.bus"]
        precommit.add(lambda: _send(bus))
    changed = precommit.data[CHANGED].setdefault(company, {})
    for name, found in ids.items():
        changed.setdefault(name, {}).update(dict.fromkeys(found))


def _send(bus):
    for company, changed in bus.env.cr.precommit.data.pop(CHANGED).items():
        message = {"is_many": True}
        if len(changed.get("outbox_ids", ())) <= MOST_IDS:
            message = {name: list(ids) for name, ids in changed.items()}
        bus._sendone((company, CHANNEL), REFRESH, message)


def find_channels(user):
    """Return the channels of the companies whose bookings a user may see."""
    return [(company, CHANNEL) for company in user.company_ids]
