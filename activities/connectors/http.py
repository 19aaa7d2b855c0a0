"""`http`: one HTTP request, or the pages of a list."""

import asyncio
from importlib.metadata import version
from typing import Any

from activities.http.call import HttpCall
from activities.http.config import HttpConfig
from gorax.core.actions.declaration import EffectAction, EffectCall, EffectTraits
from gorax.core.errors import ErrorType, StepError
from gorax.core.masking import current_mask

USER_AGENT = f"gorax/{version('gorax')}"


async def run(config: HttpConfig, call: EffectCall) -> Any:
    """`{status, headers, body, url, elapsed_ms}`; with pagination also `pages` and `more`.

    Header names are in lower case, repeated headers are joined by commas, `set-cookie` is a list. Raises
    `StepError`; neither it nor the output holds a secret of the config.
    """
    clock = asyncio.get_running_loop().time
    started = clock()
    seconds = min(config.timeout or call.timeout, call.timeout)
    mask = current_mask()
    try:
        async with asyncio.timeout(seconds):
            output = await (await HttpCall.prepare(config, call, USER_AGENT, mask)).output()
    except TimeoutError as error:
        what = f"{config.method} {config.url.partition('?')[0]}"
        raise StepError(
            ErrorType.TIMEOUT, mask.in_text(f"{what} took longer than {seconds:g} s"), retryable=True
        ) from error
    except StepError as error:
        error.message = mask.in_text(error.message)
        error.args = (error.message,)
        raise
    output["elapsed_ms"] = round((clock() - started) * 1000, 1)
    return output


ACTION = EffectAction(
    name="http",
    aliases=("http_request",),
    config=HttpConfig,
    summary="Send an HTTP request",
    example={
        "method": "POST",
        "url": "https://api.example.com/orders",
        "body": {"order": "{{trigger.body.id}}"},
    },
    run=run,
    traits=EffectTraits(
        timeout=30, max_attempts=3, mode="durable", fast_when={"method": ("GET", "HEAD", "OPTIONS")}
    ),
)
