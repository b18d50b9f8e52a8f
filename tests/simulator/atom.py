"""Writes answers as Atom, what Exact does when nobody asks for JSON."""

import re
from datetime import datetime, timedelta

from werkzeug.wrappers import Response

from .answers import xml_text
from .resources import RESOURCES

_DATA = "http://schemas.microsoft.com/ado/2007/08/dataservices"
_NAMESPACES = (
    f'xmlns="http://www.w3.org/2005/Atom" xmlns:d="{_DATA}" xmlns:m="{_DATA}/metadata"'
)
_DATE = re.compile(r"/Date\((-?[0-9]+)\)/")
_EPOCH = datetime(1970, 1, 1)
_SECOND = timedelta(seconds=1)


def atom_response(resource, content, status, address):
    """Write the `d` of an answer.

    :param resource: of the rows; None for rows of nothing.
    :param str address: of the request, which a feed names.
    """
    is_list = isinstance(content, list)
    if is_list or "results" in content:
        body = _feed(resource, {"results": content} if is_list else content, address)
    else:
        body = _entry(resource, content)
    return Response(
        f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n{body}',
        status,
        content_type="application/atom+xml; charset=utf-8",
    )


def _feed(resource, content, address):
    name = resource.uri.split("/")[-1] if resource else ""
    parts = [
        f'<title type="text">{name}</title><id>{xml_text(address)}</id>',
        f'<link rel="self" title="{name}" href="{name}" />',
    ]
    if "__count" in content:
        parts.append(f"<m:count>{content['__count']}</m:count>")
    parts += [_entry(resource, row, namespaces="") for row in content["results"]]
    if "__next" in content:
        parts.append(f'<link rel="next" href="{xml_text(content["__next"])}" />')
    return f"<feed {_NAMESPACES}>{''.join(parts)}</feed>"


def _entry(resource, row, namespaces=f" {_NAMESPACES}"):
    about = row["__metadata"]
    links, properties = [], []
    for name, value in row.items():
        if name == "__metadata":
            continue
        prop = resource.properties[name]
        if prop.edm == "Collection":
            links.append(_link(resource, about["uri"], name, value))
        else:
            properties.append(_property(prop, value))
    return (
        f"<entry{namespaces}><id>{xml_text(about['uri'])}</id>"
        f'<category term="{about["type"]}" scheme="{_DATA}/scheme" />'
        f"{''.join(links)}<title /><author><name /></author>"
        f'<content type="application/xml"><m:properties>{"".join(properties)}'
        "</m:properties></content></entry>"
    )


def _link(resource, address, name, value):
    """Write a collection: where it is read, and its rows where they were asked for."""
    start = (
        f'<link rel="{_DATA}/related/{name}" title="{name}"'
        f' type="application/atom+xml;type=feed" href="{xml_text(address)}/{name}"'
    )
    if "results" not in value:
        return f"{start} />"
    child = resource.children.get(name)
    rows = "".join(_entry(RESOURCES[child[0]], row, "") for row in value["results"])
    return f"{start}><m:inline><feed>{rows}</feed></m:inline></link>"


def _property(prop, value):
    # A text is what a property is when nothing else is said.
    kind = "" if prop.edm in ("String", "Complex") else f' m:type="Edm.{prop.edm}"'
    if value is None:
        return f'<d:{prop.name}{kind} m:null="true" />'
    text = _text(prop.edm, value)
    if text != text.strip():
        kind += ' xml:space="preserve"'
    return f"<d:{prop.name}{kind}>{xml_text(text)}</d:{prop.name}>"


def _text(edm, value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if edm == "DateTime":
        passed = timedelta(milliseconds=int(_DATE.fullmatch(value)[1]))
        moment = _EPOCH + passed
        return moment.isoformat(timespec="milliseconds" if passed % _SECOND else "auto")
    return str(value)
