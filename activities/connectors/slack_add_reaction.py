"""`slack_add_reaction`: add a reaction to a Slack message."""

from activities.slack.config import ReactionConfig
from activities.slack.messages import react
from gorax.core.actions.declaration import EffectAction, EffectTraits

ACTION = EffectAction(
    name="slack_add_reaction",
    aliases=("slack:add_reaction",),
    config=ReactionConfig,
    summary="Add a reaction to a Slack message",
    example={
        "credential": "team_slack",
        "channel": "C123",
        "timestamp": "{{trigger.body.ts}}",
        "emoji": "eyes",
    },
    run=react,
    traits=EffectTraits(timeout=30, max_attempts=3, mode="durable"),
)
