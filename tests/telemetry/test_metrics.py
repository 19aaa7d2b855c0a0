"""What `/metrics` tells of an API and a worker that run."""

import asyncio
import secrets

import httpx
import pytest
from pydantic import SecretStr

from api.metering import count_request
from api.services.rates.shared import SharedWindows
from dev.ports import free_port
from gorax.settings import Env, MetricsSettings, Settings
from gorax.telemetry.exposition import Exposition
from gorax.telemetry.instruments import REDIS_AWAY, REGISTRY
from gorax.telemetry.sdk import SdkMetrics
from tests.support import webhooks
from tests.support.executions import becomes, begin
from tests.support.processes import Stack
from tests.support.receiver import Receiver, Reply
from tests.support.scrape import scrape, until
from worker.endpoint import endpoint

TOKEN = "t0ken-of-this-test"


def worker_url(stack: Stack) -> str:
    """Where the stack's worker shows its metrics."""
    return f"http://127.0.0.1:{stack.settings.metrics.port}"


async def test_requests_are_counted_by_their_route(stack: Stack, api: httpx.AsyncClient, tenant: str) -> None:
    route = "/api/v1/workflows/{workflowID}"
    before = await scrape(stack.url)
    name = f"wf_{secrets.token_hex(13)}"
    for path in (f"/api/v1/workflows/{name}", f"/api/v1//workflows/{name}/"):
        assert (await api.get(path)).status_code == 404
    assert (await api.head(f"/api/v1/workflows/{name}")).status_code == 404
    assert (await api.get(f"/{name}")).status_code == 404
    assert (await api.request("BREW", "/health")).status_code in {405, 400}
    after = await scrape(stack.url)

    def more(labels: dict[str, str], series: str = "gorax_http_requests_total") -> float:
        return after.value(series, labels) - before.value(series, labels)

    assert more({"route": route, "method": "GET", "status": "4xx"}) == 2
    assert more({"route": route, "method": "HEAD", "status": "4xx"}) == 1
    assert more({"route": "other", "method": "GET"}) >= 1
    assert more({"route": route, "method": "GET"}, "gorax_http_request_seconds_count") == 2
    # Nothing that somebody made up is a label, nor who asked.
    labels = str([sample.labels for sample in after.samples])
    assert name not in labels
    assert tenant not in labels
    assert "BREW" not in labels


async def test_an_execution_is_counted_from_its_promise_to_its_end(
    stack: Stack, api: httpx.AsyncClient, receiver: Receiver
) -> None:
    url = worker_url(stack)
    api_before, before = await scrape(stack.url), await scrape(url)
    ask = {
        "id": "ask",
        "type": "action:http",
        "config": {"url": receiver.answer("/", Reply(status=500)), "method": "POST"},
        "retry": {"max_attempts": 1},
    }
    await becomes(api, await begin(api, ask), "failed")
    after = await until(
        lambda: scrape(url),
        lambda found: (
            found.value("gorax_executions_ended_total", {"status": "failed"})
            > before.value("gorax_executions_ended_total", {"status": "failed"})
        ),
    )
    failure = {"type": "http", "error": "http_5xx"}
    assert after.value("gorax_step_failures_total", failure) > before.value(
        "gorax_step_failures_total", failure
    )
    for series in ("gorax_step_seconds_count", "gorax_step_attempts_total"):
        assert after.value(series, {"type": "http"}) > before.value(series, {"type": "http"})
    assert after.value("gorax_execution_seconds_count", {"status": "failed"}) >= 1
    api_after = await scrape(stack.url)
    for series, labels in (
        ("gorax_executions_accepted_total", {"trigger": "manual"}),
        ("gorax_execution_start_seconds_count", {}),
    ):
        assert api_after.value(series, labels) > api_before.value(series, labels), series


async def test_events_of_webhooks_are_counted_by_what_became_of_them(
    stack: Stack, api: httpx.AsyncClient
) -> None:
    workflow_id = await webhooks.workflow(api)
    webhook = await webhooks.create(api, workflow_id=workflow_id)
    before = await scrape(stack.url)
    answer = await api.post(f"/webhooks/{workflow_id}/{webhook['id']}", json={})
    assert answer.status_code == 401, answer.text
    after = await scrape(stack.url)
    refused = {"outcome": "rejected"}
    assert after.value("gorax_webhook_events_total", refused) == 1 + before.value(
        "gorax_webhook_events_total", refused
    )


async def test_what_waits_and_who_works_is_told(stack: Stack, api: httpx.AsyncClient) -> None:
    found = await until(
        lambda: scrape(stack.url),
        lambda found: found.value("gorax_loop_last_success_timestamp_seconds", {"loop": "BacklogGauges"}) > 0,
    )
    loops = {
        sample.labels["loop"]
        for sample in found.samples
        if sample.name == "gorax_loop_last_success_timestamp_seconds" and sample.value
    }
    assert {"Dispatcher", "Controller", "Teller", "ScheduleSync", "BacklogGauges"} <= loops
    database = stack.settings.database
    for pool, most in (("sessions", database.pool_size), ("intake", database.intake_pool_size)):
        assert found.value("gorax_database_connections_most", {"pool": pool}) == most
    assert found.value("gorax_event_loop_lag_seconds_count") > 0
    assert found.value("gorax_build_info") == 1
    assert {"gorax_executions_pending", "gorax_executions_running", "gorax_schedules_untold"} <= found.names
    kept = await until(
        lambda: scrape(worker_url(stack)),
        lambda found: (
            found.value("gorax_maintenance_last_success_timestamp_seconds", {"task": "reconcile_executions"})
            > 0
        ),
    )
    assert "temporal_worker_task_slots_available" in kept.names
    assert "temporal_request_latency_seconds_bucket" in kept.names


@pytest.mark.parametrize(("path", "surface"), [("/webhooks/a/b", "webhooks"), ("/api/v1/workflows", "api")])
def test_what_is_refused_as_too_much_is_counted_apart(path: str, surface: str) -> None:
    def limited() -> float:
        return REGISTRY.get_sample_value("gorax_http_requests_limited_total", {"surface": surface}) or 0

    before = limited()
    count_request({"path": path}, "POST", 202, 0.001)
    assert limited() == before
    count_request({"path": path}, "POST", 429, 0.001)
    assert limited() == before + 1


async def test_a_redis_that_is_away_is_told() -> None:
    windows = SharedWindows(f"redis://127.0.0.1:{free_port()}", 0.5)
    try:
        assert await windows.hit("somebody", 10) is None
        assert REGISTRY.get_sample_value("gorax_redis_fallback") == 1
    finally:
        await windows.close()
        REDIS_AWAY.set(0)


def test_without_a_token_production_answers_on_ports_of_its_own_only() -> None:
    def exposition(env: Env, token: str | None) -> Exposition:
        metrics = MetricsSettings(token=None if token is None else SecretStr(token))
        return Exposition(Settings(env=env, metrics=metrics))

    assert not exposition(Env.production, None).may_read(None, alone=False)
    assert not exposition(Env.production, None).may_read(b"Bearer ", alone=False)
    assert exposition(Env.production, None).may_read(None, alone=True)
    assert exposition(Env.development, None).may_read(None, alone=False)
    assert not exposition(Env.development, TOKEN).may_read(None, alone=True)
    assert exposition(Env.production, TOKEN).may_read(f"Bearer {TOKEN}".encode(), alone=False)


async def test_the_workers_address_answers_what_it_has_and_nothing_else() -> None:
    metrics = MetricsSettings(port=free_port(), token=SecretStr(TOKEN))
    url = f"http://127.0.0.1:{metrics.port}"
    async with (
        endpoint(metrics, Exposition(Settings(metrics=metrics))),
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        assert (await client.get("/health")).text == "ok\n"
        assert (await client.get("/metrics")).status_code == 401
        head = await client.head("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert head.status_code == 200
        assert head.text == ""
        assert (await client.get("/")).status_code == 404
        assert (await client.post("/metrics")).status_code == 405
        for hostile in (b"\r\n\r\n", b"GET\r\n\r\n", b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 70_000):
            reader, writer = await asyncio.open_connection("127.0.0.1", metrics.port)
            writer.write(hostile)
            await reader.read(200)
            writer.close()
        # A second worker on the machine works, without a port.
        async with endpoint(metrics, Exposition(Settings(metrics=metrics))):
            assert (await client.get("/health")).status_code == 200
    with pytest.raises(httpx.ConnectError):
        await httpx.AsyncClient(trust_env=False).get(f"{url}/health")


async def test_an_sdk_that_does_not_answer_takes_nothing_else_along() -> None:
    exposition = Exposition(Settings(), SdkMetrics(f"127.0.0.1:{free_port()}"))
    text = await exposition.text()
    assert b"gorax_build_info" in text
    await exposition.close()


def test_every_instrument_is_named_as_prometheus_has_it() -> None:
    for family in REGISTRY.collect():
        assert family.name.startswith(("gorax_", "process_")), family.name
        assert family.documentation.endswith("."), family.name
