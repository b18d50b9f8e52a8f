from odoo import api, fields, models

from ..booking import matching
from ..booking.customer_comparison import COMPARED
from ..exact_api import bodies
from ..exact_api.const import ACCOUNT_STATUS_CUSTOMER, MAX_LENGTH
from ..sync.recheck import retry_refused_customers
from .exact_code_list import read_value, write_changed

NOBODY = dict.fromkeys(("name", "vat", "registry", "email", "country", "postcode"))


class ExactAccount(models.Model):
    """An account of Exact, customer or not, as the directory knows it.

    Fetched, never typed; it is what customers are looked up in before one is created,
    so that looking costs no call.
    """

    _name = "exact.account"
    _description = "Exact Online Customer"
    _order = "name, code"
    _rec_names_search = ["name", "code", "vat_number"]
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    _exact_properties = {
        "exact_guid": "ID",
        "code": "Code",
        "name": "Name",
        "vat_number": "VATNumber",
        "registry": "ChamberOfCommerce",
        "email": "Email",
        "phone": "Phone",
        "language": "Language",
        "street": "AddressLine1",
        "street2": "AddressLine2",
        "postcode": "Postcode",
        "city": "City",
        "country_code": "Country",
        "status": "Status",
        "is_supplier": "IsSupplier",
        "is_blocked": "Blocked",
        "end_date": "EndDate",
    }

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    exact_guid = fields.Char("Exact Online ID", required=True, readonly=True)
    code = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    vat_number = fields.Char("VAT Number", readonly=True)
    registry = fields.Char("Chamber of Commerce", readonly=True)
    email = fields.Char("E-mail", readonly=True)
    phone = fields.Char(readonly=True)
    language = fields.Char(readonly=True)
    street = fields.Char(readonly=True)
    street2 = fields.Char("Street 2", readonly=True)
    postcode = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    country_code = fields.Char("Country", readonly=True)
    status = fields.Selection(
        [
            ("A", "None"),
            ("S", "Suspect"),
            ("P", "Prospect"),
            (ACCOUNT_STATUS_CUSTOMER, "Customer"),
        ],
        readonly=True,
    )
    is_supplier = fields.Boolean("Supplier", readonly=True)
    is_blocked = fields.Boolean("Blocked", readonly=True)
    end_date = fields.Date(readonly=True)
    # What customers are compared by; see `matching`.
    name_key = fields.Char(readonly=True, index=True)
    vat_key = fields.Char(string="VAT Key", readonly=True, index=True)
    registry_key = fields.Char(readonly=True, index=True)
    email_key = fields.Char(string="E-mail Key", readonly=True, index=True)
    is_duplicate = fields.Boolean(
        "Duplicate",
        compute="_compute_is_duplicate",
        search="_search_is_duplicate",
        help="Another Exact Online customer has the same VAT number.",
    )

    _guid_unique = models.Constraint(
        "UNIQUE(company_id, exact_guid)",
        "Each Exact Online customer can be listed only once per company.",
    )

    @api.depends("name", "code")
    def _compute_display_name(self):
        for account in self:
            account.display_name = f"{account.code or ''} {account.name or ''}".strip()

    @api.depends("vat_key")
    def _compute_is_duplicate(self):
        duplicates = self.search([("id", "in", self.ids), ("is_duplicate", "=", True)])
        for account in self:
            account.is_duplicate = account in duplicates

    def _search_is_duplicate(self, operator, value):
        if operator != "in":
            return NotImplemented
        groups = self.env["exact.account"]._read_group(
            [
                ("vat_key", "!=", False),
                "|",
                ("end_date", "=", False),
                ("end_date", ">=", fields.Date.context_today(self)),
            ],
            ["company_id", "vat_key"],
            ["id:array_agg"],
            having=[("__count", ">", 1)],
        )
        ids = [account_id for _company, _key, group in groups for account_id in group]
        return [("id", "in" if True in value else "not in", ids)]

    # === DIRECTORY === #

    @api.model
    def _store(self, company, rows):
        """Store accounts as Exact Online has them, new ones and known ones.

        :param list rows: of sync/CRM/Accounts, texts padded with blanks.
        """
        fetched = {row["ID"]: self._prepare_values(row) for row in rows}
        known = self.search(
            [("company_id", "=", company.id), ("exact_guid", "in", list(fetched))]
        )
        for account in known:
            write_changed(account, fetched.pop(account.exact_guid))
        self.create(
            [{**values, "company_id": company.id} for values in fetched.values()]
        )

    @api.model
    def _prepare_values(self, row):
        values = {
            name: read_value(self._fields[name], row.get(key))
            for name, key in self._exact_properties.items()
        }
        return {**values, **self._prepare_keys(values)}

    @api.model
    def _prepare_keys(self, values):
        party = _party(values)
        return {
            "name_key": party.name_key or False,
            "vat_key": party.vat or False,
            "registry_key": party.company or False,
            "email_key": party.email or False,
        }

    @api.model
    def _note_sent(self, company, guid, body):
        """Store what was sent of an account, until it is read again.

        :param dict body: of a PUT; None for what was emptied.
        """
        own = [("company_id", "=", company.id), ("exact_guid", "=", guid)]
        account = self.search(own)
        if not account:
            return
        known = {name: account[name] for name in self._exact_properties}
        sent = {
            name: read_value(self._fields[name], body[key])
            for name, key in self._exact_properties.items()
            if key in body
        }
        values = {**known, **sent}
        write_changed(account, {**sent, **self._prepare_keys(values)})

    @api.model
    def _remove(self, company, guids):
        """Remove accounts that no longer exist in Exact Online.

        The next invoice searches their customers again.
        """
        if not guids:
            return
        own = [("company_id", "=", company.id), ("exact_guid", "in", guids)]
        self.search(own).unlink()
        partners = self.env["res.partner"].with_company(company)
        partners = partners.with_context(active_test=False)
        forgotten = partners.search([("exact_guid", "in", guids)])
        forgotten._exact_forget_account()
        retry_refused_customers(company, forgotten)

    # === WHO IT IS === #

    def _get_party(self):
        """Return what tells this account from others, for the pure code."""
        self.ensure_one()
        return _party(self)

    @api.model
    def _get_name_key(self, name):
        """Return the key of a name of any length, as Exact Online stores it."""
        stored = bodies.text(name, "account_name")
        return matching.party(**{**NOBODY, "name": stored}).name_key

    def _get_body(self):
        """Return what Exact Online has of a customer, for `customer_comparison`."""
        self.ensure_one()
        names = {key: name for name, key in self._exact_properties.items()}
        return {key: self[names[key]] or "" for key in COMPARED}

    def _is_live(self):
        """Tell an account that may be booked on from a blocked or ended one."""
        today = fields.Date.context_today(self)
        is_over = bool(self.end_date) and self.end_date < today
        return not self.is_blocked and not is_over

    def _get_obstacles(self):
        """Return what keeps the account from being booked on.

        :return: list of keys of `messages.ACCOUNT_STATES`.
        """
        found = []
        if self.is_blocked:
            found.append("blocked")
        elif not self._is_live():
            found.append("ended")
        if self.status != ACCOUNT_STATUS_CUSTOMER:
            by_status = {"P": "prospect", "S": "suspect"}
            other = by_status.get(self.status, "other")
            found.append("supplier" if self.is_supplier else other)
        return found


def _party(values):
    name = values["name"] or ""
    return matching.party(
        name=name,
        vat=values["vat_number"],
        registry=values["registry"],
        email=values["email"],
        country=values["country_code"],
        postcode=values["postcode"],
        city=values["city"],
        street=values["street"],
        code=values["code"],
        # A blank at the end is not stored.
        is_cut=len(name) >= MAX_LENGTH["account_name"] - 1,
    )
