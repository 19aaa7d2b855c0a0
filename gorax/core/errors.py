"""Errors of the domain.

GoraxError
├── StepError            an action failed; becomes the step's and, unhandled, the execution's error
├── Invalid              input that cannot be accepted (400)
│   └── TooLarge         input over its bound in bytes (400)
├── NotFound             no such thing in this tenant (404)
├── Conflict             the thing's state forbids it (409)
├── LimitReached         there was too much of it lately (429)
│   └── QuotaExceeded    the tenant has, or has begun, as much as it may
└── Unavailable          a part we depend on does not answer (503)
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from gorax.core.encoding import shown

MAX_MESSAGE = 4_000
"""Characters of an error message that are kept."""
MAX_DETAILS = 16_000
"""Bytes of an error's details that are kept: they travel in histories, records and rows."""


class GoraxError(Exception):
    """Base of the errors that are meant for the caller: their text is shown as it is."""


class Invalid(GoraxError):
    """Input that cannot be accepted. The message names the field."""


class TooLarge(Invalid):
    """Input over its bound in bytes. The message names field and bound."""


class NotFound(GoraxError):
    """No such thing in this tenant."""


class Conflict(GoraxError):
    """The state of the thing forbids what was asked."""


class LimitReached(GoraxError):
    """There was as much of it as may be; the same request may succeed after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QuotaExceeded(LimitReached):
    """The tenant has, or has begun, as much as it may. The message names the quota."""


class Unavailable(GoraxError):
    """A part we depend on does not answer now; the same request may succeed later."""


class ErrorType:
    """The stable strings of `error.type`; `retry_on`, `not_on` and `catch` match them by prefix."""

    VALIDATION = "validation"
    EXPRESSION = "expression"
    CREDENTIAL = "credential"
    NETWORK = "network"
    TIMEOUT = "timeout"
    OUTPUT_TOO_LARGE = "output_too_large"
    BLOCKED_ADDRESS = "blocked_address"
    SCRIPT = "script"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"
    SUB_WORKFLOW = "sub_workflow"
    QUOTA_EXCEEDED = "quota_exceeded"
    UNREADABLE = "unreadable"
    INTERNAL = "internal"

    @staticmethod
    def http(status: int) -> str:
        """`http_4xx`, `http_5xx` …; the exact status goes into the details."""
        return f"http_{status // 100}xx"


class ErrorInfo(BaseModel):
    """An error as users see it, in steps, executions and the `error` name of handlers."""

    type: str
    message: str
    action_id: str | None = None
    attempt: int | None = None
    details: dict[str, Any] = Field(default_factory=dict)


class StepError(GoraxError):
    """An action failed.

    `retryable` says whether another attempt can help; `retry_after` (seconds) is the wait that the other
    side asked for.
    """

    def __init__(
        self,
        type: str,  # noqa: A002 - the field's name
        message: str,
        *,
        details: Mapping[str, Any] | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.type = type
        self.message = message[:MAX_MESSAGE]
        self.details = dict(details or {})
        self.retryable = retryable
        self.retry_after = retry_after

    def info(self, action_id: str, attempt: int) -> ErrorInfo:
        """This error as the user sees it."""
        return ErrorInfo(
            type=self.type,
            message=self.message,
            action_id=action_id,
            attempt=attempt,
            details=shown(self.details, MAX_DETAILS)[0],
        )
