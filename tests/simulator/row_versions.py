"""Where a client that starts today begins to read the changes of a list."""

from . import texts
from .errors import Refusal
from .odata import function_option
from .state import ENTITY_TYPES

# The accounts are missing from the list that is published.
ENDPOINTS = {uri.split("/")[-1]: uri for uri in ENTITY_TYPES if uri != "crm/Accounts"}


def timestamp(context):
    """Return one row: the highest Timestamp of a list before a moment."""
    name = function_option(context, "endPoint", "string")
    moment = function_option(context, "modified", "datetime")
    if name is None or moment is None:
        return []
    if name not in ENDPOINTS:
        raise Refusal(400, texts.SYNTAX)
    older = (
        row["Timestamp"]
        for row in context.rows(ENDPOINTS[name]).values()
        if row.get("Modified") and row["Modified"] < moment
    )
    version = max(older, default=1)
    return [{"EndPoint": name, "Modified": moment, "TimeStampAsBigInt": version}]
