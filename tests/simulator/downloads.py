"""The pages below /docs/ that show a document, and give the file of an attachment."""

import mimetypes
from urllib.parse import quote

from werkzeug.wrappers import Response

from . import gate, pages
from .answers import error_response, html_response
from .documents import ATTACHMENTS, DOCUMENTS, FILE_PAGE, VIEW_PAGE, stamp
from .errors import Refusal
from .gate import Route
from .resources import RESOURCES

_PAGES = {FILE_PAGE.lower(): ATTACHMENTS, VIEW_PAGE.lower(): DOCUMENTS}


def is_here(path):
    return path.lower() in _PAGES


def answer(state, request):
    """Return the page or file; the bearer token is asked for, as by the resources."""
    caller = gate.find_caller(state, request)
    uri = _PAGES[request.path.lower()]
    number = request.args.get("_Division_", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    route = Route(int(number) if is_number else 0, uri, RESOURCES[uri])
    try:
        gate.check_call(state, request, route, caller)
    except gate.Answer as found:
        return found.response
    except Refusal as refusal:
        return error_response(refusal.status, refusal.text, headers=refusal.headers)
    row = state.find(route.division, uri, request.args.get("ID", "").lower())
    if row is None or request.args.get("Stamp") != stamp(row):
        text = "There is nothing at this address."
        return html_response(pages.problem_page("Not found", text), 404)
    if uri == DOCUMENTS:
        return html_response(pages.problem_page(row["Subject"], row.get("Body") or ""))
    if request.args.get("Download") != "1":
        # What a browser shows around the file; the file itself is one step further.
        return html_response(pages.problem_page(row["FileName"], ""))
    return _file(state, row)


def _file(state, row):
    kind = mimetypes.guess_type(row["FileName"])[0] or "application/octet-stream"
    response = Response(state.files.read(row["place"]), content_type=kind)
    name = quote(row["FileName"], safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
