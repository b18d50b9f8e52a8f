"""What is still to be paid, as lists tell it, and as tests order it to be paid."""

from decimal import Decimal

from .body import check_values
from .errors import ControlError, Findings
from .kinds import PURCHASE, SALES, find_entry
from .odata import function_option
from .resources import RESOURCES
from .resources_finance import TERMS
from .terms import CHANGEABLE, MATCHED, PROCESSED, SELECTED, Terms

PAYMENTS = {
    "full": lambda terms, amount: terms.settle(paid=True),
    "part": lambda terms, amount: terms.settle(amount, paid=True),
    "write_off": lambda terms, amount: terms.settle(amount, paid=False),
    "discount": lambda terms, amount: terms.discount(amount),
    "select": lambda terms, amount: terms.mark(SELECTED),
    "process": lambda terms, amount: terms.mark(PROCESSED),
}
CENT = Decimal("0.01")


# === LISTS === #


def receivables_list(context):
    return _open_items(context, SALES)


def payables_list(context):
    return _open_items(context, PURCHASE)


def receivables_by_account(context):
    return _of_account(context, receivables_list(context))


def payables_by_account(context):
    return _of_account(context, payables_list(context))


def _of_account(context, rows):
    """Return the rows of the account that the address names."""
    account = function_option(context, "accountId", "guid")
    return [row for row in rows if row["AccountId"] == account]


def _open_items(context, kind):
    return [
        _item(row)
        for row in context.rows(TERMS).values()
        if row["LineType"] == kind.line_type
        and row["Status"] != MATCHED
        and row["AmountFC"]
    ]


def _item(row):
    in_transit = row["Status"] in (SELECTED, PROCESSED)
    same = (
        "HID AccountCode AccountName Description DueDate EntryNumber InvoiceDate"
        " JournalDescription YourRef"
    )
    return {
        **{name: row.get(name) for name in same.split()},
        "AccountId": row["Account"],
        "Amount": row["AmountFC"],
        "AmountInTransit": row["AmountFC"] if in_transit else Decimal(),
        "CurrencyCode": row["Currency"],
        "InvoiceNumber": row["EntryNumber"],
        "JournalCode": row["Journal"],
    }


def update_term(context, row, values):
    """Change how a term will be paid; a matched one stays as it is."""
    findings = check_values(
        context, RESOURCES["cashflow/Receivables"], values, is_put=True
    )
    if row["Status"] == MATCHED:
        findings.append(context.say("processed"))
    if findings:
        raise Findings(findings)
    changed = {name: values[name] for name in CHANGEABLE if name in values}
    row.update(changed)
    row["Pinned"] = tuple({*row["Pinned"], *changed})
    context.state.stamp(RESOURCES[TERMS], row, context.user)


# === ORDERS === #


def pay(state, division, guid, how, amount=None, partner=None):
    """Do to an entry what a payment does.

    :param str how: a key of PAYMENTS, or 'undo', or 'set_off'.
    :param Decimal amount: without a sign, in the currency of the entry.
    :param str partner: EntryID of the entry to set off against.
    :return: the terms of the entry.
    :raise ControlError: it cannot be done.
    """
    terms = _terms(state, division, guid)
    if amount is not None and (amount <= 0 or amount % CENT):
        raise ControlError("amount must be positive, with whole cents.")
    if how == "part" and amount is None:
        raise ControlError("Say the amount of a part.")
    if how == "undo":
        _undo(state, division, guid)
    elif how == "set_off":
        _set_off(terms, guid, _terms(state, division, partner), partner, amount)
    elif how in PAYMENTS:
        PAYMENTS[how](terms, amount)
    else:
        known = ", ".join((*PAYMENTS, "undo", "set_off"))
        raise ControlError(f"kind must be one of {known}.")
    return terms.rows()


def _terms(state, division, guid):
    kind, entry = find_entry(state, division, guid)
    if entry is None:
        raise ControlError(f"There is no entry {guid!r} in that division.")
    return Terms(state, division, kind, entry)


def _set_off(terms, guid, others, partner, amount):
    mine, theirs = terms.open_amount(), others.open_amount()
    if mine * theirs >= 0:
        raise ControlError("Only open items of opposite signs can be set off.")
    if amount is None:
        amount = min(abs(mine), abs(theirs))
    if amount > min(abs(mine), abs(theirs)):
        raise ControlError("That is more than is open.")
    terms.settle(amount, paid=False, partner=partner)
    others.settle(amount, paid=False, partner=guid)


def _undo(state, division, guid):
    for partner in _terms(state, division, guid).undo():
        _terms(state, division, partner).reopen(guid)
