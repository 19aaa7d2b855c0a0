"""The API as an ASGI application: its parts, its middlewares, its routes, its lifespan."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog
from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from api.auth import authorize
from api.dependencies import Services
from api.draining import CloseWhileDraining, Draining
from api.errors import install_error_handlers
from api.middleware import (
    QUIET_PATHS,
    REQUEST_ID_HEADER,
    AuditTrail,
    CanonicalRequest,
    CorsOf,
    RequestContext,
    UnexpectedErrors,
)
from api.openapi import install_openapi
from api.pages import pages
from api.protocol import USUAL_HEADERS
from api.rates import HEADERS, RateHeaders, StrangersLimit, rate_headers
from api.routes import (
    admin,
    api_keys,
    approvals,
    audit,
    catalogue,
    codec,
    credentials,
    cron,
    diagrams,
    docs,
    executions,
    health,
    intake,
    lifecycle,
    metrics,
    schedules,
    signals,
    statistics,
    streams,
    webhook_events,
    webhooks,
    workflows,
)
from api.schemas.webhooks import Addresses
from api.services.admission import Admission
from api.services.api_keys import ApiKeyService
from api.services.backlog import BacklogGauges
from api.services.catalogue import CatalogueService
from api.services.codec import RunData
from api.services.control import Controller
from api.services.credential_users import CredentialUsers
from api.services.credentials import CredentialService
from api.services.diagrams import Diagrams
from api.services.dispatch import Dispatcher
from api.services.history import History
from api.services.intake import IntakeService
from api.services.kratos import Kratos
from api.services.launch import Launcher
from api.services.lifecycle import Lifecycle
from api.services.pace import Pace
from api.services.rates.rates import Rates
from api.services.readiness import Readiness
from api.services.replay import Replays
from api.services.response import Results
from api.services.schedule_sync import ScheduleSync
from api.services.schedules import ScheduleService
from api.services.secret_keeper import SecretKeeper
from api.services.statistics import Statistics
from api.services.streams.streams import Streams
from api.services.streams.tickets import Tickets
from api.services.tell import Teller
from api.services.tenant_admin import TenantAdmin
from api.services.tenants import KnownTenants
from api.services.waits import WaitService
from api.services.webhook_replay import WebhookReplays
from api.services.webhook_tests import WebhookTests
from api.services.webhooks import WebhookService
from api.services.workflows import WorkflowService
from gorax.archive import RunArchive
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.steering import Steerings
from gorax.engine.client import Engine
from gorax.engine.codec import encryption_codec
from gorax.engine.control import RunControl
from gorax.engine.earlier import EarlierRuns
from gorax.engine.responses import Responses
from gorax.engine.runs import Runs
from gorax.engine.s3 import ANSWERING
from gorax.engine.schedules import TwinSchedules
from gorax.memory import settle
from gorax.payloads import external_storage
from gorax.settings import Env, Settings
from gorax.store.all_secret_keys import AllSecretKeys
from gorax.store.credential_values import CredentialValues
from gorax.store.intake import Intake
from gorax.store.session import Database
from gorax.store.statements import Statements
from gorax.store.webhook_secrets import WebhookSecrets
from gorax.telemetry.exposition import Exposition
from gorax.telemetry.process import measured
from gorax.telemetry.tracing import active_tracing
from gorax.vault import Vault, open_key_ring

API_VERSION = "1.0"
"""Of the contract, not of the program."""

COMPRESS_FROM = 1_024
"""Bytes below which a response is sent as it is."""
# The last levels cost several times the CPU for a few percent.
_COMPRESSION_LEVEL = 4

_TAGS = [
    {"name": "Health", "description": "Whether the API lives, and whether it can work."},
    {"name": "Workflows", "description": "Definitions, their versions, and executing them."},
    {"name": "Catalogue", "description": "What can be written in a definition, for editors."},
    {"name": "Executions", "description": "What ran, how it went, and each of its steps."},
    {"name": "Streams", "description": "What happens in executions, while it happens."},
    {"name": "Approvals", "description": "What executions wait for, and answering it."},
    {"name": "Credentials", "description": "Secrets that steps use, and who read them."},
    {"name": "Schedules", "description": "When workflows run by themselves."},
    {
        "name": "Webhooks",
        "description": "Addresses that events are sent to, what they received, and replays.",
    },
    {"name": "API keys", "description": "By which machines say who they are."},
    {"name": "Audit log", "description": "Who changed what."},
    {"name": "Admin", "description": "The platform's tenants, for those who run it."},
    {"name": "Run data", "description": "Decrypting what Temporal keeps, for its Web UI."},
]

log = structlog.get_logger("gorax.api")


def create_app(
    settings: Settings, exposition: Exposition | None = None, draining: Draining | None = None
) -> FastAPI:
    """The application. It starts while the database and Temporal are away, and works once they are there.

    `exposition` is that of the process, where it shows more than our own metrics; `draining` tells when it ends.
    """
    exposition = exposition or Exposition(settings)
    draining = draining or Draining(settings.api.drain_seconds)
    rates = Rates(settings)
    app = FastAPIOffline(
        title="Gorax API",
        version=API_VERSION,
        openapi_url=docs.JSON_PATH,
        docs_url=docs.UI_PATH,
        redoc_url=None,
        static_url=docs.ASSETS_PATH,
        swagger_ui_oauth2_redirect_url=f"{docs.UI_PATH}/oauth2-redirect",
        # The validator would send the document to a server of somebody else's.
        swagger_ui_parameters={"tryItOutEnabled": True, "displayRequestDuration": True, "validatorUrl": None},
        openapi_tags=_TAGS,
        redirect_slashes=False,
        telemetry=_telemetry(),
        lifespan=partial(_lifespan, settings=settings, exposition=exposition, rates=rates, draining=draining),
        middleware=[
            Middleware(CloseWhileDraining, draining=draining),
            Middleware(RequestContext),
            Middleware(RateHeaders, rates=rates, settings=settings),
            # Run data in plain is for the pages of the Temporal Web UI alone.
            Middleware(
                CorsOf,
                paths=(codec.PREFIX, codec.DEVELOPMENT_PREFIX),
                inside=_cors(settings.codec.origins),
                outside=_cors(settings.cors_origins),
            ),
            Middleware(GZipMiddleware, minimum_size=COMPRESS_FROM, compresslevel=_COMPRESSION_LEVEL),
            Middleware(AuditTrail),
            Middleware(UnexpectedErrors),
            Middleware(CanonicalRequest),
            Middleware(StrangersLimit, rates=rates, settings=settings),
        ],
    )
    install_error_handlers(app)
    install_openapi(app)
    # Health, documentation, and receiving events, which is proved by each webhook's own means.
    for section in (health, metrics, docs, intake):
        app.include_router(section.router)
    # Streams, which browsers open without headers: they look for themselves who it is.
    app.include_router(streams.router)
    for section in (
        workflows,
        catalogue,
        # Before executions, one of which could be called what this has.
        statistics,
        executions,
        lifecycle,
        signals,
        approvals,
        credentials,
        cron,
        schedules,
        webhooks,
        webhook_events,
        codec,
        diagrams,
        api_keys,
        audit,
        admin,
    ):
        app.include_router(section.router, dependencies=[Depends(authorize)])
    app.include_router(streams.tickets, dependencies=[Depends(authorize)])
    app.router.routes.extend(pages())
    if settings.env is Env.development:
        app.include_router(codec.development)
    return app


def _telemetry() -> TelemetryConfig:
    """A span for each request where traces are collected; FastAPI does nothing else that we do ourselves."""
    tracing = active_tracing()
    config: TelemetryConfig = {
        "tracing": tracing is not None,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
        "exclude": lambda scope: scope.get("path") in QUIET_PATHS,
    }
    if tracing is not None:
        config["tracer_provider"] = tracing.provider
    return config


def _cors(origins: Sequence[str]) -> dict[str, Any]:
    return {
        "allow_origins": origins,
        "allow_credentials": "*" not in origins,
        "allow_methods": ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"],
        "allow_headers": ["*"],
        "expose_headers": [REQUEST_ID_HEADER, "Location", "Retry-After", *HEADERS],
        "max_age": 600,
    }


@asynccontextmanager
async def _lifespan(
    app: FastAPI, settings: Settings, exposition: Exposition, rates: Rates, draining: Draining
) -> AsyncIterator[dict[str, Any]]:
    database = Database(settings)
    vault = Vault(open_key_ring(settings))
    encryption = encryption_codec(settings, vault.keys)
    engine = await Engine.lazy(settings, external_storage(settings, database, ANSWERING), encryption)
    kratos = Kratos(settings.kratos)
    readiness = Readiness(database, engine, kratos, rates)
    known_tenants = KnownTenants(database)
    tenants = TenantAdmin(database, known_tenants)
    archive = RunArchive(database, settings, ANSWERING)
    runs = Runs(engine.client, archive)
    history = History(runs)
    steerings = Steerings(full_catalogue())
    earlier = EarlierRuns(engine.client, runs, full_catalogue())
    pace = Pace()
    statements = Statements(settings)
    intake_statements = Intake(statements)
    dispatcher = Dispatcher(database, engine, settings, steerings, earlier, pace)
    launcher = Launcher(database, intake_statements, dispatcher, pace, steerings, known_tenants)
    controller = Controller(database, RunControl(engine.client), runs)
    teller = Teller(database, engine)
    twins = TwinSchedules(engine.client, settings.temporal.task_queue)
    schedule_sync = ScheduleSync(database, engine, twins)
    keeper = SecretKeeper(AllSecretKeys(database, vault))
    users = CredentialUsers(database, full_catalogue())
    webhook_secrets = WebhookSecrets(vault)
    webhook_service = WebhookService(database, webhook_secrets, settings.webhooks)
    intake_service = IntakeService(
        intake_statements,
        Admission(webhook_secrets, settings.webhooks.max_body_bytes),
        launcher,
        steerings,
        Results(Responses(engine.client, runs)),
    )
    live = Streams(database, engine.client, history, settings.streams)
    app.state.services = Services(
        settings=settings,
        database=database,
        kratos=kratos,
        api_keys=ApiKeyService(database, known_tenants),
        known_tenants=known_tenants,
        tenants=tenants,
        draining=draining,
        readiness=readiness,
        rates=rates,
        workflows=WorkflowService(database, full_catalogue()),
        catalogue=CatalogueService(full_catalogue()),
        diagrams=Diagrams(database, full_catalogue(), history, runs),
        launcher=launcher,
        lifecycle=Lifecycle(database, controller),
        replays=Replays(database, launcher, runs, steerings),
        history=history,
        statistics=Statistics(database),
        waits=WaitService(database, teller),
        credentials=CredentialService(database, CredentialValues(database, vault), users),
        addresses=Addresses(settings.public_address),
        webhooks=webhook_service,
        webhook_replays=WebhookReplays(database, launcher, steerings, settings.webhooks.event_retention_days),
        webhook_tests=WebhookTests(webhook_service, webhook_secrets, intake_service),
        intake=intake_service,
        run_data=RunData(encryption, settings.temporal.namespace),
        schedules=ScheduleService(database, schedule_sync, launcher, steerings, settings.limits),
        exposition=exposition,
        streams=live,
        tickets=Tickets(database, vault.keys),
    )
    loops = [
        asyncio.create_task(loop.run(), name=type(loop).__name__)
        for loop in (dispatcher, controller, teller, keeper, tenants, schedule_sync, BacklogGauges(database))
    ]
    for loop in loops:
        loop.add_done_callback(_end_with)
    settle()
    try:
        with measured(database.connections_used, settings.database.pool_size):
            yield {USUAL_HEADERS: lambda address: rate_headers(rates.look(address))}
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.wait(loops)
        await live.close()
        await launcher.close()
        await dispatcher.mark()
        await kratos.close()
        await rates.close()
        await exposition.close()
        await archive.close()
        await vault.close()
        await statements.close()
        await database.close()


def _end_with(loop: "asyncio.Task[None]") -> None:
    # Without them accepted executions, wishes or answers would wait for ever: better no API than that.
    if not loop.cancelled() and (error := loop.exception()) is not None:
        log.critical("a part died, the process ends", part=loop.get_name(), exc_info=error)
        signal.raise_signal(signal.SIGTERM)
