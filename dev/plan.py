"""What `make dev` runs under given settings: its own servers, or the ones that the settings name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import psycopg

from dev.data_directory import DataDirectory
from dev.parts import Part
from dev.ports import Port, answers
from dev.postgres import Postgres
from dev.stack import api_part, base_url, migrations_part, worker_part
from dev.supervisor import Stage
from dev.temporal import Temporal, knows_namespace
from gorax.settings import Env, Settings

DATABASE = "gorax"
WORKER_GRACE = 3.0
"""Seconds that steps get to finish when development stops, unless the settings say so themselves."""
CONNECT_SECONDS = 5


@dataclass(frozen=True)
class Plan:
    """Everything that is to run, and what to say about it."""

    settings: Settings
    """As the parts see them: with the addresses of the servers, whoever runs those."""
    stages: Sequence[Stage]
    ports: Sequence[Port]
    """Where our own parts will listen."""
    own_database: str | None
    """The address of the database that runs here."""
    links: Sequence[tuple[str, str]]
    """Titles and addresses for the person who started it."""


def make_plan(settings: Settings, data: DataDirectory) -> Plan:
    """The plan for one instance with its state in `data`."""
    servers: list[Part] = []
    ports = [Port(settings.host, settings.port, "GORAX_PORT")]
    own_database = None
    database, temporal, worker = settings.database, settings.temporal, settings.worker
    if database.url is None:
        postgres = Postgres(data.path / "postgres")
        own_database = postgres.url(DATABASE)
        servers.append(_with_database(postgres))
        database = database.model_copy(update={"url": own_database})
    if temporal.address is None:
        server = Temporal(
            data.path / "temporal.db",
            temporal.port,
            temporal.ui_port,
            temporal.namespace,
            codec_url=_codec_url(settings) if settings.codec.enabled else None,
        )
        servers.append(server.part().in_background())
        ports += [
            Port("127.0.0.1", temporal.port, "GORAX_TEMPORAL_PORT"),
            Port("127.0.0.1", temporal.ui_port, "GORAX_TEMPORAL_UI_PORT"),
        ]
        temporal = temporal.model_copy(update={"address": server.address})
    if "shutdown_grace" not in worker.model_fields_set:
        worker = worker.model_copy(update={"shutdown_grace": WORKER_GRACE})
    parts_settings = settings.model_copy(
        update={"data_dir": data.path, "database": database, "temporal": temporal, "worker": worker}
    )
    return Plan(
        settings=parts_settings,
        stages=(
            Stage(tuple(servers)),
            Stage((migrations_part(parts_settings),), once=True),
            Stage((worker_part(parts_settings).in_background(), api_part(parts_settings))),
        ),
        ports=ports,
        own_database=own_database,
        links=_links(settings, data),
    )


def complaints_about_foreign_servers(settings: Settings) -> list[str]:
    """Look at the servers that the settings name; a sentence for each that cannot be used."""
    found = []
    if settings.database.url is not None:
        url = settings.database_url.replace("+psycopg", "", 1)
        try:
            psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
        except psycopg.Error as error:
            found.append(f"the database of GORAX_DATABASE_URL cannot be used: {error}")
    if settings.temporal.address is not None:
        found += _complaints_about_temporal(settings.temporal.address, settings.temporal.namespace)
    return found


def _complaints_about_temporal(address: str, namespace: str) -> list[str]:
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        return [f"GORAX_TEMPORAL_ADDRESS must be host:port, not {address!r}"]
    if not answers(host.strip("[]"), int(port), seconds=CONNECT_SECONDS):
        return [f"nobody answers at {address} (GORAX_TEMPORAL_ADDRESS)"]
    if not knows_namespace(address, namespace):
        return [f"Temporal at {address} has no namespace {namespace!r} (GORAX_TEMPORAL_NAMESPACE)"]
    return []


def _with_database(postgres: Postgres) -> Part:
    """The server, which is ready once it has our database."""

    def ready(pid: int) -> bool:
        if not postgres.ready(pid):
            return False
        try:
            postgres.create_database(DATABASE)
        except psycopg.OperationalError:
            return False  # it died meanwhile; its keeper notices
        return True

    return replace(postgres.part(), ready=ready)


def _codec_url(settings: Settings) -> str:
    # In development the Web UI sees every tenant's run data, as it sees every tenant's executions.
    path = "/dev/codec" if settings.env is Env.development else "/api/v1/codec"
    return f"{base_url(settings)}{path}"


def _links(settings: Settings, data: DataDirectory) -> list[tuple[str, str]]:
    links = [
        ("API", base_url(settings)),
        ("Interactive docs", f"{base_url(settings)}/api/docs/"),
    ]
    if settings.temporal.address is None:
        links.append(("Temporal Web UI", f"http://127.0.0.1:{settings.temporal.ui_port}"))
    else:
        links.append(("Temporal", settings.temporal.address))
    links.append(("Logs", str(data.shown / "logs")))
    return links
