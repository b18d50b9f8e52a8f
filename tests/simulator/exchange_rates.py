"""Exchange rates of a division: the value of one foreign unit in its own currency."""

from decimal import ROUND_HALF_UP, Context, Decimal

from .records import Record, midnight

EXCHANGE_RATES = "financial/ExchangeRates"
_WIDE = Context(prec=80)


class ExchangeRate(Record):
    uri = EXCHANGE_RATES
    unique = ("SourceCurrency", "StartDate")
    label = "ExchangeRate"

    def _table_findings(self, *, is_put=False):
        if not is_put:
            self.default(StartDate=midnight(self.context))
        return super()._table_findings(is_put=is_put)

    def findings(self):
        about = self.context.about
        findings = []
        currency = self.values.get("SourceCurrency")
        own = self.context.state.divisions()[self.context.division]["Currency"]
        if currency and not self.context.find("general/Currencies", currency):
            findings.append(about("reference", "Currency"))
        elif currency == own:
            findings.append(about("invalid", "Currency", currency))
        rate = self.merged("Rate")
        if rate is None:
            findings.append(about("mandatory", "ExchangeRate"))
        elif rate <= 0:
            findings.append(about("invalid", "ExchangeRate", rate))
        if self.values.get("StartDate", "") is None:
            findings.append(about("mandatory", "StartDate"))
        return findings

    def derive(self):
        own = self.context.state.divisions()[self.context.division]["Currency"]
        find = self.context.find
        source = find("general/Currencies", self.row["SourceCurrency"])
        self.row.update(
            SourceCurrencyDescription=source["Description"],
            TargetCurrency=own,
            TargetCurrencyDescription=find("general/Currencies", own)["Description"],
        )


def rate_on(context, currency, day):
    """Return the rate of a currency on a day, or None if none is in force yet."""
    rows = [
        row
        for row in context.rows(EXCHANGE_RATES).values()
        if row["SourceCurrency"] == currency and row["StartDate"] <= day
    ]
    return max(rows, key=lambda row: row["StartDate"])["Rate"] if rows else None


def usable_rate(context, currency, rate):
    """Return a rate as amounts are converted with: the currency has its decimals."""
    row = context.find("general/Currencies", currency) or {}
    decimals = row.get("AmountPrecision")
    if context.settings.rate_precision == "ignore" or decimals is None:
        return rate
    unit = Decimal(1).scaleb(-int(decimals))
    return Decimal(rate).quantize(unit, ROUND_HALF_UP, context=_WIDE)
