"""The `sql` action, on a real PostgreSQL."""

import asyncio
import ipaddress
import resource
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from activities.connectors.sql import ACTION
from activities.resources import Resources
from gorax.core.errors import StepError
from gorax.settings import Env, HttpSettings, Network, Settings
from tests.activities.credentials import run

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


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@pytest.fixture
async def sql(fresh_database_url: str) -> AsyncIterator[Sql]:
    url = make_url(fresh_database_url)
    socket = f"{url.query['host']}/.s.PGSQL.{url.port or url.query.get('port', 5432)}"
    pumps: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The test's server listens on a Unix socket alone, and a credential must not name one.
        there, back = await asyncio.open_unix_connection(socket)
        pumps.update(asyncio.create_task(pump) for pump in (_pass_on(reader, back), _pass_on(there, writer)))

    with psycopg.connect(fresh_database_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE orders (id int PRIMARY KEY, total numeric, tags jsonb)")
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    value = {
        "host": "127.0.0.1",
        "port": server.sockets[0].getsockname()[1],
        "database": url.database,
        "username": url.username or "gorax",
        "password": url.password or "unused",
        "sslmode": "disable",
    }
    sql = Sql(value, LOOPBACK)
    yield sql
    await sql.resources.close()
    server.close()
    for pump in pumps:
        pump.cancel()


async def test_rows_and_their_types(sql: Sql) -> None:
    output = await sql(
        """SELECT 1 AS whole, 1.50::numeric AS exact, 0.5::float8 AS half, 'NaN'::float8 AS nan, NULL AS nothing,
        true AS yes, 'é' AS text, '\\x00ff'::bytea AS bytes, '2026-01-02T03:04:05Z'::timestamptz AS moment,
        '2026-01-02'::date AS day, '{"a": [1]}'::jsonb AS document, ARRAY[1, 2] AS list,
        '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid AS id, '10.0.0.1'::inet AS address, '90 s'::interval AS span"""
    )
    [row] = output["rows"]
    assert row["moment"].startswith("2026-01-02T")
    del row["moment"]
    assert row == {
        "whole": 1,
        "exact": "1.50",
        "half": 0.5,
        "nan": "nan",
        "nothing": None,
        "yes": True,
        "text": "é",
        "bytes": "AP8=",
        "day": "2026-01-02",
        "document": {"a": [1]},
        "list": [1, 2],
        "id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "address": "10.0.0.1",
        "span": 90.0,
    }
    assert (output["row_count"], output["truncated"], output["columns"][0]) == (1, False, "whole")


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
    ("query", "code"),
    [
        ("INSERT INTO orders VALUES (1)", "25006"),
        ("WITH x AS (DELETE FROM orders RETURNING id) SELECT * FROM x", "25006"),
        ("SELECT 1; DROP TABLE orders", "42601"),
        ("/* ; */ SELECT 1; SELECT 2", "42601"),
        ("INSERT INTO orders VALUES (1); DROP TABLE orders", "42601"),
        ("SELECT nope", "42703"),
        ("DO $$ BEGIN DELETE FROM orders; END $$", "25006"),
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


async def test_rows_over_the_bound_of_bytes_fail_the_step(sql: Sql) -> None:
    with pytest.raises(StepError, match="more than 16000000 bytes") as refused:
        await sql("SELECT repeat('x', 1000000) AS t FROM generate_series(1, 100)")
    assert refused.value.type == "output_too_large"


async def test_a_slow_statement_times_out_in_the_database(sql: Sql) -> None:
    with pytest.raises(StepError, match=r"took longer than 0\.3 s") as late:
        await sql("SELECT pg_sleep(20)", timeout="300ms")
    assert (late.value.type, late.value.retryable) == ("timeout", True)
    assert (await sql("SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%'"))[
        "rows"
    ] == [{"n": 1}]


@pytest.mark.parametrize(
    ("change", "type_", "words"),
    [
        ({"password": "wrong-password", "username": "nobody"}, "credential", "could not connect"),
        ({"host": ""}, "credential", "names no host"),
        ({"host": "/tmp"}, "credential", "no socket"),
        ({"host": "10.1.2.3"}, "blocked_address", "may not be reached"),
        ({"port": 1}, "network", "could not connect"),
        ({"url": "postgresql://127.0.0.1:1/x?sslrootcert=/etc/passwd"}, "network", "could not connect"),
        ({"url": "postgresql://10.0.0.9/x"}, "blocked_address", "may not be reached"),
        ({"url": "service=x"}, "credential", "names no host"),
    ],
)
async def test_connections_that_cannot_be(sql: Sql, change: dict[str, Any], type_: str, words: str) -> None:
    sql.value = {**sql.value, **change}
    with pytest.raises(StepError, match=words) as refused:
        await sql("SELECT 1")
    assert refused.value.type == type_
    assert "wrong-password" not in refused.value.message
