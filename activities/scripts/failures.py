"""What a script's failure means for its step. None of them goes away by trying again."""

from collections.abc import Sequence
from typing import Any

from activities.scripts.job import Failure, Job, LogLine
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorType, StepError

MAX_LINES_TOLD = 20
"""Last lines of the console that an error carries."""


def failure_of(failure: Failure, logs: Sequence[LogLine], job: Job) -> StepError:
    """The error of the step."""
    error_type, message = _told(failure, job)
    if failure.line is not None:
        # The engine notes where it is at calls alone, so a loop is found at the last one before it.
        seen = "last seen at " if failure.kind == "timeout" else ""
        message = f"{message} ({seen}line {failure.line})"
    details: dict[str, Any] = {"line": failure.line, "stack": failure.stack}
    if logs:
        details["logs"] = [line.model_dump() for line in logs[-MAX_LINES_TOLD:]]
    return StepError(error_type, message, details=details)


def check_result(result: Any, job: Job) -> None:
    """Raise `StepError` when a result is larger or deeper than a step can give."""
    try:
        size = len(dumps(result))
    except TypeError as error:
        raise StepError(ErrorType.SCRIPT, f"the result cannot be kept: {error}") from error
    if size > job.result_bytes:
        raise _too_large(job)


def _told(failure: Failure, job: Job) -> tuple[str, str]:
    match failure.kind:
        case "script":
            return ErrorType.SCRIPT, f"{failure.name}: {failure.message}"
        case "timeout":
            return ErrorType.TIMEOUT, f"the script took longer than {job.seconds:g} s"
        case "memory":
            message = f"the script needs more than {job.memory_bytes >> 20} MB of memory (memory_limit_mb)"
            # The engine says it with a null, which a script may throw too.
            return ErrorType.SCRIPT, f"{message}, or threw null" if failure.name == "null" else message
        case "output":
            too_large = _too_large(job)
            return too_large.type, too_large.message
        case "crash":
            return ErrorType.SCRIPT, f"the script broke its engine ({failure.message})"


def _too_large(job: Job) -> StepError:
    return StepError(ErrorType.OUTPUT_TOO_LARGE, f"the result has more than {job.result_bytes} bytes as JSON")
