"""What the routes share for as long as the process lives."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.services.catalogue import CatalogueService
from api.services.credentials import CredentialService
from api.services.diagrams import Diagrams
from api.services.history import History
from api.services.launch import Launcher
from api.services.lifecycle import Lifecycle
from api.services.readiness import Readiness
from api.services.replay import Replays
from api.services.tenants import KnownTenants
from api.services.waits import WaitService
from api.services.workflows import WorkflowService
from gorax.settings import Settings
from gorax.store.session import Database


@dataclass(frozen=True)
class Services:
    """The parts of a running API, built once by `api.app` and kept in `app.state.services`."""

    settings: Settings
    database: Database
    known_tenants: KnownTenants
    readiness: Readiness
    workflows: WorkflowService
    catalogue: CatalogueService
    diagrams: Diagrams
    launcher: Launcher
    lifecycle: Lifecycle
    replays: Replays
    history: History
    waits: WaitService
    credentials: CredentialService


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


CurrentServices = Annotated[Services, Depends(_services)]
"""In a route's signature: the parts of the running API."""
