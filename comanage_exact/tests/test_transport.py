import http.server
import os
import socket
import ssl
import threading
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone
from tempfile import TemporaryDirectory
from unittest.mock import patch

import responses
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests.common import BaseCase, tagged

from ..exact_api import client as client_module
from ..exact_api.client import ExactClient
from ..exact_api.exceptions import (
    ExactProxyFailed,
    ExactUnavailable,
    ExactUnconfirmed,
    ExactUntrusted,
)
from .common import ExactCommon


def make_certificate():
    """Return a key and a certificate that nobody vouches for, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    own = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return own + certificate.public_bytes(pem)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with a cookie, and as the path says: at once, or drop by drop."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append(dict(self.headers))
        body = b'{"d": []}'
        self.send_response(200)
        self.send_header("Set-Cookie", "session=kept; Path=/")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if "drip" in self.path:
            self.drip(body)
        else:
            self.wfile.write(body)

    def do_POST(self):
        # Never reads the body to its end.
        self.server.ended.wait(10)
        self.close_connection = True

    def drip(self, body):
        for byte in body:
            if self.server.ended.wait(0.3):
                break
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                break
        self.close_connection = True

    def log_message(self, *_args):
        """Say nothing."""


@tagged("post_install", "-at_install")
class TestTransport(BaseCase):
    """What a connection of its own does, on real sockets."""

    _request_handler = ExactCommon._request_handler

    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.seen, self.server.ended = [], threading.Event()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.stop)
        mock = responses.RequestsMock(assert_all_requests_are_fired=False)
        mock.start()
        self.addCleanup(mock.stop)
        for scheme in ("http", "https"):
            mock.add_passthru(f"{scheme}://127.0.0.1")
        self.port = self.server.server_address[1]

    def stop(self):
        self.server.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def client(self, port=None, scheme="http"):
        url = f"{scheme}://127.0.0.1:{port or self.port}"
        client = ExactClient(url, 1, "token", timeout=(2, 5))
        self.addCleanup(client.close)
        return client

    # === TIME === #

    def test_dripping_answer_ends_after_a_time_in_all(self):
        client = self.client()
        with patch.object(client_module, "CALL_SECONDS", 0.5):
            started = time.monotonic()
            with self.assertRaisesRegex(ExactUnavailable, "ReadTimeout"):
                client.get("drip")
            self.assertLess(time.monotonic() - started, 2)
            # The next one has a connection, and a time, of its own.
            self.assertEqual(client.get("vat/VATCodes"), [])

    def test_upload_that_nobody_takes_ends_and_is_in_doubt(self):
        content = b"x" * 50_000_000
        with patch.object(client_module, "UPLOAD_SECONDS", 0.5):
            started = time.monotonic()
            with self.assertRaises(ExactUnconfirmed):
                self.client().upload("documents/DocumentAttachments", {}, content)
            self.assertLess(time.monotonic() - started, 3)

    # === SECRETS OF THE MACHINE === #

    def test_no_cookie_comes_back(self):
        client = self.client()
        for _index in range(2):
            client.get("vat/VATCodes")
        self.assertEqual(len(self.server.seen), 2)
        for headers in self.server.seen:
            self.assertNotIn("Cookie", headers)

    def test_password_file_of_the_machine_is_not_read(self):
        with TemporaryDirectory() as folder:
            path = os.path.join(folder, "netrc")
            with open(path, "w") as file:
                file.write("machine 127.0.0.1 login eve password stolen\n")
            with patch.dict(os.environ, NETRC=path):
                self.client().get("vat/VATCodes")
        self.assertEqual(self.server.seen[0]["Authorization"], "Bearer token")

    # === WHAT NEVER LEFT === #

    def test_proxy_that_does_not_answer_kept_the_call(self):
        with closing(socket.socket()) as unused:
            unused.bind(("127.0.0.1", 0))
            proxy = f"http://127.0.0.1:{unused.getsockname()[1]}"
            names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")
            settings = {**dict.fromkeys(names, proxy), "no_proxy": "", "NO_PROXY": ""}
            with patch.dict(os.environ, settings):
                for scheme in ("http", "https"):
                    with self.subTest(scheme=scheme):
                        client = self.client(scheme=scheme)
                        with self.assertRaises(ExactProxyFailed):
                            client.post("salesentry/SalesEntries", {})
        self.assertFalse(self.server.seen)

    def test_server_without_tls_kept_the_call(self):
        with self.assertRaises(ExactUnavailable):
            self.client(scheme="https").post("salesentry/SalesEntries", {})

    def test_unknown_certificate_kept_the_call(self):
        with TemporaryDirectory() as folder:
            path = f"{folder}/own.pem"
            with open(path, "wb") as file:
                file.write(make_certificate())
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        with self.assertRaises(ExactUntrusted):
            self.client(scheme="https").post("salesentry/SalesEntries", {})
