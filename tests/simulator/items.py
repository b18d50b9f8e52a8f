"""Items and their sales prices."""

from datetime import datetime

from .checks import currency_findings
from .records import Record, midnight

ITEMS, PRICES = "logistics/Items", "logistics/SalesItemPrices"
GROUPS, UNITS = "logistics/ItemGroups", "logistics/Units"
_LEDGER = ("GLCosts", "GLRevenue", "GLStock")
_LEDGER_IN_PROGRESS = ("GLCostsWorkInProgress", "GLRevenueWorkInProgress")
_AMOUNTS = (
    *("AverageCost", "CostPriceNew", "CostPriceStandard", "GrossWeight", "NetWeight"),
    *("StatisticalNetWeight", "StatisticalUnits", "StatisticalValue", "Stock"),
)


class Item(Record):
    uri = ITEMS
    codes = {"SalesVatCode": "vat/VATCodes", "Unit": UNITS}
    unique = ("Code",)
    owned = ((PRICES, "Item"),)
    used_by = (("documents/Documents", "Item"),)
    label = "Item"

    def findings(self):
        if self.values.get("Code"):
            self.values["Code"] = self.values["Code"].strip()
        return currency_findings(self, "CostPriceCurrency") + _period_findings(self)

    def fill(self):
        division = self.context.state.divisions()[self.context.division]
        groups = self.context.rows(GROUPS).values()
        group = next((row for row in groups if row["IsDefault"]), None)
        self.default(ItemGroup=group["ID"] if group else None)
        self.default(
            Unit=next(row["Code"] for row in self.context.rows(UNITS).values()),
            StartDate=midnight(self.context),
            CostPriceCurrency=division["Currency"],
            SecurityLevel=10,
            IsSalesItem=True,
        )
        group = self.context.find(GROUPS, self.values["ItemGroup"]) or {}
        for name in _LEDGER:
            self.default(**{name: group.get(name)})

    def derive(self):
        item = self.row
        for name in _AMOUNTS:
            if item.get(name) is None:
                item[name] = 0
        for name in (*_LEDGER, *_LEDGER_IN_PROGRESS):
            names = {f"{name}Code": "Code", f"{name}Description": "Description"}
            self.copy_from("financial/GLAccounts", name, **names)
        self.copy_from(
            GROUPS,
            "ItemGroup",
            ItemGroupCode="Code",
            ItemGroupDescription="Description",
        )
        unit = self.context.by_code(UNITS, item.get("Unit")) or {}
        item["UnitDescription"] = unit.get("Description")
        item["UnitType"] = unit.get("Type")
        code = item.get("SalesVatCode")
        vat_code = self.context.by_code("vat/VATCodes", code) if code else {}
        item["SalesVatCodeDescription"] = (vat_code or {}).get("Description")


class SalesItemPrice(Record):
    uri = PRICES
    codes = {"Unit": UNITS}
    unique = ("Account", "Currency", "Item", "Quantity", "StartDate", "Unit")
    label = "Price"
    fixed = ("Item",)

    def _table_findings(self, *, is_put=False):
        # What is there by itself counts for the uniqueness of a price, too.
        if not is_put:
            self._fill_identity()
        return super()._table_findings(is_put=is_put)

    def _fill_identity(self):
        division = self.context.state.divisions()[self.context.division]
        item = self.context.find(ITEMS, self.values.get("Item")) or {}
        self.default(
            Account=None,
            Currency=division["Currency"],
            Quantity=1,
            StartDate=midnight(self.context),
            Unit=item.get("Unit"),
        )

    def findings(self):
        findings = currency_findings(self, "Currency") + _period_findings(self)
        return findings + [
            self.context.about("invalid", name, self.values[name])
            for name in ("Price", "Quantity", "NumberOfItemsPerUnit")
            if (self.values.get(name) or 0) < 0
        ]

    def fill(self):
        self.default(NumberOfItemsPerUnit=1)

    def derive(self):
        price = self.row
        item = self.context.find(ITEMS, price["Item"])
        account = self.context.find("crm/Accounts", price.get("Account")) or {}
        unit = self.context.by_code(UNITS, price.get("Unit")) or {}
        price.update(
            AccountName=account.get("Name"),
            DefaultItemUnit=item.get("Unit"),
            DefaultItemUnitDescription=item.get("UnitDescription"),
            ItemCode=item["Code"],
            ItemDescription=item["Description"],
            UnitDescription=unit.get("Description"),
        )

    def follow_up(self):
        self._show_on_item()

    def forget(self):
        self._show_on_item()

    def _show_on_item(self):
        item = self.context.find(ITEMS, self.row["Item"])
        item["StandardSalesPrice"] = self._standard_price(item["ID"])

    def _standard_price(self, item):
        """Return the price for everybody that is valid today."""
        today = midnight(self.context)
        currency = self.context.state.divisions()[self.context.division]["Currency"]
        valid = [
            row
            for row in self.context.rows(PRICES).values()
            if row["Item"] == item
            and not row.get("Account")
            and row.get("Currency") == currency
            and (row.get("StartDate") or today) <= today
            and (row.get("EndDate") or today) >= today
        ]
        if not valid:
            return None
        start = datetime.min
        best = min(
            valid,
            key=lambda row: (
                row.get("Quantity") or 0,
                start - (row.get("StartDate") or start),
            ),
        )
        return best["Price"]


def _period_findings(record):
    start, end = record.merged("StartDate"), record.merged("EndDate")
    if start and end and end < start:
        return [record.context.about("invalid", "EndDate", f"{end:%d-%m-%Y}")]
    return []
