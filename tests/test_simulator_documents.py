"""Documents, their attachments, and the entries that show them."""

import base64
import hashlib

import pytest

from .simulator_api import DUTCH, SECOND, Api, refused
from .simulator_finance import PURCHASES, bought, read

DOCUMENTS = "documents/Documents"
ATTACHMENTS = "documents/DocumentAttachments"
NOBODY = "99999999-9999-4999-8999-999999999999"
PDF = b"%PDF-1.4 hello"


def created(api, **values):
    body = {"Subject": "INV/2026/00017", "Type": 10, **values}
    response = api.post(DOCUMENTS, body)
    assert response.status_code == 201, response.text
    return response.json()["d"]


def attach(api, document, content=PDF, **values):
    body = {
        "Attachment": base64.b64encode(content).decode(),
        "Document": document["ID"],
        "FileName": "INV_2026_00017.pdf",
        **values,
    }
    body = {name: value for name, value in body.items() if value is not None}
    return api.post(ATTACHMENTS, body)


def get(api, document):
    return api.get(f"{DOCUMENTS}(guid'{document['ID']}')").json()["d"]


# === DOCUMENTS === #


def test_document_is_filled(api):
    customer = api.customer()

    document = created(api, Account=customer)

    assert document["HID"] == 1
    assert document["AccountName"] == "Deco Addict"
    assert document["TypeDescription"] == "Verkoopfactuur"
    assert document["ID"] in document["DocumentViewUrl"]
    assert document["FinancialTransactionEntryID"] is None


def test_everything_wrong_is_told_at_once(api):
    body = {"Account": NOBODY, "FinancialTransactionEntryID": NOBODY, "Currency": "XXX"}
    response = api.post(DOCUMENTS, body)

    refused(
        response,
        500,
        "Ongeldige referentie: Relatie",
        "Ongeldige referentie: Boeking",
        "Verplicht: Onderwerp",
        "Verplicht: Type",
        "Ongeldige referentie: Valuta",
    )


def test_unknown_type_is_refused(api):
    response = api.post(DOCUMENTS, {"Subject": "A", "Type": 11})
    refused(response, 500, "Ongeldig: Type [11]")


def test_number_is_taken_once(api):
    created(api, HID=7)
    response = api.post(DOCUMENTS, {"Subject": "A", "Type": 10, "HID": 7})
    refused(response, 500, "Gegeven bestaat reeds.")


def test_document_is_found_by_subject_account_and_type(api):
    customer = api.customer()
    document = created(api, Account=customer)
    created(api)

    rows = api.rows(
        DOCUMENTS,
        select="ID",
        filter=f"Subject eq 'INV/2026/00017' and Account eq guid'{customer}'"
        " and Type eq 10",
    )

    assert [row["ID"] for row in rows] == [document["ID"]]


def test_scope_is_needed(simulator):
    simulator.control.register_app(
        "narrow", "secret", scopes={"financial.accounting": "manage"}
    )
    api = Api(simulator, client_id="narrow")
    for resource in (DOCUMENTS, ATTACHMENTS):
        response = api.post(resource, {})
        assert response.status_code == 403
        assert "organization.documents" in response.text


# === ATTACHMENTS === #


def test_of_a_file_its_hash_is_kept_and_not_its_content(simulator, api):
    document = created(api)
    response = attach(api, document, PDF * 1000)

    assert response.status_code == 201
    assert response.json()["d"]["FileSize"] == len(PDF) * 1000
    assert response.json()["d"]["Attachment"] is None
    ((row,),) = [found["Attachments"] for found in simulator.control.documents()]
    assert row["sha256"] == hashlib.sha256(PDF * 1000).hexdigest()
    with simulator.state.lock:
        (stored,) = simulator.state.rows(api.division, ATTACHMENTS).values()
    assert stored["head"] == (PDF * 1000)[:16]
    assert len(str(stored)) < 1000


def test_attachment_is_found_by_document_and_name(api):
    document = created(api)
    attach(api, document)
    rows = api.rows(
        ATTACHMENTS,
        select="ID",
        filter=f"Document eq guid'{document['ID']}'"
        " and FileName eq 'INV_2026_00017.pdf'",
    )
    assert len(rows) == 1


def test_second_post_makes_a_double(simulator, api):
    document = created(api)
    attach(api, document)
    attach(api, document)
    assert [len(row["Attachments"]) for row in simulator.control.documents()] == [2]


def test_attachment_is_never_changed(api):
    guid = attach(api, created(api)).json()["d"]["ID"]
    response = api.put(f"{ATTACHMENTS}(guid'{guid}')", {"FileName": "other.pdf"})
    assert response.status_code == 405


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"Document": NOBODY}, "Ongeldige referentie: Document"),
        ({"Document": None}, "Verplicht: Document"),
        ({"FileName": None}, "Verplicht: Bestandsnaam"),
        ({"FileName": "virus.exe"}, "Niet toegestaan: Bestandsnaam"),
        ({"FileName": "pdf"}, "Niet toegestaan: Bestandsnaam"),
        ({"FileName": f"{200 * 'a'}.pdf"}, "Ongeldig: Bestandsnaam"),
        ({"Attachment": None}, "Verplicht: Bijlage"),
    ],
)
def test_wrong_attachment_is_refused(api, values, text):
    if values.get("FileName") == "pdf":
        api.simulator.control.settings(attachment_extensions=["xml"])
    response = attach(api, created(api), **values)
    assert response.status_code == 500
    assert text in response.text


def test_attachment_that_is_no_base64_is_refused(api):
    response = attach(api, created(api), Attachment="no base64!")
    assert response.status_code == 400
    assert "Error processing request stream." in response.text


def test_size_has_a_limit(simulator, api):
    simulator.control.settings(attachment_limit=len(PDF) - 1)
    document = created(api)
    refused(
        attach(api, document),
        500,
        f"Bijlage is te groot (maximum: {len(PDF) - 1} bytes)",
    )
    simulator.control.settings(attachment_limit=len(PDF))
    assert attach(api, document).status_code == 201


def test_deleted_document_takes_its_attachments_along(api):
    document = created(api)
    attach(api, document)
    assert api.delete(f"{DOCUMENTS}(guid'{document['ID']}')").status_code == 204
    assert api.rows(ATTACHMENTS) == []


# === ENTRIES === #


def test_entry_shows_its_document_and_the_document_its_entry(api):
    document = created(api)

    entry = api.booked(Document=document["ID"])

    assert entry["Document"] == document["ID"]
    assert entry["DocumentNumber"] == document["HID"]
    assert entry["DocumentSubject"] == "INV/2026/00017"
    linked = get(api, document)["FinancialTransactionEntryID"]
    assert linked == entry["EntryID"]
    response = api.delete(f"{DOCUMENTS}(guid'{document['ID']}')")
    refused(response, 500, "In gebruik: Document")


@pytest.mark.parametrize("division", [SECOND, DUTCH])
def test_entry_takes_documents_of_its_division_only(simulator, api, division):
    elsewhere = created(Api(simulator, division=division))
    for guid in (elsewhere["ID"], NOBODY):
        refused(api.post_entry(Document=guid), 500, "Ongeldige referentie: Document")


def test_entry_takes_no_document_of_another_type(api):
    document = created(api, Type=20)
    refused(api.post_entry(Document=document["ID"]), 500, "Document Type not allowed")


def link_by_create(api, entry):
    values = {"FinancialTransactionEntryID": entry["EntryID"]}
    return api.post(DOCUMENTS, {"Subject": "A", "Type": 10, **values})


def link_by_change(api, entry):
    guid = created(api)["ID"]
    values = {"FinancialTransactionEntryID": entry["EntryID"]}
    return api.put(f"{DOCUMENTS}(guid'{guid}')", values)


def link_by_entry(api, entry):
    values = {"Document": created(api)["ID"]}
    return api.put(f"salesentry/SalesEntries(guid'{entry['EntryID']}')", values)


@pytest.mark.parametrize("way", ["create", "change", "entry"])
def test_booked_entry_gets_its_document_later(simulator, api, way):
    link = globals()[f"link_by_{way}"]
    entry = api.booked()
    simulator.control.settings(
        document_links=[name for name in ("create", "change", "entry") if name != way]
    )
    assert link(api, entry).status_code == 500
    simulator.control.settings(document_links=[way])
    assert link(api, entry).status_code in (201, 204)
    (row,) = api.rows("salesentry/SalesEntries", select="DocumentNumber")
    assert row["DocumentNumber"]


@pytest.mark.parametrize("way", ["create", "change"])
def test_voucher_of_a_processed_entry_shows_a_later_document(simulator, api, way):
    entry = api.booked()
    simulator.control.change_row(
        api.division, "salesentry/SalesEntries", entry["EntryID"], Status=50
    )
    assert globals()[f"link_by_{way}"](api, entry).ok

    (row,) = api.rows("salesentry/SalesEntries", select="Document")
    assert row["Document"] is None
    uri = "financialtransaction/Transactions"
    (row,) = api.rows(uri, select="Document,DocumentNumber")
    assert row["Document"]
    assert row["DocumentNumber"]


@pytest.mark.parametrize("way", ["create", "change"])
def test_purchase_takes_a_purchase_invoice_later(api, way):
    entry = bought(api)
    for kind in (10, 20):
        values = {"FinancialTransactionEntryID": entry["EntryID"], "Type": kind}
        if way == "create":
            answer = api.post(DOCUMENTS, {"Subject": "A", **values})
        else:
            guid = created(api, Type=kind)["ID"]
            answer = api.put(f"{DOCUMENTS}(guid'{guid}')", values)
        assert answer.ok == (kind == 20)
    shown = read(api, PURCHASES, entry["EntryID"])["Document"]
    assert shown != entry["Document"]


def test_entry_of_a_closed_period_gets_no_document(simulator, api):
    entry = api.booked()
    simulator.control.close_period(api.division, 2026, 3)
    refused(link_by_change(api, entry), 500, "Periode is afgesloten: 2026 - 3")


def test_deleted_entry_leaves_its_document(api):
    document = created(api)
    entry = api.booked(Document=document["ID"])
    api.delete(f"salesentry/SalesEntries(guid'{entry['EntryID']}')")
    assert get(api, document)["FinancialTransactionEntryID"] is None
