"""A collector of traces: it takes OTLP over HTTP as the real ones do, and remembers the spans."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, NamedTuple, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.receiver import Receiver

PATH = "/v1/traces"


class Span(NamedTuple):
    """One span, as it was sent."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, Any]
    text: str
    """All of it, to look for what must not be in it."""


class Collector:
    """A context manager."""

    def __init__(self) -> None:
        self._receiver = Receiver()

    async def __aenter__(self) -> Self:
        await self._receiver.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._receiver.__aexit__(kind, error, traceback)

    @property
    def url(self) -> str:
        """What processes are told."""
        return self._receiver.url

    @property
    def spans(self) -> list[Span]:
        """All that have arrived."""
        found = []
        for request in self._receiver.received(PATH):
            for group in ExportTraceServiceRequest.FromString(request.body).resource_spans:
                service = _values(group.resource.attributes)["service.name"]
                for scope in group.scope_spans:
                    found += [_span(service, span) for span in scope.spans]
        return found

    async def wait_for(self, true: Callable[[list[Span]], bool]) -> list[Span]:
        """The spans, once they are as wanted; raises `TimeoutError` after 20 seconds."""
        async with asyncio.timeout(20):
            while not true(self.spans):
                await asyncio.sleep(0.1)
        return self.spans


def _span(service: str, span: Any) -> Span:
    return Span(
        service,
        span.name,
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        _values(span.attributes),
        str(span),
    )


def _values(attributes: Any) -> dict[str, Any]:
    return {
        attribute.key: getattr(attribute.value, attribute.value.WhichOneof("value"))
        for attribute in attributes
    }
