"""Measures what the worker does: the attempts at steps, and the tasks of the maintenance."""

import time
from typing import Any

from pydantic import BaseModel
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from gorax.core.actions.catalogue import Catalogue
from gorax.core.contracts import FAST, STEP, StepRecord, StepRequest
from gorax.core.errors import ErrorType
from gorax.core.maintenance import ARCHIVE, COMPARE, EXPIRE, PURGE, RECONCILE, SWEEP, ArchiveReport
from gorax.telemetry.instruments import (
    ARCHIVE_BEHIND,
    ATTEMPTS,
    FOUND,
    KEEP_FAILURES,
    KEPT,
    STEP_FAILURES,
    STEP_SECONDS,
)

STEPS = frozenset({STEP, FAST})
MAINTENANCE = frozenset({RECONCILE, COMPARE, SWEEP, PURGE, ARCHIVE, EXPIRE})
UNKNOWN = "unknown"
OTHER = "other"
"""Of errors that are not of ours: plugins may name theirs as they like."""

_ERRORS = frozenset(
    [value for name, value in vars(ErrorType).items() if name.isupper()]
    + [ErrorType.http(status) for status in range(100, 600, 100)]
)


class Metering(Interceptor):
    """Has the activities of a worker counted."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        for task in MAINTENANCE:
            KEEP_FAILURES.labels(task)

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """The SDK's question what to put around an activity."""
        return _Counting(next, self._catalogue)


class _Counting(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, catalogue: Catalogue) -> None:
        super().__init__(inner)
        self._catalogue = catalogue

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        name = activity.info().activity_type
        if name in STEPS:
            return await self._step(input)
        if name in MAINTENANCE:
            return await self._task(name, input)
        return await super().execute_activity(input)

    async def _step(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        request = input.args[0]
        assert isinstance(request, StepRequest)
        # One name for each type that is installed, however definitions call it.
        effect = self._catalogue.effect(request.type)
        kind = UNKNOWN if effect is None else effect.name
        began = time.perf_counter()
        error: str | None = ErrorType.CANCELLED
        try:
            result = await super().execute_activity(input)
            error = result.error.type if isinstance(result, StepRecord) and result.error else None
            return result
        except ApplicationError as failure:
            error = failure.type or ErrorType.INTERNAL
            raise
        except Exception:
            error = ErrorType.INTERNAL
            raise
        finally:
            STEP_SECONDS.labels(kind).observe(time.perf_counter() - began)
            ATTEMPTS.labels(kind, "completed" if error is None else "failed").inc()
            if error is not None:
                STEP_FAILURES.labels(kind, error if error in _ERRORS else OTHER).inc()

    async def _task(self, name: str, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        try:
            report = await super().execute_activity(input)
        except BaseException:
            KEEP_FAILURES.labels(name).inc()
            raise
        KEPT.labels(name).set_to_current_time()
        if isinstance(report, BaseModel):
            for field, value in report:
                if isinstance(value, int):
                    FOUND.labels(name, field).inc(value)
        if isinstance(report, ArchiveReport):
            ARCHIVE_BEHIND.set(report.behind_seconds)
        return report
