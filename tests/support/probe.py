"""An action type of the tests' own, declared like any installed package's: it does what its config says."""

import asyncio
from collections import Counter
from typing import Any

from gorax.core.actions.declaration import Config, EffectAction, EffectCall, EffectTraits
from gorax.core.errors import StepError

calls: Counter[str] = Counter()
"""By idempotency key: how often it was called."""
running: set[str] = set()
"""Paths of the probes that run now."""
together: set[frozenset[str]] = set()
"""Sets of paths that were seen running at the same time."""


def most_together(prefix: str) -> int:
    """How many probes whose paths begin so ran at the same time."""
    return max(sum(path.startswith(prefix) for path in paths) for paths in together)


class ProbeConfig(Config):
    """What this call shall do."""

    value: Any = None
    fail_times: int = 0
    error: str = "network"
    retryable: bool = True
    retry_after: float | None = None
    sleep: float = 0
    size: int = 0
    crash: bool = False


async def run(config: ProbeConfig, call: EffectCall) -> Any:
    """Sleep, fail or answer."""
    calls[call.idempotency_key] += 1
    running.add(call.path)
    together.add(frozenset(running))
    try:
        await asyncio.sleep(config.sleep)
        if config.crash:
            raise ZeroDivisionError
        if calls[call.idempotency_key] <= config.fail_times:
            raise StepError(
                config.error,
                f"attempt {call.attempt} failed",
                details={"attempt": call.attempt},
                retryable=config.retryable,
                retry_after=config.retry_after,
            )
        return "x" * config.size if config.size else config.value
    finally:
        running.discard(call.path)


ACTION = EffectAction(
    name="probe",
    config=ProbeConfig,
    summary="Does what its config says",
    example={"value": 1},
    run=run,
    traits=EffectTraits(timeout=30, max_attempts=3, mode="durable"),
)
