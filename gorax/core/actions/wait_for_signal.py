"""`wait_for_signal`: wait until something outside sends a signal to the execution."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from gorax.core.actions.constructs import Wait
from gorax.core.actions.declaration import Config, FlowAction, FlowStep
from gorax.core.durations import Duration
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorType, StepError
from gorax.core.json_schema import SchemaError, compile_schema

MAX_TIMEOUT = 365 * 86_400
MAX_SCHEMA_BYTES = 65_536


def small(value: Any) -> Any:
    """The value, if it is not too large to be shown to people. Raises `ValueError`."""
    if len(dumps(value)) > MAX_SCHEMA_BYTES:
        raise ValueError(f"must have at most {MAX_SCHEMA_BYTES} bytes")
    return value


def _schema(value: dict[str, Any]) -> dict[str, Any]:
    try:
        compile_schema(small(value))
    except SchemaError as error:
        raise ValueError(f"{error.pointer or 'the schema'}: {error.message}") from error
    return value


class WaitForSignalConfig(Config):
    """The signal, and how long to wait for it."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")]
    """`POST /api/v1/executions/{id}/signals/{name}` sends it. One that came before the step began counts too."""
    timeout: Annotated[Duration, Field(gt=0, le=MAX_TIMEOUT)] | None = None
    """The step fails with `timeout` after it. Left out: as long as the execution may last."""
    payload_schema: Annotated[dict[str, Any], AfterValidator(_schema)] | None = Field(
        default=None, alias="schema"
    )
    """JSON Schema of the payload; what is not like it is refused where it is sent. 64 KB."""


async def run(config: WaitForSignalConfig, step: FlowStep) -> Any:
    """The signal's payload."""
    answer = await step.wait(
        Wait(kind="signal", name=config.name, timeout=config.timeout, payload_schema=config.payload_schema)
    )
    if answer is None:
        raise StepError(ErrorType.TIMEOUT, f"no signal {config.name!r} came within {config.timeout:g} s")
    return answer.payload


ACTION = FlowAction(
    name="wait_for_signal",
    aliases=("signal",),
    config=WaitForSignalConfig,
    summary="Wait for a signal from outside",
    example={"name": "payment_received", "timeout": "7d"},
    run=run,
)
