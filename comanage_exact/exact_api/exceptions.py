"""What an answer of Exact Online means for the work in hand.

The class says what follows, the message is for people who read logs. Only the models
turn one into a sentence for users.
"""

from datetime import datetime
from typing import Any


class ExactError(Exception):
    """Something went wrong between Odoo and Exact Online.

    :param datetime retry_at: naive UTC, the moment before which a further attempt is in
        vain; None if it is not known.
    """

    retry_at: datetime | None = None


class ExactUnavailable(ExactError):
    """Exact surely did not take the request: try again later."""


class ExactUntrusted(ExactUnavailable):
    """The certificate of Exact could not be verified: nothing was sent."""


class ExactProxyFailed(ExactUnavailable):
    """The proxy of this server did not connect to Exact: nothing was sent."""


class ExactTokenRefused(ExactUnavailable):
    """There is no token that works, and none to be had before a known moment.

    :param datetime retry_at: naive UTC.
    """

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(f"no new token before {retry_at:%Y-%m-%d %H:%M:%S} UTC")
        self.retry_at = retry_at


class ExactRateLimited(ExactUnavailable):
    """Exact allows no more calls for now.

    :param datetime retry_at: naive UTC, the moment from which calls are welcome again.
    """

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(f"no calls welcome before {retry_at:%Y-%m-%d %H:%M:%S} UTC")
        self.retry_at = retry_at


class ExactOutOfTime(ExactUnavailable):
    """The process may end before the answer came: the call was not made.

    Nothing is wrong, neither with Exact nor with what is to be sent.
    """


class ExactErrorLimit(ExactError):
    """A resource refused so often that one more call might block the app: it waits.

    :param datetime retry_at: naive UTC.
    :param str resource: e.g. 'crm/Accounts'; calls to others go on.
    :param int count: of refusals within this hour.
    """

    def __init__(self, retry_at: datetime, resource: str, count: int) -> None:
        super().__init__(f"{count} refusals of {resource} before {retry_at:%H:%M} UTC")
        self.retry_at = retry_at
        self.resource = resource
        self.count = count


class ExactUnauthorized(ExactUnavailable):
    """The access token is missing, expired or revoked: renew it and try again."""


class ExactConsentLost(ExactError):
    """The refresh token is dead: only a person can connect again.

    `issued_at` says which one it was, where tokens are stored.
    """

    issued_at: datetime | None = None


class ExactCodeSpent(ExactError):
    """The code of a consent is too old or was used: a person has to consent again.

    An older connection, if there is one, is untouched.
    """


class ExactTokenStillValid(ExactError):
    """A renewal came too early: keep using the access token at hand."""


class ExactRejected(ExactError):
    """Exact read the request and refused it: the same request will be refused again.

    :param list messages: the findings, one text each, in the language of the Exact
        user who gave consent.
    :param int status: of HTTP; a refusal comes as 400 or 500 alike.
    :param str resource: what was asked for, e.g. 'crm/Accounts'.
    """

    def __init__(self, messages: list[str], status: int, resource: str = "") -> None:
        super().__init__("; ".join(messages))
        self.messages = messages
        self.status = status
        self.resource = resource


class ExactBadCredentials(ExactRejected):
    """Exact does not know the client id or secret, or the code of the consent."""


class ExactDivisionsRefused(ExactRejected):
    """No list of divisions under any of those that Exact names: enter the number."""


class ExactUnconfirmed(ExactError):
    """The answer was lost: Exact may have carried the request out or not."""


class ExactStopped(ExactError):
    """Exact answered from another division: no call before a manager resumes."""


class ExactOtherDivision(ExactStopped):
    """An answer is of another division than the one that was asked.

    What was read says nothing about ours; what was created stands over there.

    :param str asked, found: codes of the divisions.
    :param str method, resource: of the call.
    :param dict row: as Exact returned it.
    """

    def __init__(
        self, asked: str, found: str, method: str, resource: str, row: dict[str, Any]
    ) -> None:
        super().__init__(
            f"{method} {resource}: the answer is of division {found}, not of {asked}"
        )
        self.asked = asked
        self.found = found
        self.method = method
        self.resource = resource
        self.row = row

    @property
    def key(self) -> str:
        """What a person finds the record by over there: its number, else its ID."""
        names = ("EntryNumber", "Code", "EntryID", "ID")
        keys = (str(self.row.get(name) or "").strip() for name in names)
        return next(filter(None, keys), "")


class ExactCustomerInDoubt(ExactError):
    """It is not known yet whether Exact has the customer: this invoice waits.

    :param datetime retry_at: naive UTC.
    """

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(f"the customer may be created until {retry_at:%H:%M:%S} UTC")
        self.retry_at = retry_at


class ExactCustomerUndecided(ExactError):
    """A lost answer may have created one of several customers: a person decides.

    :param int count: of those that it may be.
    """

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} accounts may be the one that was created")
        self.count = count
