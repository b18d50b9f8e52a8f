from . import exact_backfill
from . import exact_link
from . import exact_preview
