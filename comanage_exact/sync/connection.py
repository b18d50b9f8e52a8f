"""Calls to Exact Online: a client with a working token, kept inside the limits."""

import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import fields

from ..exact_api import oauth
from ..exact_api.client import ExactClient, Observer
from ..exact_api.const import CALL_SECONDS, CLIENT_ERRORS
from ..exact_api.exceptions import (
    ExactConsentLost,
    ExactError,
    ExactOtherDivision,
    ExactOutOfTime,
    ExactRateLimited,
    ExactStopped,
    ExactTokenRefused,
    ExactTokenStillValid,
    ExactUnauthorized,
    ExactUnavailable,
    ExactUnconfirmed,
)
from ..exact_api.rate_limits import Budget
from ..exact_api.resources import ENTRIES
from . import messages
from .job_time import JobTime

_logger = logging.getLogger(__name__)

# How long a company waits whose connection does not work.
COMPANY_PAUSE = timedelta(minutes=1)


@dataclass
class Call:
    """One call to Exact Online, as the history keeps it.

    :param datetime at: naive UTC.
    """

    at: datetime
    method: str
    resource: str
    request: str = ""
    status: int = 0
    answer: str = ""


class CallMonitor(Observer):
    """Counts the calls of one client, keeps them inside the limits and records them.

    :param exact.connection connection:
    :param division: whose calls are counted; None for the one that the company chose.
    :param bool is_invoice: code lists leave some calls to the invoices.
    :param bool is_recorded: the history gets the calls, as it does of invoices.
    :param JobTime job_time: that the calls have to keep to, if any.
    """

    def __init__(
        self, connection, division, *, job_time, is_invoice=False, is_recorded=False
    ):
        self.connection = connection
        self.division = division
        self.is_invoice = is_invoice
        self.is_recorded = is_recorded or is_invoice
        self.job_time = job_time
        self.calls = []
        # Method and resource of all calls, for those who ask what was answered.
        self.made = set()
        # As it was when the last call was made.
        self._budget = Budget()

    def called(self, method, resource, body):
        if self.job_time and not self.job_time.allows_call():
            raise ExactOutOfTime(f"{method} {resource}: no time left")
        self._budget = self.connection._reserve_call(
            resource, self.is_invoice, self.division
        )
        self.made.add((method, resource))
        if self.is_recorded:
            request = json.dumps(body, ensure_ascii=False) if body else ""
            self.calls.append(Call(fields.Datetime.now(), method, resource, request))

    def answered(self, resource, response, limits):
        until = limits.exhausted_until
        if until:
            problem = messages.say(self.connection.env, messages.CALLS_USED_UP)
            self.connection._pause(until, problem)
        is_error = response.status_code in CLIENT_ERRORS
        if is_error or self._budget.correct(limits):
            refused = resource if is_error else None
            self.connection._correct_budget(limits, refused, self.division)
        if self.is_recorded:
            self.calls[-1].status = response.status_code
            self.calls[-1].answer = response.text

    def lost(self, err):
        if self.is_recorded:
            self.calls[-1].answer = type(err).__name__

    def seconds_left(self):
        return self.job_time.left() if self.job_time else super().seconds_left()

    def misplaced(self, err):
        # At once, before anything else can be sent to the wrong place.
        _logger.error("Company %s: %s", self.connection.company_id.id, err)
        self.connection._stop(err)

    def pop_calls(self):
        """Return the calls recorded since the last time.

        :return: list of Call.
        """
        calls, self.calls = self.calls, []
        return calls


@contextmanager
def open_client(connection, division=None, *, session=None, job_time=None, **purpose):
    """Give a client whose calls are kept inside the limits of Exact Online.

    :param exact.connection connection: as superuser.
    :param int division: other than the one that the company chose.
    :param requests.Session session: to keep a connection open over several uses.
    :param purpose: `is_invoice` and `is_recorded`, see `CallMonitor`.
    :param JobTime job_time: of the caller, where it knows its own: no call is begun
        that might not end within it.
    :raise ExactStopped: a manager has to resume.
    :raise ExactRateLimited: calls pause until a known moment.
    :raise: as `get_access_token`; calls also raise as `Budget.reserve`.
    """
    _check_calls_go_on(connection)
    # A scheduled action is ended by Odoo, whatever it does.
    job_time = job_time or JobTime(connection.env)
    token = get_access_token(connection, job_time)
    company = connection.company_id
    client = ExactClient(
        company._exact_get_base_url(),
        division or company.exact_division_id.code,
        token,
        session=session,
        observer=CallMonitor(connection, division, job_time=job_time, **purpose),
    )
    try:
        yield client
    except ExactUnauthorized:
        connection._refuse_token(token)
        raise
    finally:
        if not session:
            client.close()


def _check_calls_go_on(connection):
    connection.ensure_one()
    if connection._is_stopped():
        raise ExactStopped("an answer was of another division")
    if connection._is_paused():
        raise ExactRateLimited(connection.paused_until)


# === PAUSES === #


def pause_after(connection, err):
    """Make no more calls for a company for a while, because of an error.

    :param exact.connection connection: as superuser.
    :param ExactError err:
    :return: until when, naive UTC; None if there is nothing to wait for, because
        connecting again or resuming wakes the push, or the next run goes on.
    """
    company = connection.company_id
    _logger.info("Company %s waits: %s", company.id, err)
    if isinstance(err, ExactOtherDivision) and not connection._is_stopped():
        # Other workers may have kept the monitor from writing it.
        connection._stop(err)
    if isinstance(err, (ExactConsentLost, ExactOutOfTime, ExactStopped)):
        return None
    problem = messages.explain_connection(company, err)
    if is_unavailable(err):
        return connection._note_unavailable(problem, err.retry_at)
    until = err.retry_at or fields.Datetime.now() + COMPANY_PAUSE
    connection._pause(until, problem)
    return until


def is_unavailable(err):
    """Tell whether Exact Online, or the way to it, is down."""
    if isinstance(err, (ExactOutOfTime, ExactRateLimited, ExactTokenRefused)):
        return False
    return isinstance(err, (ExactUnavailable, ExactUnconfirmed))


def pause_after_lost_answer(connection, err):
    """Count a lost answer; after some in a row make no calls for a while.

    :param exact.connection connection: as superuser.
    :param ExactUnconfirmed err:
    :return: until when, naive UTC; None if calls go on.
    """
    company = connection.company_id
    _logger.info("Company %s lost an answer: %s", company.id, err)
    return connection._note_lost_answer(messages.explain_connection(company, err))


def note_answers(connection, made):
    """Note that calls were answered; what waited for that goes now.

    :param exact.connection connection: as superuser.
    :param set made: (method, resource) of the calls.
    """
    if not made:
        return
    if connection._is_failing():
        count = max(connection.failures, connection.lost_answers)
        # First what waits: should this worker die, the next answer does it again.
        connection.env["exact.outbox"]._wake(connection.company_id, count)
        connection.env["ir.cron"]._commit_progress()
    if connection.failures or connection.lost_answers:
        connection._note_answers(is_entry_answered=("POST", ENTRIES) in made)
    elif connection.problem:
        connection._resume()


# === TOKENS === #


def get_access_token(connection, job_time=None):
    """Return a token that works, renewed where that is due.

    The value is to be used at once and not read again: the caller's transaction may
    still see the one before.

    :param JobTime job_time: that a renewal has to keep to, if any.
    :raise ExactConsentLost: only a person can connect again; the state says so.
    :raise ExactUnavailable: no renewal for now.
    :raise ExactRejected: Exact does not know the client id or secret.
    """
    connection.ensure_one()
    try:
        try:
            token, err = _get_token_apart(connection, job_time)
        except SerializationFailure:
            # Another worker was first: its tokens are those to be used.
            token, err = _get_token_apart(connection, job_time)
    except (LockNotAvailable, SerializationFailure) as err:
        raise ExactUnavailable("another worker renews the tokens") from err
    if isinstance(err, ExactConsentLost):
        _expire(connection, err)
    if err:
        raise err
    if not token:
        raise ExactConsentLost("the connection is not usable")
    return token


def keep_alive(connection):
    """Use the refresh token, which Exact forgets after 30 days without use."""
    try:
        get_access_token(connection)
    except ExactError as err:
        company = connection.company_id
        _logger.info("Tokens of company %s were not renewed: %s", company.id, err)


def _get_token_apart(connection, job_time):
    with connection._own_cursor() as own_connection:
        result = _get_token(own_connection, job_time)
        # Conflicts are met here, not when the cursor is closed.
        own_connection.env.flush_all()
    return result


def _get_token(connection, job_time):
    """Return an access token, and the error that kept it from being renewed.

    :param exact.connection connection: in a transaction of its own, which keeps what
        was learned although the renewal failed.
    """
    if connection._get_state() != "connected":
        return None, None
    login = connection.login_id
    token = login._get_current_token()
    if token:
        return token, None
    if job_time and not job_time.allows_call():
        return None, ExactOutOfTime("token call: no time left")
    seconds = min(CALL_SECONDS, job_time.left()) if job_time else CALL_SECONDS
    return _renew(login, connection.company_id, seconds)


def _renew(login, company, seconds):
    """Return a new access token or None, and the error of the token call or None.

    :param exact.login login: in a transaction of its own.
    :param float seconds: that the call may take at most.
    """
    # From here on one worker alone: each refresh token works once. What it learns is
    # written to the locked row and to no other, for a conflict would undo it.
    login._lock_tokens()
    try:
        tokens = oauth.renew(
            company._exact_get_base_url(),
            login.client_id,
            login.client_secret,
            login.refresh_token,
            seconds=seconds,
        )
    except ExactTokenStillValid:
        login._postpone_renewal()
        refused = ExactTokenRefused(login._get_renewable_at())
        return login.access_token, None if login.access_token else refused
    except ExactConsentLost as err:
        err.issued_at = login.issued_at
        return None, err
    except ExactError as err:
        login._note_failure(err)
        return None, err
    login._store_renewed(tokens)
    return tokens.access_token, None


def _expire(connection, err):
    """Have a person connect again, unless that has just been done."""
    company, login = connection.company_id, connection.login_id
    _logger.warning("Company %s has to connect again: %s", company.id, err)
    login._change_apart(lambda login: login._expire(err.issued_at))
