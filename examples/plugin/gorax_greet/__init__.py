"""`greet`: an action type of this package's own."""

from pydantic import Field

from gorax.core.actions.declaration import Config, EffectAction, EffectCall


class GreetConfig(Config):
    """Whom to greet."""

    name: str = Field(min_length=1, max_length=100)


async def run(config: GreetConfig, call: EffectCall) -> dict[str, str]:
    """`{greeting, key}`."""
    return {"greeting": f"Hello {config.name}", "key": call.idempotency_key}


ACTION = EffectAction(
    name="greet",
    config=GreetConfig,
    summary="Greet somebody",
    example={"name": "{{trigger.body.name}}"},
    run=run,
)
