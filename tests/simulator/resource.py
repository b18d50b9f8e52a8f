"""What a resource is: address, key, verbs, properties and what a GET must have."""

from dataclasses import dataclass, field, replace

from . import shapes


@dataclass(frozen=True)
class Property:
    """One column of the table.

    :param length: of the longest text; None for any.
    :param int width: that a text is padded to; negative: blanks in front.
    :param empty: what is read where there is no value.
    """

    name: str
    edm: str
    writable: bool
    mandatory: bool
    length: int | None
    width: int = 0
    empty: object = None


@dataclass(frozen=True)
class Resource:
    """One row of the table.

    :param str uri: service and name, e.g. 'crm/Accounts'.
    :param str model: last part of the type's name in `__metadata`.
    :param str scope: what the app's registration must allow; empty for none.
    :param dict children: collection property -> (uri of the lines, their link).
    :param dict references: GUID property -> uri it points to; others point nowhere.
    :param tuple answered: properties that a POST tells even without `Prefer`, where it
        does not tell all of them.
    :param int page_size: other than that of ordinary resources.
    :param str rows_of: the resource whose rows these are.
    :param tuple rows_where: property and value that those rows must have.
    :param bool is_sync: filtered by Timestamp alone, and in its order.
    :param bool is_recent: released after 1 March 2017.
    """

    uri: str
    key: str
    model: str
    scope: str
    verbs: str
    properties: dict
    filter_fields: tuple = ()
    unfilterable: tuple = ()
    select_required: bool = False
    children: dict = field(default_factory=dict)
    references: dict = field(default_factory=dict)
    answered: tuple = ()
    any_division: bool = False
    page_size: int | None = None
    rows_of: str | None = None
    rows_where: tuple | None = None
    is_sync: bool = False
    is_recent: bool = False

    @property
    def type_name(self):
        return f"Exact.Web.Api.Models.{self.model}"

    @property
    def takes_skip(self):
        return not self.is_recent and not self.uri.startswith(("bulk/", "sync/"))

    @property
    def methods(self):
        names = {"G": "GET", "P": "POST", "U": "PUT", "D": "DELETE"}
        return {names[verb] for verb in self.verbs}

    def read(self, row, name):
        """Return a value of a row as every reader finds it."""
        value = row.get(name)
        return self.properties[name].empty if value is None else value


def parse_properties(uri, text):
    """Read a table of properties, in the form that `tables` describes."""
    found = {}
    for line in filter(None, text.splitlines()):
        head, names = line.split(":")
        access, edm = head.split()
        for word in names.split():
            marked, _slash, length = word.partition("/")
            name = marked.rstrip("!")
            found[name] = Property(
                name=name,
                edm=edm,
                writable=access == "rw",
                mandatory=marked.endswith("!"),
                length=int(length) if length else None,
                width=shapes.width_of(uri, name, edm),
                empty=shapes.empty_of(uri, name, edm),
            )
    return found


def make_resource(uri, key, model, scope, verbs, text, **options):
    properties = parse_properties(uri, text)
    return Resource(uri, key, model, scope, verbs, properties, **options)


def bulk_of(resource, uri):
    """Return the twin that gives the same rows in long pages."""
    return replace(
        resource,
        uri=uri,
        verbs="G",
        select_required=True,
        page_size=1000,
        rows_of=resource.uri,
        references={},
        answered=(),
    )


def sync_of(resource, uri):
    """Return the twin that gives the same rows by their Timestamp."""
    return replace(
        bulk_of(resource, uri),
        properties={
            **resource.properties,
            **parse_properties(uri, "ro Int64: Timestamp"),
        },
        filter_fields=(),
        is_sync=True,
    )
