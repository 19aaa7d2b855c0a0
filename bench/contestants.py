"""What is measured: a way to start an execution that makes the five calls, and the processes it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from temporalio.client import Client

from bench.client import ApiClient
from bench.handwritten import TASK_QUEUE, FiveCalls
from bench.stub import CALLS
from gorax.core.contracts import INTERPRETER
from gorax.core.ids import temporal_workflow_id

TENANT = "bench"


class Contestant(Protocol):
    """One way to make the calls."""

    @property
    def name(self) -> str: ...

    @property
    def workflow_type(self) -> str:
        """What Temporal calls it."""

    @property
    def processes(self) -> Mapping[str, int]:
        """The pids of all processes that work for it."""

    async def start(self, key: str) -> str:
        """Begin an execution that calls `/<key>/1` … at the stub; returns its Temporal workflow id."""


@dataclass(frozen=True)
class Gorax:
    """A workflow of ours, started over REST."""

    name: str
    processes: Mapping[str, int]
    api: ApiClient
    workflow_id: str
    workflow_type: str = INTERPRETER

    @classmethod
    async def create(
        cls, name: str, actions: list[dict[str, Any]], api: ApiClient, processes: Mapping[str, int]
    ) -> "Gorax":
        """Save the workflow that is to be executed."""
        body = {"name": name, "enabled": True, "definition": {"actions": actions}}
        workflow = await api.post("/api/v1/workflows", body)
        return cls(name, processes, api, workflow["id"])

    async def start(self, key: str) -> str:
        """Begin an execution."""
        accepted = await self.api.post(f"/api/v1/workflows/{self.workflow_id}/execute", {"key": key})
        return temporal_workflow_id(TENANT, accepted["execution_id"])


@dataclass(frozen=True)
class Webhook:
    """A workflow of ours, started by events."""

    processes: Mapping[str, int]
    api: ApiClient
    path: str
    name: str = "webhook"
    workflow_type: str = INTERPRETER

    @classmethod
    async def create(cls, workflow: Gorax) -> "Webhook":
        """Save a webhook of a workflow; by its key an event is told from its repetitions."""
        body = {
            "name": "bench",
            "workflow_id": workflow.workflow_id,
            "auth_type": "none",
            "dedupe_key": "trigger.body.key",
        }
        webhook = await workflow.api.post("/api/v1/webhooks", body)
        return cls(workflow.processes, workflow.api, urlsplit(webhook["url"]).path)

    async def start(self, key: str) -> str:
        """Send an event."""
        received = await self.api.send(self.path, {"key": key})
        return temporal_workflow_id(TENANT, received["execution_id"])


@dataclass(frozen=True)
class Handwritten:
    """The same by hand, started by a Temporal client in this process, whose CPU is not counted."""

    processes: Mapping[str, int]
    client: Client
    stub_url: str
    name: str = "hand-written"
    workflow_type: str = FiveCalls.__name__

    async def start(self, key: str) -> str:
        """Begin an execution."""
        handle = await self.client.start_workflow(
            FiveCalls.run, f"{self.stub_url}/{key}", id=f"handwritten-{key}", task_queue=TASK_QUEUE
        )
        return handle.id


def five_calls(stub_url: str, mode: str) -> list[dict[str, Any]]:
    """The actions of the measured workflow, in one of the two modes."""
    return [
        {
            "id": f"call_{number}",
            "type": "http",
            "mode": mode,
            "config": {"method": "GET", "url": f"{stub_url}/{{{{trigger.body.key}}}}/{number}"},
        }
        for number in range(1, CALLS + 1)
    ]
