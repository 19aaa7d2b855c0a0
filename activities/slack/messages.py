"""What the `slack` actions do."""

from collections.abc import Mapping
from typing import Any

from activities.slack.config import DirectMessageConfig, ReactionConfig, SlackConfig, UpdateConfig
from activities.slack.web_api import ask_method, call_method, post_to_webhook, told
from gorax.core.actions.declaration import EffectCall
from gorax.core.errors import ErrorType, StepError


async def send(config: SlackConfig, call: EffectCall) -> Any:
    """Slack's answer: `{ok, channel, ts, message}`; of a webhook `{ok}`. Raises `StepError`."""
    message = config.model_dump(include={"text", "blocks", "thread_ts", "username", "icon_emoji", "channel"})
    if config.webhook_url is not None:
        return await post_to_webhook(call, config.webhook_url, message)
    credential = await call.credential(config.credential or "")
    if (url := credential.get("webhook_url")) and not credential.get("token"):
        return await post_to_webhook(call, str(url), message)
    if config.channel is None:
        raise StepError(ErrorType.VALIDATION, "channel: is required")
    return await call_method(call, _token(credential), "chat.postMessage", message)


async def send_direct(config: DirectMessageConfig, call: EffectCall) -> Any:
    """Slack's answer: `{ok, channel, ts, message}`. Raises `StepError`."""
    token = _token(await call.credential(config.credential))
    user = config.user
    if "@" in user:
        found = await ask_method(call, token, "users.lookupByEmail", {"email": user})
        user = told(found, "users.lookupByEmail", "user")
    opened = await call_method(call, token, "conversations.open", {"users": user})
    channel = told(opened, "conversations.open", "channel")
    message = {"channel": channel, "text": config.text, "blocks": config.blocks}
    return await call_method(call, token, "chat.postMessage", message)


async def update(config: UpdateConfig, call: EffectCall) -> Any:
    """Slack's answer: `{ok, channel, ts, text}`. Raises `StepError`."""
    token = _token(await call.credential(config.credential))
    return await call_method(call, token, "chat.update", config.model_dump(exclude={"credential"}))


async def react(config: ReactionConfig, call: EffectCall) -> Any:
    """`{ok}`; a reaction that is there already is one. Raises `StepError`."""
    token = _token(await call.credential(config.credential))
    arguments = {"channel": config.channel, "timestamp": config.ts, "name": config.emoji.strip(":")}
    try:
        return await call_method(call, token, "reactions.add", arguments)
    except StepError as error:
        if error.details.get("error") == "already_reacted":
            return {"ok": True}
        raise


def _token(credential: Mapping[str, Any]) -> str:
    token = credential.get("token")
    if not token:
        raise StepError(ErrorType.CREDENTIAL, "the credential has no token: it must be of type slack")
    return str(token)
