"""Traces by OpenTelemetry, sent as OTLP over HTTP: imported where they are wanted only.

Spans name addresses, ids, types and times, never what an execution works on: no queries of addresses, no bodies, and of
errors their type alone, since messages quote data.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagators.textmap import Getter, default_getter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from temporalio import activity, workflow
from temporalio.client import Interceptor
from temporalio.contrib.opentelemetry import TracingInterceptor, TracingWorkflowInboundInterceptor
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    WorkflowInterceptorClassInput,
)

from gorax.core.contracts import INTERPRETER, StepOutcome, StepRecord, StepRequest
from gorax.core.masking import current_mask
from gorax.settings import TracingSettings

TRACEPARENT = "traceparent"
QUERY = "url.query"
# Of one request or one step: there is nothing that would need more.
_LIMITS = SpanLimits(max_span_attributes=32, max_events=0, max_links=8, max_attribute_length=1_000)


class TraceParent(TraceContextTextMapPropagator):
    """The standard's `traceparent` alone.

    What strangers send beside it, `tracestate` and `baggage`, would be in the history of every step, and in the
    requests that steps make.
    """

    def extract(
        self, carrier: Any, context: Context | None = None, getter: Getter[Any] = default_getter
    ) -> Context:
        """The context that a request's headers name."""
        found = getter.get(carrier, TRACEPARENT)
        return super().extract({TRACEPARENT: found} if found else {}, context)


class _WithoutQueries(SpanProcessor):
    """Keeps queries of addresses out: some people put secrets there."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002
        """Before anybody sees the span."""
        if span.attributes is not None and QUERY in span.attributes:
            span.set_attribute(QUERY, "")


class _Request:
    """A request of a step's that is being made."""

    def __init__(self, span: trace.Span, headers: Sequence[tuple[str, str]]) -> None:
        self._span = span
        self.headers = headers

    def answered(self, status: int) -> None:
        """Note how it was answered."""
        self._span.set_attribute("http.response.status_code", status)
        if status >= 400:
            self._span.set_attribute("error.type", str(status))
            self._span.set_status(StatusCode.ERROR)


class OpenTelemetry:
    """The traces of one process."""

    def __init__(self, settings: TracingSettings, service: str) -> None:
        """Begin to send them. What else OpenTelemetry's own variables say, such as headers, holds."""
        assert settings.endpoint is not None
        propagate.set_global_textmap(TraceParent())
        provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(settings.ratio)),
            resource=Resource.create({"service.name": f"gorax-{service}", "service.namespace": "gorax"}),
            span_limits=_LIMITS,
            shutdown_on_exit=False,
        )
        exporter = OTLPSpanExporter(endpoint=f"{settings.endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(_WithoutQueries())
        provider.add_span_processor(BatchSpanProcessor(exporter))
        self.provider: trace.TracerProvider = provider
        self._shutdown = provider.shutdown
        self._tracer = provider.get_tracer("gorax")
        self._propagator = TraceParent()
        self.interceptor: Interceptor = _Interceptor(self._tracer, settings.ratio)

    def traceparent(self) -> str | None:
        """The current span as a W3C header."""
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier.get(TRACEPARENT)

    @contextmanager
    def resumed(self, traceparent: str) -> Iterator[None]:
        """A block in which the current span is the one that was kept by its header."""
        token = attach(self._propagator.extract({TRACEPARENT: traceparent}))
        try:
            yield
        finally:
            detach(token)

    @contextmanager
    def outgoing(self, method: str, host: str, port: int) -> Iterator[_Request]:
        """A block that is a request to somebody else."""
        attributes = {
            "http.request.method": method,
            # Where an address was written with a credential, part of it may be one.
            "server.address": current_mask().in_text(host),
            "server.port": port,
        }
        with _span(self._tracer, method, SpanKind.CLIENT, attributes) as span:
            header = self.traceparent()
            yield _Request(span, [] if header is None else [(TRACEPARENT, header)])

    def ids(self) -> dict[str, str]:
        """Of the current span, for log lines; empty when there is none."""
        context = trace.get_current_span().get_span_context()
        if not context.is_valid:
            return {}
        return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}

    def shutdown(self) -> None:
        """Send what has not been sent. Blocks."""
        self._shutdown()


@contextmanager
def _span(
    tracer: trace.Tracer,
    name: str,
    kind: SpanKind,
    attributes: Mapping[str, Any],
    context: Context | None = None,
) -> Iterator[trace.Span]:
    """A span around a block, with the type of what it raises."""
    with tracer.start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_attribute("error.type", str(getattr(error, "type", None) or type(error).__name__))
            span.set_status(StatusCode.ERROR)
            raise


class _Interceptor(TracingInterceptor):
    """Temporal's own, which goes on with a trace across processes and replays, but for what it says of errors."""

    def __init__(self, tracer: trace.Tracer, ratio: float) -> None:
        super().__init__(tracer)
        self._ratio = ratio

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[TracingWorkflowInboundInterceptor]:
        """The SDK's question what to put around a workflow."""
        super().workflow_interceptor_class(input)
        return type("_RatedExecutionSpans", (_ExecutionSpans,), {"ratio": self._ratio})

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """The SDK's question what to put around an activity."""
        return _Activity(next, self.tracer, self._context_from_headers)

    def _completed_workflow_span(self, params: Any) -> Any:
        return super()._completed_workflow_span(dataclasses.replace(params, exception=None))


class _ExecutionSpans(TracingWorkflowInboundInterceptor):
    """Of workflows; an execution that no request began, but a schedule, is a trace of its own."""

    ratio = 1.0
    """Of such traces, how many are kept."""

    def _load_workflow_context_carrier(self) -> dict[str, Any] | None:
        carrier: dict[str, Any] | None = super()._load_workflow_context_carrier()
        info = workflow.info()
        if carrier is None and info.workflow_type == INTERPRETER:
            carrier = self._workflow_context_carrier = {TRACEPARENT: trace_of_run(info.run_id, self.ratio)}
        return carrier


def trace_of_run(run_id: str, ratio: float) -> str:
    """The header of a trace that belongs to a run alone: the same each time, as a replay asks for."""
    digest = sha256(run_id.encode()).hexdigest()
    kept = int(digest[48:], 16) < ratio * 2**64
    return f"00-{digest[:32]}-{digest[32:48]}-0{int(kept)}"


class _Activity(ActivityInboundInterceptor):
    """Activities of what is traced: the maintenance's are not, each by itself would be a trace."""

    def __init__(
        self,
        inner: ActivityInboundInterceptor,
        tracer: trace.Tracer,
        context_of: Callable[[Mapping[str, Any]], Context | None],
    ) -> None:
        super().__init__(inner)
        self._tracer = tracer
        self._context_of = context_of

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        context = self._context_of(input.headers)
        if context is None:
            return await super().execute_activity(input)
        info = activity.info()
        name = info.activity_type
        attributes: dict[str, Any] = {
            "gorax.activity": info.activity_type,
            "gorax.attempt": info.attempt,
            "temporalWorkflowID": info.workflow_id or "",
        }
        request = input.args[0] if input.args else None
        if isinstance(request, StepRequest):
            name = f"step {request.type}"
            attributes |= {"gorax.step": request.path, "gorax.type": request.type}
        with _span(self._tracer, name, SpanKind.SERVER, attributes, context) as span:
            result = await super().execute_activity(input)
            if isinstance(result, StepRecord) and result.error is not None:
                span.set_attribute("error.type", result.error.type)
                span.set_status(StatusCode.ERROR)
            elif isinstance(result, StepOutcome):
                span.set_attribute("gorax.output_bytes", result.bytes)
            return result
