"""What calls raise.

GoraxError
├── Refused                the API answered that it will not: `status`, `details`, `request_id`
│   ├── Invalid            400, 405, 408, 413, 415   the request is wrong; the message names the field
│   ├── Unauthorized       401                       nobody that the API knows
│   ├── Forbidden          403                       somebody who may not
│   ├── NotFound           404                       no such thing in this tenant
│   ├── Conflict           409                       the state of the thing forbids it
│   ├── RateLimited        429                       too much of it lately; `retry_after`
│   └── ServerError        5xx                       the API failed
│       └── Unavailable    502, 503, 504             a part of it does not answer; `retry_after`
├── Unreachable            nothing answered
├── UnexpectedAnswer       what answered is not this API, or another version of it
├── StreamClosed           a stream ended for a reason that coming back does not help against
├── NotEnded               (a `TimeoutError`) what was waited for has not ended in time
└── ExecutionFailed        the execution whose output was asked for did not complete
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from gorax.client.models.executions import Execution

_SHOWN = 200
"""Characters of an answer that is none of the API's."""


class GoraxError(Exception):
    """Base of all errors of this client."""


class Refused(GoraxError):
    """The API did not do what was asked. The message is the API's own."""

    def __init__(
        self,
        message: str,
        status: int,
        *,
        details: Sequence[Mapping[str, Any]] = (),
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status."""
        self.details = list(details)
        """Every problem of a request that is wrong: `message`, and `field` or `pointer`."""
        self.request_id = request_id
        """Under which the server's log has the request."""
        self.retry_after = retry_after
        """Seconds after which it may be asked again, where the API said so."""


class Invalid(Refused):
    """The request is wrong; the message names the field, and `details` has every problem."""


class Unauthorized(Refused):
    """No token, or one that is not valid, or no more."""


class Forbidden(Refused):
    """The API knows who asks, and they may not."""


class NotFound(Refused):
    """No such thing in this tenant."""


class Conflict(Refused):
    """The state of the thing forbids it."""


class RateLimited(Refused):
    """There was too much of it lately, or a quota is used up."""


class ServerError(Refused):
    """The API failed. Its log has the request under `request_id`."""


class Unavailable(ServerError):
    """The API, or a part that it depends on, does not answer at the moment."""


class Unreachable(GoraxError):
    """Nothing answered, or not in time. Whether something was done is not known, unless it may be repeated."""


class UnexpectedAnswer(GoraxError):
    """What answered is not this API, or a version of it that this client does not know."""


class StreamClosed(GoraxError):
    """A stream was ended, and coming back would not help."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"the stream was closed with {code}: {reason or 'no reason was given'}")
        self.code = code
        self.reason = reason


class NotEnded(GoraxError, TimeoutError):
    """The execution goes on; only the waiting has ended."""

    def __init__(self, execution: "Execution", seconds: float) -> None:
        super().__init__(f"{execution.id} is still {execution.status} after {seconds:g} s")
        self.execution = execution
        """As it was seen last."""


class ExecutionFailed(GoraxError):
    """An execution did not complete."""

    def __init__(self, execution: "Execution") -> None:
        reason = f": {execution.error.message}" if execution.error else ""
        super().__init__(f"{execution.id} is {execution.status}{reason}")
        self.execution = execution


_BY_STATUS: Mapping[int, type[Refused]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: RateLimited,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def kind_of(status: int) -> type[Refused]:
    """The class of error that a status of 400 or more means."""
    return _BY_STATUS.get(status) or (ServerError if status >= 500 else Invalid)


def error_of(response: httpx.Response) -> GoraxError:
    """The error that an answer means which is not a success; its body has been read."""
    status = response.status_code
    told: Any = None
    with suppress(ValueError):
        told = response.json()
    if not isinstance(told, dict):
        told = {}
    if status < 400:
        return UnexpectedAnswer(f"the answer has status {status}, which this client did not ask for")
    message = told.get("error")
    if not isinstance(message, str):
        # A proxy's own page, say.
        message = " ".join(response.text.split())[:_SHOWN] or response.reason_phrase
    details = told.get("details")
    return kind_of(status)(
        message,
        status,
        details=details if isinstance(details, list) else (),
        request_id=response.headers.get("X-Request-ID"),
        retry_after=retry_after(response.headers.get("Retry-After")),
    )


def retry_after(header: str | None) -> float | None:
    """The seconds that a `Retry-After` asks for, which may also name a time."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header[:10])
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
