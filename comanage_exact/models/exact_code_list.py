from datetime import datetime, timedelta

from odoo import api, fields, models

from ..booking import period
from ..exact_api import odata, resources
from ..exact_api.const import JOURNAL_TYPE_SALES

# How long a refused period counts as closed, if the lists are not refreshed before.
CLOSED_FOR = timedelta(days=1)


class ExactCodeList(models.AbstractModel):
    """What the lists of one Exact division have in common.

    Rows are fetched, never typed. One that vanished in Exact is archived, since
    mappings and booked invoices may still point to it.
    """

    _name = "exact.code.list"
    _description = "Exact Online Code List"
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
    exact_guid = fields.Char("Exact Online ID", readonly=True)
    active = fields.Boolean(default=True, readonly=True)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.code} {row.name or ''}".strip()

    @api.model
    def _store(self, company, rows):
        """Make the list of one company equal to Exact's.

        :param list rows: dicts as Exact gives them, with `_exact_properties`.
        """
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
        return odata.read_date(value) or False
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


class ExactCostCenter(models.Model):
    _name = "exact.cost.center"
    _inherit = "exact.code.list"
    _description = "Exact Online Cost Centre"

    _exact_resource = resources.COST_CENTERS
    _exact_properties = {"code": "Code", "name": "Description", "exact_guid": "ID"}

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)",
        "Each cost centre can be listed only once per company.",
    )


class ExactCostUnit(models.Model):
    _name = "exact.cost.unit"
    _inherit = "exact.code.list"
    _description = "Exact Online Cost Unit"

    _exact_resource = resources.COST_UNITS
    _exact_properties = {"code": "Code", "name": "Description", "exact_guid": "ID"}

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)",
        "Each cost unit can be listed only once per company.",
    )


class ExactCurrency(models.Model):
    _name = "exact.currency"
    _inherit = "exact.code.list"
    _description = "Exact Online Currency"

    # Exact lists the active ones only.
    _exact_resource = resources.CURRENCIES
    _exact_properties = {"code": "Code", "name": "Description"}

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "Each currency can be listed only once per company."
    )


class ExactJournal(models.Model):
    _name = "exact.journal"
    _inherit = "exact.code.list"
    _description = "Exact Online Journal"

    _exact_resource = resources.JOURNALS
    _exact_options = {
        "filter": f"Type eq {JOURNAL_TYPE_SALES} and IsBlocked eq false",
    }
    _exact_properties = {
        "code": "Code",
        "name": "Description",
        "exact_guid": "ID",
        "currency_code": "Currency",
        "is_any_currency": "AllowVariableCurrency",
    }

    currency_code = fields.Char("Currency", readonly=True)
    is_any_currency = fields.Boolean("Accepts Other Currencies", readonly=True)

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "Each journal can be listed only once per company."
    )


class ExactPaymentCondition(models.Model):
    _name = "exact.payment.condition"
    _inherit = "exact.code.list"
    _description = "Exact Online Payment Condition"

    _exact_resource = resources.PAYMENT_CONDITIONS
    _exact_properties = {
        "code": "Code",
        "name": "Description",
        "exact_guid": "ID",
        "payment_days": "PaymentDays",
        "end_of_months": "PaymentEndOfMonths",
    }

    payment_days = fields.Integer("Days", readonly=True)
    end_of_months = fields.Integer(
        "Month Ends",
        readonly=True,
        help="The number of month ends, counted before the days are added.",
    )

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)",
        "Each payment condition can be listed only once per company.",
    )


class ExactPeriod(models.Model):
    """A month or quarter of Exact's calendar.

    Exact does not tell whether it is closed; that comes out as a refusal.
    """

    _name = "exact.period"
    _inherit = "exact.code.list"
    _description = "Exact Online Financial Period"
    _order = "start_date"

    _exact_resource = resources.FINANCIAL_PERIODS
    _exact_properties = {
        "exact_guid": "ID",
        "year": "FinYear",
        "number": "FinPeriod",
        "start_date": "StartDate",
        "end_date": "EndDate",
    }

    year = fields.Integer(readonly=True)
    number = fields.Integer(readonly=True)
    closed_journals = fields.Json(
        string="Closed For",
        readonly=True,
        help="The journals for which Exact Online refused this period, and when.",
    )
    start_date = fields.Date(readonly=True)
    end_date = fields.Date(readonly=True)

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)",
        "Each financial period can be listed only once per company.",
    )

    @api.model
    def _prepare_values(self, row):
        # EXTENDS exact.code.list: periods have a year and a number for a code.
        values = super()._prepare_values(row)
        values["code"] = period.code(values["year"], values["number"])
        return values

    @api.model
    def _store(self, company, rows):
        # EXTENDS exact.code.list: whoever refreshes the lists may have opened periods.
        result = super()._store(company, rows)
        self._forget_closed(company)
        return result

    # === CLOSED PERIODS === #

    def _is_closed(self, journal):
        """Tell whether Exact refused this period for a journal a short time ago.

        :param str journal: code of the one in Exact, which closes on its own.
        """
        refused_at = (self.closed_journals or {}).get(journal or "")
        if not refused_at:
            return False
        return fields.Datetime.now() - datetime.fromisoformat(refused_at) < CLOSED_FOR

    def _note_closed(self, journal):
        """Remember that Exact refused this period, to tell others before they go."""
        for record in self:
            record.closed_journals = {
                **(record.closed_journals or {}),
                journal: fields.Datetime.now().isoformat(),
            }

    def _note_open(self, journal):
        """Forget that Exact refused this period for a journal."""
        for record in self.filtered(
            lambda period: journal in (period.closed_journals or {})
        ):
            closed = {**record.closed_journals}
            del closed[journal]
            record.closed_journals = closed or False

    @api.model
    def _forget_closed(self, company):
        """Have Exact asked again about all periods that it refused."""
        known = self.search([("company_id", "=", company.id)])
        found = known.filtered("closed_journals")
        found.closed_journals = False
        if found:
            self.env["exact.outbox"]._trigger_recheck_of_problems()
