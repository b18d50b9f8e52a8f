from datetime import datetime
from decimal import Decimal

import requests
import responses
from freezegun import freeze_time

from odoo.tests.common import BaseCase, tagged

from ..exact_api.client import ExactClient
from ..exact_api.exceptions import (
    ExactOtherDivision,
    ExactRateLimited,
    ExactRejected,
    ExactUnauthorized,
    ExactUnavailable,
    ExactUnconfirmed,
)
from .common import API_URL, BASE_URL, DIVISION, ExactCommon, error_body

RESOURCE = "vat/VATCodes"
URL = f"{API_URL}/{RESOURCE}"


@tagged("post_install", "-at_install")
class TestClient(BaseCase):
    _request_handler = ExactCommon._request_handler

    def setUp(self):
        super().setUp()
        self.client = ExactClient(BASE_URL, DIVISION, "token")
        self.addCleanup(self.client.close)
        self.exact = responses.RequestsMock(assert_all_requests_are_fired=False)
        self.exact.start()
        self.addCleanup(self.exact.stop)

    def assert_raised(self, error, method, **answer):
        self.exact.reset()
        self.exact.add(method, URL, **answer)
        with self.assertRaises(error) as caught:
            if method == "GET":
                self.client.get(RESOURCE)
            else:
                self.client.post(RESOURCE, {})
        # The narrowest class: what follows depends on it.
        self.assertIs(type(caught.exception), error)
        return caught.exception

    # === ANSWERS === #

    def test_put_names_its_record_and_wants_no_answer(self):
        self.exact.put(f"{URL}(guid'1-2')", status=204)
        self.client.put(RESOURCE, "1-2", {"Code": "4"})
        (call,) = self.exact.calls
        self.assertEqual(call.request.body, b'{"Code": "4"}')

    def test_change_is_lost_if_its_answer_is_empty_or_no_record(self):
        record = f"{URL}(guid'1')"
        for body in (b"", b"<html>maintenance</html>", b'{"d": 1}'):
            self.exact.reset()
            self.exact.put(record, body=body)
            with self.subTest(body=body), self.assertRaises(ExactUnavailable):
                self.client.put(RESOURCE, "1", {})
        self.exact.reset()
        # With `Prefer` the record itself comes back.
        self.exact.put(record, json={"d": {"ID": "1", "Division": DIVISION}})
        self.client.put(RESOURCE, "1", {})

    def test_lost_answer_of_a_change_may_be_repeated(self):
        self.exact.put(f"{URL}(guid'1')", body=requests.ReadTimeout())
        with self.assertRaises(ExactUnavailable):
            self.client.put(RESOURCE, "1", {})

    def test_upload_sends_what_it_is_given_and_tells_the_rest(self):
        heard = []
        self.client.observer.called = lambda *call: heard.append(call)
        self.exact.post(URL, status=201, json={"d": {"ID": "1"}})
        answer = self.client.upload(RESOURCE, {"File": "(9 bytes)"}, b'{"File": "A"}')
        self.assertEqual(answer, {"ID": "1"})
        self.assertEqual(heard, [("POST", RESOURCE, {"File": "(9 bytes)"})])
        request = self.exact.calls[0].request
        self.assertEqual(request.body, b'{"File": "A"}')
        self.assertEqual(request.headers["Content-Type"], "application/json")
        self.assertNotIn("Prefer", request.headers)

    def test_headers_and_options(self):
        self.exact.get(URL, json={"d": {"results": []}})
        self.client.get(RESOURCE, select="ID", filter="Code eq 'é & b'", top="1")
        request = self.exact.calls[0].request
        self.assertEqual(request.headers["Authorization"], "Bearer token")
        self.assertEqual(request.headers["Accept"], "application/json")
        self.assertEqual(
            request.params,
            {"$select": "ID", "$filter": "Code eq 'é & b'", "$top": "1"},
        )

    def test_amounts_are_decimal(self):
        self.exact.post(URL, status=201, body='{"d": {"AmountFC": 0.1}}')
        self.assertEqual(self.client.post(RESOURCE, {}), {"AmountFC": Decimal("0.1")})
        self.assertEqual(
            self.exact.calls[0].request.headers["Prefer"], "return=representation"
        )

    def test_signs_that_no_database_stores_are_replaced(self):
        """Exact cuts texts in the middle of an emoji."""
        body = r'{"d": [{"Name": "Party \ud83c", "Notes": {"results": ["a\u0000"]}}]}'
        self.exact.get(URL, body=body)
        (row,) = self.client.get(RESOURCE)
        self.assertEqual(
            row, {"Name": "Party \ufffd", "Notes": {"results": ["a\ufffd"]}}
        )

    def test_whole_emoji_stay(self):
        self.exact.get(URL, body=r'{"d": [{"Name": "\ud83c\udf89"}]}')
        self.assertEqual(self.client.get(RESOURCE), [{"Name": "\U0001f389"}])

    def test_bare_list_is_read_too(self):
        self.exact.get(URL, json={"d": [{"Code": "1"}]})
        self.assertEqual(self.client.get(RESOURCE), [{"Code": "1"}])

    def test_pages_are_followed(self):
        following = f"{URL}?$skiptoken=guid'1'"
        self.exact.get(
            URL,
            json={"d": {"results": [{"Code": "1"}], "__next": following}},
            match=[responses.matchers.query_param_matcher({})],
        )
        self.exact.get(
            URL,
            json={"d": {"results": [{"Code": "2"}]}},
            match=[responses.matchers.query_param_matcher({"$skiptoken": "guid'1'"})],
        )
        rows = list(self.client.get_all(RESOURCE))
        self.assertEqual([row["Code"] for row in rows], ["1", "2"])

    def test_token_is_not_carried_elsewhere(self):
        for following in (
            "https://evil.example/api/v1/123456/vat/VATCodes",
            f"http://start.exactonline.be/api/v1/{DIVISION}/vat/VATCodes",
        ):
            with self.subTest(following=following):
                self.exact.reset()
                self.exact.get(URL, json={"d": {"results": [], "__next": following}})
                with self.assertRaises(ExactUnavailable):
                    list(self.client.get_all(RESOURCE))
                self.assertEqual(len(self.exact.calls), 1)

    # === ANOTHER DIVISION === #

    def assert_misplaced(self, call, method, resource, row):
        """Assert that an answer of another division is raised and heard."""
        heard = []
        self.client.observer.misplaced = heard.append
        with self.assertRaises(ExactOtherDivision) as caught:
            call()
        err = caught.exception
        self.assertEqual(heard, [err])
        self.assertEqual((err.asked, err.found), (str(DIVISION), "999"))
        self.assertEqual((err.method, err.resource), (method, resource))
        self.assertEqual(err.row, row)

    def test_every_answer_that_names_another_division_is_raised(self):
        uri = f"{BASE_URL}/api/v1/999/{RESOURCE}(guid'1')"
        for row in (
            {"ID": "1", "Division": 999},
            {"ID": "1", "Division": "999"},
            {"ID": "1", "__metadata": {"uri": uri}},
            {"ID": "1", "Division": None, "__metadata": {"uri": uri.upper()}},
        ):
            with self.subTest(row=row):
                self.exact.reset()
                self.exact.post(URL, status=201, json={"d": row})
                self.exact.put(f"{URL}(guid'1')", json={"d": row})
                for wrong in ([row], {"results": [{"ID": "0"}, row]}):
                    self.exact.add("GET", URL, json={"d": wrong})
                for method, call in (
                    ("POST", lambda: self.client.post(RESOURCE, {})),
                    ("POST", lambda: self.client.upload(RESOURCE, {}, b"{}")),
                    ("PUT", lambda: self.client.put(RESOURCE, "1", {})),
                    ("GET", lambda: self.client.get(RESOURCE)),
                    ("GET", lambda: list(self.client.get_all(RESOURCE))),
                ):
                    self.assert_misplaced(call, method, RESOURCE, row)

    def test_next_page_of_another_division_is_raised_before_it_is_read(self):
        following = f"{BASE_URL}/api/v1/999/{RESOURCE}"
        self.exact.get(URL, json={"d": {"results": [], "__next": following}})
        row = {"__metadata": {"uri": following}}
        self.assert_misplaced(
            lambda: list(self.client.get_all(RESOURCE)), "GET", RESOURCE, row
        )
        self.assertEqual(len(self.exact.calls), 1)

    def test_answer_of_our_division_or_of_none_is_taken(self):
        for row in (
            {"ID": "1", "Division": DIVISION},
            # The record decides, not its address.
            {"Division": DIVISION, "__metadata": {"uri": "https://x/api/v1/999/y"}},
            {"ID": "1", "__metadata": {"uri": f"{URL}(guid'1')"}},
            {"ID": "1", "__metadata": {}},
            {"ID": "1", "Division": None},
        ):
            with self.subTest(row=row):
                self.exact.reset()
                self.exact.post(URL, status=201, json={"d": row})
                self.exact.get(URL, json={"d": [row]})
                self.assertEqual(self.client.post(RESOURCE, {}), row)
                self.assertEqual(self.client.get(RESOURCE), [row])

    def test_list_of_divisions_may_name_others(self):
        rows = [{"Code": 999, "__metadata": {"uri": f"{BASE_URL}/api/v1/999/x"}}]
        self.exact.get(f"{API_URL}/system/Divisions", json={"d": rows})
        self.assertEqual(self.client.get("system/Divisions"), rows)

    # === ERRORS === #

    def test_refusals_are_told_apart_from_trouble(self):
        body = error_body("Verplicht: Dagboek\r\nVerplicht: Relatie &amp; co")
        for status in (400, 500):
            error = self.assert_raised(ExactRejected, "POST", status=status, json=body)
            self.assertEqual(
                error.messages, ["Verplicht: Dagboek", "Verplicht: Relatie & co"]
            )
            self.assertEqual((error.status, error.resource), (status, RESOURCE))

    def test_refusal_without_a_text_has_the_reason_of_the_header(self):
        error = self.assert_raised(
            ExactRejected, "POST", status=403, headers={"Reason": "NoDivisionAccess"}
        )
        self.assertEqual(error.messages, ["NoDivisionAccess"])
        for text, told in (("Forbidden", []), ("Forbidden - WrongDivision", None)):
            error = self.assert_raised(
                ExactRejected,
                "POST",
                status=403,
                headers={"Reason": "NoDivisionAccess"},
                json=error_body(text),
            )
            expected = [text] if told is None else told
            self.assertEqual(error.messages, [*expected, "NoDivisionAccess"])
        error = self.assert_raised(ExactRejected, "POST", status=404, body="<html>")
        self.assertEqual(error.messages, ["HTTP 404 without an explanation"])

    def test_what_surely_did_not_arrive(self):
        for method in ("GET", "POST"):
            self.assert_raised(
                ExactUnavailable, method, body=requests.ConnectTimeout("slow")
            )

    def test_refused_connection_surely_did_not_arrive(self):
        # A real socket: `requests` hides the cause in the error of another library.
        self.exact.add_passthru("http://127.0.0.1")
        client = ExactClient("http://127.0.0.1:9", DIVISION, "token")
        self.addCleanup(client.close)
        with self.assertRaises(ExactUnavailable):
            client.post(RESOURCE, {})

    def test_lost_answers_are_in_doubt_only_where_something_was_written(self):
        for answer in (
            {"body": requests.ReadTimeout("lost")},
            {"body": requests.ConnectionError("Connection aborted.")},
            {"body": requests.exceptions.ChunkedEncodingError("cut")},
            {"status": 503, "body": "<html>Server Unavailable</html>"},
            {"status": 500, "json": error_body("Object reference not set to an")},
            {"status": 500, "body": ""},
            {"status": 408, "body": ""},
            {"status": 200, "body": '{"d": {"results"'},
            {"status": 200, "json": ["nonsense"]},
            {"status": 200, "body": "<html>", "content_type": "text/html"},
            {"status": 200, "body": "<html>maintenance</html>"},
            {"status": 404, "body": "<html>", "content_type": "text/html"},
            {"status": 200, "body": ""},
            {"status": 201, "body": ""},
            {"status": 504, "json": error_body("Server maintenance: Due to server")},
            {"status": 500, "json": error_body("DE OBJECTVERWIJZING IS NIET OP EEN")},
        ):
            with self.subTest(answer=answer):
                self.assert_raised(ExactUnconfirmed, "POST", **answer)
                self.assert_raised(ExactUnavailable, "GET", **answer)

    def test_expired_token_and_login_page_ask_for_a_new_token(self):
        login = '<a href="/docs/Login.aspx?ReturnUrl=%2f">here</a>'
        for answer in (
            {"status": 401},
            {"status": 200, "body": login, "content_type": "text/html"},
            {
                "status": 302,
                "headers": {"Location": "/docs/Login.aspx"},
                "content_type": "text/html",
            },
        ):
            with self.subTest(answer=answer):
                self.assert_raised(ExactUnauthorized, "POST", **answer)

    @freeze_time("2026-03-10 09:00:30")
    def test_rate_limits_say_when_to_come_back(self):
        minute = {"X-RateLimit-Minutely-Reset": "1773133260000"}
        day = {"X-RateLimit-Reset": "1773187200000", "X-RateLimit-Remaining": "0"}
        past = {"X-RateLimit-Minutely-Reset": "1773133200000"}
        for answer, retry_at in (
            ({"headers": minute}, datetime(2026, 3, 10, 9, 1)),
            ({"headers": day}, datetime(2026, 3, 11)),
            ({"headers": {"Retry-After": "90"}}, datetime(2026, 3, 10, 9, 2)),
            # Not at once, or a scheduled action would call on and on.
            ({"headers": {"Retry-After": "0"}}, datetime(2026, 3, 10, 9, 0, 35)),
            ({"headers": past}, datetime(2026, 3, 10, 9, 0, 35)),
            ({}, datetime(2026, 3, 10, 9, 1)),
            (
                {"json": error_body("API rate limit exceeded")},
                datetime(2026, 3, 10, 10, 0, 30),
            ),
        ):
            with self.subTest(answer=answer):
                error = self.assert_raised(
                    ExactRateLimited, "POST", status=429, **answer
                )
                self.assertEqual(error.retry_at, retry_at)
