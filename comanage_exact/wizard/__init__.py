from . import account_move_send_wizard
from . import exact_ask
from . import exact_backfill
from . import exact_division_test
from . import exact_hold
from . import exact_link
from . import exact_preview
from . import exact_withdraw
