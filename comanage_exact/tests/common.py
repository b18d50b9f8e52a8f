import json
from contextlib import contextmanager
from datetime import datetime, timezone
from urllib.parse import urlsplit

import responses
from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests.common import _super_send, new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..mappers.sales_entry import SalesEntryMapper
from ..sync import messages
from ..sync.directory import get_directory

BASE_URL = "https://start.exactonline.be"
DIVISION = 123456
API_URL = f"{BASE_URL}/api/v1/{DIVISION}"
ENTRIES_URL = f"{API_URL}/salesentry/SalesEntries"
ACCOUNTS_URL = f"{API_URL}/crm/Accounts"
TOKEN_URL = f"{BASE_URL}/api/oauth2/token"

CUSTOMER_GUID = "11111111-1111-4111-8111-111111111111"
GL_GUID = "22222222-2222-4222-8222-222222222222"
ENTRY_GUID = "33333333-3333-4333-8333-333333333333"

NOW = "2026-03-10 09:00:00"


def exact_date(day):
    """Write a day such as '2026-03-10' as Exact tells it."""
    moment = datetime.fromisoformat(str(day)).replace(tzinfo=timezone.utc)
    return f"/Date({int(moment.timestamp())}000)/"


def error_body(text):
    """Build the body of a refusal as Exact writes it."""
    return {"error": {"code": "", "message": {"lang": "", "value": text}}}


def problem_texts(invoice):
    """Return all that keeps an invoice from Exact, a sentence each."""
    problems = SalesEntryMapper(invoice).problems()
    return messages.problem_texts(invoice.env, problems)


def entry_guid(index):
    """Return the ID of the next entry but so many of a test."""
    return ENTRY_GUID if not index else f"{index:08}{ENTRY_GUID[8:]}"


class ExactCommon(AccountTestInvoicingCommon):
    """A connected Belgian company with a mapped tax; it works as an accountant.

    Exact is played by `responses`: a call that a test did not announce fails.
    """

    # Off where a browser takes part: its session would be too old.
    is_frozen = True

    @classmethod
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()
        if cls.is_frozen:
            cls.frozen = freeze_time(NOW, tick=False)
            cls.frozen.start()
            cls.addClassCleanup(cls.frozen.stop)
        cls.env = cls.env(su=True)
        cls.company = cls.env.company
        cls._set_up_connection(cls.company, DIVISION)
        cls._set_up_mapping(cls.company)
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Deco Addict",
                "is_company": True,
                "street": "Rue de la Loi 1",
                "zip": "1000",
                "city": "Brussel",
                "country_id": cls.env.ref("base.be").id,
                "vat": "BE0477472701",
                "email": "ap@deco.example",
                "lang": "en_US",
            }
        )
        cls.accountant = new_test_user(
            cls.env,
            login="exact_accountant",
            groups="account.group_account_user",
            company_id=cls.company.id,
        )
        cls.cron_push = cls.env.ref("comanage_exact.ir_cron_exact_push")
        cls.env = cls.env(user=cls.accountant, su=False)
        cls.company = cls.company.with_env(cls.env)
        cls.customer = cls.customer.with_env(cls.env)

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Take the company that a database of ours has ready, if it is one.

        Loading a chart of accounts takes longer than most classes.
        """
        ready = cls.env.ref("__ready__.company", raise_if_not_found=False)
        if not ready:
            return super().setup_independent_company(**kwargs)
        ready.name = "company_1_data"
        cls.env.user.company_ids = [Command.link(ready.id)]
        return ready

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo blocks foreign hosts before `responses` sees the call, and cannot
        # compare a pair of time-outs with its own.
        host = urlsplit(r.url).hostname
        if host == "127.0.0.1" or host.endswith(".exactonline.be"):
            return _super_send(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    @classmethod
    def _set_up_connection(cls, company, division):
        company.write(
            {
                "country_id": cls.env.ref("base.be").id,
                "exact_site": "be",
                "exact_client_id": "client-id",
                "exact_client_secret": "client-secret",
                "exact_start_date": "2026-01-01",
            }
        )
        company.exact_division_id = company.env["exact.division"].create(
            {"company_id": company.id, "code": str(division), "name": "Test"}
        )
        logins = company.env["exact.login"]
        login = logins.create(
            {
                "site": "be",
                "client_id": "client-id",
                "client_secret": "client-secret",
                "access_token": f"access-{division}",
                "refresh_token": f"refresh-{division}",
                "issued_at": fields.Datetime.now(),
                "exact_user_guid": f"user-{division}",
                "exact_user_name": f"User of {division}",
                **logins._get_database_identity(),
            }
        )
        company.env["exact.connection"].create(
            {"company_id": company.id, "login_id": login.id}
        )
        company.env["exact.directory"].create(
            {
                "company_id": company.id,
                "refreshed_at": fields.Datetime.now(),
                "deleted_read_at": fields.Datetime.now(),
            }
        )
        company.invalidate_recordset()

    @classmethod
    def _set_up_mapping(cls, company):
        own = {"company_id": company.id}
        company.exact_journal_id = company.env["exact.journal"].create(
            {**own, "code": "700", "name": "Sales"}
        )
        company.exact_gl_account_id = company.env["exact.gl.account"].create(
            {**own, "code": "700000", "exact_guid": GL_GUID, "is_bookable": True}
        )
        cls.vat_code_21 = company.env["exact.vat.code"].create(
            {**own, "code": "4", "name": "21%", "percentage": 0.21, "vat_type": "E"}
        )
        cls.tax_21 = company.env["account.tax"].create(
            {
                **own,
                "name": "21% test",
                "amount": 21,
                "type_tax_use": "sale",
                "exact_vat_code_id": cls.vat_code_21.id,
                "country_id": company.account_fiscal_country_id.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.entry_places = {}

    # === HELPERS === #

    @classmethod
    def make_invoice(cls, *amounts, tax=None, post=True, **values):
        """Create an invoice with a line per amount, taxed at 21% unless told."""
        tax = cls.tax_21 if tax is None else tax
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": "2026-03-10",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line {index}",
                            "price_unit": amount,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                    for index, amount in enumerate(amounts or (100,), start=1)
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def make_known(cls, partner=None):
        """Make a customer one that Exact knows."""
        partner = partner or cls.customer
        partner.sudo().with_company(cls.company).exact_guid = CUSTOMER_GUID

    @classmethod
    def make_user(cls, login, groups):
        """Return a user of this company alone."""
        return new_test_user(
            cls.env(su=True),
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def push(self):
        """Run the cron that books what is due."""
        with self.enter_registry_test_mode():
            self.cron_push.sudo().method_direct_trigger()

    def push_at(self, moment):
        """Run the cron at another time, with a token that is young then."""
        connection = self.company.sudo().exact_connection_id
        connection.write({"issued_at": moment, "paused_until": False})
        get_directory(self.company).refreshed_at = moment
        with freeze_time(moment):
            self.push()

    @contextmanager
    def exact(self):
        """Play Exact for calls made inside; each announced call must be made.

        The calls are in `self.calls` afterwards.
        """
        with responses.RequestsMock() as mock:
            yield mock
            self.calls = list(mock.calls)

    def answer_entry(self, mock, url=ENTRIES_URL, **properties):
        """Announce a POST of an entry that succeeds, answered as Exact does.

        Each entry has an ID of its own; that of the first one is ENTRY_GUID.
        """

        def callback(request):
            body = json.loads(request.body)
            place = (url, body["Journal"], body["EntryNumber"])
            index = self.entry_places.setdefault(place, len(self.entry_places))
            lines, rate = body["SalesEntryLines"], body.get("Rate", 1)
            vat = sum(line["VATAmountFC"] for line in lines)
            total = vat + sum(line["AmountFC"] for line in lines)
            entity = {
                "EntryID": entry_guid(index),
                "EntryNumber": body["EntryNumber"],
                "Journal": body["Journal"],
                "Customer": body["Customer"],
                "YourRef": body["YourRef"],
                "Currency": body["Currency"],
                "AmountFC": round(total, 2),
                "AmountDC": round(total * rate, 2),
                "VATAmountDC": round(vat * rate, 2),
                "EntryDate": exact_date(body["EntryDate"]),
                "SalesEntryLines": {"__deferred": {"uri": "…"}},
                **properties,
            }
            return 201, {}, json.dumps({"d": entity})

        mock.add_callback(
            responses.POST, url, callback, content_type="application/json"
        )

    @staticmethod
    def answer_account(mock):
        mock.post(
            ACCOUNTS_URL,
            status=201,
            json={"d": {"ID": CUSTOMER_GUID, "Code": "            100100"}},
        )

    @staticmethod
    def answer_look_up(mock, *rows):
        """Announce a look-up of entries that finds these rows."""
        mock.get(ENTRIES_URL, json={"d": {"results": list(rows)}})
