"""One HTTP call: no cookies, no credentials of the machine, and a limit in all.

A time-out of `requests` is for one wait on the network: an answer that drips, or an
upload that crawls, would never come to it. So each call here has a time after which its
connection is cut.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

CERTIFICATE, PROXY, CONNECTION = "certificate", "proxy", "connection"
# As OpenSSL and Python name it, whichever library carries it.
_CERTIFICATE_TEXTS = ("certificate_verify_failed", "certificate verify failed")


class _Call:
    """The call under way in this thread: its connection, and how it went."""

    def __init__(self) -> None:
        self.connection: HTTPConnection | None = None
        self.is_over = False
        self.is_unconnected = False

    def end(self) -> None:
        """Cut the connection, so that whoever waits for it continues."""
        self.is_over = True
        sock = getattr(self.connection, "sock", None)
        if sock is not None:
            # Not the method of a TLS socket, which another thread is reading from.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


_current: ContextVar[_Call | None] = ContextVar("exact_call", default=None)


class _Watched:
    """Tells the call under way which connection it has, and whether it has one."""

    def connect(self) -> None:
        call = _current.get() or _Call()
        call.is_unconnected = True
        result = super().connect()  # type: ignore[misc]
        call.is_unconnected = False
        return result

    def request(self, *args: Any, **options: Any) -> None:
        if call := _current.get():
            call.connection = self  # type: ignore[assignment]
        return super().request(*args, **options)  # type: ignore[misc]


class _Connection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        result = super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS
        return result

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        # Those of SOCKS connect in a way of their own.
        if proxy.lower().startswith("http"):
            manager.pool_classes_by_scheme = _POOLS
        return manager


def prepare(session: requests.Session) -> requests.Session:
    """Make a session one that keeps no cookie and takes no password from a file.

    The proxy and the certificates that the environment names hold.
    """
    if not isinstance(session.adapters.get("https://"), _Adapter):
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # Where there is none, `requests` looks into the user's .netrc.
        session.auth = _as_it_is
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Adapter())
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def request(
    session: requests.Session, method: str, url: str, *, seconds: float, **options: Any
) -> requests.Response:
    """Make a call that ends after `seconds`, answered or not; follow no redirect.

    :param session: as `prepare` returns it.
    :param options: of `requests.Session.request`.
    :raise requests.RequestException: see `why_not_sent`.
    """
    with _limited(seconds) as call:
        try:
            response = session.request(method, url, allow_redirects=False, **options)
        except requests.RequestException as err:
            if call.is_over:
                raise _too_long(seconds) from err
            err.is_unconnected = call.is_unconnected
            raise
    if call.is_over:
        # What was read until then may look like a whole answer.
        raise _too_long(seconds)
    return response


@contextmanager
def _limited(seconds: float) -> Iterator[_Call]:
    call = _Call()
    token = _current.set(call)
    timer = threading.Timer(seconds, call.end)
    timer.daemon = True
    timer.start()
    try:
        yield call
    finally:
        timer.cancel()
        _current.reset(token)


def _too_long(seconds: float) -> requests.RequestException:
    return requests.ReadTimeout(f"the call took longer than {seconds:.0f} s")


def why_not_sent(err: requests.RequestException) -> str | None:
    """Return what kept a call from leaving this server; None if it may have left."""
    if isinstance(err, requests.exceptions.ProxyError):
        return PROXY
    causes = list(_causes(err))
    if isinstance(err, requests.exceptions.SSLError) and any(
        map(_is_untrusted, causes)
    ):
        return CERTIFICATE
    is_unconnected = getattr(err, "is_unconnected", False)
    if is_unconnected or isinstance(err, requests.exceptions.ConnectTimeout):
        return CONNECTION
    return (
        CONNECTION if any(isinstance(c, NewConnectionError) for c in causes) else None
    )


def _causes(err: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that it carries, as the libraries hide them."""
    todo, seen = [err], set()
    while todo:
        cause = todo.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        todo += [*cause.args, getattr(cause, "reason", None), cause.__cause__]


def _is_untrusted(cause: BaseException) -> bool:
    text = str(cause).lower()
    return isinstance(cause, ssl.CertificateError) or any(
        wording in text for wording in _CERTIFICATE_TEXTS
    )
