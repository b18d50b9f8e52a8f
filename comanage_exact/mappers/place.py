"""Where a problem is fixed, as plain data."""


def place(record):
    """Return model and id of a record, for `Problem.record`."""
    return record._name, record.id
