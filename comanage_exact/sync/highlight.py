"""The problem of a booking, with what has to be changed in bold."""

import re

from markupsafe import Markup, escape

from .fix import Fix


def highlight(outbox):
    """Return the problem of a booking as HTML; False if it has none.

    :param exact.outbox outbox: a single one, as superuser.
    """
    if not outbox.error:
        return False
    if outbox.state != "failed":
        return _join(escape(outbox.error))
    names = [str(escape(name)) for name in Fix(outbox).names]
    text = str(escape(outbox.error))
    if names:
        # No part of a longer word: account 7 is not in 700.
        pattern = "|".join(map(re.escape, names))
        text = re.sub(rf"(?<!\w)({pattern})(?!\w)", r"<b>\1</b>", text)
    return _join(Markup(text))


def _join(text):
    return Markup("<br/>").join(text.split("\n"))
