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
from api.routes import docs, executions, health, workflows
from api.services.dispatch import Dispatcher
from api.services.history import History
from api.services.launch import Launcher
from api.services.readiness import Readiness
from api.services.tenants import KnownTenants
from api.services.workflows import WorkflowService
from gorax.core.actions.catalogue import full_catalogue
from gorax.engine.client import Engine
from gorax.engine.runs import Runs
from gorax.settings import Settings
from gorax.store.session import Database

API_VERSION = "1.0"
"""Of the contract, not of the program."""

COMPRESS_FROM = 1_024
"""Bytes below which a response is sent as it is."""
# The last levels cost several times the CPU for a few percent.
_COMPRESSION_LEVEL = 4

_TAGS = [
    {"name": "Health", "description": "Whether the API lives, and whether it can work."},
    {"name": "Workflows", "description": "Definitions, their versions, and executing them."},
    {"name": "Executions", "description": "What ran, how it went, and each of its steps."},
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
    for section in (health, workflows, executions, docs):
        app.include_router(section.router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    database = Database(settings)
    engine = await Engine.lazy(settings)
    readiness = Readiness(settings, database, engine)
    dispatcher = Dispatcher(database, engine, settings)
    app.state.services = Services(
        settings=settings,
        database=database,
        known_tenants=KnownTenants(database),
        readiness=readiness,
        workflows=WorkflowService(database, full_catalogue()),
        launcher=Launcher(database, dispatcher),
        history=History(Runs(engine.client)),
    )
    dispatching = asyncio.create_task(dispatcher.run())
    dispatching.add_done_callback(_end_with)
    try:
        yield
    finally:
        dispatching.cancel()
        await asyncio.wait([dispatching])
        await dispatcher.mark()
        await readiness.close()
        await database.close()


def _end_with(dispatching: "asyncio.Task[None]") -> None:
    # Without a dispatcher accepted executions would wait for ever: better no API than that.
    if not dispatching.cancelled() and (error := dispatching.exception()) is not None:
        log.critical("the dispatcher died, the process ends", exc_info=error)
        signal.raise_signal(signal.SIGTERM)
