"""Payment terms: what of an entry is still to be paid, and what payments do to it.

A term has the opposite sign of its entry: the claim of an invoice of 121.00 is -121.00.
Whatever splits or rebuilds a term makes new rows with new keys.
"""

import uuid
from datetime import timedelta

from .errors import ControlError
from .resources import RESOURCES
from .resources_finance import TERMS
from .values import rounded
from .vat import ZERO

OPEN, SELECTED, PROCESSED, MATCHED = 20, 30, 40, 50
# What a PUT of a receivable or payment may change; then it stays so.
CHANGEABLE = ("Description", "PaymentMethod", "PaymentReference")
_OF_ENTRY = (
    "Currency DueDate EntryDate EntryNumber InvoiceNumber Journal JournalDescription"
    " OrderNumber PaymentCondition PaymentConditionDescription YourRef"
).split()


class Terms:
    """The terms of one entry.

    :param Kind kind: of the entry.
    """

    def __init__(self, state, division, kind, entry):
        self._state = state
        self._division = division
        self._kind = kind
        self._entry = entry

    def rows(self):
        return self._state.lookup(
            self._division,
            TERMS,
            self._entry["EntryID"],
            by=("TransactionEntryID",),
        )

    def unmatched(self):
        rows = [row for row in self.rows() if row["Status"] != MATCHED]
        return sorted(rows, key=lambda row: (row["DueDate"], row["HID"]))

    def open_amount(self):
        """Return what is open in the currency of the entry, with the term's sign."""
        return sum((row["AmountFC"] for row in self.unmatched()), ZERO)

    # === BOOKING === #

    def refresh(self, line_zero, user=None):
        """Make the one term of a new entry, or follow the changes of an open one.

        :param dict line_zero: the transaction line of the customer or supplier.
        """
        values = self._values(line_zero)
        rows = self.rows()
        if not rows:
            self._insert(values, user)
            return
        (row,) = rows
        kept = {**values, **{name: row[name] for name in row["Pinned"]}}
        if any(row.get(name) != value for name, value in kept.items()):
            row.update(kept)
            self._stamp(row, user)

    def _values(self, line_zero):
        entry, state = self._entry, self._state
        account = state.find(self._division, "crm/Accounts", line_zero["Account"]) or {}
        condition = state.by_code(
            self._division, "cashflow/PaymentConditions", entry["PaymentCondition"]
        )
        return {
            **{name: entry.get(name) for name in _OF_ENTRY},
            **self._discount(condition or {}),
            "Account": line_zero["Account"],
            "AccountCode": account.get("Code"),
            "AccountCountry": account.get("Country"),
            "AccountName": account.get("Name"),
            "AmountFC": -entry["AmountFC"],
            "AmountDC": -entry["AmountDC"],
            "Description": entry.get("Description"),
            "GLAccount": line_zero["GLAccount"],
            "GLAccountCode": line_zero["GLAccountCode"],
            "GLAccountDescription": line_zero["GLAccountDescription"],
            "InvoiceDate": entry["EntryDate"],
            "LineType": self._kind.line_type,
            "PaymentDays": (entry["DueDate"] - entry["EntryDate"]).days,
            "PaymentMethod": (condition or {}).get("PaymentMethod"),
            "PaymentReference": entry.get("PaymentReference"),
            "RateFC": entry["Rate"],
            "TransactionAmountFC": entry["AmountFC"],
            "TransactionAmountDC": entry["AmountDC"],
            "TransactionDueDate": entry["DueDate"],
            "TransactionEntryID": entry["EntryID"],
            "TransactionID": line_zero["ID"],
            "TransactionIsReversal": bool(entry.get("Reversal")),
            "TransactionReportingPeriod": entry["ReportingPeriod"],
            "TransactionReportingYear": entry["ReportingYear"],
            "TransactionStatus": entry["Status"],
            "TransactionType": entry["Type"],
        }

    def _discount(self, condition):
        """Return the discount for who pays early."""
        entry, share = self._entry, condition.get("DiscountPercentage") or ZERO
        days = condition.get("DiscountPaymentDays") or 0
        date = entry["EntryDate"] + timedelta(days=days) if share else None
        return {
            "AmountDiscountFC": rounded(-entry["AmountFC"] * share),
            "AmountDiscountDC": rounded(-entry["AmountDC"] * share),
            "DiscountDueDate": date,
            "PaymentDaysDiscount": days,
            "PaymentDiscountPercentage": share,
        }

    def _insert(self, values, user=None):
        """Store an open term of its own key, EntryID and number."""
        row = {
            **values,
            "ID": str(uuid.uuid4()),
            "EntryID": str(uuid.uuid4()),
            "HID": self._state.next_term_number(),
            "Status": OPEN,
            "IsFullyPaid": False,
            "IsBatchBooking": 0,
            "SetOffWith": None,
            **dict.fromkeys(("EndDate", "EndYear", "EndPeriod", "LastPaymentDate")),
        }
        row.setdefault("Pinned", ())
        return self._state.insert(self._division, TERMS, row, user)

    def _stamp(self, row, user=None):
        self._state.stamp(RESOURCES[TERMS], row, user)

    # === PAYMENTS === #

    def settle(self, amount=None, *, paid, partner=None):
        """Match open terms, the oldest first, and split the last where need be.

        :param Decimal amount: without a sign; None for all that is open.
        :param bool paid: money came in or went out.
        :param str partner: EntryID of the entry that it is set off against.
        :raise ControlError: more than is open, or nothing at all.
        """
        left = abs(self.open_amount()) if amount is None else amount
        if not self.unmatched() or not 0 <= left <= abs(self.open_amount()):
            raise ControlError("That is more than is open.")
        for row in self.unmatched():
            size = abs(row["AmountFC"])
            if left < size:
                row = self._split(row, left) if left else None
            if row is not None:
                self._match(row, paid, partner)
            left -= min(size, left)
            if not left:
                return

    def _split(self, row, amount):
        """Replace a term by two; return the one with the amount."""
        self._state.delete(self._division, TERMS, row["ID"])
        sign = -1 if row["AmountFC"] < 0 else 1
        first = {"AmountFC": sign * amount}
        first["AmountDC"] = rounded(first["AmountFC"] * row["RateFC"])
        rest = {name: row[name] - first[name] for name in first}
        no_discount = {"AmountDiscountFC": ZERO, "AmountDiscountDC": ZERO}
        found = self._insert({**row, **first, **no_discount})
        self._insert({**row, **rest})
        return found

    def _match(self, row, paid, partner):
        today = _midnight(self._state.clock)
        row.update(
            Status=MATCHED,
            IsFullyPaid=True,
            EndDate=today,
            EndYear=today.year,
            EndPeriod=today.month,
            LastPaymentDate=today if paid else None,
            SetOffWith=partner,
        )
        self._stamp(row)

    def discount(self, amount=None):
        """Match all that is open as paid but for a discount."""
        rows = self.unmatched()
        if not rows:
            raise ControlError("Nothing is open.")
        if amount is None:
            amount = sum((abs(row["AmountDiscountFC"]) for row in rows), ZERO)
        if not 0 <= amount <= abs(self.open_amount()):
            raise ControlError("That is more than is open.")
        for row in rows:
            part = min(amount, abs(row["AmountFC"]))
            amount -= part
            row["AmountDiscountFC"] = part if row["AmountFC"] > 0 else -part
            row["AmountDiscountDC"] = rounded(row["AmountDiscountFC"] * row["RateFC"])
            self._match(row, True, None)

    def mark(self, status):
        """Select what is open for the bank, or have the bank process it."""
        rows = self.unmatched()
        if not rows:
            raise ControlError("Nothing is open.")
        for row in rows:
            row["Status"] = status
            name = "Receivable" if self._kind.debit > 0 else "Payment"
            row[f"{name}Selected"] = _midnight(self._state.clock)
            self._stamp(row)

    def undo(self):
        """Make one open term again of all that was split, paid or selected.

        :return: EntryIDs of the entries that it was set off against.
        """
        rows = self.rows()
        if all(row["Status"] == OPEN for row in rows):
            raise ControlError("Nothing was paid.")
        for row in rows:
            self._state.delete(self._division, TERMS, row["ID"])
        names = ("AmountFC", "AmountDC", "AmountDiscountFC", "AmountDiscountDC")
        whole = {name: sum((row[name] for row in rows), ZERO) for name in names}
        self._insert({**rows[0], **whole})
        return {row["SetOffWith"] for row in rows} - {None}

    def reopen(self, partner):
        """Open again what was set off against another entry."""
        for row in self.rows():
            if row["SetOffWith"] == partner:
                self._state.delete(self._division, TERMS, row["ID"])
                self._insert(row)


def _midnight(clock):
    return clock.local().replace(hour=0, minute=0, second=0, microsecond=0)
