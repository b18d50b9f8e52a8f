"""What a resource is: address, key, verbs, properties and what a GET must have."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Property:
    name: str
    edm: str
    writable: bool
    mandatory: bool
    length: int | None


@dataclass(frozen=True)
class Resource:
    """One row of the table.

    :param str uri: service and name, e.g. 'crm/Accounts'.
    :param str model: last part of the type's name in `__metadata`.
    :param str scope: what the app's registration must allow; empty for none.
    :param dict children: collection property -> (uri of the lines, their link).
    :param dict references: GUID property -> uri it points to; others point nowhere.
    :param tuple answered: properties that a POST tells even without `Prefer`.
    :param int page_size: other than that of ordinary resources.
    :param str rows_of: the resource whose rows these are.
    :param tuple rows_where: property and value that those rows must have.
    :param bool is_sync: filtered by Timestamp alone, and in its order.
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

    @property
    def type_name(self):
        return f"Exact.Web.Api.Models.{self.model}"

    @property
    def methods(self):
        names = {"G": "GET", "P": "POST", "U": "PUT", "D": "DELETE"}
        return {names[verb] for verb in self.verbs}


def parse_properties(text):
    """Read a table of properties, in the form that `tables` describes."""
    found = {}
    for line in text.strip().splitlines():
        head, names = line.split(":")
        access, edm = head.split()
        for word in names.split():
            name, _slash, length = word.partition("/")
            found[name.rstrip("!")] = Property(
                name=name.rstrip("!"),
                edm=edm,
                writable=access == "rw",
                mandatory=name.endswith("!"),
                length=int(length) if length else None,
            )
    return found


def make_resource(uri, key, model, scope, verbs, text, **options):
    return Resource(uri, key, model, scope, verbs, parse_properties(text), **options)
