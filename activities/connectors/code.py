"""`code`: run a script in a sandbox."""

from typing import Any

from activities.scripts.config import MAX_RESULT_BYTES, MAX_TIMEOUT, CodeConfig
from activities.scripts.failures import check_result, failure_of
from activities.scripts.job import Job
from activities.scripts.pool import ScriptPool
from gorax.core.actions.declaration import EffectAction, EffectCall, EffectTraits

PATIENCE_SECONDS = 1.0
"""How long a script may wait for its turn, at most, and still have all of its time."""


async def run(config: CodeConfig, call: EffectCall) -> Any:
    """`{result, logs}`: what the script returned, and the lines that it wrote to the console.

    Raises `StepError`: `script` when the script fails or needs more memory than it may, `timeout`,
    `output_too_large`.
    """
    job = Job(
        script=config.script,
        context={**config.context, "input": config.input},
        seconds=min(config.timeout or MAX_TIMEOUT, call.timeout),
        memory_bytes=config.memory_limit_mb << 20,
        result_bytes=MAX_RESULT_BYTES,
    )
    within = call.timeout + min(PATIENCE_SECONDS, call.timeout / 2)
    outcome = await call.resource(ScriptPool).run(job, within)
    if outcome.error is not None:
        raise failure_of(outcome.error, outcome.logs, job)
    check_result(outcome.result, job)
    return {"result": outcome.result, "logs": [line.model_dump() for line in outcome.logs]}


ACTION = EffectAction(
    name="code",
    aliases=("javascript", "script"),
    config=CodeConfig,
    summary="Run JavaScript in a sandbox",
    example={
        "script": "const paid = context.input.filter(order => order.paid);\nreturn {count: paid.length};",
        "input": "{{trigger.body.orders}}",
    },
    run=run,
    traits=EffectTraits(timeout=10, max_attempts=3, mode="fast", program="script"),
)
