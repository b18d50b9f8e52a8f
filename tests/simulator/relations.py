"""Who writes which resource, of those that are not entries."""

from . import code_lists
from .accounts import Account
from .addresses import Address
from .bank_accounts import BankAccount
from .contacts import Contact
from .documents import Attachment, Document
from .exchange_rates import ExchangeRate
from .items import Item, SalesItemPrice

RECORDS = {
    kind.uri: kind
    for kind in (
        Account,
        Address,
        Attachment,
        BankAccount,
        Contact,
        Document,
        ExchangeRate,
        Item,
        SalesItemPrice,
        code_lists.Costcenter,
        code_lists.Costunit,
        code_lists.DocumentFolder,
        code_lists.GLAccount,
        code_lists.Journal,
        code_lists.PaymentCondition,
        code_lists.VATCode,
    )
}
CREATE = {uri: kind.post for uri, kind in RECORDS.items()}
UPDATE = {uri: kind.put for uri, kind in RECORDS.items()}
DELETE = {uri: kind.remove for uri, kind in RECORDS.items()}
