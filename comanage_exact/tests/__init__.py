from . import test_client
from . import test_numbering
from . import test_payload
from . import test_push
