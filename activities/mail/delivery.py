"""Handing a message over to a mail server."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Mapping
from typing import Any

import aiosmtplib

from activities.egress import MAX_ADDRESSES, SECONDS_PER_ADDRESS, server_name, tls_failure
from activities.mail.message import Message
from activities.outside import Outside
from gorax.core.errors import ErrorType, StepError

SMTP = "smtp"
"""Type of the errors that a mail server gives, with its code in the details."""
FAREWELL_SECONDS = 2.0
MAX_WORDS = 300


async def deliver(
    message: Message, credential: Mapping[str, Any], outside: Outside, seconds: float
) -> tuple[list[str], list[dict[str, Any]]]:
    """Send a message; the recipients that the server took, and those that it did not with its reasons.

    Raises `StepError` when it took none. `seconds` is how long one answer of the server may take.
    """
    host, port = str(credential.get("host", "")), int(credential.get("port", 587))
    if not host:
        raise StepError(ErrorType.CREDENTIAL, "the credential names no host: it must be of type smtp")
    mode = credential.get("tls", "starttls")
    client = aiosmtplib.SMTP(
        hostname=server_name(host),
        port=None,
        sock=await _connected(host, port, outside),
        use_tls=mode == "tls",
        start_tls=mode == "starttls",
        tls_context=outside.tls if mode in {"tls", "starttls"} else None,
        username=credential.get("username"),
        password=credential.get("password"),
        timeout=seconds,
    )
    try:
        refused = await _converse(client, message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _all_refused(error) from error
    except aiosmtplib.SMTPAuthenticationError as error:
        raise StepError(
            ErrorType.CREDENTIAL, "the mail server does not accept the login", details={"code": error.code}
        ) from error
    except aiosmtplib.SMTPResponseException as error:
        raise StepError(
            SMTP,
            f"the mail server refused: {_words(error.message)}",
            details={"code": error.code},
            retryable=error.code < 500,
        ) from error
    except ssl.SSLError as error:
        raise tls_failure(host, error) from error
    except OSError as error:  # the library's own for connections that broke or kept silent are among these
        if isinstance(error.__cause__, ssl.SSLError):
            raise tls_failure(host, error.__cause__) from error
        raise StepError(
            ErrorType.NETWORK, f"the mail server {host} broke off: {_words(str(error))}", retryable=True
        ) from error
    except aiosmtplib.SMTPException as error:
        raise StepError(SMTP, f"the mail server {host} cannot do what is asked of it: {error}") from error
    finally:
        client.close()
    rejected = [_rejection(address, why.code, why.message) for address, why in refused.items()]
    return [address for address in message.recipients if address not in refused], rejected


async def _converse(client: aiosmtplib.SMTP, message: Message) -> Mapping[str, aiosmtplib.SMTPResponse]:
    """The recipients that were refused."""
    await client.connect()
    refused, _ = await client.sendmail(
        message.sender,
        message.recipients,
        message.data,
        mail_options=["SMTPUTF8"] if message.international else [],
    )
    # The server has taken the message: whatever becomes of the farewell, the step is done.
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=FAREWELL_SECONDS)
    return refused


async def _connected(host: str, port: int, outside: Outside) -> socket.socket:
    """A connection to an address that may be reached."""
    failure: OSError | None = None
    for address in (await outside.egress.addresses(host, port))[:MAX_ADDRESSES]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            async with asyncio.timeout(SECONDS_PER_ADDRESS):
                await asyncio.get_running_loop().sock_connect(connection, (address, port))
        except OSError as error:  # includes the TimeoutError of an address that does not answer
            connection.close()
            failure = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise StepError(ErrorType.NETWORK, f"could not connect to {host}:{port}", retryable=True) from failure


def _all_refused(error: aiosmtplib.SMTPRecipientsRefused) -> StepError:
    whys = error.recipients
    return StepError(
        SMTP,
        f"the mail server refused all recipients: {_words(whys[0].message)}",
        details={"rejected": [_rejection(why.recipient, why.code, why.message) for why in whys]},
        retryable=all(why.code < 500 for why in whys),
    )


def _rejection(address: str, code: int, message: str) -> dict[str, Any]:
    return {"address": address, "code": code, "message": _words(message)}


def _words(message: str) -> str:
    """What a server said, whatever bytes it said it in."""
    return message[:MAX_WORDS].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
