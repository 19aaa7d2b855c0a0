"""The configs of the `slack` actions."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from gorax.core.actions.declaration import Config
from gorax.core.actions.declaration import Text as AnyText

MAX_TEXT = 40_000
"""Characters; Slack cuts longer messages."""
MAX_BLOCKS = 50

Channel = Annotated[str, Field(min_length=1, max_length=255)]
Text = Annotated[AnyText, Field(max_length=MAX_TEXT)]
Blocks = Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MAX_BLOCKS)]
Timestamp = Annotated[str, Field(min_length=1, max_length=64)]
CredentialName = Annotated[str, Field(min_length=1, max_length=255)]
"""Of a credential of type `slack`, with a `token` or a `webhook_url`."""


class _Message(Config):
    text: Text | None = None
    blocks: Blocks | None = None
    """Slack's Block Kit; `text` is then what notifications show."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and self.blocks is None:
            raise ValueError("give text, blocks, or both")
        return self


class SlackConfig(_Message):
    """A message in a channel."""

    channel: Channel | None = None
    """Name or id; required, except with a webhook, which has its own."""
    thread_ts: Timestamp | None = None
    """`ts` of the message to answer."""
    username: Annotated[str, Field(max_length=80)] | None = None
    icon_emoji: Annotated[str, Field(max_length=100)] | None = None
    credential: CredentialName | None = None
    webhook_url: Annotated[str, Field(min_length=1, max_length=8_192)] | None = None
    """An incoming webhook, in place of a credential."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.credential is None) == (self.webhook_url is None):
            raise ValueError("give either credential or webhook_url")
        return self


class DirectMessageConfig(_Message):
    """A message to one person."""

    user: Annotated[str, Field(min_length=1, max_length=254)]
    """Slack's user id, or a mail address."""
    credential: CredentialName


class UpdateConfig(_Message):
    """A message that is changed."""

    channel: Channel
    ts: Timestamp = Field(alias="timestamp")
    """Of the message: `steps.x.output.ts` of the one that sent it."""
    credential: CredentialName


class ReactionConfig(Config):
    """An emoji on a message."""

    channel: Channel
    ts: Timestamp = Field(alias="timestamp")
    emoji: Annotated[str, Field(min_length=1, max_length=100)]
    """Its name, with or without colons."""
    credential: CredentialName
