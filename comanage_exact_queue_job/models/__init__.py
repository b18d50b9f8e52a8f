from . import exact_outbox
