import requests

from odoo.tests import tagged

from .common import (
    ACCOUNTS_URL,
    CUSTOMER_GUID,
    ENTRIES_URL,
    ENTRY_GUID,
    ExactCommon,
    error_body,
)


@tagged("post_install", "-at_install")
class TestPush(ExactCommon):
    """One row, and what each kind of answer makes of it."""

    def queue(self, **values):
        invoice = self.make_invoice(**values)
        invoice.action_exact_send()
        return invoice

    # === BOOKED === #

    def test_known_customer_takes_one_call(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(invoice.exact_guid, ENTRY_GUID)
        self.assertEqual(invoice.exact_number, "2600001")
        self.assertTrue(invoice.exact_outbox_id.verified)

    def test_new_customer_takes_two_calls_and_is_known_afterwards(self):
        self.queue()
        second = self.queue()
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push()
        urls = [call.request.url for call in self.calls]
        self.assertEqual(urls, [ACCOUNTS_URL, ENTRIES_URL, ENTRIES_URL])
        self.assertEqual(second.exact_state, "sent")
        partner = self.customer.sudo().with_company(self.company)
        self.assertEqual(partner.exact_guid, CUSTOMER_GUID)
        self.assertEqual(partner.exact_code, "100100")
        self.assertFalse(partner.exact_creating_at)

    def test_difference_is_shown_and_not_hidden(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            self.answer_entry(mock, AmountFC=121.01)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(invoice.exact_outbox_id.verified)
        self.assertEqual(invoice.exact_difference, "AmountFC: 121.00 / 121.01")

    def test_nothing_leaves_before_its_time(self):
        self.make_known()
        invoice = self.make_invoice()
        invoice._exact_queue_by_trigger("sent")
        with self.exact():
            self.push_at("2026-03-10 09:59:00")
        self.assertEqual(invoice.exact_state, "pending")
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push_at("2026-03-10 10:00:00")
        self.assertEqual(invoice.exact_state, "sent")

    # === CHECKED BEFORE === #

    def test_unmapped_tax_fails_without_a_call(self):
        self.tax_21.exact_vat_code_id = False
        invoice = self.queue()
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertEqual(invoice.exact_outbox_id.error_kind, "check")
        self.assertEqual(
            invoice.exact_error,
            "Tax 21% test has no VAT code of Exact Online. Choose one on the tax, field "
            "VAT Code of Exact.",
        )

    def test_retry_after_the_cure_books_it(self):
        self.make_known()
        self.tax_21.exact_vat_code_id = False
        invoice = self.queue()
        with self.exact():
            self.push()
        self.tax_21.exact_vat_code_id = self.vat_code_21
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(invoice.exact_error)

    # === REFUSED === #

    def _assert_refused(self, status):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL,
                status=status,
                json=error_body("Periode is afgesloten: 2026 - 3\r\nVerplicht: Relatie"),
            )
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertEqual(invoice.exact_outbox_id.error_kind, "refused")
        self.assertIn("INV/2026/00001", invoice.exact_error)
        self.assertIn(
            "Periode is afgesloten: 2026 - 3; Verplicht: Relatie", invoice.exact_error
        )

    def test_refused_with_400_fails_readably(self):
        self._assert_refused(400)

    def test_refused_with_500_fails_readably(self):
        self._assert_refused(500)

    def test_refused_customer_names_the_customer(self):
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, status=400, json=error_body("Ongeldig: Btw-nummer"))
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertIn("refused the customer Deco Addict", invoice.exact_error)
        self.assertFalse(self.customer.sudo().exact_creating_at)

    def test_taken_number_of_ours_is_adopted(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL, status=500, json=error_body("In gebruik: Boekstuknummer")
            )
            self.answer_look_up(mock, self.row())
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(invoice.exact_guid, ENTRY_GUID)

    def test_taken_number_of_another_shows_both(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=500, json=error_body("In use: Entry number"))
            self.answer_look_up(mock, self.row(YourRef="2026-77", AmountFC=50))
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertEqual(invoice.exact_outbox_id.error_kind, "conflict")
        for part in ("2600001", "INV/2026/00001", "2026-77", "Somebody", "50"):
            self.assertIn(part, invoice.exact_error)

    def row(self, **properties):
        return {
            "EntryID": ENTRY_GUID,
            "EntryNumber": 2600001,
            "YourRef": "INV/2026/00001",
            "AmountFC": 121.0,
            "CustomerName": "Somebody",
            **properties,
        }

    # === IN DOUBT === #

    def lose_answer(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, body=requests.ReadTimeout("lost"))
            self.push()
        self.assertEqual(invoice.exact_state, "unconfirmed")
        return invoice

    def test_lost_answer_is_left_alone_for_two_minutes(self):
        invoice = self.lose_answer()
        with self.exact():
            self.push_at("2026-03-10 09:01:59")
        self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_lost_answer_of_a_booked_entry_is_adopted(self):
        invoice = self.lose_answer()
        with self.exact() as mock:
            self.answer_look_up(mock, self.row())
            self.push_at("2026-03-10 09:02:00")
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(invoice.exact_state, "sent")

    def test_lost_request_is_sent_again(self):
        invoice = self.lose_answer()
        with self.exact() as mock:
            self.answer_look_up(mock)
            self.answer_entry(mock)
            self.push_at("2026-03-10 09:02:00")
        methods = [call.request.method for call in self.calls]
        self.assertEqual(methods, ["GET", "GET", "POST"])
        self.assertEqual(invoice.exact_state, "sent")

    def test_look_up_that_fails_stays_in_doubt(self):
        invoice = self.lose_answer()
        with self.exact() as mock:
            mock.get(ENTRIES_URL, body=requests.ConnectionError("down"))
            self.push_at("2026-03-10 09:02:00")
        self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_unreadable_answers_are_in_doubt(self):
        self.make_known()
        for answer in (
            {"status": 503, "body": "<html>Server Unavailable</html>"},
            {"status": 500, "json": error_body("A problem has occurred. The cause")},
            {"status": 201, "body": '{"d": {"EntryID": "3333'},
            {"status": 408},
            {"body": requests.ConnectionError("Connection aborted")},
        ):
            with self.subTest(answer=answer):
                invoice = self.queue()
                with self.exact() as mock:
                    mock.post(ENTRIES_URL, **answer)
                    self.push()
                self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_worker_that_died_is_looked_up(self):
        self.make_known()
        invoice = self.queue()
        invoice.sudo().exact_outbox_id.write(
            {"state": "sending", "claimed_at": "2026-03-10 08:44:59", "attempts": 1}
        )
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_lost_customer_is_found_and_not_created_twice(self):
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, body=requests.ReadTimeout("lost"))
            self.push()
        other = self.queue()
        with self.exact():
            # The second invoice of the customer must not create it meanwhile.
            self.push_at("2026-03-10 09:01:00")
        self.assertEqual(other.exact_state, "pending")
        with self.exact() as mock:
            mock.get(
                ACCOUNTS_URL,
                json={
                    "d": {
                        "results": [
                            {
                                "ID": CUSTOMER_GUID,
                                "Code": "100100",
                                "Name": "Deco Addict",
                                "VATNumber": "BE0477472701",
                                "Email": "ap@deco.example",
                                "Postcode": "1000",
                                "City": "Brussel",
                            }
                        ]
                    }
                },
            )
            self.answer_entry(mock)
            self.push_at("2026-03-10 09:03:00")
        self.assertEqual((invoice + other).mapped("exact_state"), ["sent", "sent"])

    # === NOT RECEIVED === #

    def test_unreachable_waits_longer_each_time_and_fails_at_last(self):
        self.make_known()
        invoice = self.queue()
        moments = (
            ("2026-03-10 09:00:00", "2026-03-10 09:01:00"),
            ("2026-03-10 09:01:00", "2026-03-10 09:06:00"),
            ("2026-03-10 09:06:00", "2026-03-10 09:21:00"),
            ("2026-03-10 09:21:00", "2026-03-10 10:21:00"),
            ("2026-03-10 10:21:00", "2026-03-10 14:21:00"),
        )
        for moment, following in moments:
            with self.exact() as mock:
                mock.post(ENTRIES_URL, body=requests.ConnectTimeout("down"))
                self.push_at(moment)
            self.assertEqual(invoice.exact_state, "pending")
            self.assertEqual(str(invoice.exact_scheduled_at), following)
        with self.exact() as mock:
            mock.post(ENTRIES_URL, body=requests.ConnectTimeout("down"))
            self.push_at(following)
        self.assertEqual(invoice.exact_state, "failed")

    def test_rate_limit_counts_no_attempt_and_waits_for_the_reset(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL,
                status=429,
                headers={"X-RateLimit-Minutely-Reset": "1773133260000"},
            )
            self.push()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(invoice.exact_outbox_id.attempts, 0)
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 09:01:00")

    def test_used_up_minute_pauses_without_a_429(self):
        self.make_known()
        first, second = self.queue(), self.queue()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL,
                status=201,
                json={"d": {"EntryID": ENTRY_GUID}},
                headers={
                    "X-RateLimit-Minutely-Remaining": "0",
                    "X-RateLimit-Minutely-Reset": "1773133260000",
                },
            )
            self.push()
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(first.exact_state, "sent")
        self.assertEqual(second.exact_state, "pending")
        self.company.invalidate_recordset()
        self.assertIn("used up", self.company.exact_connection_problem)

    def test_error_of_ours_leaves_the_others_alone(self):
        self.make_known()
        broken, fine = self.queue(), self.queue()
        original = type(broken)._exact_get_problems

        def break_one(move):
            if move == broken:
                raise ZeroDivisionError
            return original(move)

        self.patch(type(broken), "_exact_get_problems", break_one)
        with (
            self.exact() as mock,
            self.assertLogs("odoo.addons.comanage_exact", "ERROR"),
        ):
            self.answer_entry(mock)
            self.push()
        self.assertEqual(broken.exact_state, "failed")
        self.assertEqual(broken.exact_outbox_id.error_kind, "internal")
        self.assertEqual(fine.exact_state, "sent")
