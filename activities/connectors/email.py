"""`email`: a message by SMTP."""

import asyncio
from collections.abc import Mapping
from typing import Any

from activities.mail.config import EmailConfig
from activities.mail.delivery import deliver
from activities.mail.mailbox import Mailbox
from activities.mail.message import message_of
from activities.outside import Outside
from gorax.core.actions.declaration import EffectAction, EffectCall, EffectTraits
from gorax.core.errors import ErrorType, StepError


async def run(config: EmailConfig, call: EffectCall) -> Any:
    """`{message_id, accepted, rejected}`: who the server took the message for, and who not with its reasons.

    Raises `StepError`: type `smtp` with the server's `code` in the details.
    """
    credential = await call.credential(config.credential)
    sender = _sender(config, credential)
    # Beside the loop: to write ten megabytes of attachments takes a while.
    message = await asyncio.to_thread(message_of, config, sender, call.idempotency_key)
    accepted, rejected = await deliver(message, credential, call.resource(Outside), call.timeout)
    return {"message_id": message.id, "accepted": accepted, "rejected": rejected}


def _sender(config: EmailConfig, credential: Mapping[str, Any]) -> Mailbox:
    try:
        return Mailbox.parse(config.from_ or str(credential.get("username") or ""))
    except ValueError:
        raise StepError(
            ErrorType.VALIDATION, "from: is required, since the credential's username is no mail address"
        ) from None


ACTION = EffectAction(
    name="email",
    aliases=("send_email", "mail"),
    config=EmailConfig,
    summary="Send a mail by SMTP",
    example={
        "credential": "office_mail",
        "to": ["{{trigger.body.email}}"],
        "subject": "Your order {{trigger.body.id}}",
        "text": "Thank you, {{trigger.body.name}}.",
    },
    run=run,
    traits=EffectTraits(timeout=30, max_attempts=3, mode="durable"),
)
