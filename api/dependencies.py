"""What the routes share for as long as the process lives."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.services.history import History
from api.services.launch import Launcher
from api.services.readiness import Readiness
from api.services.tenants import KnownTenants
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
    launcher: Launcher
    history: History


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


CurrentServices = Annotated[Services, Depends(_services)]
"""In a route's signature: the parts of the running API."""
