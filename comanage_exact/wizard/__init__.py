from . import exact_backfill
from . import exact_decision
from . import exact_division_test
from . import exact_link
from . import exact_preview
from . import exact_withdraw
