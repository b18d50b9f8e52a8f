"""Files that come back by their address, and how large a request may be."""

import base64
import json

import pytest
import requests

from .simulator_api import FINDING, SECOND, Api, refused

DOCUMENTS, ATTACHMENTS = "documents/Documents", "documents/DocumentAttachments"
PDF = b"%PDF-1.4 hello"


@pytest.fixture
def attachment(api):
    return attach(api, PDF)


def attach(api, content, name="invoice.pdf"):
    response = post_file(api, content, name)
    assert response.status_code == 201, response.text
    return response.json()["d"]


def post_file(api, content, name="invoice.pdf"):
    document = api.post(DOCUMENTS, {"Subject": "x", "Type": 10}).json()["d"]
    body = {
        "Document": document["ID"],
        "FileName": name,
        "Attachment": base64.b64encode(content).decode(),
    }
    return api.post(ATTACHMENTS, body)


def open_page(api, address, **headers):
    return api.session.get(address, headers=headers, timeout=10, allow_redirects=False)


# === DOWNLOADS === #


def test_file_comes_back_by_its_address(api, attachment):
    address = attachment["Url"]
    assert "/docs/SysAttachment.aspx?ID=" in address
    assert f"_Division_={api.division}&Stamp=" in address
    assert attachment["FileSize"] == len(PDF)

    response = open_page(api, f"{address}&Download=1")

    assert (response.status_code, response.content) == (200, PDF)
    assert response.headers["Content-Type"] == "application/pdf"
    assert "invoice.pdf" in response.headers["Content-Disposition"]
    # Without the last option it is a page for people.
    assert open_page(api, address).headers["Content-Type"].startswith("text/html")


def test_each_file_comes_back_as_it_was(api):
    files = {f"{number}.txt": bytes([number]) * number for number in range(1, 5)}
    addresses = {name: attach(api, files[name], name)["Url"] for name in files}

    for name, address in addresses.items():
        assert open_page(api, f"{address}&Download=1").content == files[name]


def test_file_needs_the_token_and_the_stamp(api, attachment):
    address = f"{attachment['Url']}&Download=1"

    stranger = requests.get(address, timeout=10, allow_redirects=False)
    assert stranger.status_code in (302, 401)
    assert PDF not in stranger.content
    wrong = address.replace("Stamp=", "Stamp=0")
    assert open_page(api, wrong).status_code == 404


def test_file_of_a_division_that_is_not_ones_own(simulator, attachment):
    other = Api(simulator, user="sofie.maes@example.com", division=SECOND)

    response = open_page(other, f"{attachment['Url']}&Download=1")

    assert response.status_code == 403


def test_download_draws_from_the_limits_and_meets_faults(simulator, api, attachment):
    address = f"{attachment['Url']}&Download=1"
    simulator.control.fault("html_503", path="SysAttachment")
    assert open_page(api, address).status_code == 503

    simulator.control.settings(minute_limit=0)
    assert open_page(api, address).status_code == 429


def test_document_has_a_page_with_a_stamp(api):
    document = api.post(DOCUMENTS, {"Subject": "INV/17", "Type": 10}).json()["d"]
    address = document["DocumentViewUrl"]

    assert "/docs/DocViewContent.aspx?ID=" in address
    assert "&Stamp=" in address
    assert "INV/17" in open_page(api, address).text


# === DOCUMENTS === #


def test_what_exact_fills_of_a_document(api):
    document = api.post(DOCUMENTS, {"Subject": "x", "Type": 10}).json()["d"]

    categories = {
        row["ID"]: row["Description"]
        for row in api.rows("documents/DocumentCategories")
    }
    assert categories[document["Category"]] == document["CategoryDescription"]
    assert (document["Currency"], document["SendMethod"]) == ("EUR", 0)
    assert document["HasEmptyBody"] is True
    assert document["EntryStatusDescription"] is None
    assert document["ActionRegenerateEntryProposal"] is None


def test_number_null_leaves_the_number_of_a_document(api):
    document = api.post(DOCUMENTS, {"Subject": "x", "Type": 10}).json()["d"]
    address = f"{DOCUMENTS}(guid'{document['ID']}')"

    assert api.put(address, {"HID": None}).status_code == 204
    refused(api.put(address, {"HID": 0}), FINDING, "Ongeldig: Nummer [0]")
    assert api.post(DOCUMENTS, {"Subject": "x", "Type": 10}).json()["d"]["HID"] == 2


def test_types_say_what_can_be_made(api):
    rows = {row["ID"]: row for row in api.rows("documents/DocumentTypes")}

    assert rows[10]["Description"] == "Verkoopfactuur"
    assert rows[10]["DocumentIsCreatable"] is True
    assert rows[101]["DocumentIsCreatable"] is False
    response = api.post(DOCUMENTS, {"Subject": "x", "Type": 101})
    refused(response, FINDING, "Niet toegestaan: Type")


def test_documents_and_attachments_come_by_sync(api, attachment):
    options = {"filter": "Timestamp gt 1L", "select": "ID,Timestamp"}

    (file,) = api.rows("sync/Documents/DocumentAttachments", **options)
    (document,) = api.rows("sync/Documents/Documents", **options)
    assert (file["ID"], document["ID"]) == (attachment["ID"], attachment["Document"])
    api.delete(f"{DOCUMENTS}(guid'{document['ID']}')")
    gone = api.rows("sync/Deleted", filter="Timestamp gt 1L", select="EntityType")
    assert sorted(row["EntityType"] for row in gone) == [4, 6]


# === SIZES === #


@pytest.mark.parametrize("name", ["x.pdf", "x.txt", "x.PNG", "x.bmp"])
def test_files_that_are_taken(api, name):
    assert post_file(api, b"x", name).status_code == 201


@pytest.mark.parametrize("name", ["x.exe", "x.bat", "x.js", "x", "x.pdf.exe", "x."])
def test_files_that_are_refused(api, name):
    refused(post_file(api, b"x", name), FINDING, "Niet toegestaan: Bestandsnaam")


def test_ten_megabytes_are_the_limit(api):
    content = b"x" * 10_000_000
    assert attach(api, content)["FileSize"] == len(content)
    assert open_page(api, attach(api, content)["Url"] + "&Download=1").content == (
        content
    )

    response = post_file(api, content + b"x")

    refused(response, FINDING, "Bijlage is te groot (maximum: 10000000 bytes)")


@pytest.mark.parametrize(("site", "status"), [("nl", 201), ("fr", 413), ("de", 413)])
def test_longest_body_depends_on_the_site(simulator, api, site, status):
    simulator.control.settings(site=site)

    # Some 9.6 MB in base64.
    assert post_file(api, b"x" * 7_200_000).status_code == status
    assert post_file(api, b"x" * 7_000_000).status_code == 201


def test_longest_body_where_files_have_no_limit(simulator, api):
    simulator.control.settings(attachment_limit=None)
    assert post_file(api, b"x" * 11_000_000).status_code == 201

    simulator.control.settings(body_limit=1000)
    assert post_file(api, b"x" * 1000).status_code == 413


def test_a_post_has_a_limit_but_for_its_pictures(simulator, api):
    simulator.control.settings(post_limit=4000)
    picture = base64.b64encode(b"x" * 3500).decode()

    assert api.post("crm/Accounts", {"Name": "x", "Logo": picture}).status_code == 201
    remarks = {"Name": "x", "Remarks": "x" * len(picture)}
    assert len(json.dumps(remarks)) > 4000
    assert api.post("crm/Accounts", remarks).status_code == 413
