"""The real PostgreSQL and Temporal: what they are started with holds, and they survive being killed."""

import os
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from dev import postgres_lock
from dev.guard import Guard
from dev.parts import BACKGROUND, Part
from dev.postgres import TEST_SETTINGS, Postgres
from dev.process import running
from dev.temporal import SEARCH_ATTRIBUTES, Temporal
from tests.support.servers import running_postgres, running_temporal


def _query(url: str, statement: str) -> object:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_postgres_is_private_and_in_utc(postgres: Postgres) -> None:
    url = postgres.create_database("private")
    assert _query(url, "SHOW listen_addresses") == ""
    assert _query(url, "SHOW timezone") == "UTC"
    assert _query(url, "SHOW server_encoding") == "UTF8"
    assert postgres.directory.stat().st_mode & 0o777 == 0o700
    assert postgres.create_database("private") == url


def test_a_database_can_be_a_copy(postgres: Postgres) -> None:
    original = postgres.create_database("original")
    _query(original, "CREATE TABLE t AS SELECT 42 AS n")
    copy = postgres.create_database("copy", template="original")
    assert _query(copy, "SELECT n FROM t") == 42
    postgres.drop_database("copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        _query(copy, "SELECT 1")


def test_a_killed_postgres_starts_again_with_every_committed_row(tmp_path: Path, guard: Guard) -> None:
    server = Postgres(tmp_path / "postgres", TEST_SETTINGS)
    for number in range(4):
        with running(server.part(), tmp_path / "postgres.log", guard) as process:
            url = server.create_database("gorax")
            _query(url, "CREATE TABLE IF NOT EXISTS t (n int)")
            assert _query(url, "SELECT count(*) FROM t") == number
            _query(url, f"INSERT INTO t VALUES ({number})")
            process.kill()


def test_a_lock_of_another_program_is_removed(tmp_path: Path, guard: Guard) -> None:
    with running_postgres(tmp_path, guard) as (server, process):
        lock = (server.directory / postgres_lock.LOCK_FILE).read_text()
        process.kill()
        # After a reboot the pid in the lock may belong to anybody: here to this test.
        ours = lock.replace(str(process.pid), str(os.getppid()), 1)
        (server.directory / postgres_lock.LOCK_FILE).write_text(ours)
        with running(server.part(), tmp_path / "postgres.log", guard):
            assert _query(server.url("postgres"), "SELECT 1") == 1


def test_a_server_left_behind_is_stopped_before_the_next(tmp_path: Path, guard: Guard) -> None:
    with (
        running_postgres(tmp_path, guard) as (server, left_behind),
        running(server.part(), tmp_path / "postgres.log", guard) as process,
    ):
        assert left_behind.poll() == 0
        assert _query(server.url("postgres"), "SELECT 1") == 1
        assert process.pid != left_behind.pid


def test_a_deep_directory_still_has_a_reachable_socket(tmp_path: Path, guard: Guard) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    with running_postgres(deep, guard) as (server, _):
        assert len(str(server.socket_directory)) < 90
        assert _query(server.url("postgres"), "SELECT 1") == 1
        server.socket_directory.unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as somebody else")
def test_root_may_keep_the_cluster_where_nobody_can_enter(tmp_path: Path, guard: Guard) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with running_postgres(closed, guard) as (server, process):
        assert _query(server.url("postgres"), "SELECT 1") == 1
        assert Path(f"/proc/{process.pid}").stat().st_uid != 0
        assert closed.stat().st_mode & 0o777 == 0o700


async def test_temporal_has_our_search_attributes(temporal: Temporal) -> None:
    client = await Client.connect(temporal.address, namespace=temporal.namespace)
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=temporal.namespace)
    )
    assert set(SEARCH_ATTRIBUTES) <= set(listed.custom_attributes)


async def test_a_killed_temporal_remembers(tmp_path: Path, guard: Guard) -> None:
    with running_temporal(tmp_path, guard, namespace="kept") as (server, process):
        client = await Client.connect(server.address, namespace="kept")
        handle = await client.start_workflow("Nobody", id="remembered", task_queue="nobody")
        process.kill()
    with running_temporal(tmp_path, guard, namespace="kept", port=server.port) as (server, _):
        client = await Client.connect(server.address, namespace="kept")
        described = await client.get_workflow_handle("remembered").describe()
        assert described.run_id == handle.first_execution_run_id
        namespace = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace="kept")
        )
        assert namespace.namespace_info.name == "kept"


def test_a_part_in_the_background_leaves_the_processors_to_others(tmp_path: Path, guard: Guard) -> None:
    part = Part(name="part", command=(sys.executable, "-S", "-c", "import time; time.sleep(600)"))
    with (
        running(part, tmp_path / "log", guard) as before,
        running(part.in_background(), tmp_path / "log", guard) as behind,
    ):
        shown = [_niceness(process.pid) for process in (before, behind)]
        session = Path(f"/proc/{behind.pid}/autogroup")
        if session.exists():
            assert session.read_text().endswith(f" nice {BACKGROUND}\n")
    assert shown[1] - shown[0] == BACKGROUND


def _niceness(pid: int) -> int:
    # The part passes its gate some moments after it was started.
    end = time.monotonic() + 5
    while "gate.py" in " ".join(psutil.Process(pid).cmdline()) and time.monotonic() < end:
        time.sleep(0.01)
    return os.getpriority(os.PRIO_PROCESS, pid)
