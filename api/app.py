"""The API as an ASGI application: its parts, its middlewares, its routes, its lifespan."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from api.dependencies import Services
from api.errors import install_error_handlers
from api.middleware import REQUEST_ID_HEADER, CanonicalRequest, Cors, RequestContext, UnexpectedErrors
from api.openapi import install_openapi
from api.routes import (
    approvals,
    catalogue,
    credentials,
    diagrams,
    docs,
    executions,
    health,
    lifecycle,
    signals,
    workflows,
)
from api.services.catalogue import CatalogueService
from api.services.control import Controller
from api.services.credential_keeper import CredentialKeeper
from api.services.credential_users import CredentialUsers
from api.services.credentials import CredentialService
from api.services.diagrams import Diagrams
from api.services.dispatch import Dispatcher
from api.services.history import History
from api.services.launch import Launcher
from api.services.lifecycle import Lifecycle
from api.services.readiness import Readiness
from api.services.replay import Replays
from api.services.tell import Teller
from api.services.tenants import KnownTenants
from api.services.waits import WaitService
from api.services.workflows import WorkflowService
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.steering import Steerings
from gorax.engine.client import Engine
from gorax.engine.control import RunControl
from gorax.engine.earlier import EarlierRuns
from gorax.engine.runs import Runs
from gorax.payloads import external_storage
from gorax.settings import Settings
from gorax.store.credential_keys import CredentialKeys
from gorax.store.credential_values import CredentialValues
from gorax.store.session import Database
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
    {"name": "Approvals", "description": "What executions wait for, and answering it."},
    {"name": "Credentials", "description": "Secrets that steps use, and who read them."},
]

log = structlog.get_logger("gorax.api")


def create_app(settings: Settings) -> FastAPI:
    """The application. It starts while the database and Temporal are away, and works once they are there."""
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
        lifespan=partial(_lifespan, settings=settings),
        middleware=[
            Middleware(RequestContext),
            Middleware(
                Cors,
                allow_origins=settings.cors_origins,
                allow_credentials="*" not in settings.cors_origins,
                allow_methods=["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=[REQUEST_ID_HEADER, "Location", "Retry-After"],
                max_age=600,
            ),
            Middleware(GZipMiddleware, minimum_size=COMPRESS_FROM, compresslevel=_COMPRESSION_LEVEL),
            Middleware(UnexpectedErrors),
            Middleware(CanonicalRequest),
        ],
    )
    install_error_handlers(app)
    install_openapi(app)
    for section in (
        health,
        workflows,
        catalogue,
        executions,
        lifecycle,
        signals,
        approvals,
        credentials,
        diagrams,
        docs,
    ):
        app.include_router(section.router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    database = Database(settings)
    vault = Vault(open_key_ring(settings))
    engine = await Engine.lazy(settings, external_storage(settings, database))
    readiness = Readiness(settings, database, engine)
    runs = Runs(engine.client)
    history = History(runs)
    steerings = Steerings(full_catalogue())
    earlier = EarlierRuns(engine.client, runs, full_catalogue())
    dispatcher = Dispatcher(database, engine, settings, steerings, earlier)
    launcher = Launcher(database, dispatcher, steerings)
    controller = Controller(database, RunControl(engine.client), runs)
    teller = Teller(database, engine)
    keeper = CredentialKeeper(CredentialKeys(database, vault))
    users = CredentialUsers(database, full_catalogue())
    app.state.services = Services(
        settings=settings,
        database=database,
        known_tenants=KnownTenants(database),
        readiness=readiness,
        workflows=WorkflowService(database, full_catalogue()),
        catalogue=CatalogueService(full_catalogue()),
        diagrams=Diagrams(database, full_catalogue(), history, runs),
        launcher=launcher,
        lifecycle=Lifecycle(database, controller),
        replays=Replays(database, launcher, runs, steerings),
        history=history,
        waits=WaitService(database, teller),
        credentials=CredentialService(database, CredentialValues(database, vault), users),
    )
    loops = [
        asyncio.create_task(loop.run(), name=type(loop).__name__)
        for loop in (dispatcher, controller, teller, keeper)
    ]
    for loop in loops:
        loop.add_done_callback(_end_with)
    try:
        yield
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.wait(loops)
        await dispatcher.mark()
        await readiness.close()
        await vault.close()
        await database.close()


def _end_with(loop: "asyncio.Task[None]") -> None:
    # Without them accepted executions, wishes or answers would wait for ever: better no API than that.
    if not loop.cancelled() and (error := loop.exception()) is not None:
        log.critical("a part died, the process ends", part=loop.get_name(), exc_info=error)
        signal.raise_signal(signal.SIGTERM)
