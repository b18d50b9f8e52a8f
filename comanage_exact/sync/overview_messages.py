"""Texts of the Overview: names of figures, and what stands beside them."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# === FIGURES === #

WAITING = _lt("Waiting")
HELD = _lt("On Hold")
ATTENTION = _lt("Needs Attention")
CUSTOMER = _lt("Waiting for Customer Match")
DIFFERENT = _lt("Differences Found")
TODAY = _lt("Booked Today")
MONTH = _lt("Booked This Month")
NEXT_AT = _lt("Next at %(moment)s")
NEXT_NOW = _lt("Next right away")
# By whether there are several.
UNCONFIRMED = (_lt("1 awaiting confirmation"), _lt("%(count)s awaiting confirmation"))
BOOKED = (_lt("%(day)s: 1 invoice"), _lt("%(day)s: %(count)s invoices"))
BOOKED_PER_DAY = _lt("Booked per Day")
OTHER_CAUSES = _lt("Other causes")

# === CONNECTION === #

PAUSED = _lt("Paused")
STOPPED = _lt("Stopped")
CALLS_LEFT = _lt("%(left)s of %(limit)s API calls left today")
BEFORE_CONNECTION = _lt(
    "Set up the connection to book the customer invoices of %(company)s in Exact "
    "Online. Their bookings are shown here."
)
NOTHING_BOOKED = _lt(
    "No invoice was booked in the last 30 days. Invoices appear here once they are "
    "booked in Exact Online."
)

# === COMPARISON === #

NEVER_COMPARED = _lt("Compare a period for the first time")
COMPARED = _lt("%(start)s to %(end)s, compared on %(moment)s")
ALL_MATCH = _lt("No differences")
DIFFERENCES = (_lt("1 difference"), _lt("%(count)s differences"))

# === THE CARD ON THE DASHBOARD === #

# By whether there are several.
CARD_WAITING = (
    _lt("1 Waiting for Exact Online"),
    _lt("%(count)s Waiting for Exact Online"),
)
CARD_ATTENTION = (
    _lt("1 Needs Attention in Exact Online"),
    _lt("%(count)s Need Attention in Exact Online"),
)
CARD_CUSTOMER = (
    _lt("1 Waiting for Customer Match"),
    _lt("%(count)s Waiting for Customer Match"),
)
