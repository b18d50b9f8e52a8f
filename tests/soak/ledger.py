"""What Odoo has posted beside what the simulator has booked, one by one."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

# What Exact's answer left out is verified at night, and is no difference before.
INVOICES = """
    SELECT m.id, m.name, m.company_id, m.move_type, m.amount_total::text,
           o.state, o.error_kind, o.error, o.exact_guid,
           o.verified OR o.is_verification_due,
           p.exact_guid ->> m.company_id::text
      FROM account_move m
      JOIN res_partner p ON p.id = m.commercial_partner_id
      LEFT JOIN exact_outbox o ON o.move_id = m.id
     WHERE m.state = 'posted' AND m.company_id = ANY(%(companies)s)
       AND m.move_type IN ('out_invoice', 'out_refund')
"""
# By VAT code of Exact, from the ledger and not from what the add-on computes. As texts,
# for Odoo makes its process read numbers as floats.
BASES = """
    SELECT l.move_id, c.code, (-SUM(l.balance))::text
      FROM account_move_line l
      JOIN account_move_line_account_tax_rel r ON r.account_move_line_id = l.id
      JOIN account_tax t ON t.id = r.account_tax_id
      JOIN exact_vat_code c ON c.id = t.exact_vat_code_id
     WHERE l.display_type = 'product'
     GROUP BY 1, 2
"""
VATS = """
    SELECT l.move_id, c.code, (-SUM(l.balance))::text
      FROM account_move_line l
      JOIN account_tax t ON t.id = l.tax_line_id
      JOIN exact_vat_code c ON c.id = t.exact_vat_code_id
     GROUP BY 1, 2
"""


@dataclass
class Verdict:
    """What the comparison found; names of invoices, reasons by count.

    :param list duplicates: entries and customers that are there once too often.
    :param list lost: invoices neither booked nor asking for a person.
    :param list unequal: invoices whose entry is not what Odoo has.
    :param dict asking: {id of the invoice: kind of problem}.
    """

    invoices: int = 0
    duplicates: list = field(default_factory=list)
    lost: list = field(default_factory=list)
    unequal: list = field(default_factory=list)
    asking: dict = field(default_factory=dict)
    reasons: Counter = field(default_factory=Counter)

    @property
    def is_clean(self):
        return not (self.duplicates or self.lost or self.unequal)


class Ledger:
    """The comparison of one run.

    :param sql: callable that runs a query and returns its rows.
    :param list companies: of `companies.Company`.
    :param control: of the simulator.
    """

    def __init__(self, sql, companies, control):
        self._sql = sql
        self._divisions = {company.id: company.division for company in companies}
        self._control = control

    def compare(self):
        """Return the Verdict of this moment."""
        verdict = Verdict()
        entries = defaultdict(list)
        for entry in self._control.entries():
            entries[entry["Division"], entry["YourRef"]].append(entry)
        amounts = self._read_amounts()
        for row in self._sql(INVOICES, companies=list(self._divisions)):
            verdict.invoices += 1
            division = self._divisions[row[2]]
            booked = entries.pop((division, row[1]), [])
            self._judge(verdict, row, booked, amounts[row[0]])
        # Booked, but nobody posted it.
        verdict.duplicates += [f"{key[1]} in {key[0]}" for key in entries]
        verdict.duplicates += self._find_double_customers()
        return verdict

    def _judge(self, verdict, row, booked, amounts):
        move, name, company, kind, total, state, error_kind, error, *links = row
        label = f"{name} of company {company} ({state})"
        verdict.duplicates += [label] * (len(booked) - 1)
        if state == "failed" and error:
            verdict.asking[move] = error_kind
            verdict.reasons[f"{error_kind}: {error.replace(name, '…')}"] += 1
        elif state != "sent" or not booked:
            verdict.lost.append(label)
        if state == "sent" and booked:
            signed = Decimal(total) * (-1 if kind == "out_refund" else 1)
            if not _is_equal(booked[0], signed, amounts, *links):
                verdict.unequal.append(label)

    def _read_amounts(self):
        """Return {invoice: {VAT code: [base, VAT]}}, credit notes negative."""
        amounts = defaultdict(lambda: defaultdict(lambda: [Decimal(), Decimal()]))
        for index, query in enumerate((BASES, VATS)):
            for move, code, amount in self._sql(query):
                amounts[move][code][index] += Decimal(amount)
        return amounts

    def _find_double_customers(self):
        counts = Counter(
            (account["Division"], account["Name"])
            for account in self._control.accounts()
        )
        return [f"customer {key}" for key, count in counts.items() if count > 1]


def _is_equal(entry, total, amounts, guid, verified, customer):
    booked = defaultdict(lambda: [Decimal(), Decimal()])
    for line in entry["SalesEntryLines"]:
        kept = booked[line["VATCode"].strip()]
        kept[0] += Decimal(str(line["AmountFC"]))
        kept[1] += Decimal(str(line.get("VATAmountFC") or 0))
    return (
        Decimal(str(entry["AmountFC"])) == total
        and dict(booked) == dict(amounts)
        and (entry["EntryID"], entry["Customer"]) == (guid, customer)
        and verified
    )
