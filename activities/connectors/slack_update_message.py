"""`slack_update_message`: change a Slack message."""

from activities.slack.config import UpdateConfig
from activities.slack.messages import update
from gorax.core.actions.declaration import EffectAction, EffectTraits

ACTION = EffectAction(
    name="slack_update_message",
    aliases=("slack:update_message",),
    config=UpdateConfig,
    summary="Change a Slack message",
    example={
        "credential": "team_slack",
        "channel": "C123",
        "timestamp": "{{trigger.body.ts}}",
        "text": "done",
    },
    run=update,
    traits=EffectTraits(timeout=30, max_attempts=3, mode="durable"),
)
