"""`email`: a message by SMTP."""

from email.utils import parseaddr
from typing import Any

from activities.mail.config import EmailConfig
from activities.mail.delivery import deliver
from activities.mail.message import message_of, recipients_of
from activities.outside import Outside
from gorax.core.actions.declaration import EffectAction, EffectCall, EffectTraits
from gorax.core.errors import ErrorType, StepError


async def run(config: EmailConfig, call: EffectCall) -> Any:
    """`{message_id, accepted, rejected}`: who the server took the message for, and who not with its reasons.

    Raises `StepError`: type `smtp` with the server's `code` in the details.
    """
    credential = await call.credential(config.credential)
    sender = config.from_ or str(credential.get("username") or "")
    if "@" not in parseaddr(sender)[1]:
        raise StepError(
            ErrorType.VALIDATION, "from: is required, since the credential's username is no mail address"
        )
    message = message_of(config, sender, call.idempotency_key)
    accepted, rejected = await deliver(
        message, parseaddr(sender)[1], recipients_of(config), credential, call.resource(Outside).egress
    )
    return {"message_id": message["Message-ID"], "accepted": accepted, "rejected": rejected}


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
