"""The door to traces: nothing, as long as nobody collects them.

OpenTelemetry's SDK is imported once `install_tracing` finds an address to send spans to, and not before. Until then
every function here is a look at one variable.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

from temporalio.client import Interceptor

from gorax.settings import Settings, SettingsError

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

Headers = Sequence[tuple[str, str]]


class Tracing(Protocol):
    """Where traces are collected."""

    provider: "TracerProvider"
    interceptor: Interceptor
    """Of clients, and with them of workers."""

    def traceparent(self) -> str | None:
        """The current span as a W3C header."""

    def resumed(self, traceparent: str) -> AbstractContextManager[None]:
        """A block in which the current span is the one that was kept by its header."""

    def outgoing(self, method: str, host: str, port: int) -> AbstractContextManager["Outgoing"]:
        """A block that is a request to somebody else."""

    def ids(self) -> dict[str, str]:
        """Of the current span, for log lines; empty when there is none."""

    def shutdown(self) -> None:
        """Send what has not been sent. Blocks."""


class Outgoing(Protocol):
    """A request that is being made."""

    headers: Headers
    """By which the other side joins the trace."""

    def answered(self, status: int) -> None:
        """Note how it was answered."""


class _NotTraced:
    headers: Headers = ()

    def answered(self, status: int) -> None:
        """Nobody wants to know."""


_NOTHING: AbstractContextManager[Any] = nullcontext()
_NOT_TRACED: AbstractContextManager[Outgoing] = nullcontext(_NotTraced())

_active: Tracing | None = None


def install_tracing(settings: Settings, service: str) -> None:
    """Trace from now on, where `GORAX_TRACING_ENDPOINT` says where to. Call it once in a process, before anything
    connects to Temporal. Raises `SettingsError` when the libraries for it are missing.
    """
    global _active  # one for each process, as OpenTelemetry has it
    if settings.tracing.endpoint is None:
        return
    try:
        from gorax.telemetry.spans import OpenTelemetry
    except ImportError as error:
        raise SettingsError(
            f"GORAX_TRACING_ENDPOINT needs what `pip install 'gorax[telemetry]'` brings: {error}"
        ) from error
    _active = OpenTelemetry(settings.tracing, service)


def end_tracing() -> None:
    """Send the spans that wait to be sent, for at most a few seconds, and trace no more."""
    global _active
    if _active is not None:
        _active.shutdown()
        _active = None


def active_tracing() -> Tracing | None:
    """Where this process's traces are collected; None where they are not."""
    return _active


def client_interceptors() -> list[Interceptor]:
    """What clients of Temporal are to have, so that traces go on in what they start."""
    return [] if _active is None else [_active.interceptor]


def traceparent() -> str | None:
    """The current span as a header, to be kept with what goes on later; None where nothing is traced."""
    return None if _active is None else _active.traceparent()


def resumed(kept: str | None) -> AbstractContextManager[None]:
    """A block that belongs to the trace whose header was kept, if one was."""
    return _NOTHING if _active is None or kept is None else _active.resumed(kept)


def outgoing(method: str, host: str, port: int) -> AbstractContextManager[Outgoing]:
    """A block that is a request to somebody else, with the headers that it is to carry."""
    return _NOT_TRACED if _active is None else _active.outgoing(method, host, port)
