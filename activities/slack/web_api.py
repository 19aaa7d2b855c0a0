"""Calls of Slack's Web API and of incoming webhooks."""

from collections.abc import Mapping
from typing import Any

from activities.http.call import HttpCall
from activities.http.config import HttpConfig
from activities.http.failures import retry_after
from gorax.core.actions.declaration import EffectCall, Resource
from gorax.core.errors import ErrorType, StepError
from gorax.core.masking import current_mask
from gorax.settings import Settings

SLACK = "slack"
"""Type of the errors that Slack gives, with its own word for them in the details."""

_AGAIN = frozenset({"internal_error", "fatal_error", "ratelimited", "request_timeout", "service_unavailable"})
_ACCESS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"}
)
_USER_AGENT = "gorax"


class SlackApi(Resource):
    """Where Slack's Web API is."""

    def __init__(self, settings: Settings) -> None:
        self.url = settings.slack.api_url.rstrip("/")

    async def close(self) -> None:
        """Nothing is held."""


async def call_method(
    call: EffectCall, token: str, method: str, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """What Slack answers to a method of its Web API that writes. Raises `StepError`."""
    body = {name: value for name, value in arguments.items() if value is not None}
    return await _call(call, token, method, {"Content-Type": "application/json; charset=utf-8"}, body=body)


async def ask_method(
    call: EffectCall, token: str, method: str, arguments: Mapping[str, str]
) -> dict[str, Any]:
    """What Slack answers to a method that reads: those do not understand JSON. Raises `StepError`."""
    return await _call(call, token, method, {}, form=dict(arguments))


async def _call(
    call: EffectCall, token: str, method: str, headers: Mapping[str, str], **content: Any
) -> dict[str, Any]:
    current_mask().add(token)
    config = HttpConfig(
        method="POST",
        url=f"{call.resource(SlackApi).url}/{method}",
        headers={"Authorization": f"Bearer {token}", **headers},
        expected_status="any",
        follow_redirects=False,
        **content,
    )
    answer = await _send(config, call)
    body = answer["body"]
    if answer["status"] != 200 or not isinstance(body, dict):
        raise _unwilling(answer, f"Slack's {method}")
    if body.get("ok") is not True:
        raise _failure(str(body.get("error", "unknown"))[:100], method, answer)
    return body


def told(answer: Mapping[str, Any], method: str, thing: str) -> str:
    """The id of a thing that Slack's answer is about. Raises `StepError` when it tells none."""
    found = answer.get(thing)
    if not isinstance(found, dict) or not isinstance(found.get("id"), str):
        raise StepError(SLACK, f"Slack's {method} answered without the id of a {thing}")
    return str(found["id"])


async def post_to_webhook(call: EffectCall, url: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """`{ok}`: an incoming webhook says nothing more. Raises `StepError`."""
    current_mask().add(url)
    config = HttpConfig(
        method="POST",
        url=url,
        body={name: value for name, value in message.items() if value is not None},
        expected_status="any",
        follow_redirects=False,
        response="text",
    )
    answer = await _send(config, call)
    if answer["status"] == 200:
        return {"ok": True}
    if answer["status"] == 429 or answer["status"] >= 500:
        raise _unwilling(answer, "the webhook")
    raise _failure(str(answer["body"])[:100], "webhook", answer)


async def _send(config: HttpConfig, call: EffectCall) -> dict[str, Any]:
    return await (await HttpCall.prepare(config, call, _USER_AGENT, current_mask())).output()


def _unwilling(answer: Mapping[str, Any], what: str) -> StepError:
    status = int(answer["status"])
    again = status == 429 or status >= 500
    return StepError(
        ErrorType.http(status),
        f"{what} answered {status}",
        details={"status": status},
        retryable=again,
        retry_after=retry_after(answer["headers"].get("retry-after")) if again else None,
    )


def _failure(reason: str, method: str, answer: Mapping[str, Any]) -> StepError:
    return StepError(
        ErrorType.CREDENTIAL if reason in _ACCESS else SLACK,
        f"Slack refused {method}: {reason}",
        details={"error": reason},
        retryable=reason in _AGAIN,
        retry_after=retry_after(answer["headers"].get("retry-after")),
    )
