"""Input of people who mean harm: every answer a clear 4xx at once, every execution an end, no traceback anywhere."""

import asyncio
import json
import time
from typing import Any

import httpx
import pytest

from tests.support.executions import ended
from tests.support.processes import Stack

AT_ONCE = 1.0
"""Seconds in which the API says no."""


def _log(number: int | str, **more: Any) -> dict[str, Any]:
    return {"id": f"a{number}", "type": "log", "config": {"message": "x"}, **more}


def _nested(levels: int) -> str:
    opening = '{"id":"i%d","type":"if","config":{"condition":"true","then":['
    inner = json.dumps(_log(0))
    return "".join(opening % level for level in range(levels)) + inner + "]}}" * levels


def _body(*actions: Any, **frame: Any) -> str:
    return json.dumps({"name": "hostile", "definition": {"actions": list(actions), **frame}})


def _expression(source: str) -> dict[str, Any]:
    return {"id": "a", "type": "transform", "config": {"expression": source}}


REFUSED: dict[str, str | bytes] = {
    "ten thousand actions": _body(*(_log(n) for n in range(10_000))),
    "501 actions": _body(*(_log(n, depends_on=[]) for n in range(501))),
    "a circle of two": _body(_log(0, depends_on=["a1"]), _log(1, depends_on=["a0"])),
    "a circle of 500": _body(*(_log(n, depends_on=[f"a{(n + 1) % 500}"]) for n in range(500))),
    "a circle of one": _body(_log(0, depends_on=["a0"])),
    "everything waits for everything": _body(
        *(_log(n, depends_on=[f"a{m}" for m in range(n)]) for n in range(400))
    ),
    "100,000 times the same dependency": _body(_log(0), _log(1, depends_on=["a0"] * 100_000)),
    "nested 1,000 deep": f'{{"name":"hostile","definition":{{"actions":[{_nested(1000)}]}}}}',
    "nested 24 deep": f'{{"name":"hostile","definition":{{"actions":[{_nested(24)}]}}}}',
    "490 actions, each wrong in four ways": _body(
        *(_log(n, type="nope", when="((", depends_on=["zz"], retry=5) for n in range(490))
    ),
    "an expression of brackets": _body(_expression("(" * 1000 + "1" + ")" * 1000)),
    "an expression of minus signs": _body(_expression("-" * 4000 + "1")),
    "an expression of 5 KB": _body(_expression("1+" * 2500 + "1")),
    "1,001 templates in a text": _body(_log(0, config={"message": "{{1}}" * 1001})),
    "templates that never close": _body(_log(0, config={"message": "{{" * 1000})),
    "60,000 templates": _body(_log(0, config={"message": ["{{trigger.body.x}}"] * 60_000})),
    "an id with a quotation mark": _body(_log('"')),
    "an id with a line break": _body(_log("\n")),
    "an id with NUL": _body(_log("\0")),
    "an id with half a surrogate": _body(_log("\ud800")),
    "an id written right to left": _body(_log("\u202e")),
    "10 MB": b'{"name":"' + b"x" * 10_000_000 + b'"}',
    "2 MB of brackets": b"[" * 1_900_000,
    "2 MB of objects": b'{"a":' * 380_000,
    "2 MB of digits": b"9" * 1_900_000,
    "150,000 unknown names": "{" + ",".join(f'"{n}":0' for n in range(150_000)) + "}",
    "75,000 names twice": "{" + ",".join(f'"{n // 2}":0' for n in range(150_000)) + "}",
    "bytes that are no UTF-8": b'{"name":"\xff\xfe"}',
    "a surrogate in UTF-8": b'{"name":"\xed\xa0\x80"}',
    "NUL in UTF-8 of two bytes": b'{"name":"\xc0\x80"}',
    "a number that is none": '{"name":1e309}',
    "an integer of 5,000 digits": '{"name":' + "9" * 5000 + "}",
    "two documents": "{}{}",
    "patterns that are no patterns": _body(_log(0), input_schema={"pattern": "(" * 500}),
    "a schema elsewhere": _body(_log(0), input_schema={"$ref": "http://169.254.169.254/"}),
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
async def test_what_nobody_should_send_is_refused_at_once(api: httpx.AsyncClient, body: str | bytes) -> None:
    started = time.perf_counter()
    answer = await api.post("/api/v1/workflows", content=body)
    assert time.perf_counter() - started < AT_ONCE
    assert answer.status_code == 400, answer.text[:500]
    assert 0 < len(answer.json()["error"]) < 1000
    assert len(answer.content) < 20_000


WRONG: list[Any] = [
    None, True, 0, -1, 1.5, "", "x", "\0", [], [[]], ["x"] * 1000, {}, {"a": 1}, 10**18, -(2**63), 1e308, "9" * 400,
]  # fmt: skip
FRAME = (
    "actions", "trigger", "variables", "input_schema", "output", "on_failure", "timeout", "metadata", "position",
)  # fmt: skip
ACTION = (
    "id", "type", "name", "config", "depends_on", "when", "retry", "timeout", "on_error", "mode", "sensitive",
)  # fmt: skip


@pytest.mark.parametrize("field", FRAME + ACTION)
async def test_wrong_types_everywhere(api: httpx.AsyncClient, field: str) -> None:
    for value in WRONG:
        frame: dict[str, Any] = {"actions": [_log(0)]}
        (frame if field in FRAME else frame["actions"][0])[field] = value
        answer = await api.post("/api/v1/workflows", json={"name": "hostile", "definition": frame})
        assert answer.status_code in (201, 400), f"{value!r}: {answer.text}"
        if answer.status_code == 400:
            where = f"definition/{field}" if field in FRAME else f"definition/actions/0/{field}"
            assert answer.json()["error"].startswith(where), f"{value!r}: {answer.text}"


async def test_a_thousand_connections_at_once(stack: Stack) -> None:
    async def ask() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", stack.settings.port)
        writer.write(b"GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        try:
            return await reader.read()
        finally:
            writer.close()

    async with asyncio.timeout(15):
        answers = await asyncio.gather(*(ask() for _ in range(1000)))
    assert {answer.split(b"\r\n", 1)[0] for answer in answers} == {b"HTTP/1.1 404 Not Found"}


async def test_a_body_that_trickles_holds_nobody_up(stack: Stack, api: httpx.AsyncClient) -> None:
    head = b"POST /api/v1/workflows HTTP/1.1\r\nHost: x\r\nX-Tenant-ID: slow\r\nContent-Length: 1000\r\n\r\n{"
    connections = [await asyncio.open_connection("127.0.0.1", stack.settings.port) for _ in range(100)]
    for _, writer in connections:
        writer.write(head)
    started = time.perf_counter()
    assert (await api.get("/api/v1/workflows")).status_code == 200
    assert time.perf_counter() - started < AT_ONCE
    for _, writer in connections:
        writer.close()


@pytest.mark.parametrize("method", ["TRACE", "PATCH", "PUT", "DELETE", "PROPFIND"])
async def test_a_method_that_is_not_allowed_names_those_that_are(api: httpx.AsyncClient, method: str) -> None:
    for path, allowed in (
        ("/api/v1/workflows", "GET, HEAD, OPTIONS, POST"),
        ("/docs/api/swagger.json", "GET, HEAD, OPTIONS"),
        ("/api/docs/", "GET, HEAD, OPTIONS"),
    ):
        answer = await api.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed), path
        assert answer.json()["error"].endswith(f"allowed: {allowed}")


WRAPPED = "[" * 50 + "%s" + "]" * 50
ENDS: dict[str, dict[str, Any]] = {
    "all that ran before": {"actions": [_expression("steps")]},
    "all names": {"actions": [_expression("$env")]},
    "all that ran before, inside something": {
        "actions": [{"id": "a", "type": "transform", "config": {"mapping": {"s": "steps"}}}]
    },
    "variables that hold all variables": {
        "variables": {"x": 1},
        "actions": [{"id": "a", "type": "set", "config": {"variables": {"x": "{{vars}}"}}}],
    },
    "what ran before, from a handler": {
        "actions": [{"id": "a", "type": "fail", "config": {"message": "no"}}],
        "on_failure": {"actions": [{**_expression("steps"), "id": "b"}]},
    },
    "values nested deeper with every step": {
        "actions": [
            {**_expression(WRAPPED % (f"steps.a{n - 1}.output" if n else "trigger.body")), "id": f"a{n}"}
            for n in range(8)
        ]
    },
    "a list of a million lists": {"actions": [_expression("map(1..1000000, map(1..1000000, #))")]},
    "a power without end": {"actions": [_expression("2 ** 99999999")]},
    "a text without end": {"actions": [_expression("repeat('x', 1000000000)")]},
    "a sum that doubles": {"actions": [_expression("reduce(1..20000, #acc + #acc, 'xxxx')")]},
    "16 times a quarter of a megabyte": {
        "actions": [_expression("let a = repeat('x', 262144); [a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]")]
    },
    "brackets read as JSON": {"actions": [_expression("fromJSON(repeat('[', 100000))")]},
    "a message of 100 MB": {"actions": [_log(0, config={"message": "{{trigger.body.text}}" * 1000})]},
    "an output of 5 MB": {"actions": [_log(0)], "output": ["{{trigger.body.text}}"] * 50},
}
HONEST = {"actions": [_expression("trigger.body.text[0]")], "output": "{{steps.a.output}}"}


async def _execute(api: httpx.AsyncClient, definition: dict[str, Any]) -> str:
    created = await api.post("/api/v1/workflows", json={"name": "hostile", "definition": definition})
    assert created.status_code == 201, created.text
    workflow = f"/api/v1/workflows/{created.json()['data']['id']}"
    body = {"text": "y" * 100_000}
    dry = await api.post(f"{workflow}/dry-run", json={"test_data": body})
    assert dry.status_code == 200, dry.text[:500]
    accepted = await api.post(f"{workflow}/execute", json=body)
    execution_id: str = accepted.json()["data"]["execution_id"]
    return execution_id


@pytest.mark.parametrize("definition", ENDS.values(), ids=ENDS)
async def test_what_explodes_when_it_runs_ends_and_stops_nobody_else(
    stack: Stack, api: httpx.AsyncClient, definition: dict[str, Any]
) -> None:
    logs = (stack.api.log, stack.worker.log)
    before = [log.stat().st_size for log in logs]
    execution = await ended(api, await _execute(api, definition))
    assert execution["status"] in ("completed", "failed")
    if execution["error"]:
        assert execution["error"]["type"] != "internal", execution["error"]
        assert len(execution["error"]["message"]) < 5000
    assert (await api.get(f"/api/v1/executions/{execution['id']}/steps")).status_code == 200
    assert (await ended(api, await _execute(api, HONEST)))["output"] == "y"
    for log, size in zip(logs, before, strict=True):
        assert "Traceback" not in log.read_text()[size:]


async def test_what_a_step_put_out_does_not_change_any_more(api: httpx.AsyncClient) -> None:
    definition = {
        "variables": {"x": "before"},
        "actions": [
            _expression("vars"),
            {"id": "b", "type": "set", "config": {"variables": {"x": "after"}}},
        ],
        "output": "{{steps.a.output.x}}",
    }
    execution = await ended(api, await _execute(api, definition))
    assert (execution["status"], execution["output"]) == ("completed", "before")
