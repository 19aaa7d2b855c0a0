"""What the driver and the database report, as errors of a step."""

import psycopg
from psycopg import errors

from gorax.core.errors import ErrorType, StepError

SQL = "sql"
"""Type of the errors that the database gives, with its code in the details."""

_AGAIN = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
_AGAIN_CLASSES = ("08", "53", "57P")
"""Connections that broke, means that ran out, a server that goes down: SQLSTATEs that begin so may heal."""
_MAX_WORDS = 1_000

# A server that turns a connection down gives a text and no code.
_REFUSED = (
    "authentication",
    "password",
    "does not exist",
    "pg_hba.conf",
    "permission denied",
    "not permitted",
)
_UNSAFE = ("certificate", "does not support SSL", "channel binding")


def connection_failure(error: psycopg.Error | TimeoutError) -> StepError:
    """Why there is no connection. A refusal and a certificate that cannot be trusted will not heal by themselves."""
    # The driver names the loopback port that it was given; the reason stands behind that.
    reason = "no answer" if isinstance(error, TimeoutError) else _words(error).rpartition(" failed: ")[2]
    reason = reason.removeprefix("FATAL:").strip()
    refused = any(word in reason for word in _REFUSED)
    unsafe = any(word in reason for word in _UNSAFE)
    return StepError(
        ErrorType.CREDENTIAL if refused and not unsafe else ErrorType.NETWORK,
        f"could not connect to the database: {reason}",
        retryable=not (refused or unsafe),
    )


def statement_failure(error: psycopg.Error) -> StepError:
    """Why a statement gave nothing."""
    if (code := error.sqlstate) is not None:
        return StepError(
            SQL,
            _words(error),
            details={"sqlstate": code, "class": type(error).__name__},
            retryable=isinstance(error, _AGAIN) or code.startswith(_AGAIN_CLASSES),
        )
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return StepError(ErrorType.NETWORK, _words(error), retryable=True)
    # The driver itself: placeholders and params that do not belong together, COPY, a NUL in a text.
    return StepError(ErrorType.VALIDATION, f"the statement cannot be sent: {_words(error)}")


def _words(error: psycopg.Error) -> str:
    lines = str(error).strip().splitlines()
    return (error.diag.message_primary or (lines[-1] if lines else "no answer"))[:_MAX_WORDS]
