"""What posting and sending an invoice cost more with the add-on than without it."""

import io
import time
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from unittest.mock import patch

from odoo.tools.pdf import PdfFileWriter

from odoo.addons.account.models.account_move_send import AccountMoveSend
from odoo.addons.base.models.ir_mail_server import IrMail_Server

from dev.console import say
from dev.demo import TEMPLATE
from dev.templates import fresh_copy

from . import invoices
from .figures import Figure
from .stage import Database

MAX_POSTING = 2
MAX_SENDING = 10


def measure(environment, database, size):
    """Return the milliseconds that the add-on adds, each sample the median of pairs.

    The two databases take turns, so that a slow moment of the machine meets both.
    """
    say("Posting and sending invoices with the add-on and without it")
    with fresh_copy(environment, replace(TEMPLATE, addons=())) as name:
        databases = (database, Database(name))
        drafts = [_create_drafts(one, size) for one in databases]
        with neither_paper_nor_mail():
            posting = _compare(_post, databases, drafts, size)
            sending = _compare(_send, databases, drafts, size)
    return [
        Figure("Added to posting", "ms", posting, at_most=MAX_POSTING),
        Figure("Added to sending", "ms", sending, at_most=MAX_SENDING),
    ]


def _create_drafts(database, size):
    with database.env() as env:
        customer = invoices.create_customer(env, "Overhead")
        return [
            invoices.create_invoice(env, customer, post=False).id
            for _index in range(size.samples * size.pairs + 1)
        ]


def _compare(action, databases, drafts, size):
    with_addon, without = databases
    warm_up, *pairs = zip(*drafts, strict=True)
    _difference(action, with_addon, without, *warm_up)
    differences = [_difference(action, with_addon, without, *pair) for pair in pairs]
    return tuple(
        median(differences[sample :: size.samples]) for sample in range(size.samples)
    )


def _difference(action, with_addon, without, mine, other):
    # Who goes first changes from pair to pair.
    if mine % 2:
        ours = _time(action, with_addon, mine)
        return ours - _time(action, without, other)
    theirs = _time(action, without, other)
    return _time(action, with_addon, mine) - theirs


def _time(action, database, invoice):
    """Return the milliseconds of an action with its writes, in a new transaction."""
    with database.env() as env:
        move = env["account.move"].browse(invoice)
        started = time.perf_counter()
        action(move)
        env.flush_all()
        return 1000 * (time.perf_counter() - started)


def _post(move):
    move.action_post()


def _send(move):
    move.env["account.move.send"]._generate_and_send_invoices(
        move, sending_methods=["email"]
    )


@contextmanager
def neither_paper_nor_mail():
    """Leave out what takes a second and has nothing to do with the add-on."""
    content = io.BytesIO()
    writer = PdfFileWriter()
    writer.add_blank_page(200, 200)
    writer.write(content)

    def prepare(_self, invoices_data):
        for invoice, invoice_data in invoices_data.items():
            invoice_data["pdf_attachment_values"] = {
                "name": f"{invoice.id}.pdf",
                "raw": content.getvalue(),
                "mimetype": "application/pdf",
                "res_model": invoice._name,
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }

    with (
        patch.object(AccountMoveSend, "_prepare_invoice_pdf_report", prepare),
        patch.object(IrMail_Server, "_disable_send", lambda _self: True),
    ):
        yield
