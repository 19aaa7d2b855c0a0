"""Handing a message over to a mail server."""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

import aiosmtplib

from activities.egress import Egress, server_name, tls_failure
from gorax.core.errors import ErrorType, StepError

SMTP = "smtp"
"""Type of the errors that a mail server gives, with its code in the details."""
CONNECT_SECONDS = 10.0


async def deliver(
    mail: EmailMessage,
    sender: str,
    recipients: Sequence[str],
    credential: Mapping[str, Any],
    egress: Egress,
) -> tuple[list[str], list[dict[str, Any]]]:
    """Send a message; the recipients that the server took, and those that it did not with its reasons.

    Raises `StepError` when it took none.
    """
    host, port = str(credential.get("host", "")), int(credential.get("port", 587))
    if not host:
        raise StepError(ErrorType.CREDENTIAL, "the credential names no host: it must be of type smtp")
    mode = credential.get("tls", "starttls")
    client = aiosmtplib.SMTP(
        hostname=server_name(host),
        port=None,
        sock=await _connected(host, port, egress),
        use_tls=mode == "tls",
        start_tls=mode == "starttls",
        username=credential.get("username"),
        password=credential.get("password"),
        timeout=CONNECT_SECONDS,
    )
    try:
        async with client:
            refused, _ = await client.send_message(mail, sender=sender, recipients=list(recipients))
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _all_refused(error) from error
    except aiosmtplib.SMTPAuthenticationError as error:
        raise StepError(
            ErrorType.CREDENTIAL, "the mail server does not accept the login", details=_details(error)
        ) from error
    except aiosmtplib.SMTPResponseException as error:
        raise StepError(
            SMTP,
            f"the mail server refused: {error.message[:500]}",
            details=_details(error),
            retryable=error.code < 500,
        ) from error
    except ssl.SSLError as error:
        raise tls_failure(host, error) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise StepError(
            ErrorType.NETWORK, f"the mail server {host} broke off: {str(error)[:300]}", retryable=True
        ) from error
    rejected = [
        {"address": address, "code": why.code, "message": why.message} for address, why in refused.items()
    ]
    return [address for address in recipients if address not in refused], rejected


async def _connected(host: str, port: int, egress: Egress) -> socket.socket:
    """A connection to an address that may be reached."""
    failure: OSError | None = None
    for address in await egress.addresses(host, port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await asyncio.get_running_loop().sock_connect(connection, (address, port))
        except OSError as error:  # includes the TimeoutError of an address that does not answer
            connection.close()
            failure = error
        else:
            return connection
    raise StepError(ErrorType.NETWORK, f"could not connect to {host}:{port}", retryable=True) from failure


def _all_refused(error: aiosmtplib.SMTPRecipientsRefused) -> StepError:
    whys = error.recipients
    return StepError(
        SMTP,
        f"the mail server refused all recipients: {whys[0].message[:300]}",
        details={
            "rejected": [{"address": why.recipient, "code": why.code, "message": why.message} for why in whys]
        },
        retryable=all(why.code < 500 for why in whys),
    )


def _details(error: aiosmtplib.SMTPResponseException) -> dict[str, Any]:
    return {"code": error.code}
