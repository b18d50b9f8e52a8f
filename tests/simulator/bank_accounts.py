"""Bank accounts of customers and suppliers."""

import re

from .records import Record

BANK_ACCOUNTS = "crm/BankAccounts"
_LENGTHS = {
    **{"AT": 20, "BE": 16, "CH": 21, "DE": 22, "DK": 18, "ES": 24, "FR": 27, "GB": 22},
    **{"IE": 22, "IT": 27, "LU": 20, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "SE": 24},
}
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")


class BankAccount(Record):
    uri = BANK_ACCOUNTS
    unique = ("Account", "IBAN")
    label = "BankAccount"
    fixed = ("Account",)

    def findings(self):
        findings = []
        sent = self.values.get("BankAccount")
        if sent and not is_iban(bare(sent)):
            findings.append(self.context.about("invalid", "BankAccount", sent))
        code = self.values.get("BICCode")
        if code and not _BIC.fullmatch(bare(code)):
            findings.append(self.context.about("invalid", "BICCode", code))
        return findings

    def _unique_findings(self):
        if self.values.get("BankAccount"):
            self.values["IBAN"] = bare(self.values["BankAccount"])
        return super()._unique_findings()

    def fill(self):
        self.default(Main=not self._others(), Type="A")

    def derive(self):
        account = self.context.find("crm/Accounts", self.row["Account"])
        self.row["AccountName"] = account["Name"]
        self.row["Format"] = "IBAN"
        self.row["TypeDescription"] = "Relatie"
        if not self.row.get("BankAccountHolderName"):
            self.row["BankAccountHolderName"] = account["Name"]

    def follow_up(self):
        for other in self._others() if self.row["Main"] else ():
            if other["Main"]:
                other["Main"] = False
                self.context.state.stamp(self.resource, other, self.context.user)

    def _others(self):
        account = self.merged("Account")
        rows = self.context.rows(BANK_ACCOUNTS).values()
        return [
            row for row in rows if row["Account"] == account and row is not self.row
        ]


def bare(text):
    return re.sub(r"[ .\-]", "", text).upper()


def is_iban(text):
    """Check length and check digits; the number within is the bank's affair."""
    if not _IBAN.fullmatch(text) or len(text) != _LENGTHS.get(text[:2], len(text)):
        return False
    digits = "".join(str(int(sign, 36)) for sign in text[4:] + text[:4])
    return int(digits) % 97 == 1
