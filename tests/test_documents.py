"""The PDF that the customer got, from Odoo to the simulator over real HTTP."""

import base64
import hashlib
import signal
import uuid

import pytest

from .workers import PUSH, wait_for

DOCUMENT, ATTACHMENT = ("POST", "Documents"), ("POST", "DocumentAttachments")
ENTRY = ("POST", "SalesEntries")
LATER = {"method": "POST", "path": "documents/"}
FIELDS = ("exact_state", "exact_document_problem", "exact_document_state")


@pytest.fixture
def customer(books):
    """Give a customer that Exact knows; no document of earlier tests is left."""
    # One whose name no customer of an earlier test has.
    customer = books.create_customer(uuid.uuid4().hex)
    books.queue(books.create_invoice(customer))
    books.push()
    state = books.stage.simulator.state
    with state.lock:
        for uri in ("documents/Documents", "documents/DocumentAttachments"):
            state.rows(3456781, uri).clear()
    books.control.settings(attachment_limit=10_000_000)
    books.sql("DELETE FROM exact_document")
    books.sql("UPDATE exact_outbox SET synced_at = NULL")
    books.calls_before = len(books.control.calls())
    return customer


@pytest.fixture
def invoice(books, customer):
    """Give an invoice with a PDF, queued for now."""
    invoice = books.create_invoice(customer)
    add_pdf(books, invoice)
    books.queue(invoice)
    return invoice


def add_pdf(books, invoice, size=300_000):
    content = b"%PDF-1.4 " + bytes(range(256)) * (size // 256)
    books.odoo.create(
        "ir.attachment",
        name=f"{books.read(invoice)['name'].replace('/', '_')}.pdf",
        res_model="account.move",
        res_id=invoice,
        res_field="invoice_pdf_report_file",
        datas=base64.b64encode(content).decode(),
    )


def hash_in_odoo(books, invoice):
    """Return the SHA-256 of the PDF that hangs on the invoice."""
    (row,) = books.odoo.find(
        "account.move", [("id", "=", invoice)], "invoice_pdf_report_file"
    )
    content = base64.b64decode(row["invoice_pdf_report_file"])
    return hashlib.sha256(content).hexdigest()


def hash_in_mail(books, invoice):
    """Return the SHA-256 of the PDF that the customer found in his mail."""
    own = [("model", "=", "account.move"), ("res_id", "=", invoice)]
    ids = [
        number
        for message in books.odoo.find("mail.message", own, "attachment_ids")
        for number in message["attachment_ids"]
    ]
    mailed = [("id", "in", ids), ("mimetype", "=", "application/pdf")]
    (row,) = books.odoo.find("ir.attachment", mailed, "datas")
    return hashlib.sha256(base64.b64decode(row["datas"])).hexdigest()


def run_documents(books, minutes=0):
    """Let time pass for what waits, then run the cron of the PDFs."""
    books.sql(
        "UPDATE exact_document SET due_at = due_at - %(by)s * interval '1 minute'",
        by=minutes,
    )
    books.let_time_pass(minutes)
    cron = books.odoo.ref("comanage_exact", "ir_cron_exact_document")
    books.odoo.call("ir.cron", "method_direct_trigger", [cron])


def told(books, invoice):
    (row,) = books.odoo.find("account.move", [("id", "=", invoice)], *FIELDS)
    return [row[name] for name in FIELDS]


def assert_there_once(books, invoice):
    """Want one entry, which shows the one document with the one PDF of Odoo."""
    assert books.is_booked_once(invoice)
    (entry,) = books.entries_of(invoice)
    (document,) = books.control.documents()
    (attachment,) = document["Attachments"]
    assert attachment["sha256"] == hash_in_odoo(books, invoice)
    assert entry["Document"] == document["ID"]
    assert document["FinancialTransactionEntryID"] == entry["EntryID"]
    assert document["Subject"] == books.read(invoice)["name"]
    assert document["Account"] == entry["Customer"]
    assert told(books, invoice) == ["sent", False, "done"]


# === WITHOUT TROUBLE === #


def test_pdf_arrives_byte_for_byte_in_three_calls(books, invoice):
    books.push()
    assert books.calls() == [DOCUMENT, ATTACHMENT, ENTRY]
    assert_there_once(books, invoice)


def test_mail_takes_the_very_pdf_of_the_customer_along(books, customer):
    invoice = books.create_invoice(customer)
    books.stage.send(invoice)
    books.push()
    assert books.calls() == [DOCUMENT, ATTACHMENT, ENTRY]
    assert_there_once(books, invoice)
    (document,) = books.control.documents()
    (attachment,) = document["Attachments"]
    assert attachment["sha256"] == hash_in_mail(books, invoice)


def test_second_mail_has_the_same_pdf_and_brings_nothing_new(books, customer):
    invoice = books.create_invoice(customer)
    books.stage.send(invoice)
    books.push()
    books.stage.send(invoice)
    books.push()
    run_documents(books)
    assert books.calls() == [DOCUMENT, ATTACHMENT, ENTRY]
    assert_there_once(books, invoice)


def test_mail_after_the_booking_brings_the_pdf_later(books, customer):
    invoice = books.create_invoice(customer)
    books.queue(invoice)
    books.push()
    assert books.calls() == [ENTRY]
    books.stage.send(invoice)
    run_documents(books)
    assert books.calls() == [ENTRY, DOCUMENT, ATTACHMENT]
    assert_there_once(books, invoice)


def test_ten_megabytes_go_and_one_byte_more_does_not(books, customer):
    invoice = books.create_invoice(customer)
    add_pdf(books, invoice, size=9_990_000)
    books.queue(invoice)
    books.push()
    assert_there_once(books, invoice)
    larger = books.create_invoice(customer)
    add_pdf(books, larger, size=10_000_200)
    books.queue(larger)
    books.push()
    state, problem, pdf = told(books, larger)
    assert (state, pdf) == ("sent", "refused")
    assert "the limit is" in problem
    assert books.calls() == [DOCUMENT, ATTACHMENT, ENTRY, ENTRY]


# === FAULTS === #

AFTER = ["drop_answer", "truncated_json"]
BEFORE = ["reset_before", "status_500_generic", "html_503", "status_408"]


@pytest.mark.parametrize("resource", ["Documents", "DocumentAttachments"])
@pytest.mark.parametrize("fault", AFTER + BEFORE)
def test_lost_answer_ends_in_one_document_with_one_pdf(books, invoice, fault, resource):
    books.control.fault(fault, method="POST", path=f"documents/{resource}")
    books.push()
    # The entry did not wait.
    state, problem, pdf = told(books, invoice)
    assert (state, pdf) == ("sent", "waiting")
    assert "No action is needed" in problem
    before = len(books.calls())
    run_documents(books, minutes=2)
    assert ENTRY not in books.calls()[before:]
    assert_there_once(books, invoice)


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize(
    ("resource", "again"),
    [("Documents", [DOCUMENT, ATTACHMENT]), ("DocumentAttachments", [ATTACHMENT])],
)
def test_refused_pdf_leaves_no_orphan(books, invoice, resource, again, status):
    fault = {"method": "POST", "path": f"documents/{resource}", "status": status}
    books.control.fault("body500", **fault, text="Niet toegestaan: Bijlage")
    books.push()
    state, problem, pdf = told(books, invoice)
    assert (state, pdf) == ("sent", "refused")
    assert "Niet toegestaan: Bijlage" in problem
    assert books.is_booked_once(invoice)
    before = len(books.calls())
    books.odoo.call("account.move", "action_exact_send_pdf", [invoice])
    run_documents(books)
    assert books.calls()[before:] == again
    assert_there_once(books, invoice)


def test_missing_scope_keeps_no_entry_back(books, invoice):
    scope = "Forbidden - Application Scope Violated."
    books.control.fault("body500", **LATER, status=403, text=scope)
    books.push()
    state, problem, _pdf = told(books, invoice)
    assert state == "sent"
    assert "organization/documents" in problem
    assert books.calls() == [DOCUMENT, ENTRY]


def test_refused_entry_reuses_its_document(books, invoice):
    entries = {"method": "POST", "path": "SalesEntries"}
    books.control.fault("body500", **entries, text="Verplicht: Dagboek", status=400)
    books.push()
    assert books.state(invoice) == "failed"
    books.queue(invoice)
    books.push()
    assert books.calls() == [DOCUMENT, ATTACHMENT, ENTRY, ENTRY]
    assert_there_once(books, invoice)


def test_lost_entry_is_found_with_its_document(books, invoice):
    books.control.fault("drop_answer", method="POST", path="SalesEntries")
    books.push()
    assert books.state(invoice) == "unconfirmed"
    books.let_time_pass(minutes=2)
    books.push()
    assert_there_once(books, invoice)


def test_both_answers_lost_one_after_the_other_make_no_double(books, invoice):
    for resource in ("Documents", "DocumentAttachments"):
        books.control.fault("drop_answer", method="POST", path=f"documents/{resource}")
    books.push()
    run_documents(books, minutes=2)
    run_documents(books, minutes=5)
    assert_there_once(books, invoice)


@pytest.mark.parametrize("resource", ["Documents", "DocumentAttachments"])
@pytest.mark.parametrize(
    "point", ["before POST", "after POST", "after answer", "before commit"]
)
def test_worker_killed_leaves_one_document(books, invoice, worker, point, resource):
    def count_stored():
        documents = books.control.documents()
        return len(
            documents
            if resource == "Documents"
            else [row for document in documents for row in document["Attachments"]]
        )

    killing = f"from tests.killing import kill_at\nkill_at({point!r}, {resource!r})\n"
    assert worker(killing + PUSH).wait(120) == -signal.SIGKILL
    wait_for(lambda: count_stored() == (point != "before POST"))
    assert books.state(invoice) == "sending"
    books.let_time_pass(minutes=16)
    books.push()
    assert_there_once(books, invoice)


def test_corrected_pdf_gets_a_document_of_its_own(books, invoice):
    entries = {"method": "POST", "path": "SalesEntries"}
    books.control.fault("body500", **entries, text="Verplicht: Dagboek", status=400)
    books.push()
    (first,) = books.control.documents()
    for method in ("button_draft", "action_post"):
        books.odoo.call("account.move", method, [invoice])
    # Odoo keeps the first PDF as an ordinary attachment, and Exact its document.
    add_pdf(books, invoice, size=1000)
    books.queue(invoice)
    books.push()
    state = books.stage.simulator.state
    with state.lock:
        kept = state.rows(3456781, "documents/Documents").pop(first["ID"])
    assert not kept.get("FinancialTransactionEntryID")
    assert_there_once(books, invoice)


@pytest.mark.parametrize("way", ["create", "change", "entry"])
def test_each_way_to_link_later_is_enough(books, invoice, way):
    books.control.settings(document_links=[way])
    books.control.fault("reset_before", **LATER)
    books.push()
    run_documents(books, minutes=2)
    books.control.settings(document_links=["create", "change", "entry"])
    assert_there_once(books, invoice)


def test_no_way_to_link_is_told(books, invoice):
    books.control.settings(document_links=[])
    books.control.fault("reset_before", **LATER)
    books.push()
    run_documents(books, minutes=2)
    books.control.settings(document_links=["create", "change", "entry"])
    _state, problem, pdf = told(books, invoice)
    assert pdf == "refused"
    assert "is not linked to the entry" in problem


def test_throttled_upload_keeps_the_order(books, invoice):
    books.control.fault("rate_limited_minute", **LATER)
    books.push()
    assert books.state(invoice) == "pending"
    books.let_time_pass(minutes=1)
    books.push()
    assert_there_once(books, invoice)


# === SEVERAL WORKERS === #

UPLOAD_AT_THE_START = """
import time
from pathlib import Path

folder = Path({folder!r})
(folder / "ready-{name}").touch()
while not (folder / "start").exists():
    time.sleep(0.01)
env['exact.document']._cron_upload()
"""


@pytest.mark.parametrize("count", [2, 4])
def test_late_pdfs_are_uploaded_once_by_workers_that_meet(
    books, customer, worker, tmp_path, count
):
    invoices = [books.create_invoice(customer) for _index in range(4)]
    books.queue(*invoices)
    books.push()
    for invoice in invoices:
        add_pdf(books, invoice, size=1000)
    # All calls of a new minute.
    books.let_time_pass(minutes=1)
    # Slow answers make them meet.
    books.control.fault("delay", **LATER, times=2 * len(invoices), seconds=0.3)
    before = len(books.calls())
    names = range(count)
    processes = [
        worker(UPLOAD_AT_THE_START.format(folder=str(tmp_path), name=name))
        for name in names
    ]
    wait_for(lambda: len(list(tmp_path.glob("ready-*"))) == count)
    (tmp_path / "start").touch()
    assert [process.wait(120) for process in processes] == [0] * count
    run_documents(books)
    calls = books.calls()[before:]
    assert [calls.count(one) for one in (DOCUMENT, ATTACHMENT)] == [4, 4]
    assert {told(books, invoice)[2] for invoice in invoices} == {"done"}
    held = [len(document["Attachments"]) for document in books.control.documents()]
    assert held == [1, 1, 1, 1]
