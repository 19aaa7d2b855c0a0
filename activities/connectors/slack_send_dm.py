"""`slack_send_dm`: send a Slack message to one person."""

from activities.slack.config import DirectMessageConfig
from activities.slack.messages import send_direct
from gorax.core.actions.declaration import EffectAction, EffectTraits

ACTION = EffectAction(
    name="slack_send_dm",
    aliases=("slack:send_dm",),
    config=DirectMessageConfig,
    summary="Send a Slack message to one person",
    example={"credential": "team_slack", "user": "ann@example.com", "text": "Your report is ready"},
    run=send_direct,
    traits=EffectTraits(timeout=30, max_attempts=3, mode="durable"),
)
