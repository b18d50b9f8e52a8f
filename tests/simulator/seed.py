"""Fills a fresh state: divisions, users and code lists, with the same GUIDs always."""

import calendar
from datetime import datetime
from decimal import Decimal

from . import seed_data as data
from . import seed_relations
from .people import User, guid_for

# Financial years around the current one.
YEARS_BACK, YEARS_AHEAD = 2, 1
VAT_TYPE = 24


def fill(state):
    for email, name, language, divisions, more in data.USERS:
        state.users[email] = User(email, name, language, divisions, **more)
    for row in data.DIVISIONS:
        _add_division(state, *row)
    for number in range(1, state.settings.more_divisions + 1):
        _add_division(state, *data.more_division(number))


def _add_division(state, code, hid, name, country, vat_number, *flags):
    status, blocking, is_main = flags
    state.insert(
        None,
        "system/Divisions",
        {
            "Code": code,
            "Hid": hid,
            "Description": name,
            "CustomerName": "Voorbeeld Groep",
            "CustomerCode": "1000",
            "Customer": guid_for("customer"),
            "Country": country,
            "Legislation": country,
            "Currency": "EUR",
            "Current": is_main,
            "IsMainDivision": is_main,
            "IsDossierDivision": False,
            "IsPracticeDivision": False,
            "IsHRDivision": False,
            "Status": status,
            "BlockingStatus": blocking,
            "VATNumber": vat_number,
            "ChamberOfCommerceNumber": vat_number[2:12],
            "StartDate": datetime(2020, 1, 1),
            "ArchiveDate": datetime(2024, 1, 1) if status == 2 else None,
        },
    )
    gl_accounts, vat_codes, journals = data.CODE_LISTS[country]
    _add_gl_accounts(state, code, gl_accounts)
    _add_vat_codes(state, code, vat_codes)
    _add_journals(state, code, journals)
    _add_payment_conditions(state, code)
    _add_currencies(state, code)
    _add_periods(state, code)
    _add_costs(state, code)
    seed_relations.fill(state, code, country)


def _add_costs(state, code):
    state.cost_centers[code] = dict(data.COST_CENTERS)
    state.cost_units[code] = dict(data.COST_UNITS)
    for center, name in data.COST_CENTERS.items():
        _add(state, code, "hrm/Costcenters", center, Description=name, Active=True)
    for unit, name in data.COST_UNITS.items():
        _add(state, code, "hrm/Costunits", unit, Description=name)


def _add(state, division, uri, code, **row):
    key = guid_for(division, uri, code)
    state.insert(division, uri, {"ID": key, "Code": code, **row})


def _add_gl_accounts(state, division, rows):
    for code, name, kind, side, balance, vat_code, use_costcenter, blocked in rows:
        _add(
            state,
            division,
            "financial/GLAccounts",
            code,
            Description=name,
            SearchCode=code,
            AllowCostsInSales=0,
            Type=kind,
            TypeDescription=data.GL_TYPES[kind],
            BalanceSide=side,
            BalanceType=balance,
            VATCode=vat_code,
            UseCostcenter=use_costcenter,
            UseCostunit=0,
            IsBlocked=blocked,
            Matching=kind in (20, 22),
            Compress=False,
            ExcludeVATListing=0,
        )


def _gl_account(state, division, code):
    return state.by_code(division, "financial/GLAccounts", code) if code else None


def _claim_account(state, division):
    """Return the G/L account for VAT that a division gets back."""
    return next(
        row
        for row in state.rows(division, "financial/GLAccounts").values()
        if (row["Type"], row["BalanceSide"]) == (VAT_TYPE, "D")
    )


def _add_vat_codes(state, division, rows):
    for code, name, kind, transaction, fraction, *rest in rows:
        listing, intrastat, charged, to_pay, blocked, *special = rest
        account = _gl_account(state, division, to_pay) or {}
        # Only what is bought is claimed back.
        claimed = _claim_account(state, division) if transaction == "P" else {}
        _add(
            state,
            division,
            "vat/VATCodes",
            code,
            Description=name,
            Type=kind,
            VATTransactionType=transaction,
            Percentage=Decimal(fraction),
            EUSalesListing=listing,
            IntraStat=intrastat,
            IntrastatType=listing if intrastat else "N",
            VatDocType="P",
            Charged=charged,
            GLToClaim=claimed.get("ID"),
            GLToClaimCode=claimed.get("Code"),
            GLToClaimDescription=claimed.get("Description"),
            GLToPay=account.get("ID"),
            GLToPayCode=account.get("Code"),
            GLToPayDescription=account.get("Description"),
            IsBlocked=blocked,
            CalculationBasis=0,
            ExcludeVATListing=0,
            **{"VatMargin": 0, **(special[0] if special else {})},
        )


def _add_journals(state, division, rows):
    for code, name, kind, gl_code, currency, *flags in rows:
        foreign, own_rate, with_vat, blocked = flags
        account = _gl_account(state, division, gl_code) or {}
        _add(
            state,
            division,
            "financial/Journals",
            code,
            Description=name,
            Type=kind,
            GLAccount=account.get("ID"),
            GLAccountCode=account.get("Code"),
            GLAccountDescription=account.get("Description"),
            GLAccountType=account.get("Type"),
            Currency=currency or "EUR",
            CurrencyDescription="Euro",
            AllowVariableCurrency=foreign,
            AllowVariableExchangeRate=own_rate,
            AllowVAT=with_vat,
            AutoSave=False,
            IsBlocked=blocked,
        )


def _add_payment_conditions(state, division):
    for code, name, days, months, method in data.PAYMENT_CONDITIONS:
        _add(
            state,
            division,
            "cashflow/PaymentConditions",
            code,
            Description=name,
            PaymentDays=days,
            PaymentEndOfMonths=months,
            PaymentMethod=method,
            Percentage=Decimal(1),
            DiscountPaymentDays=0,
            DiscountPercentage=Decimal(0),
        )


def _add_currencies(state, division):
    for code, name, decimals in data.CURRENCIES:
        row = {"Code": code, "Description": name, "PricePrecision": Decimal(4)}
        row["AmountPrecision"] = Decimal(decimals)
        state.insert(division, "general/Currencies", row)


def _add_periods(state, division):
    this_year = state.clock.today().year
    for year in range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1):
        for month in range(1, 13):
            last = calendar.monthrange(year, month)[1]
            row = {
                "ID": guid_for(division, "financial/FinancialPeriods", year, month),
                "FinYear": year,
                "FinPeriod": month,
                "StartDate": datetime(year, month, 1),
                "EndDate": datetime(year, month, last),
            }
            state.insert(division, "financial/FinancialPeriods", row)
