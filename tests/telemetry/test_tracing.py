"""Traces, from the request that begins an execution to the requests that its steps make."""

import asyncio
import re
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from opentelemetry.trace import INVALID_SPAN, get_current_span
from pydantic import SecretStr
from sqlalchemy import select
from sqlmodel import col

from api.services.dispatch import PATIENCE
from dev.guard import Guard
from dev.postgres import Postgres
from gorax.core.ids import EXECUTION, new_id
from gorax.settings import DatabaseSettings, MetricsSettings, Settings, TracingSettings
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution
from gorax.telemetry import tracing
from gorax.telemetry.spans import trace_of_run
from tests.docs.fences import ROOT, fences
from tests.support import webhooks
from tests.support.collector import Collector, Span
from tests.support.executions import becomes
from tests.support.processes import Stack
from tests.support.receiver import Receiver, Reply
from tests.support.schedules import add_schedule, add_workflow
from tests.support.scrape import scrape

TOKEN = "t0ken-of-this-test"
SECRET = "s3cret-in-the-query"
COPIED = {
    "workflow_id",
    "workflow_name",
    "version",
    "trigger_type",
    "trigger",
    "priority",
    "created_by",
    "traceparent",
}
"""Of the row of an execution: what the request made it of."""


@pytest.fixture(scope="module")
async def collector() -> AsyncIterator[Collector]:
    """Where the module's stack sends its traces."""
    async with Collector() as collector:
        yield collector


@pytest.fixture(scope="module")
def traced(
    settings: Settings,
    collector: Collector,
    postgres: Postgres,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
    guard: Guard,
) -> Iterator[Stack]:
    """A stack that traces, in whose worker workflow code runs sandboxed.

    Its queue and its database are its own: nobody else starts or runs what begins there.
    """
    name = f"traced_{secrets.token_hex(4)}"
    queue = settings.temporal.model_copy(update={"task_queue": name})
    database = DatabaseSettings(url=postgres.create_database(name, template=migrated_template))
    collected = TracingSettings(endpoint=collector.url)
    guarded = MetricsSettings(token=SecretStr(TOKEN))
    own = settings.model_copy(
        update={"tracing": collected, "temporal": queue, "database": database, "metrics": guarded}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        with Stack(own, tmp_path_factory.mktemp("traced"), guard) as stack:
            yield stack


def ask(url: str) -> dict[str, object]:
    """A step that sends a request, durable and so by way of the server."""
    return {"id": "ask", "type": "http", "mode": "durable", "config": {"url": url, "method": "POST"}}


def above(span: Span, spans: list[Span]) -> list[str]:
    """The names of the spans around it, the innermost first."""
    by_id = {each.span_id: each for each in spans}
    names = []
    while (parent := by_id.get(span.parent_id)) is not None:
        names.append(parent.name)
        span = parent
    return names


async def test_one_trace_goes_from_the_webhook_to_the_request_of_a_step(
    traced: Stack, collector: Collector, receiver: Receiver, tenant: str
) -> None:
    trace_id, sender = secrets.token_hex(16), secrets.token_hex(8)
    async with traced.client(tenant) as api:
        workflow_id = await webhooks.workflow(api, {"actions": [ask(receiver.answer("/", Reply()))]})
        webhook = await webhooks.create(api, workflow_id=workflow_id, auth_type="none")
        headers = {
            "traceparent": f"00-{trace_id}-{sender}-01",
            "tracestate": "strangers=words",
            "baggage": "more=words",
        }
        address = f"/webhooks/{workflow_id}/{webhook['id']}?token={SECRET}"
        answer = await api.post(address, json={"private": "body"}, headers=headers)
        assert answer.status_code == 202, answer.text
        await becomes(api, answer.json()["execution_id"], "completed")
    [request] = await receiver.wait_for(1)
    spans = [
        span
        for span in await collector.wait_for(
            lambda spans: any(
                s.trace_id == trace_id and s.name == "CompleteWorkflow:Execution" for s in spans
            )
        )
        if span.trace_id == trace_id
    ]
    # The other side joins the same trace, under the span of the request.
    _, sent_trace, sent_parent, _ = request.headers["traceparent"].split("-")
    outgoing = next(span for span in spans if span.span_id == sent_parent)
    assert sent_trace == trace_id
    assert (outgoing.service, outgoing.name) == ("gorax-worker", "POST")
    assert above(outgoing, spans) == [
        "step http",
        "StartActivity:run_step",
        "StartWorkflow:Execution",
        "POST /webhooks/{workflowID}/{webhookID}",
    ]
    [shown] = fences(ROOT / "docs" / "metrics.md", "text")
    assert {re.split(r"\s{2,}", line.strip())[0] for line in shown.text.splitlines()} <= {
        s.name for s in spans
    }
    root = next(span for span in spans if span.parent_id == sender)
    assert root.service == "gorax-api"
    assert root.attributes["http.response.status_code"] == 202
    # What strangers send goes no further than it must, and no data of theirs is in a trace.
    assert "tracestate" not in request.headers
    assert "baggage" not in request.headers
    assert not [
        span for span in spans if SECRET in span.text or "private" in span.text or "words" in span.text
    ]


async def test_a_start_that_comes_later_belongs_to_its_request(
    traced: Stack, collector: Collector, tenant: str
) -> None:
    trace_id = secrets.token_hex(16)
    async with traced.client(tenant) as api:
        workflow_id = await webhooks.workflow(api)
        headers = {"traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01"}
        answer = await api.post(f"/api/v1/workflows/{workflow_id}/execute", headers=headers)
        first = answer.json()["data"]["execution_id"]
        await becomes(api, first, "completed")
    # One that its API process did not live to start: the same row, under another id.
    later = new_id(EXECUTION)
    database = Database(traced.settings)
    try:
        async with database.session(tenant) as session:
            row = (await session.execute(select(Execution).where(col(Execution.id) == first))).scalar_one()
            assert row.traceparent is not None
            assert trace_id in row.traceparent
            accepted = await Executions(session, tenant).accept(
                id=later,
                accepted_at=datetime.now(UTC) - PATIENCE,
                idempotency_key=None,
                **row.model_dump(include=COPIED),
            )
            assert accepted is not None
            await session.commit()
    finally:
        await database.close()
    spans = await collector.wait_for(
        lambda spans: any(
            span.name == "RunWorkflow:Execution" and later in str(span.attributes["temporalWorkflowID"])
            for span in spans
        )
    )
    run = next(span for span in spans if later in str(span.attributes.get("temporalWorkflowID")))
    assert run.trace_id == trace_id


async def test_what_a_schedule_begins_is_a_trace_of_its_own(
    traced: Stack, collector: Collector, receiver: Receiver, tenant: str
) -> None:
    async with traced.client(tenant) as api:
        workflow_id = await add_workflow(api, ask(receiver.answer("/", Reply())))
        for _ in range(5):
            # The suite's own installation, with its own database, takes it for nobody's when it looks just now.
            await add_schedule(api, workflow_id, every="1s", remaining_runs=1)
            with suppress(TimeoutError):
                await receiver.wait_for(1, seconds=6)
                break
    request = receiver.requests[0]
    trace_id = request.headers["traceparent"].split("-")[1]
    spans = await collector.wait_for(
        lambda spans: any(s.trace_id == trace_id and s.name.startswith("CompleteWorkflow") for s in spans)
    )
    names = [span.name for span in spans if span.trace_id == trace_id]
    assert names.count("RunWorkflow:Execution") == 1
    assert "step http" in names


def test_a_ratio_of_runs_is_kept() -> None:
    kept = [trace_of_run(str(uuid4()), 0.25).endswith("-01") for _ in range(4_000)]
    assert 800 < sum(kept) < 1_200
    assert trace_of_run("a run", 1) == trace_of_run("a run", 1)
    assert trace_of_run("a run", 0).endswith("-00")


async def test_a_failure_is_told_by_its_type_alone(
    traced: Stack, collector: Collector, receiver: Receiver, tenant: str
) -> None:
    failing = ask(receiver.answer("/", Reply(status=418, body=b"a private answer"))) | {
        "retry": {"max_attempts": 1}
    }
    async with traced.client(tenant) as api:
        workflow_id = await webhooks.workflow(api, {"actions": [failing]})
        answer = await api.post(f"/api/v1/workflows/{workflow_id}/execute")
        execution_id = answer.json()["data"]["execution_id"]
        await becomes(api, execution_id, "failed")
    spans = await collector.wait_for(
        lambda spans: any(
            span.name == "step http" and span.attributes.get("error.type") == "http_4xx" for span in spans
        )
    )
    assert not [span for span in spans if "a private answer" in span.text or "418 " in span.text]


async def test_lines_of_the_log_name_their_trace(traced: Stack, tenant: str) -> None:
    trace_id = secrets.token_hex(16)
    async with traced.client(tenant) as api:
        headers = {"traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01"}
        await api.get("/api/v1/workflows", headers=headers)
    async with asyncio.timeout(5):
        while trace_id not in traced.api.log.read_text():
            await asyncio.sleep(0.05)
    line = next(line for line in traced.api.log.read_text().splitlines() if trace_id in line)
    assert "/api/v1/workflows" in line


async def test_a_token_opens_metrics_and_nothing_else_does(traced: Stack) -> None:
    addresses = (traced.url, f"http://127.0.0.1:{traced.settings.metrics.port}")
    async with httpx.AsyncClient(trust_env=False) as client:
        for address in addresses:
            for wrong in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}):
                refused = await client.get(f"{address}/metrics", headers=wrong)
                assert refused.status_code == 401
                assert refused.headers["www-authenticate"] == "Bearer"
                assert "GORAX_METRICS_TOKEN" in refused.text
            assert (await scrape(address, TOKEN)).value("gorax_build_info") == 1
    # What is refused is in the log of requests, what is read every few seconds is not.
    lines = [line for line in traced.api.log.read_text().splitlines() if "/metrics" in line]
    assert len([line for line in lines if "401" in line]) == 3
    assert not [line for line in lines if "200" in line.partition("status=")[2][:12]]


async def test_probes_and_maintenance_are_not_traced(traced: Stack, collector: Collector) -> None:
    async with httpx.AsyncClient(base_url=traced.url, trust_env=False) as client:
        for path in ("/health", "/ready", "/metrics"):
            await client.get(path)
        await client.get("/api/v1/executions", headers={"X-Tenant-ID": "somebody"})
    spans = await collector.wait_for(lambda spans: any("/api/v1/executions" in span.name for span in spans))
    names = {span.name for span in spans}
    assert not {name for name in names if name.endswith(("/health", "/ready", "/metrics"))}
    assert not {name for name in names if "reconcile" in name.lower() or "compare" in name}


def test_nothing_of_it_is_imported_while_it_is_off() -> None:
    program = (
        "import sys, api.app, gorax.telemetry.tracing as tracing\n"
        "from gorax.settings import Settings\n"
        "tracing.install_tracing(Settings(), 'api')\n"
        "assert tracing.active_tracing() is None and tracing.client_interceptors() == []\n"
        "heavy = ('opentelemetry.sdk.trace', 'opentelemetry.exporter', 'temporalio.contrib.opentelemetry')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_while_it_is_off_its_blocks_do_nothing() -> None:
    assert tracing.traceparent() is None
    with tracing.outgoing("GET", "example.com", 443) as request, tracing.resumed("00-x"):
        assert list(request.headers) == []
        request.answered(200)
        assert get_current_span() is INVALID_SPAN
