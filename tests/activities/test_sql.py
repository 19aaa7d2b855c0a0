"""The `sql` action, on a real PostgreSQL."""

import asyncio
import ipaddress
import resource
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from activities.connectors.sql import ACTION
from activities.resources import Resources
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import InvalidDefinition, parse_definition
from gorax.core.errors import StepError
from gorax.settings import Env, HttpSettings, Network, Settings
from tests.activities.credentials import run
from tests.support.tcp_postgres import postgres_over_tcp

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


class Sql:
    """Runs statements on the test's database."""

    def __init__(self, value: dict[str, Any], *networks: Network) -> None:
        self.value = value
        self.resources = Resources(Settings(env=Env.production, http=HttpSettings(allowed_networks=networks)))

    async def __call__(self, query: str, params: Any = None, **config: Any) -> dict[str, Any]:
        given = {} if params is None else {"params": params}
        credentials = {"db": ("postgres", self.value)}
        output: dict[str, Any] = await run(
            ACTION, self.resources, credentials, credential="db", query=query, **given, **config
        )
        return output


@pytest.fixture
async def sql(fresh_database_url: str) -> AsyncIterator[Sql]:
    with psycopg.connect(fresh_database_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE orders (id int PRIMARY KEY, total numeric, tags jsonb)")
    async with postgres_over_tcp(fresh_database_url) as value:
        sql = Sql(value, LOOPBACK)
        yield sql
        await sql.resources.close()


async def test_rows_and_their_types(sql: Sql) -> None:
    output = await sql(
        """SELECT 1 AS whole, 1.50::numeric AS exact, 0.5::float8 AS half, 'NaN'::float8 AS nan, NULL AS nothing,
        true AS yes, 'é' AS text, '\\x00ff'::bytea AS bytes, '2026-01-02T03:04:05Z'::timestamptz AS moment,
        '2026-01-02'::date AS day, '{"a": [1]}'::jsonb AS document, ARRAY[1, 2] AS list,
        '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid AS id, '10.0.0.1'::inet AS address, '90 s'::interval AS span"""
    )
    [row] = output["rows"]
    assert row == {
        "whole": 1,
        "exact": "1.50",
        "half": 0.5,
        "nan": "nan",
        "nothing": None,
        "yes": True,
        "text": "é",
        "bytes": "AP8=",
        "moment": "2026-01-02T03:04:05Z",
        "day": "2026-01-02",
        "document": {"a": [1]},
        "list": [1, 2],
        "id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "address": "10.0.0.1",
        "span": 90.0,
    }
    assert (output["row_count"], output["truncated"], output["columns"][0]) == (1, False, "whole")


async def test_values_that_python_has_none_for_are_texts(sql: Sql) -> None:
    output = await sql(
        """SELECT 'infinity'::timestamptz AS never, '20000-01-01'::date AS late, '24:00'::time AS midnight,
        ('1' || repeat('0', 5000))::jsonb AS huge, 10::numeric ^ 400 AS large, '[1,5)'::int4range AS range"""
    )
    [row] = output["rows"]
    assert (len(row.pop("huge")), len(row.pop("large").partition(".")[0])) == (5001, 401)
    assert row == {"never": "infinity", "late": "20000-01-01", "midnight": "24:00:00", "range": "[1, 5)"}


async def test_json_that_is_nested_too_deeply(sql: Sql) -> None:
    with pytest.raises(StepError, match="nested too deeply") as refused:
        await sql("SELECT (repeat('[', 400) || repeat(']', 400))::jsonb AS a")
    assert (refused.value.type, refused.value.retryable) == ("sql", False)


async def test_a_write_counts_and_returns(sql: Sql) -> None:
    insert = "INSERT INTO orders VALUES (%s, %s, %s)"
    output = await sql(insert, [1, 9.5, {"a": ["b"]}], read_only=False)
    assert output == {"rows": [], "row_count": 1, "columns": [], "truncated": False}
    returned = await sql(
        "UPDATE orders SET total = %(total)s WHERE id = %(id)s RETURNING id, tags",
        {"id": 1, "total": 12},
        read_only=False,
    )
    assert returned["rows"] == [{"id": 1, "tags": {"a": ["b"]}}]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("WITH new AS (SELECT 7 AS id) INSERT INTO orders SELECT id FROM new", 1),
        ("SELECT 1 AS a INTO copied", 1),
        ("CREATE TABLE other (a int)", 0),
        ("-- nothing at all", 0),
    ],
)
async def test_writes_of_all_kinds(sql: Sql, query: str, count: int) -> None:
    output = await sql(query, read_only=False)
    assert output == {"rows": [], "row_count": count, "columns": [], "truncated": False}


async def test_lists_are_arrays_and_all_else_is_json(sql: Sql) -> None:
    query = "SELECT n FROM generate_series(1, 5) AS n WHERE n = ANY(%s)"
    assert (await sql(query, [[2, 4]]))["rows"] == [{"n": 2}, {"n": 4}]
    assert (await sql(query, [[]]))["rows"] == []
    assert (await sql("SELECT 'b' = ANY(%(of)s) AS found", {"of": ["a", "b"]}))["rows"] == [{"found": True}]
    assert (await sql("SELECT %s AS halves", [[1, 2.5]]))["rows"] == [{"halves": [1.0, 2.5]}]
    nested = [{"a": 1}, [2]]
    assert (await sql("SELECT %s AS document", [nested]))["rows"] == [{"document": nested}]
    assert (await sql("SELECT ARRAY[[1, 2], [3, 4]] AS square"))["rows"] == [{"square": [[1, 2], [3, 4]]}]


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("SELECT %s", [1, 2]),
        ("SELECT %(a)s", [1]),
        ("SELECT %s", {"a": 1}),
        ("SELECT %(b)s", {"a": 1}),
        ("SELECT '100%'", [1]),
        ("SELECT %s::text", ["a\x00b"]),
        ("SELECT %s::text", ["a\ud800b"]),
        ("SELECT %s", [[1, "a"]]),
        ("COPY orders TO STDOUT", None),
    ],
)
async def test_statements_that_cannot_be_sent(sql: Sql, query: str, params: Any) -> None:
    with pytest.raises(StepError, match="the statement cannot be sent") as refused:
        await sql(query, params)
    assert (refused.value.type, refused.value.retryable) == ("validation", False)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT {{trigger.body.id}}",
        "SELECT '{{ item.name }}'",
        "{{steps['a'].output}}",
        "SELECT {{ lower(vars.x) }}",
        "SELECT {{1 + 1}}",
    ],
)
async def test_a_statement_is_no_template(sql: Sql, query: str) -> None:
    action = {"id": "a", "type": "sql", "config": {"credential": "db", "query": query}}
    with pytest.raises(InvalidDefinition, match="value in params"):
        parse_definition({"actions": [action]}, full_catalogue())
    with pytest.raises(StepError, match="value in params"):
        await sql(query)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("INSERT INTO orders VALUES (1)", "25006"),
        ("WITH x AS (DELETE FROM orders RETURNING id) SELECT * FROM x", "25006"),
        ("SELECT 1; DROP TABLE orders", "42601"),
        ("/* ; */ SELECT 1; SELECT 2", "42601"),
        ("INSERT INTO orders VALUES (1); DROP TABLE orders", "42601"),
        ("SELECT nope", "42703"),
        ("DO $$ BEGIN DELETE FROM orders; END $$", "25006"),
        ("SET TRANSACTION READ WRITE", "25001"),
        ("SELECT set_config('transaction_read_only', 'off', false)", "25001"),
    ],
)
async def test_what_the_database_refuses(sql: Sql, query: str, code: str) -> None:
    with pytest.raises(StepError) as refused:
        await sql(query)
    assert (refused.value.type, refused.value.details["sqlstate"]) == ("sql", code)
    assert not refused.value.retryable
    assert await sql("SELECT count(*) AS n FROM orders")


async def test_values_are_never_part_of_the_text(sql: Sql) -> None:
    evil = "x'; DROP TABLE orders; --"
    assert (await sql("SELECT %s::text AS value", [evil]))["rows"] == [{"value": evil}]
    assert (await sql("SELECT '100%' AS share"))["rows"] == [{"share": "100%"}]


async def test_more_rows_than_wanted_are_not_read(sql: Sql) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    output = await sql("SELECT n, repeat('x', 200) AS t FROM generate_series(1, 3000000) AS n", max_rows=10)
    assert ([row["n"] for row in output["rows"]], output["truncated"]) == (list(range(1, 11)), True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 100_000


@pytest.mark.parametrize(
    ("query", "read_only"),
    [
        ("SELECT repeat('x', 1000000) AS t FROM generate_series(1, 30)", True),
        ("SELECT repeat('x', 200000000) AS t", True),
        ("SELECT repeat('x', 1000000) AS t FROM generate_series(1, 400)", True),
        (
            "INSERT INTO orders SELECT n FROM generate_series(1, 400) AS n RETURNING repeat('x', 1000000)",
            False,
        ),
    ],
)
async def test_rows_over_the_bound_of_bytes_fail_the_step(sql: Sql, query: str, read_only: bool) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(StepError, match="more than 16000000 bytes") as refused:
        await sql(query, read_only=read_only, within=60)
    assert (refused.value.type, refused.value.retryable) == ("output_too_large", False)
    # A row of 200 MB, or twice as much in many, has never been in memory.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 150_000
    assert (await sql("SELECT count(*) AS n FROM orders"))["rows"] == [{"n": 0}]


async def test_a_slow_statement_times_out_in_the_database(sql: Sql) -> None:
    with pytest.raises(StepError, match=r"took longer than 0\.3 s") as late:
        await sql("SELECT pg_sleep(20)", timeout="300ms")
    assert (late.value.type, late.value.retryable) == ("timeout", True)
    assert await _running(sql) == 0


async def test_a_step_that_is_cancelled_cancels_its_statement(sql: Sql) -> None:
    step = asyncio.create_task(sql("SELECT pg_sleep(20)"))
    while await _running(sql) == 0:
        await asyncio.sleep(0.02)
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    assert await _running(sql) == 0


async def _running(sql: Sql) -> int:
    output = await sql(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE %s",
        ["SELECT pg_sleep(20)%"],
    )
    found: int = output["rows"][0]["n"]
    return found


async def test_a_lost_connection_is_tried_again(sql: Sql) -> None:
    with pytest.raises(StepError) as refused:
        await sql("SELECT pg_terminate_backend(pg_backend_pid())")
    assert (refused.value.type, refused.value.details["sqlstate"]) == ("sql", "57P01")
    assert refused.value.retryable
