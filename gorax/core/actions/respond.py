"""`respond`: choose what the sender of a webhook is answered, where it waits for the result."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from gorax.core.actions.declaration import Config, FlowAction, FlowStep, Text

_OF_THE_CONNECTION = frozenset(
    ("connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade")
)


def _of_the_answer(name: str) -> str:
    if name.lower() in _OF_THE_CONNECTION:
        raise ValueError("is about the connection, and the server's business")
    return name


HeaderName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$"),
    AfterValidator(_of_the_answer),
]
HeaderValue = Annotated[Text, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{0,4096}$")]


class RespondConfig(Config):
    """An HTTP answer."""

    status: int = Field(default=200, ge=200, le=599)
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict, max_length=50)
    body: Any = None
    """A string is sent as it is, anything else as JSON."""


async def run(config: RespondConfig, step: FlowStep) -> Any:
    """The answer. The first one of an execution counts."""
    return {"status": config.status, "headers": config.headers, "body": config.body}


ACTION = FlowAction(
    name="respond",
    aliases=("respond_to_webhook",),
    config=RespondConfig,
    summary="Answer the sender of a webhook",
    example={"status": 201, "body": {"order": "{{trigger.body.order}}", "state": "accepted"}},
    run=run,
    pure=True,
    at_once=True,
)
