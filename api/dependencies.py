"""What the routes share for as long as the process lives."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.draining import Draining
from api.schemas.webhooks import Addresses
from api.services.api_keys import ApiKeyService
from api.services.catalogue import CatalogueService
from api.services.codec import RunData
from api.services.credentials import CredentialService
from api.services.diagrams import Diagrams
from api.services.history import History
from api.services.intake import IntakeService
from api.services.kratos import Kratos
from api.services.launch import Launcher
from api.services.lifecycle import Lifecycle
from api.services.rates.rates import Rates
from api.services.readiness import Readiness
from api.services.replay import Replays
from api.services.schedules import ScheduleService
from api.services.statistics import Statistics
from api.services.streams.streams import Streams
from api.services.streams.tickets import Tickets
from api.services.tenant_admin import TenantAdmin
from api.services.tenants import KnownTenants
from api.services.waits import WaitService
from api.services.webhook_replay import WebhookReplays
from api.services.webhook_tests import WebhookTests
from api.services.webhooks import WebhookService
from api.services.workflows import WorkflowService
from gorax.settings import Settings
from gorax.store.session import Database
from gorax.telemetry.exposition import Exposition


@dataclass(frozen=True)
class Services:
    """The parts of a running API, built once by `api.app` and kept in `app.state.services`."""

    settings: Settings
    database: Database
    kratos: Kratos
    api_keys: ApiKeyService
    known_tenants: KnownTenants
    tenants: TenantAdmin
    draining: Draining
    readiness: Readiness
    rates: Rates
    workflows: WorkflowService
    catalogue: CatalogueService
    diagrams: Diagrams
    launcher: Launcher
    lifecycle: Lifecycle
    replays: Replays
    history: History
    statistics: Statistics
    waits: WaitService
    credentials: CredentialService
    addresses: Addresses
    webhooks: WebhookService
    webhook_replays: WebhookReplays
    webhook_tests: WebhookTests
    intake: IntakeService
    run_data: RunData
    schedules: ScheduleService
    exposition: Exposition
    streams: Streams
    tickets: Tickets


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


CurrentServices = Annotated[Services, Depends(_services)]
"""In a route's signature: the parts of the running API."""
