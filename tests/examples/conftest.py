"""What the examples talk to besides HTTP servers: a mailbox, and a Gorax that has their workflows and credentials."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from dev.ports import free_port
from tests.api.test_executions import finished
from tests.support.schedules import NEVER

EXAMPLES = Path(__file__).parents[2] / "examples"


class Mailbox:
    """A mail server that keeps what it is sent."""

    def __init__(self) -> None:
        """Begin empty."""
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by the server for each mail."""
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@dataclass(frozen=True)
class Examples:
    """The examples, for one tenant."""

    api: httpx.AsyncClient

    async def save(self, name: str, **variables: Any) -> str:
        """The id of an example's workflow, with other `variables`; its schedule, if it has one, begins nothing."""
        body = json.loads((EXAMPLES / f"{name}.json").read_text())
        definition = body["definition"]
        assert variables.keys() <= definition["variables"].keys()
        definition["variables"] |= variables
        trigger = definition.get("trigger", {})
        if trigger.get("type") == "schedule":
            trigger["config"] = NEVER
        saved = await self.api.post("/api/v1/workflows", json=body)
        assert saved.status_code == 201, saved.text
        workflow_id: str = saved.json()["data"]["id"]
        return workflow_id

    async def begin(self, name: str, body: Any = None, **variables: Any) -> str:
        """The id of a new execution of an example."""
        workflow_id = await self.save(name, **variables)
        begun = await self.api.post(f"/api/v1/workflows/{workflow_id}/execute", json=body)
        assert begun.status_code == 202, begun.text
        execution_id: str = begun.json()["data"]["execution_id"]
        return execution_id

    async def run(self, name: str, body: Any = None, **variables: Any) -> dict[str, Any]:
        """An execution of an example that has ended."""
        return await finished(self.api, await self.begin(name, body, **variables))

    async def credential(self, name: str, type_: str, **value: Any) -> None:
        """Store a credential that examples name."""
        stored = await self.api.post(
            "/api/v1/credentials", json={"name": name, "type": type_, "value": value}
        )
        assert stored.status_code == 201, stored.text


@pytest.fixture
def examples(api: httpx.AsyncClient) -> Examples:
    """The examples, for the test's own tenant."""
    return Examples(api)


@pytest.fixture
def smtp() -> Iterator[tuple[Mailbox, int]]:
    """A mail server, and its port."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield mailbox, controller.port
    controller.stop()


@pytest.fixture
async def mailbox(smtp: tuple[Mailbox, int], examples: Examples) -> Mailbox:
    """Where the mails of the credential `office_mail` arrive."""
    mailbox, port = smtp
    await examples.credential("office_mail", "smtp", host="127.0.0.1", port=port, tls="none")
    return mailbox
