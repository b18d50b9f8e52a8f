from collections.abc import Callable
from typing import NamedTuple

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..sync.correction import Correction
from .common import CUSTOMER_GUID
from .common_rpc import (
    EXACT_ACCOUNTANTS,
    EXACT_MANAGERS,
    EXACT_READERS,
    EXACT_USERS,
    INVOICE_READERS,
    INVOICERS,
    INVOICING_ACCOUNTANTS,
    USERS,
    RpcCommon,
)

ADMINISTRATORS = {"administrator"}


class Call(NamedTuple):
    """A public method: who may call it on which record, and what it does then.

    What only opens a page has no effect to look for.
    """

    users: set
    record: str
    args: tuple = ()
    is_done: Callable | None = None


CALLS = {
    "account.move.action_exact_send": Call(
        INVOICERS, "invoice", (), lambda test: test.outbox.state == "pending"
    ),
    "account.move.action_exact_accept_rounding": Call(INVOICING_ACCOUNTANTS, "invoice"),
    "account.move.action_exact_hold": Call(
        INVOICERS, "invoice", (), lambda test: test.outbox.state == "held"
    ),
    "account.move.action_exact_ask_hold": Call(INVOICERS, "invoice"),
    "account.move.action_exact_fix": Call(INVOICERS, "invoice"),
    "account.move.action_exact_open_document": Call(INVOICE_READERS, "invoice"),
    "exact.outbox.action_fix": Call(INVOICERS, "outbox"),
    "exact.outbox.action_open_document": Call(INVOICE_READERS, "outbox"),
    "exact.ask.action_ask": Call(set(), "ask"),
    "exact.ask.write": Call(set(), "ask", ({"user_id": False},)),
    "exact.hold.action_hold": Call(set(), "hold"),
    "exact.hold.write": Call(set(), "hold", ({"reason": "none"},)),
    "exact.fix.mixin.action_exact_fix": Call(set(), "twin"),
    "exact.hold.mixin.action_exact_ask_hold": Call(set(), "twin"),
    "exact.hold.mixin.action_exact_hold": Call(set(), "twin"),
    "exact.hold.mixin.action_exact_release": Call(set(), "twin"),
    "exact.proposed.mixin.action_exact_accept_proposal": Call(set(), "twin"),
    "exact.strip.mixin.action_exact_open_document": Call(set(), "twin"),
    "account.move.action_exact_release": Call(
        INVOICERS, "invoice", (), lambda test: test.outbox.state == "pending"
    ),
    "account.move.action_exact_book_in_open_period": Call(INVOICERS, "invoice"),
    # Without an answer from another division there is nothing to end. Of those here
    # no manager of Exact reads invoices.
    "account.move.action_exact_resume": Call(set(), "invoice"),
    "exact.outbox.action_resume": Call(EXACT_MANAGERS, "outbox"),
    "res.company.action_exact_resume": Call(EXACT_MANAGERS, "company"),
    "account.move.action_exact_link": Call(INVOICERS, "invoice"),
    "account.move.action_exact_preview": Call(INVOICERS, "invoice"),
    "account.move.action_exact_send_pdf": Call(
        INVOICERS, "invoice", (), lambda test: test.outbox.document_state == "waiting"
    ),
    "account.move.action_exact_view": Call(INVOICE_READERS, "invoice"),
    "account.move.action_exact_accept": Call(
        INVOICING_ACCOUNTANTS, "invoice", (), lambda test: test.outbox.is_accepted
    ),
    "account.move.action_exact_book_again": Call(
        INVOICERS, "invoice", (), lambda test: test.outbox.state == "pending"
    ),
    "account.move.action_exact_check": Call(
        INVOICERS, "invoice", (), lambda test: test.outbox.finding == "deleted"
    ),
    "account.move.action_exact_withdraw": Call(INVOICING_ACCOUNTANTS, "invoice"),
    "exact.outbox.action_accept": Call(
        INVOICING_ACCOUNTANTS, "outbox", (), lambda test: test.outbox.is_accepted
    ),
    "exact.outbox.action_book_again": Call(
        INVOICERS, "outbox", (), lambda test: test.outbox.state == "pending"
    ),
    "exact.outbox.action_check": Call(
        INVOICERS, "outbox", (), lambda test: test.outbox.finding == "deleted"
    ),
    "exact.outbox.action_link": Call(INVOICERS, "outbox"),
    "account.move.action_exact_decide": Call(INVOICING_ACCOUNTANTS, "invoice"),
    "exact.outbox.action_decide": Call(INVOICING_ACCOUNTANTS, "outbox"),
    "exact.decision.action_decide": Call(set(), "decision"),
    "exact.decision.write": Call(set(), "decision", ({"is_there": "no"},)),
    "exact.correction.mixin.action_exact_decide": Call(set(), "twin"),
    "exact.outbox.action_withdraw": Call(INVOICING_ACCOUNTANTS, "outbox"),
    "exact.withdraw.action_withdraw": Call(set(), "withdraw"),
    "exact.withdraw.write": Call(set(), "withdraw", ({"reason": "none"},)),
    "exact.correction.mixin.action_exact_accept": Call(set(), "twin"),
    "exact.correction.mixin.action_exact_book_again": Call(set(), "twin"),
    "exact.correction.mixin.action_exact_check": Call(set(), "twin"),
    "exact.correction.mixin.action_exact_withdraw": Call(set(), "twin"),
    "exact.link.action_link_anyway": Call(set(), "link"),
    "account.move.button_draft": Call(
        INVOICERS, "invoice", (), lambda test: test.outbox.state == "cancelled"
    ),
    "account.move.button_cancel": Call(
        INVOICERS, "invoice", (), lambda test: test.outbox.state == "cancelled"
    ),
    "account.tax.action_exact_accept_proposal": Call(
        EXACT_ACCOUNTANTS, "twin", (), lambda test: test.twin.exact_vat_code_id
    ),
    "account.account.action_exact_accept_proposal": Call(
        EXACT_ACCOUNTANTS, "account", (), lambda test: test.account.exact_gl_account_id
    ),
    "account.analytic.account.action_exact_accept_costs": Call(
        EXACT_ACCOUNTANTS, "analytic_account"
    ),
    "account.analytic.account.write": Call(
        EXACT_ACCOUNTANTS,
        "analytic_account",
        ({"exact_cost_center_id": False},),
    ),
    "account.account.write": Call(
        EXACT_ACCOUNTANTS, "account", ({"exact_gl_account_id": False},)
    ),
    "account.journal.action_exact_bookings": Call(INVOICERS | {"reader"}, "journal"),
    # Of the companies that one works in, whatever is asked for.
    "exact.overview.get_overview": Call(USERS - {"portal"}, "company"),
    "account.journal.action_exact_use_number_format": Call({"adviser"}, "journal"),
    "account.journal.create": Call(
        {"adviser"},
        "journal",
        ({"name": "By RPC", "code": "RPC", "type": "general"},),
        lambda test: test.journal.sudo().search_count([("code", "=", "RPC")]),
    ),
    "account.journal.write": Call(
        {"adviser"},
        "journal",
        ({"exact_manual_only": True},),
        lambda test: test.journal.sudo().exact_manual_only,
    ),
    # Terms are shared; each company has a mapping of its own there.
    "account.payment.term.action_exact_accept_proposal": Call(
        EXACT_ACCOUNTANTS | {"stranger"}, "term"
    ),
    "account.payment.term.write": Call(
        EXACT_ACCOUNTANTS | {"stranger"},
        "term",
        ({"exact_payment_condition_id": False},),
    ),
    "account.tax.write": Call(
        EXACT_ACCOUNTANTS, "twin", ({"exact_vat_code_id": False},)
    ),
    "exact.backfill.action_choose": Call(set(), "backfill"),
    "exact.backfill.action_count": Call(set(), "backfill"),
    "exact.backfill.action_link": Call(set(), "backfill"),
    "exact.backfill.action_queue": Call(set(), "backfill"),
    "exact.backfill.action_scan": Call(set(), "backfill"),
    "exact.backfill.line.write": Call(set(), "backfill_line", ({"decision": "book"},)),
    "exact.check.action_exact_fix": Call(EXACT_ACCOUNTANTS, "check"),
    "exact.setup.action_accounts": Call(EXACT_ACCOUNTANTS, "setup"),
    "exact.setup.action_book": Call(
        INVOICERS, "setup", (), lambda test: test.outbox.state == "pending"
    ),
    "exact.setup.action_check": Call(
        EXACT_ACCOUNTANTS, "setup", (), lambda test: len(test.find_checks()) > 1
    ),
    "exact.setup.action_connect": Call(EXACT_MANAGERS, "setup"),
    "exact.setup.action_disconnect": Call(
        EXACT_MANAGERS, "setup", (), lambda test: not test.connection.refresh_token
    ),
    "exact.setup.action_fetch": Call(EXACT_ACCOUNTANTS, "setup"),
    "exact.setup.action_fix": Call(EXACT_READERS, "setup"),
    "exact.setup.action_next": Call(EXACT_MANAGERS, "setup"),
    "exact.setup.action_open_move": Call(INVOICE_READERS, "setup"),
    "exact.setup.action_preview": Call(INVOICERS, "setup"),
    # Without an answer from another division there is nothing to end.
    "exact.setup.action_resume": Call(EXACT_MANAGERS, "setup"),
    "exact.setup.action_settings": Call(EXACT_ACCOUNTANTS, "setup"),
    "exact.setup.action_switch_off": Call(
        EXACT_MANAGERS,
        "setup",
        (),
        lambda test: not test.company.sudo().exact_start_date,
    ),
    "exact.setup.action_switch_on": Call(EXACT_MANAGERS, "setup"),
    "exact.setup.action_taxes": Call(EXACT_ACCOUNTANTS, "setup"),
    "exact.setup.action_terms": Call(EXACT_ACCOUNTANTS, "setup"),
    "exact.setup.action_use_number_format": Call(EXACT_MANAGERS, "setup"),
    "exact.setup.write": Call(
        EXACT_MANAGERS,
        "setup",
        ({"delay": 7},),
        lambda test: test.company.sudo().exact_delay == 7,
    ),
    "exact.division.check.action_check": Call(
        EXACT_MANAGERS, "division_check", (), lambda test: test.division_check.summary
    ),
    "exact.division.check.action_delete": Call(EXACT_MANAGERS, "division_check"),
    "exact.division.check.action_download": Call(EXACT_MANAGERS, "division_check"),
    # Makes a wizard.
    "exact.division.check.action_test": Call(EXACT_MANAGERS, "division_check"),
    "exact.division.test.action_book": Call(set(), "division_test"),
    "exact.link.action_find": Call(set(), "link"),
    # Of no table; each model with records is listed by its own name.
    "exact.mapped.mixin.write": Call(set(), "twin", ({"exact_was_mapped": True},)),
    "exact.settings.mixin.write": Call(set(), "twin", ({"exact_was_mapped": True},)),
    "exact.proposed.mixin.write": Call(set(), "twin", ({"exact_was_mapped": True},)),
    "exact.number.mixin.action_exact_use_number_format": Call(set(), "twin"),
    "exact.link.write": Call(set(), "link", ({"number": "1"},)),
    "exact.link.candidate.action_link": Call(set(), "link_candidate"),
    "exact.match.action_create": Call(
        EXACT_USERS, "match", (), lambda test: test.match.state == "create"
    ),
    "exact.match.action_later": Call(
        EXACT_USERS, "match", (), lambda test: test.match.state == "later"
    ),
    "exact.match.action_keep_differences": Call(EXACT_USERS, "match"),
    "exact.match.action_send_differences": Call(EXACT_USERS, "match"),
    "exact.match.candidate.action_link": Call(
        EXACT_USERS, "candidate", (), lambda test: test.match.state == "linked"
    ),
    "exact.outbox.action_accept_rounding": Call(INVOICING_ACCOUNTANTS, "outbox"),
    "exact.outbox.action_book_in_open_period": Call(INVOICERS, "outbox"),
    "exact.outbox.action_hold": Call(
        INVOICERS, "outbox", (), lambda test: test.outbox.state == "held"
    ),
    "exact.outbox.action_release": Call(
        INVOICERS, "outbox", (), lambda test: test.outbox.state == "pending"
    ),
    "exact.outbox.action_retry": Call(
        INVOICERS, "outbox", (), lambda test: test.outbox.state == "pending"
    ),
    "exact.preview.action_print": Call(set(), "preview"),
    # Nothing listens in this test, which is told on the comparison.
    "exact.comparison.action_compare": Call(
        EXACT_ACCOUNTANTS, "comparison", (), lambda test: test.comparison.problem
    ),
    "exact.comparison.write": Call(
        EXACT_ACCOUNTANTS,
        "comparison",
        ({"date_from": "2026-01-01"},),
        lambda test: str(test.comparison.date_from) == "2026-01-01",
    ),
    "exact.comparison.action_lines": Call(EXACT_ACCOUNTANTS | {"reader"}, "comparison"),
    "exact.comparison.action_print": Call(EXACT_ACCOUNTANTS | {"reader"}, "comparison"),
    "exact.comparison.line.action_open": Call(
        EXACT_ACCOUNTANTS | {"reader"}, "comparison_line"
    ),
    "exact.comparison.summary.action_open": Call(
        EXACT_ACCOUNTANTS | {"reader"}, "comparison_summary"
    ),
    "exact.comparison.line.action_open_document": Call(
        INVOICERS & EXACT_ACCOUNTANTS | {"reader"}, "comparison_line"
    ),
    "exact.outbox.action_send_pdf": Call(
        INVOICERS, "outbox", (), lambda test: test.outbox.document_state == "waiting"
    ),
    "res.company.action_exact_check": Call(
        EXACT_ACCOUNTANTS, "company", (), lambda test: len(test.find_checks()) > 1
    ),
    "res.company.action_exact_check_division": Call(EXACT_MANAGERS, "company"),
    "res.company.action_exact_connect": Call(EXACT_MANAGERS, "company"),
    "res.company.action_exact_disconnect": Call(
        EXACT_MANAGERS, "company", (), lambda test: not test.connection.refresh_token
    ),
    "res.company.action_exact_fetch": Call(EXACT_ACCOUNTANTS, "company"),
    "res.company.action_exact_setup": Call(EXACT_READERS, "company"),
    "res.company.action_exact_use_number_format": Call(EXACT_MANAGERS, "company"),
    "res.company.write": Call(
        EXACT_MANAGERS,
        "company",
        ({"exact_site": "be", "exact_delay": 7},),
        lambda test: test.company.sudo().exact_delay == 7,
    ),
    # Contacts are shared; each company knows them in a division of its own.
    "res.partner.action_exact_keep_differences": Call(
        EXACT_USERS | {"stranger"}, "customer"
    ),
    "res.partner.action_exact_send_differences": Call(
        EXACT_USERS | {"stranger"}, "customer"
    ),
    "res.config.settings.action_exact_connect": Call(ADMINISTRATORS, "settings"),
    "res.config.settings.action_exact_disconnect": Call(
        ADMINISTRATORS, "settings", (), lambda test: not test.connection.refresh_token
    ),
    "res.config.settings.action_exact_setup": Call(ADMINISTRATORS, "settings"),
    "res.config.settings.action_exact_open_company": Call(ADMINISTRATORS, "settings"),
}


@tagged("post_install", "-at_install")
class TestRpc(RpcCommon):
    """Every public method, called by everybody, as a hostile caller would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.company.sudo().exact_connection_id
        cls.account = cls.company_data["default_account_revenue"]
        cls.journal = cls.company_data["default_journal_sale"]
        cls.term = cls.env.ref("account.account_payment_term_30days")
        own = {"company_id": cls.company.id}
        system = cls.env(su=True)
        cls.setup = system["exact.setup"].create(
            # Where the steps below lead, so that a page that opens changes nothing.
            {**own, "shown_step": "mapping"}
        )
        cls.match = system["exact.match"].create({**own, "partner_id": cls.customer.id})
        cls.preview = system["exact.preview"]._make(cls.invoice.sudo())
        cls.link = system["exact.link"]._make(cls.invoice.sudo())
        cls.link_candidate = system["exact.link.candidate"].create(
            {"link_id": cls.link.id}
        )
        cls.decision = system["exact.decision"]._make(cls.invoice.sudo())
        cls.withdraw = system["exact.withdraw"].create({"move_id": cls.invoice.id})
        cls.ask = system["exact.ask"].create({"move_id": cls.invoice.id})
        cls.hold = system["exact.hold"].create({"move_id": cls.invoice.id})
        cls.backfill = system["exact.backfill"].create(
            {**own, "date_from": "2026-01-01"}
        )
        cls.backfill_line = system["exact.backfill.line"].create(
            {"backfill_id": cls.backfill.id, "move_id": cls.invoice.id}
        )
        cls.division_check = system["exact.division.check"].create(
            {**own, "checked_at": "2026-03-01 09:00:00"}
        )
        cls.division_test = system["exact.division.test"]._make(cls.division_check)
        cls.comparison = system["exact.comparison"].create(own)
        cls.comparison_summary = system["exact.comparison.summary"].create(
            {"comparison_id": cls.comparison.id, "kind": "receipt"}
        )
        cls.comparison_line = system["exact.comparison.line"].create(
            {
                "comparison_id": cls.comparison.id,
                "kind": "equal",
                "move_id": cls.invoice.id,
            }
        )
        account = system["exact.account"].create(
            {**own, "exact_guid": CUSTOMER_GUID, "status": "C"}
        )
        cls.candidate = system["exact.match.candidate"].create(
            {"match_id": cls.match.id, "account_id": account.id}
        )

    def setUp(self):
        super().setUp()
        # Exact has no entry at all.
        self.patch(Correction, "_look", lambda _correction: (None, None))

    def find_checks(self):
        return self.env["exact.check"].search([("company_id", "=", self.company.id)])

    def find_public_methods(self):
        """Return the names of all methods of the add-on that RPC can reach."""
        found = set()
        for name, model in self.registry.items():
            for cls in model.mro():
                if not cls.__module__.startswith("odoo.addons.comanage_exact."):
                    continue
                found |= {
                    f"{name}.{attribute}"
                    for attribute in vars(cls)
                    if not attribute.startswith("_")
                    and callable(getattr(cls, attribute))
                }
        return found

    def make_ready(self, name):
        """Put the records where the method would change something."""
        if name == "exact.setup.action_switch_on":
            taxes = self.env["account.tax"].sudo()
            taxes.search([("exact_vat_code_id", "=", False)]).active = False
        if name.endswith(("_send", "_retry", "_release", "setup.action_book")):
            self.outbox.state = "held"
        if name.endswith("_send_pdf"):
            document = self.outbox.document_id._get_or_create(self.outbox)
            document.problem = "No right."
            self.outbox.state = "sent"
        if name.endswith(("_accept", "_withdraw", "_check", "_book_again")):
            self.outbox.write(
                {
                    "state": "sent",
                    "exact_guid": CUSTOMER_GUID,
                    "request": {"YourRef": self.invoice.name},
                }
            )
            self.outbox._note_finding("differs", "The total differs.")
        if name.endswith("_decide"):
            self.outbox.write({"state": "unconfirmed", "claimed_at": "2026-01-01"})
        if name.endswith("_book_again"):
            self.outbox._note_finding("deleted", "It is gone.")
        if name == "account.move.button_cancel":
            # Only drafts are cancelled.
            self.invoice.state = "draft"

    def call_named(self, name, user, ids, context=None):
        model, _dot, method = name.rpartition(".")
        args = (ids, *CALLS[name].args)
        if method == "create":
            args = (list(CALLS[name].args) if ids else [],)
        return self.call(user, model, method, *args, context=context)

    def get_hostile_contexts(self):
        return (
            {},
            {"allowed_company_ids": [self.company.id]},
            {"allowed_company_ids": (self.company | self.other).ids},
            {"uid": 1, "su": True, "active_test": False, "force_delete": True},
        )

    # === WHO MAY === #

    def test_every_public_method_is_decided_upon(self):
        self.assertEqual(self.find_public_methods(), set(CALLS))

    def test_those_who_may_can(self):
        for name, call in CALLS.items():
            for user in sorted(call.users):
                with self.subTest(name=name, user=user), self.attempt():
                    self.make_ready(name)
                    if call.is_done:
                        self.assertFalse(call.is_done(self))
                    self.call_named(name, user, getattr(self, call.record).ids)
                    self.env.invalidate_all()
                    if call.is_done:
                        self.assertTrue(call.is_done(self))

    def test_all_others_are_refused_whatever_their_context(self):
        for name, call in CALLS.items():
            for user in sorted(USERS - call.users):
                for context in self.get_hostile_contexts():
                    with (
                        self.subTest(name=name, user=user, context=context),
                        self.attempt(),
                        self.assertRaises(AccessError),
                    ):
                        self.make_ready(name)
                        ids = getattr(self, call.record).ids
                        self.call_named(name, user, ids, context)

    def test_calls_that_open_a_page_change_nothing(self):
        for name, call in CALLS.items():
            for user in sorted(call.users if not call.is_done else ()):
                with self.subTest(name=name, user=user), self.attempt():
                    self.make_ready(name)
                    before = self.snapshot()
                    self.call_named(name, user, getattr(self, call.record).ids)
                    self.assertEqual(self.snapshot(), before)

    def test_calls_without_records_change_nothing(self):
        for name in CALLS:
            for user in sorted(USERS):
                with self.subTest(name=name, user=user), self.attempt():
                    before = self.snapshot()
                    try:
                        self.call_named(name, user, [])
                    except (AccessError, UserError, ValueError):
                        continue
                    self.assertEqual(self.snapshot(), before)

    def test_refusal_tells_nothing_of_the_forwarding(self):
        for state in ("sending", "sent"):
            for user in sorted(USERS - INVOICERS):
                for method in ("button_draft", "button_cancel"):
                    with (
                        self.subTest(state=state, user=user, method=method),
                        self.attempt(),
                        self.assertRaises(AccessError),
                    ):
                        self.outbox.state = state
                        self.call(user, "account.move", method, self.invoice.ids)

    def test_only_managers_learn_from_a_refused_division(self):
        for user in sorted(USERS - EXACT_MANAGERS):
            with (
                self.subTest(user=user),
                self.attempt(),
                self.assertRaises(AccessError),
            ):
                self.outbox.state = "sending"
                values = {"exact_site": "nl"}
                self.call(user, "res.company", "write", self.company.ids, values)
