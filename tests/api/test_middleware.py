"""What every response has: a request id, compression, CORS, HEAD and OPTIONS."""

import json
import logging
import re
from pathlib import Path

import httpx
import pytest
import structlog

from api.app import create_app
from gorax.logs import configure_logging
from gorax.settings import Env, Settings
from tests.support.executions import until
from tests.support.processes import Stack

REQUEST_ID = re.compile(r"req_[0-9a-hjkmnp-tv-z]{26}")


async def test_every_response_has_a_request_id(api: httpx.AsyncClient) -> None:
    for path in ("/health", "/nowhere", "/api/v1/workflows", "/api/docs/"):
        assert REQUEST_ID.fullmatch((await api.get(path)).headers["x-request-id"])


@pytest.mark.parametrize("own", ["abc-123", "x" * 128, "0af7651916cd43dd8448eb211c80319c"])
async def test_the_client_may_name_its_request(api: httpx.AsyncClient, own: str) -> None:
    response = await api.get("/health", headers={"X-Request-ID": own})
    assert response.headers["x-request-id"] == own


@pytest.mark.parametrize("bad", ["", "two words", "x" * 129, "tab\there", b"caf\xc3\xa9"])
async def test_a_name_that_would_spoil_logs_is_replaced(api: httpx.AsyncClient, bad: str | bytes) -> None:
    response = await api.get(
        "/health", headers=[(b"X-Request-ID", bad if isinstance(bad, bytes) else bad.encode())]
    )
    assert REQUEST_ID.fullmatch(response.headers["x-request-id"])


async def test_a_bug_is_told_by_its_request_id_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def buggy() -> None:
        raise RuntimeError("the password is swordfish")

    app = create_app(Settings(data_dir=tmp_path))
    app.add_api_route("/buggy", buggy)
    configure_logging(Settings(env=Env.production))
    # A logger that kept what it writes to would do so beyond this test.
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})
    transport = httpx.ASGITransport(app)
    try:
        async with httpx.AsyncClient(base_url="http://api", transport=transport) as client:
            response = await client.get("/buggy", headers={"X-Request-ID": "r-1", "Origin": "http://ui"})
        logged = capsys.readouterr().err
    finally:
        structlog.reset_defaults()
        logging.basicConfig(force=True)
    assert response.status_code == 500
    assert response.json() == {
        "error": "internal error, recorded under request id r-1",
        "request_id": "r-1",
    }
    assert response.headers["access-control-allow-origin"] == "*", "a browser may read it"
    [bug, request] = [json.loads(line) for line in logged.splitlines()]
    assert bug["request_id"] == request["request_id"] == "r-1"
    assert "swordfish" in bug["exception"]
    assert (request["status"], request["path"]) == (500, "/buggy")


async def test_log_lines_carry_the_request_id(stack: Stack, api: httpx.AsyncClient, tenant: str) -> None:
    await api.get("/api/v1/workflows", headers={"X-Request-ID": f"mine-{tenant}"})
    mine: list[str] = []

    async def logged() -> bool:  # the line is written once the answer is on its way
        mine[:] = [line for line in stack.api.log.read_text().splitlines() if f"mine-{tenant}" in line]
        return bool(mine)

    await until(logged)
    [line] = mine
    for part in ("/api/v1/workflows", "GET", "200", tenant):
        assert part in line


async def test_large_responses_are_compressed_and_small_ones_not(api: httpx.AsyncClient) -> None:
    assert "content-encoding" not in (await api.get("/health")).headers
    large = await api.get("/docs/api/swagger.json")
    assert large.headers["content-encoding"] == "gzip"
    plain = await api.get("/docs/api/swagger.json", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == large.json()


async def test_the_server_does_not_name_itself(api: httpx.AsyncClient) -> None:
    assert "server" not in (await api.get("/health")).headers


@pytest.mark.parametrize("path", ["/health", "/api/v1/workflows", "/api/docs/", "/docs/api/swagger.yaml"])
async def test_head_is_get_without_the_body(api: httpx.AsyncClient, path: str) -> None:
    get = await api.get(path, headers={"Accept-Encoding": "identity"})
    head = await api.head(path, headers={"Accept-Encoding": "identity"})
    assert head.status_code == get.status_code == 200
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.content == b""


async def test_options_names_the_methods(api: httpx.AsyncClient) -> None:
    response = await api.options("/api/v1/workflows")
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_a_slash_at_the_end_is_no_redirect(api: httpx.AsyncClient) -> None:
    response = await api.post("/api/v1/workflows/", content=b"{}")
    assert response.status_code == 400
    assert response.json()["error"] == "name: is required"
    assert (await api.get("/health/")).status_code == 200


async def test_browsers_may_call_from_anywhere_in_development(api: httpx.AsyncClient) -> None:
    preflight = await api.options(
        "/api/v1/workflows",
        headers={
            "Origin": "https://app.example.com",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-tenant-id,idempotency-key",
        },
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "x-tenant-id" in preflight.headers["access-control-allow-headers"]
    for path in ("/api/v1/workflows", "/nowhere"):
        response = await api.get(path, headers={"Origin": "https://app.example.com"})
        assert response.headers["access-control-allow-origin"] == "*"
        assert "X-Request-ID" in response.headers["access-control-expose-headers"]


async def test_a_refused_preflight_has_the_shape_of_all_errors(api: httpx.AsyncClient) -> None:
    response = await api.options(
        "/api/v1/workflows",
        headers={"Origin": "https://app.example.com", "Access-Control-Request-Method": "BREW"},
    )
    assert response.status_code == 400
    assert json.loads(response.content) == {"error": "Disallowed CORS method"}
