import re
from datetime import UTC, datetime

from odoo import api, fields, models


class ExactCodeList(models.AbstractModel):
    """What the lists of one Exact division have in common.

    Rows are fetched, never typed. One that vanished in Exact is archived, since
    mappings and booked invoices may still point to it.
    """

    _name = "exact.code.list"
    _description = "Code list of Exact Online"
    _order = "code"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True
    # Taxes and journals of a branch are booked in the division of a company above.
    _check_company_domain = models.check_company_domain_parent_of

    # Set by each list: the resource, further OData options, and which property of
    # Exact fills which field.
    _exact_resource = None
    _exact_options = {}
    _exact_properties = {}

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(readonly=True)
    exact_guid = fields.Char("Exact ID", readonly=True)
    active = fields.Boolean(default=True, readonly=True)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.code} {row.name or ''}".strip()

    @api.model
    def _fetch(self, company, client):
        """Make the list of one company equal to Exact's.

        :param ExactClient client: of the company's division.
        :raise ExactError: see `ExactClient.get_all`; nothing is changed then.
        """
        rows = client.get_all(
            self._exact_resource,
            select=",".join(self._exact_properties.values()),
            **self._exact_options,
        )
        fetched = {}
        for row in rows:
            values = self._prepare_values(row)
            fetched[values["code"]] = values
        known = self.with_context(active_test=False).search(
            [("company_id", "=", company.id)]
        )
        vanished = known.filtered(lambda row: row.active and row.code not in fetched)
        vanished.write({"active": False})
        for record in known.filtered(lambda row: row.code in fetched):
            write_changed(record, fetched.pop(record.code))
        self.create(
            [{**values, "company_id": company.id} for values in fetched.values()]
        )

    def _prepare_request_part(self):
        """Return what of a request for an entry names this row.

        :return: dict that is part of `payload.sales_entry`'s.
        """
        raise NotImplementedError

    @api.model
    def _prepare_values(self, row):
        """Turn a row of Exact into field values; texts come padded with spaces."""
        values = {"active": True}
        for field_name, key in self._exact_properties.items():
            values[field_name] = read_value(self._fields[field_name], row.get(key))
        return values


def read_value(field, value):
    """Turn a value of Exact into one of a field; texts come padded with spaces."""
    if isinstance(value, str):
        value = value.strip()
    if field.type == "char":
        return str(value) if value not in (None, "") else False
    if field.type == "date":
        return _read_date(value)
    if field.type == "selection":
        return value if value in dict(field.selection) else False
    if field.type in ("float", "integer", "boolean"):
        return {"float": float, "integer": int, "boolean": bool}[field.type](value or 0)
    return value


def write_changed(record, values):
    """Write what differs, and nothing where all is as it was."""
    changed = {name: value for name, value in values.items() if record[name] != value}
    if changed:
        record.write(changed)


def _read_date(value):
    """Return the day of '/Date(1756684800000)/', False if there is none.

    A day comes as midnight of UTC whatever the time zone, so it is never shifted.
    """
    found = re.search(r"-?[0-9]+", value or "")
    return datetime.fromtimestamp(int(found[0]) / 1000, UTC).date() if found else False
