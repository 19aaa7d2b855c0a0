"""`slack`: send a message to a Slack channel."""

from activities.slack.config import SlackConfig
from activities.slack.messages import send
from gorax.core.actions.declaration import EffectAction, EffectTraits

ACTION = EffectAction(
    name="slack",
    aliases=("slack:send_message", "slack_send_message"),
    config=SlackConfig,
    summary="Send a message to a Slack channel",
    example={"credential": "team_slack", "channel": "#orders", "text": "Order {{trigger.body.id}} came in"},
    run=send,
    traits=EffectTraits(timeout=30, max_attempts=3, mode="durable"),
)
