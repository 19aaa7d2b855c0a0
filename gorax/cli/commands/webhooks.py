"""`gorax webhooks`."""

import time
from typing import Annotated, cast, get_args

import httpx
import typer
from rich.text import Text

from gorax.cli.exits import Wrong
from gorax.cli.files import read_data
from gorax.cli.limits import Limit, first
from gorax.cli.listening import SECONDS, Forwarded, Forwarder, Listener
from gorax.cli.output import visible
from gorax.cli.secrets import ask, piped
from gorax.cli.session import Json, opened
from gorax.client import Unavailable, Unreachable
from gorax.client.signatures import Scheme

app = typer.Typer(no_args_is_help=True, help="Webhooks, and the events that they receive.")

Id = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Its id.")]


@app.command("list")
def list_(context: typer.Context, limit: Limit = 100, as_json: Json = False) -> None:
    """List the webhooks, newest first."""
    with opened(context, as_json) as (gorax, out):
        found = first(limit, lambda page: gorax.webhooks.iterate(limit=page))
        out.rows(found, ["id", "name", "enabled", "auth_type", "url"])


@app.command()
def show(context: typer.Context, webhook: Id, as_json: Json = False) -> None:
    """Show a webhook, without its secret."""
    with opened(context, as_json) as (gorax, out):
        out.thing(gorax.webhooks.get(webhook))


@app.command()
def events(context: typer.Context, webhook: Id, limit: Limit = 20, as_json: Json = False) -> None:
    """List what it received, newest first."""
    with opened(context, as_json) as (gorax, out):
        found = first(limit, lambda page: gorax.webhooks.iterate_events(webhook, limit=page))
        out.rows(found, ["id", "received_at", "method", "status", "reason", "execution_id"])


@app.command("test")
def send_test(
    context: typer.Context,
    webhook: Id,
    data: Annotated[str | None, typer.Option("--data", "-d", help="The body: JSON, @file, or @-.")] = None,
    as_json: Json = False,
) -> None:
    """Send it an event, which is a real one."""
    body = read_data(data)
    with opened(context, as_json) as (gorax, out):
        out.thing(gorax.webhooks.test(webhook, body=body))


@app.command()
def replay(context: typer.Context, event: str, as_json: Json = False) -> None:
    """Begin a new execution from an event that was received."""
    with opened(context, as_json) as (gorax, out):
        out.thing(gorax.events.replay(event))


@app.command()
def listen(
    context: typer.Context,
    webhook: Id,
    to: Annotated[str, typer.Option(help="Where to send them: http://localhost:3000/hook")],
    sign: Annotated[
        bool,
        typer.Option("--sign", help="Sign them anew, with a secret that is asked for or on standard input."),
    ] = False,
    scheme: Annotated[str, typer.Option(help=f"How to sign: {', '.join(get_args(Scheme))}.")] = "gorax",
    interval: Annotated[float, typer.Option(min=0.1, max=60, help="Seconds between two looks.")] = 1.0,
    count: Annotated[int | None, typer.Option(min=1, help="Stop after so many.")] = None,
    as_json: Json = False,
) -> None:
    """Send the events that a webhook receives from now on to an address on this machine, until Ctrl-C.

    The webhook works as ever. Headers that prove who sent an event are not in the history, and so not sent on; a form
    is sent on as JSON.
    """
    if scheme not in get_args(Scheme):
        raise Wrong(f"--scheme must be one of {', '.join(get_args(Scheme))}")
    if not to.startswith(("http://", "https://")):
        raise Wrong("--to must be an address that begins with http:// or https://")
    secret = ((piped() or ask("Secret of the webhook")).rstrip("\n") or None) if sign else None
    with opened(context, as_json) as (gorax, out), httpx.Client(timeout=SECONDS, trust_env=False) as http:
        listener = Listener(gorax, webhook)
        forwarder = Forwarder(http, to, secret, cast(Scheme, scheme))
        out.note(f"listening to {webhook}, sending to {to}")
        left = count
        while True:
            try:
                for one in listener.new():
                    sent = forwarder.forward(gorax.events.get(one.id))
                    listener.mark(one)
                    out.event(_told(sent), [_line(sent)])
                    if left is not None and (left := left - 1) == 0:
                        return
            except (Unreachable, Unavailable) as error:
                out.error(error)
            time.sleep(interval)


def _told(sent: Forwarded) -> dict[str, object]:
    return {
        "event": sent.event,
        "status": sent.status,
        "error": sent.error,
        "milliseconds": sent.milliseconds,
    }


def _line(sent: Forwarded) -> Text:
    good = sent.status is not None and sent.status < 400
    outcome = str(sent.status) if sent.status is not None else visible(sent.error)
    return Text.assemble(
        (f"{visible(sent.event.received_at)[11:]} ", "dim"),
        f"{sent.event.id} {sent.event.method} ",
        (f"{sent.event.status} ", "dim"),
        (outcome, "green" if good else "red"),
        (f" {sent.milliseconds} ms", "dim"),
    )
