"""Odd requests for the simulator, read from its table of resources."""

import collections
import io
import itertools
import json
import random
import re
import string
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from .simulator.app import CRASH_HEADER, Simulator
from .simulator.errors import Refusal
from .simulator.resources import RESOURCES
from .simulator.server import make_state
from .simulator.values import read_value
from .simulator_api import (
    BELGIAN,
    CLIENT_ID,
    DUTCH_USER,
    fixed_clock,
    rows_in,
)

NOBODY = "11111111-2222-3333-4444-555555555555"


class Raw:
    """A value as it stands in the JSON, which `json.dumps` would not write."""

    def __init__(self, text):
        self.text = text


VALUES = (
    *(None, True, False, [], {}, [{}], [None], [[]], {"results": []}),
    {"__deferred": {"uri": "x"}},
    *(0, 1, -1, 20, 255, 256, 2**15, 2**31, 2**63, 10**15, 10**400, -(10**400), 1.5),
    *map(
        Raw, ("1e400", "-1e400", "1e-400", "1e14", "-0.0", "0.005", "NaN", "Infinity")
    ),
    *map(Raw, ("1e9999999999999999999", "9" * 4400, "[" * 400 + "]" * 400)),
    *map(Raw, ('"\\ud83d"', '"\\udc00x"', '"\\u0000"', r'"\/Date(0)\/"')),
    *map(Raw, (r'"\/Date(99999999999999999)\/"', '{"a":1,"a":2}')),
    *("", " ", "\t", "x", "x" * 5000, "9" * 18, "0" * 18, "١٢٣", "٣", "²", "Ⅷ"),
    *("-1", "+5", "1e5", "1.5", "1_000", "0x10", "NaN", "Infinity", "-0", " 4 ", "1 2"),
    *("\u2028", "\ufffe", "\U0001f600", "\x01", "\x7f", "a\r\nb", "<&>]]>", "'", "''"),
    *("%", "%00", "{0}", "{}", "%s", "null", "None", "true", "EUR", " eur", "BE", "C"),
    *(
        "2026-03-10",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "1753-01-01",
        "٢٠٢٦-٠١-٠١",
    ),
    *("2026-03-10T25:00", "9999-12-31T23:59:59.999999999+14:00", "/Date(0)/"),
    *(NOBODY, NOBODY.upper(), f"{{{NOBODY}}}", f"guid'{NOBODY}'", "aGk=", "aGk", "A=="),
)
# Of codes.
SIGNS = string.digits + string.ascii_uppercase
FORMS = ("application/atom+xml", "application/json")
# What spoiled a division most easily.
ALWAYS = (None, "", " ")
BODIES = (
    b"",
    b"null",
    b"[]",
    b"1",
    b'"x"',
    b"{",
    b"{}",
    b'{"": 1}',
    b'{"a"',
    b'{"a": 1,}',
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b'{"Name": "\xff"}',
    b'{"\\ud83d": 1}',
    b'{"__metadata": []}',
    b'{"__metadata": {"uri": 1}, "__deferred": 1}',
    b"{}{}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"Name":' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"Name": 1e999999999999}',
    b'{"Name": ' + b"1" * 5000 + b"}",
    b"\x00",
    "{}".encode("utf-16"),
    b"<entry/>",
    b"Name=x",
)
HEADERS = tuple(
    {name: value}
    for name, values in {
        "Accept": ("", ",", ";", "json", "*", "application/json;q=x", "é", "a" * 9000),
        "Content-Type": ("", "application/json;charset=x", "multipart/form-data", ";"),
        "Prefer": ("", "return=", "return=minimal", "é", "return=representation,x"),
        "Host": ("", "x y", "[", "é", "a:b:c", "h" * 5000, "xn--", "localhost:-1"),
        "X-HTTP-Method": ("MERGE", "DELETE", ""),
        "Content-Encoding": ("gzip", "x"),
        "Authorization": ("", "Bearer", "Basic é", "Bearer \x7f", "Basic Zm9v", "x"),
        "If-Match": ("*", "W/x"),
        "CustomDescriptionLanguage": ("NL", "é", ""),
        "Content-Length": ("-1", "x", "99999999999999999999", "3"),
        "Range": ("bytes=0-1",),
        "Cookie": ("=;;é",),
        "Accept-Language": ("é;q=x",),
    }.items()
    for value in values
)
METHODS = (
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "MERGE",
    "HEAD",
    "OPTIONS",
    "ODD",
    "",
)
KEYS = (
    "",
    " ",
    "'",
    "''",
    "'x'",
    "'a''b'",
    "1",
    "-1",
    "1L",
    "9" * 30,
    "٣",
    "guid''",
    "guid'x'",
    f"guid'{NOBODY}'",
    f"GUID'{NOBODY}'",
    f"guid'{{{NOBODY}}}'",
    NOBODY,
    "guid'\ud7ff\x00'",
    "null",
    "ID=1",
    ",",
    "()",
    "%",
)
PATHS = (
    "/api/v1",
    "/api/v1/",
    "/api/v1//",
    "/api/v1/current",
    "/api/v1/current/Me(1)",
    "/api/v1/current/Me/x",
    "/api/v1/{d}",
    "/api/v1/{d}/",
    "/api/v1/{d}/current/Me",
    "/api/v1/{d}/crm",
    "/api/v1/{d}/crm/",
    "/api/v1/{d}//crm/Accounts",
    "/api/v1/{d}/crm//Accounts",
    "/api/v1/{d}/crm/Accounts/x/y/z",
    "/api/v1/{d}/crm/Accounts()/$count/$count",
    "/api/v1/{d}/crm/Accounts/$links",
    "/api/v1/{d}/crm/Accounts/$value",
    "/api/v1/{d}/$metadata",
    "/api/v1/{d}/$batch",
    "/api/v1/{d}/crm/Accounts%00",
    "/api/v1/{d}/crm/Accounts%2e%2e",
    "/api/v1/{d}/crm/../crm/Accounts",
    "/api/v1/{d}/crm/Accounts%ff",
    "/api/v1/٣٤٥٦٧٨١/crm/Accounts",
    "/api/v1/-1/crm/Accounts",
    "/api/v1/999999999/crm/Accounts",
    "/api/v1/99999999999/crm/Accounts",
    "/api/v1/beta/{d}/crm/Accounts",
    "/api/v1/{d}/read/x/y",
    "/api/v1/{d}/" + "x" * 3000,
    "/api/v1/{d}/" + "(" * 2000,
    "/api/v2/{d}/crm/Accounts",
    "/API/V1/{d}/CRM/ACCOUNTS",
    "/docs/x",
    "//",
    "/%",
    "/\x00",
    "/api/oauth2/auth",
    "/api/oauth2/token",
    "/api/oauth2/",
)
LITERALS = (
    *("null", "true", "1", "-1", "1L", "1.5", "1.5M", "9" * 40, "9" * 40 + "L", "٣"),
    *("''", "'x'", "'it''s'", "'\x00'", "'\ufffe'", "'٣'", "'" + "x" * 900 + "'"),
    *("datetime'2026-01-01'", "datetime'9999-12-31T23:59:59.9999999Z'", "datetime''"),
    *(f"guid'{NOBODY}'", "guid''", "X'00'", "binary'00'", "time'PT1H'", "NaN", "INF"),
)
CONDITIONS = (
    *("{0} eq {1}", "{1} ne {0}", "{0} gt {1} and {0} lt {1}", "not ({0} eq {1})"),
    *("({0} le {1}) eq true", "{0}", "{0} add 1 eq {1}", "substringof({1},{0})"),
    *("startswith({0},{1}) eq false", "trim({0}) ge {1}", "tolower(trim({0})) eq {1}"),
    *("{0}/x eq {1}", "(({0} eq {1}) or ({0} ne {1})) ne null", "{0} eq {0}"),
)
OPTIONS = {
    "$top": ("", " ", "0", "1", "-1", "60", "61", "1001", "9" * 30, "٣", "x", "1.0"),
    "$skip": ("", "0", "1", "-1", "9" * 9, "٣"),
    "$select": (
        "",
        " ",
        "*",
        "**",
        "*/x",
        ",",
        ",,",
        "x",
        "/",
        "{0}",
        "{0}/x",
        "{0},{0}",
    ),
    "$expand": ("", ",", "*", "x", "/", "{0}", "{0}/x", "{0},{0}"),
    "$orderby": ("", ",", "{0}", "{0} desc", "{0} asc,{0} desc", "{0} x", "٣", "{0}/x"),
    "$inlinecount": ("", "none", "allpages", "AllPages", "x"),
    "$skiptoken": ("", "x", ",", "1", "null", "''", f"guid'{NOBODY}'", "1,1", "guid''"),
    "$filter": (
        "",
        " ",
        "(",
        ")",
        "(" * 900,
        "trim(" * 900,
        "{0} eq " + "(" * 900,
        "{0} eq 1 or " * 200,
        "1 eq 1",
        "null eq null",
        "true",
        "'",
        "\x00",
    ),
    "$format": ("json", "x"),
    "$Select": ("{0}",),
    "$": ("",),
    "": ("x",),
    "x": ("٣", "", "\x00"),
}


def fitting(prop, settings):
    """Return the odd values that pass as the type of a property, and the others."""
    found = [[], []]
    for value in VALUES:
        try:
            content = json.loads(_json(value), parse_float=Decimal)
            read_value(prop, content, "en", settings)
        except (Refusal, ValueError, ArithmeticError, RecursionError):
            found[1].append(value)
        else:
            found[0].append(value)
    return found


class Odd:
    """Sends requests to a simulator in this process; keeps what it cannot answer."""

    def __init__(self, **settings):
        limits = dict.fromkeys(("minute_limit", "day_limit", "error_limit"), 10**8)
        limits["contract_limit"] = None
        self.state = make_state(clock=fixed_clock(), **limits, **settings)
        self.state.settings.mandatory_filter = False
        self._simulator = Simulator(self.state)
        self.random = random.Random(26)
        self.count = 0
        self.failures = []
        self._works = {}
        self._numbers = collections.Counter()
        token = self.state.tokens.start_chain(CLIENT_ID, DUTCH_USER)["access_token"]
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }

    # === SENDING === #

    def send(self, method, path, body=None, query="", headers=None):
        """Send one request and return its response, whatever it says."""
        self.count += 1
        environ = EnvironBuilder().get_environ()
        environ["PATH_INFO"] = _wire(path)
        environ["QUERY_STRING"] = _wire(query)
        environ["REQUEST_METHOD"] = method
        content = body.encode() if isinstance(body, str) else body or b""
        environ["wsgi.input"] = io.BytesIO(content)
        environ["CONTENT_LENGTH"] = str(len(content))
        for name, value in {**self._headers, **(headers or {})}.items():
            name = name.upper().replace("-", "_")
            is_bare = name in ("CONTENT_TYPE", "CONTENT_LENGTH")
            environ[name if is_bare else f"HTTP_{name}"] = _wire(value)
        response = Response(*run_wsgi_app(self._simulator, environ, buffered=True))
        if CRASH_HEADER in response.headers or not _is_told(response):
            last = response.get_data(as_text=True).strip().splitlines()[-1:]
            self.failures.append(
                (method, path[:120], str(body)[:200], query[:120], last)
            )
        return response

    def address(self, resource, key=None):
        start = "/api/v1/" if resource.uri == "current/Me" else f"/api/v1/{BELGIAN}/"
        return start + resource.uri + (f"({key})" if key else "")

    def post(self, resource, values):
        return self.send("POST", self.address(resource), _json(values))

    # === RECORDS === #

    def plain(self, resource, without=None):
        """Return a body made of the table: all that is mandatory, and nothing else."""
        return {
            prop.name: self._plain_value(resource, prop)
            for prop in resource.properties.values()
            if prop.name != without
            and (prop.mandatory or prop.name in USUAL.get(resource.uri, {}))
        }

    def _plain_value(self, resource, prop):
        usual = USUAL.get(resource.uri, {})
        if prop.name in usual:
            return usual[prop.name](self)
        if prop.name in resource.children:
            uri, link = resource.children[prop.name]
            return [self.plain(RESOURCES[uri], without=link)]
        if prop.edm == "Guid":
            return self.key_of(resource.references.get(prop.name))
        if prop.edm == "String":
            return self._new_code(resource, prop.length or 6)
        return "aGk=" if prop.edm == "Binary" else 1

    def _new_code(self, resource, length):
        """Return another text each time, and none that is an odd value too."""
        number = self.new_number(resource.uri)
        code = ""
        for _place in range(min(length, 6) - 1):
            number, sign = divmod(number, len(SIGNS))
            code = SIGNS[sign] + code
        return f"Q{code}"

    def new_number(self, uri):
        self._numbers[uri] += 1
        return self._numbers[uri]

    def key_of(self, uri, **values):
        """Return the key of a row of these values, made if there is none."""
        if uri is None:
            return NOBODY
        for row in self.rows(uri):
            if all(row.get(name) == value for name, value in values.items()):
                return row[RESOURCES[uri].key]
        resource = RESOURCES[uri]
        if "P" not in resource.verbs:
            return NOBODY
        made = self.post(resource, {**self.plain(resource), **values})
        if made.status_code != 201:
            return NOBODY
        return made.get_json()["d"][resource.key]

    def rows(self, uri):
        uri = RESOURCES[uri].rows_of or uri
        return list(self.state.rows(BELGIAN, uri).values())

    def literal(self, resource, value):
        edm = resource.properties[resource.key].edm
        return {"Guid": f"guid'{value}'", "String": f"'{value}'"}.get(edm, value)

    # === BATCHES === #

    def values_for(self, prop, share):
        """Return odd values for a property: a share of those that pass as its type.

        The others never come to the resource, so a few of them tell as much as all.
        """
        passing, others = fitting(prop, self.state.settings)
        found = self.random.sample(passing, -(-len(passing) // share))
        found += self.random.sample(others, min(12 // share, len(others)))
        return [*ALWAYS, *found] if share < 12 else found

    def write(self, resource, bodies):
        """POST and PUT bodies, then see that the list and plain records still work."""
        made = [self._still_works(resource)] if "P" in resource.verbs else []
        own = self.literal(resource, made[0] if made else self.key_of(resource.uri))
        for values in bodies:
            if "P" in resource.verbs:
                response = self.post(resource, {**self.plain(resource), **values})
                if response.status_code == 201:
                    made.append(response.get_json()["d"][resource.key])
            if "U" in resource.verbs:
                self.send("PUT", self.address(resource, own), _json(values))
        self.read(resource)
        if "P" in resource.verbs:
            made.append(self._still_works(resource))
        for key in made if "D" in resource.verbs else ():
            address = self.address(resource, self.literal(resource, key))
            self.send("DELETE", address)

    def _still_works(self, resource):
        """Make a plain record; return its key. What worked once must work for ever."""
        response = self.post(resource, self.plain(resource))
        is_made = response.status_code == 201
        if self._works.setdefault(resource.uri, is_made) and not is_made:
            text = str(response.get_json())
            self.failures.append(("POST", resource.uri, "a plain record", text))
        return response.get_json()["d"][resource.key] if is_made else NOBODY

    def shallow(self):
        """Return the resources of which no plain record could ever be made."""
        return [uri for uri, has_worked in self._works.items() if not has_worked]

    def read(self, resource, forms=FORMS):
        """Read a list; it must come, and no key in it twice."""
        scalars = [
            name
            for name, prop in resource.properties.items()
            if prop.edm != "Collection"
        ]
        select = f"$select={','.join(scalars)}" if resource.select_required else ""
        path = self.address(resource)
        for accept in forms:
            headers = {"Accept": accept}
            response = self.send("GET", path, query=select, headers=headers)
            if response.status_code != 200:
                self.failures.append(("GET", path, response.status_code, select))
                return
        rows = rows_in(response.get_json())
        keys = [row[resource.key] for row in rows]
        if len(keys) != len(set(keys)):
            self.failures.append(("GET", path, "a key twice", keys))

    def read_all(self, forms=FORMS):
        for resource in RESOURCES.values():
            self.read(resource, forms)


def _sales_customer(odd):
    return odd.key_of(
        "crm/Accounts", Name="Customer", Status="C", PaymentConditionSales="30"
    )


def _supplier(odd):
    return odd.key_of(
        "crm/Accounts",
        Name="Supplier",
        IsSupplier=True,
        PaymentConditionPurchase="30",
    )


def _account_of_type(kind):
    return lambda odd: odd.key_of(
        "financial/GLAccounts", Type=kind, IsBlocked=False, UseCostcenter=0
    )


def _new_iban(odd):
    number = odd.new_number("accounts of banks")
    account = f"{number:010}{number % 97 or 97:02}"
    return f"BE{98 - int(f'{account}111400') % 97:02}{account}"


def _new_date(odd):
    return str(date(2000, 1, 1) + timedelta(days=odd.new_number("dates")))


# What a record needs beside or instead of any value of the right type.
USUAL = {
    "salesentry/SalesEntries": {
        "Journal": lambda odd: "700",
        "Customer": _sales_customer,
        "EntryDate": lambda odd: "2026-03-10",
    },
    "salesentry/SalesEntryLines": {
        "GLAccount": _account_of_type(110),
        "VATCode": lambda odd: "4",
    },
    "crm/BankAccounts": {"BankAccount": _new_iban},
    "crm/Contacts": {"LastName": lambda odd: "Peeters"},
    "documents/Documents": {"Type": lambda odd: 10},
    "purchaseentry/PurchaseEntries": {
        "Journal": lambda odd: "600",
        "Supplier": _supplier,
        "EntryDate": lambda odd: "2026-03-10",
    },
    "purchaseentry/PurchaseEntryLines": {
        "GLAccount": _account_of_type(111),
        "AmountFC": lambda odd: 1,
        "VATCode": lambda odd: "A4",
    },
    "documents/DocumentAttachments": {"FileName": lambda odd: "a.pdf"},
    "financial/ExchangeRates": {
        "SourceCurrency": lambda odd: "USD",
        "Rate": lambda odd: 1.1,
        "StartDate": _new_date,
    },
    "financial/Journals": {"Type": lambda odd: 20},
    "logistics/SalesItemPrices": {"StartDate": _new_date},
}


def _wire(text):
    """Return a text as WSGI has the bytes that came."""
    return text.encode("utf-8", "replace").decode("latin-1")


def _json(values):
    """Write a body; values that are `Raw` as they are."""
    marks = itertools.count()
    raw = {}

    def mark(value):
        name = f"__raw_{next(marks)}__"
        raw[f'"{name}"'] = value.text
        return name

    text = json.dumps(values, default=mark)
    for name, value in raw.items():
        text = text.replace(name, value)
    return text


def _is_told(response):
    """Tell an answer, or a refusal with a text, from an error without any."""
    if response.status_code == 429:
        return False
    if response.status_code not in (500, 502, 503, 504):
        return True
    try:
        return bool(response.get_json()["error"]["message"]["value"])
    except (KeyError, TypeError, HTTPException):
        text = response.get_data(as_text=True)
        return re.search("<message[^>]*>[^<]", text) is not None


def quoted(options):
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in options.items())
