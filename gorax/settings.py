"""Settings of every process, read once from the environment and passed in, never a global.

Each group reads its own `GORAX_<GROUP>_*` variables; `.env.example` documents all of them.
"""

import ipaddress
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from gorax.core.webhooks.networks import unmapped

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

DATABASE_URL_FILE = "database-url"
"""Name of the file in the data directory where `make dev` leaves the address of the database it runs."""


_ORIGIN = re.compile(r"https?://[^/?#*\s]+")


class Env(StrEnum):
    """What the process is run for: `development` trusts headers, `production` trusts nothing."""

    development = "development"
    production = "production"


def _group(prefix: str) -> SettingsConfigDict:
    return SettingsConfigDict(env_prefix=prefix, extra="ignore", frozen=True)


class DatabaseSettings(BaseSettings):
    """PostgreSQL, the store of what users author and of the index of executions."""

    model_config = _group("GORAX_DATABASE_")

    url: str | None = None
    """`postgresql://…`; without it the address that a running `make dev` left in the data directory."""
    pool_size: int = Field(default=10, ge=1, le=200)
    """Connections that one process keeps at most."""
    intake_pool_size: int = Field(default=6, ge=1, le=100)
    """Connections beside them that an API process receives events on."""


class TemporalSettings(BaseSettings):
    """The Temporal server that runs the executions."""

    model_config = _group("GORAX_TEMPORAL_")

    address: str | None = None
    """`host:port`; without it `127.0.0.1` at `port`."""
    namespace: str = Field(default="default", min_length=1, max_length=200)
    task_queue: str = Field(default="gorax", min_length=1, max_length=200)
    port: int = Field(default=7233, ge=1, le=65535)
    """Port of the server that `make dev` starts."""
    ui_port: int = Field(default=8233, ge=1, le=65535)
    """Port of the Web UI that `make dev` starts."""

    @property
    def target(self) -> str:
        """The address to connect to."""
        return self.address or f"127.0.0.1:{self.port}"


class ApiSettings(BaseSettings):
    """How an API process ends."""

    model_config = _group("GORAX_API_")

    drain_seconds: float = Field(default=0, ge=0, le=300)
    """Seconds after SIGTERM in which it still takes requests, while `/health` asks for no more of them."""
    shutdown_grace: int = Field(default=35, ge=0, le=3600)
    """Seconds that requests under way get after that: webhooks that wait for a result may take 30."""


class KratosSettings(BaseSettings):
    """Ory Kratos, which knows who the users are."""

    model_config = _group("GORAX_KRATOS_")

    url: str | None = Field(default=None, pattern="^https?://[^/?#]+(/[^?#]*)?$")
    """Of its public API; required in production."""
    cookie: str = Field(default="ory_kratos_session", pattern="^[A-Za-z0-9_.-]{1,64}$")
    """The name of its session cookie."""
    timeout: float = Field(default=2, ge=0.1, le=30)
    """Seconds that it has to answer; after that the request is answered 503."""
    cache_seconds: float = Field(default=30, ge=0, le=300)
    """How long a session is believed without asking again: so long a logout, or a changed role, may go unnoticed."""


class AuditSettings(BaseSettings):
    """The audit log."""

    model_config = _group("GORAX_AUDIT_")

    retention_days: int = Field(default=365, ge=30, le=36_500)
    """How long entries are kept. The database itself refuses to remove any within their first 30 days."""


class WorkerSettings(BaseSettings):
    """How much one worker process does at a time."""

    model_config = _group("GORAX_WORKER_")

    max_cached_workflows: int = Field(default=1000, ge=1, le=100_000)
    """Executions kept in memory between their tasks; below the number that run at once, each task replays."""
    max_workflow_tasks: int = Field(default=20, ge=2, le=1000)
    max_activities: int = Field(default=200, ge=1, le=10_000)
    max_local_activities: int = Field(default=200, ge=1, le=10_000)
    shutdown_grace: float = Field(default=30, ge=0, le=3600)
    """Seconds that running steps get to finish after SIGTERM before they are cancelled and tried elsewhere."""
    sandbox: bool = False
    """Run workflow code in Temporal's sandbox: the test suite does, production saves the CPU."""
    deployment: str = Field(default="gorax", pattern="^[A-Za-z0-9_-]{1,100}$")
    """The name under which Temporal knows the builds of these workers; another one for each task queue."""
    build_id: str | None = Field(default=None, pattern="^[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}$")
    """The build that this worker is. With one, executions end on the build that they began on."""

    @field_validator("build_id", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        # So that a file for several machines may leave it open.
        return None if value == "" else value


class HttpSettings(BaseSettings):
    """Outgoing HTTP of the `http` action."""

    model_config = _group("GORAX_HTTP_")

    allowed_networks: Annotated[tuple[Network, ...], NoDecode] = ()
    """Networks that are not public and may be reached all the same, comma-separated CIDR."""
    max_response_bytes: int = Field(default=32_000_000, ge=1, le=100_000_000)
    """Largest response body that a step keeps, after decompression."""
    max_connections: int = Field(default=200, ge=1, le=10_000)

    @field_validator("allowed_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
        return value


class SlackSettings(BaseSettings):
    """Slack's Web API."""

    model_config = _group("GORAX_SLACK_")

    api_url: str = Field(default="https://slack.com/api", pattern="^https?://[^/]+")


class S3Settings(BaseSettings):
    """An S3-compatible store, where `GORAX_PAYLOAD_STORE` or `GORAX_ARCHIVE_STORE` is `s3`."""

    model_config = _group("GORAX_S3_")

    url: str = Field(default="https://s3.us-east-1.amazonaws.com", pattern="^https?://[^/]+")
    region: str = Field(default="us-east-1", min_length=1, max_length=64)
    bucket: str | None = Field(default=None, min_length=3, max_length=63)
    access_key_id: str = Field(default="", max_length=256)
    secret_access_key: SecretStr = SecretStr("")


class PayloadSettings(BaseSettings):
    """What is kept outside of Temporal's histories, and where."""

    model_config = _group("GORAX_PAYLOAD_")

    store: Literal["postgres", "s3"] = "postgres"
    """Where new ones are kept; what the other has stays readable."""
    inline_bytes: int = Field(default=128_000, ge=10_000, le=1_000_000)
    """Encoded values of this size or more leave the history, which keeps a reference."""


class ArchiveSettings(BaseSettings):
    """What is kept of runs that Temporal forgets, and where."""

    model_config = _group("GORAX_ARCHIVE_")

    store: Literal["postgres", "s3", "off"] = "postgres"
    """Where histories are kept from now on; `off` keeps none. What the other has stays readable."""
    after: float | None = Field(default=None, ge=0, le=31_536_000)
    """Seconds after its end when a run is archived; unset, a quarter of the namespace's retention, at most 12 hours."""


class CodecSettings(BaseSettings):
    """Encryption of the run data that Temporal keeps."""

    model_config = _group("GORAX_CODEC_")

    enabled: bool | None = None
    """Whether what is written is encrypted; unset, it is in production. What is encrypted is read either way."""
    origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Where the Temporal Web UI is, whose pages may ask the API to decrypt; comma-separated."""

    @field_validator("origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("origins")
    @classmethod
    def _named(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"must be origins such as https://temporal.example.com, not {origin!r}")
        return value


class IntakeSettings(BaseSettings):
    """Receiving events."""

    model_config = _group("GORAX_WEBHOOK_")

    max_body_bytes: int = Field(default=5_000_000, ge=1_000, le=50_000_000)
    """Largest body of an event; a webhook may have a lower bound of its own."""
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    """Proxies whose `X-Forwarded-For` is believed, comma-separated CIDR."""
    event_retention_days: int = Field(default=30, ge=1, le=3650)
    """How long events are kept."""

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(
                unmapped(ipaddress.ip_network(part.strip())) for part in value.split(",") if part.strip()
            )
        return value


class LimitSettings(BaseSettings):
    """Bounds on what one request or one step may bring."""

    model_config = _group("GORAX_LIMIT_")

    request_bytes: int = Field(default=2_000_000, ge=1_000, le=100_000_000)
    """Largest request body of the API; a definition has a lower bound of its own."""
    trigger_bytes: int = Field(default=1_000_000, ge=1_000, le=1_500_000)
    """Largest body of an execution: with a definition beside it, it must fit a Temporal payload of 2 MB."""
    step_output_bytes: int = Field(default=32_000_000, ge=1_000, le=64_000_000)
    """Largest encoded output of a step; above it the step fails with `output_too_large`."""


class RateSettings(BaseSettings):
    """How many requests there may be in a minute beside those of tenants, of which each tenant's quotas tell."""

    model_config = _group("GORAX_RATE_")

    intake: int = Field(default=120_000, ge=-1, le=2**31 - 1)
    """Events that the webhooks of one tenant receive in a minute; -1 is without limit."""
    address: int = Field(default=6_000, ge=-1, le=2**31 - 1)
    """Requests in a minute from one address (of IPv6, one /64) that nobody has proved to send; -1 is without limit."""
    redis_timeout: float = Field(default=0.5, ge=0.01, le=5)
    """Seconds that Redis has to answer, with the wait for a connection; after that each process counts by itself until
    it is back."""


class StreamSettings(BaseSettings):
    """Streams of what happens to executions, by WebSocket and Server-Sent Events."""

    model_config = _group("GORAX_STREAM_")

    max_open: int = Field(default=5_000, ge=1, le=100_000)
    """Streams that one process has open at a time."""
    max_per_tenant: int = Field(default=2_000, ge=1, le=100_000)
    """Of these, streams of one tenant."""
    heartbeat_seconds: float = Field(default=15, ge=1, le=300)
    """After so long a silence the client is told that the stream lives."""
    recheck_seconds: float = Field(default=30, ge=1, le=3_600)
    """How often it is asked whether who listens still may."""


class KmsSettings(BaseSettings):
    """AWS KMS, for master keys that it keeps. Credentials are found where AWS's own tools look for them."""

    model_config = _group("GORAX_KMS_")

    region: str | None = Field(default=None, pattern="^[a-z0-9-]{1,64}$")
    """Of the keys; not needed where they are named by ARN."""
    endpoint: str | None = Field(default=None, pattern="^https?://")
    """Where KMS answers, when that is not AWS's own address."""
    cache_seconds: float = Field(default=60, ge=0, le=86_400)
    """How long a process keeps a data key that KMS has decrypted; 0 asks each time."""


class MetricsSettings(BaseSettings):
    """What Prometheus reads."""

    model_config = _group("GORAX_METRICS_")

    enabled: bool = True
    """Whether there is a `/metrics`."""
    token: SecretStr | None = Field(default=None, min_length=16)
    """The bearer token that reads them. Without one, in production the API has no `/metrics`."""
    host: str = Field(default="127.0.0.1", min_length=1, max_length=253)
    """Where a worker listens."""
    port: int = Field(default=9464, ge=0, le=65535)
    """Of a worker; 0 for none."""


class TracingSettings(BaseSettings):
    """Traces by OpenTelemetry."""

    model_config = _group("GORAX_TRACING_")

    endpoint: str | None = Field(default=None, pattern="^https?://[^/?#]+(/[^?#]*)?$")
    """Where a collector takes OTLP over HTTP, without `/v1/traces`; unset, nothing is traced."""
    ratio: float = Field(default=1.0, ge=0, le=1)
    """Of the traces that begin here, how many are kept; those that come with a request are as their sender decided."""


class Settings(BaseSettings):
    """All settings of a process.

    Raises `pydantic.ValidationError` naming the variable when one is out of its bounds.
    """

    model_config = _group("GORAX_")

    env: Env = Env.development
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    data_dir: Path = Path(".gorax")
    """Where `make dev` keeps the state of the servers it starts, relative to the working directory."""
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ("*",)
    """Origins that browsers may call the API from, comma-separated; `*` allows any, without cookies. In production
    they are named."""
    public_url: str | None = Field(default=None, pattern="^https?://[^/?#]+(/[^?#]*)?$")
    """Where senders reach the API; without it `host` and `port`."""
    redis_url: str | None = Field(default=None, pattern="^(redis|rediss|unix)://")
    """Redis, in which all API processes count requests together; without one, each counts by itself."""
    master_keys: SecretStr | None = None
    """The keys that encrypt stored secrets, newest first; see `gorax.vault`."""

    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    temporal: TemporalSettings = Field(default_factory=TemporalSettings)
    api: ApiSettings = Field(default_factory=ApiSettings)
    kratos: KratosSettings = Field(default_factory=KratosSettings)
    audit: AuditSettings = Field(default_factory=AuditSettings)
    worker: WorkerSettings = Field(default_factory=WorkerSettings)
    http: HttpSettings = Field(default_factory=HttpSettings)
    slack: SlackSettings = Field(default_factory=SlackSettings)
    webhooks: IntakeSettings = Field(default_factory=IntakeSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    rates: RateSettings = Field(default_factory=RateSettings)
    streams: StreamSettings = Field(default_factory=StreamSettings)
    payloads: PayloadSettings = Field(default_factory=PayloadSettings)
    s3: S3Settings = Field(default_factory=S3Settings)
    archive: ArchiveSettings = Field(default_factory=ArchiveSettings)
    codec: CodecSettings = Field(default_factory=CodecSettings)
    kms: KmsSettings = Field(default_factory=KmsSettings)
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)
    tracing: TracingSettings = Field(default_factory=TracingSettings)

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="after")
    def _loopback_in_development(self) -> Self:
        # People try things against a server on their own machine; in production nothing private is reached
        # unless it is named.
        if self.env is Env.development and not self.http.allowed_networks:
            loopback = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
            object.__setattr__(self, "http", self.http.model_copy(update={"allowed_networks": loopback}))
        return self

    @model_validator(mode="after")
    def _private_in_production(self) -> Self:
        chosen: dict[str, object] = {}
        if self.codec.enabled is None:
            chosen["enabled"] = self.env is Env.production
        if self.env is Env.development and not self.codec.origins:
            chosen["origins"] = tuple(
                f"http://{host}:{self.temporal.ui_port}" for host in ("127.0.0.1", "localhost")
            )
        object.__setattr__(self, "codec", self.codec.model_copy(update=chosen))
        return self

    @model_validator(mode="after")
    def _bucket_for_s3(self) -> Self:
        for name, store in (("PAYLOAD", self.payloads.store), ("ARCHIVE", self.archive.store)):
            if store == "s3" and not (self.s3.bucket and self.s3.access_key_id):
                raise ValueError(f"GORAX_{name}_STORE=s3 needs GORAX_S3_BUCKET and GORAX_S3_ACCESS_KEY_ID")
        return self

    @property
    def public_address(self) -> str:
        """What the addresses of webhooks begin with, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def database_url(self) -> str:
        """The address of PostgreSQL in SQLAlchemy's form, with the psycopg driver.

        Raises `SettingsError` when neither the environment nor a running `make dev` names one.
        """
        url = self.database.url
        if url is None:
            file = self.data_dir / DATABASE_URL_FILE
            if not file.exists():
                raise SettingsError("no database: set GORAX_DATABASE_URL, or start one with `make dev`")
            url = file.read_text().strip()
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
            raise SettingsError(f"GORAX_DATABASE_URL must start with postgresql://, not {scheme!r}")
        return f"postgresql+psycopg://{rest}"


class SettingsError(Exception):
    """Settings that cannot work; the message says what to change."""
