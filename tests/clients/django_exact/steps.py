"""What `django-exact` does, by its own functions."""

import base64
import importlib
from types import SimpleNamespace

import django
from django.conf import settings
from django.core.management import call_command
from django.test import RequestFactory

from ..script import Steps, main

LIMIT = 5
NOBODY = "00000000-0000-0000-0000-000000000001"


class DjangoExact(Steps):
    def __init__(self, **options):
        super().__init__(**options)
        settings.configure(
            DATABASES={
                "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
            },
            INSTALLED_APPS=["django.contrib.sites", "exact"],
            DEFAULT_AUTO_FIELD="django.db.models.AutoField",
            ROOT_URLCONF=f"{__package__}.urls",
            SITE_ID=1,
            EXACT_ONLINE_API_URL=f"{self._url}/api",
            EXACT_ONLINE_REDIRECT_URI=self._redirect_uri,
            EXACT_ONLINE_CLIENT_ID=self._client_id,
            EXACT_ONLINE_CLIENT_SECRET=self._client_secret,
            EXACT_ONLINE_DIVISION=self._division,
        )
        django.setup()
        call_command("migrate", verbosity=0)
        # They read the settings as they are imported.
        self._module = importlib.import_module("exact.api")
        self._views = importlib.import_module("exact.views")
        self._account = self._entry = self._purchase = self._document = None

    @property
    def _api(self):
        return self._module.Exact()

    def authorise(self):
        """Open its page, consent, come back to its page with the code."""
        pages, page = RequestFactory(), self._views.Authenticate.as_view()
        staff = SimpleNamespace(is_staff=True)
        request = pages.get("/exact/authenticate")
        request.user = staff
        back = self._allow(page(request).url)
        request = pages.get("/exact/authenticate?" + back.partition("?")[2])
        request.user = staff
        page(request)
        return {"has_token": bool(self._api.session.access_token)}

    def me(self):
        params = {"$select": "FullName,Email,ThumbnailPicture"}
        response = self._api.raw("GET", "/v1/current/Me", params=params)
        return response.json()["d"]["results"][0]

    def divisions(self):
        rows = self._api.filter("system/Divisions", select="Code,Description")
        return [row["Code"] for row in rows]

    def lists(self):
        return {
            "journals": self._codes("financial/Journals"),
            "vat_codes": self._codes("vat/VATCodes"),
            "conditions": self._codes("cashflow/PaymentConditions"),
            "revenue": [
                row["Code"]
                for row in self._api.glaccounts.filter("Type eq 110", "Code", "Code")
            ],
        }

    def _codes(self, resource):
        return [row["Code"] for row in self._api.filter(resource, order_by="Code")]

    def expand_list(self):
        (row,) = self._api.filter(
            "vat/VATCodes", "Code eq '4'", expand="VATPercentages"
        )
        return [line["Percentage"] for line in row["VATPercentages"]["results"]]

    def limit_list(self):
        return len(list(self._api.filter("financial/Journals", limit=LIMIT)))

    def find_one_by_code(self):
        return {
            "gl_account": self._api.glaccounts.get(code="700000")["Description"],
            "cost_center": self._api.costcenters.get(code="ALG")["Description"],
            "cost_unit": self._api.costunits.get(code="P1")["Description"],
        }

    def find_none(self):
        kind = self._module.DoesNotExist
        return self._error(kind, lambda: self._api.glaccounts.get(code="999999"))

    def find_many(self):
        kind = self._module.MultipleObjectsReturned
        return self._error(kind, lambda: self._api.glaccounts.get(None, "Type eq 110"))

    def create_account(self):
        body = {"Name": "Atelier Dupont", "Code": "4711", "Status": "C"}
        self._account = self._api.accounts.create(body)
        return self._account["ID"]

    def find_account_by_code(self):
        account = self._api.accounts.get(code="4711")
        return {name: account[name] for name in ("ID", "Code", "City")}

    def update_account(self):
        guid = self._account["ID"]
        return self._api.accounts.update(guid, {"City": "Gent"})

    def create_entry(self):
        lines = [self._line("4", 100.1), self._line("1", 50)]
        self._entry = self._api.sales.create(self._body(*lines))
        return {name: self._entry[name] for name in ("AmountDC", "VATAmountDC")}

    def _line(self, vat_code, amount):
        gl_account = self._api.glaccounts.get(code="700000", select="ID")["ID"]
        return {"GLAccount": gl_account, "AmountFC": amount, "VATCode": vat_code}

    def _body(self, *lines):
        return {
            "Journal": "700",
            "Customer": self._account["ID"],
            "EntryDate": "2026-03-10",
            "PaymentCondition": "30",
            "YourRef": "F2026/17",
            "SalesEntryLines": lines,
        }

    def find_entry_by_number(self):
        entry = self._api.sales.get(entry_number=self._entry["EntryNumber"])
        return {name: entry[name] for name in ("EntryID", "AmountDC", "VATAmountDC")}

    def read_entry_with_lines(self):
        (row,) = self._api.filter(
            "salesentry/SalesEntries",
            f"EntryID eq guid'{self._entry['EntryID']}'",
            expand="SalesEntryLines",
        )
        return self._lines(row["SalesEntryLines"]["results"])

    def _lines(self, rows):
        return [[row[name] for name in ("LineNumber", "AmountFC")] for row in rows]

    def filters(self):
        entries = "salesentry/SalesEntries"
        return {
            "text": self._count("crm/Accounts", "startswith(Name,'Atelier') eq true"),
            "date": self._count(
                entries, "EntryDate ge datetime'2026-03-01' and Journal eq '700'"
            ),
            "flag": self._count("financial/Journals", "IsBlocked eq true"),
            "none": self._count(entries, "AmountFC gt 1000d"),
        }

    def _count(self, resource, filter_string):
        return len(list(self._api.filter(resource, filter_string)))

    def pages_of_60(self):
        return self._different("crm/Accounts")

    def pages_of_1000(self):
        return self._different("bulk/CRM/Accounts")

    def _different(self, resource):
        rows = self._api.filter(resource, "Status eq 'C'", select="ID,Name")
        return len({row["ID"] for row in rows})

    def sync(self):
        rows = self._api.filter(
            "sync/CRM/Accounts", "Timestamp gt 1", select="ID,Timestamp"
        )
        return len({row["ID"] for row in rows})

    def update_entry(self):
        guid = self._entry["EntryID"]
        return self._api.sales.update(guid, {"Description": "Changed"})

    def create_document(self):
        content = base64.b64encode(b"%PDF-1.4 a page").decode()
        self._document = self._api.create(
            "documents/Documents", {"Subject": "F2026/17", "Type": 10}
        )
        attachment = {
            "Document": self._document["ID"],
            "FileName": "F2026-17.pdf",
            "Attachment": content,
        }
        return self._api.create("documents/DocumentAttachments", attachment)["FileName"]

    def create_purchase_entry(self):
        gl_account = self._api.glaccounts.get(code="604000", select="ID")
        supplier = self._api.accounts.create(
            {"Name": "Houtzagerij", "IsSupplier": True}
        )
        self._purchase = self._api.purchases.create(
            {
                "Journal": "600",
                "Supplier": supplier["ID"],
                "EntryDate": "2026-03-11",
                "PaymentCondition": "30",
                "YourRef": "P-1",
                "PurchaseEntryLines": [
                    {"GLAccount": gl_account["ID"], "AmountFC": 80, "VATCode": "A4"},
                ],
            }
        )
        return self._purchase["EntryID"]

    def find_purchase_entry_by_number(self):
        entry = self._api.purchases.get(entry_number=self._purchase["EntryNumber"])
        return {name: entry[name] for name in ("EntryID", "AmountDC", "VATAmountDC")}

    def delete_entry(self):
        entry = self._api.sales.create(self._body(self._line("4", 1)))
        self._api.sales.delete(entry["EntryID"])
        return entry["EntryID"]

    def renew_token(self):
        """The access token is too old: it renews it by itself and goes on."""
        self._order("clock", advance=601)
        return len(list(self._api.filter("financial/Journals", "Code eq '700'")))

    def refused_entry(self):
        body = {"Journal": "700", "EntryDate": "2026-03-10"}
        return self._refusal(lambda: self._api.sales.create(body))

    def unknown_property(self):
        return self._refusal(lambda: list(self._api.filter("crm/Accounts", "Foo eq 1")))

    def unknown_row(self):
        body = {"City": "Gent"}
        return self._refusal(lambda: self._api.accounts.update(NOBODY, body))

    def maintenance(self):
        self._order("faults", fault="html_503")
        return self._refusal(lambda: list(self._api.filter("financial/Journals")))

    def maintenance_page(self):
        """It comes as if nothing were wrong."""
        self._order("faults", fault="maintenance", params={"status": 200})
        return self._refusal(lambda: list(self._api.filter("financial/Journals")))

    def minute_is_used_up(self):
        self._order("faults", fault="rate_limited_minute")
        return self._refusal(lambda: list(self._api.filter("financial/Journals")))

    def unknown_refresh_token(self):
        api = self._api
        api.session.refresh_token = "nobody's"
        api.session.save()
        return self._refusal(api.refresh_token)

    def _refusal(self, call):
        """Return what its exception knows of the answer."""
        try:
            call()
        except self._module.ExactException as err:
            return {
                "error": type(err).__name__,
                "status": err.response.status_code,
                "message": err.error_message,
            }
        raise AssertionError("There was no error.")


if __name__ == "__main__":
    main(DjangoExact)
