"""`gorax credentials`."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gorax.cli.exits import Wrong
from gorax.cli.limits import Limit, first
from gorax.cli.named import credential_called, find
from gorax.cli.secrets import ask, piped
from gorax.cli.session import Json, opened

app = typer.Typer(no_args_is_help=True, help="Credentials: secrets that steps use.")

SECRETS: Mapping[str, tuple[str, ...]] = {
    "api_key": ("key",),
    "bearer_token": ("token",),
    "basic_auth": ("username", "password"),
    "oauth2": ("client_id", "client_secret"),
    "aws": ("access_key_id", "secret_access_key"),
    "smtp": ("username", "password"),
    "postgres": ("url",),
    "slack": ("token",),
}
"""What is asked for, by type."""
PUBLIC = frozenset(
    {
        *("header", "query", "host", "port", "username", "database", "sslmode", "tls", "region"),
        *("token_url", "scope", "audience", "client_auth"),
    }
)
"""Fields that say how a secret is used and are none, so that they may stand in a command line."""

Reference = Annotated[str, typer.Argument(metavar="CREDENTIAL", help="Its id or its name.")]


@app.command("list")
def list_(
    context: typer.Context,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """List the credentials, without their values."""
    with opened(context, as_json) as (gorax, out):
        found = first(limit, lambda page: gorax.credentials.iterate(limit=page))
        out.rows(found, ["id", "name", "type", "version", "status", "last_rotated", "expires_at"])


@app.command("set")
def set_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What definitions call it.")],
    type_: Annotated[
        str | None, typer.Option("--type", help="Such as api_key, bearer_token, basic_auth; of a new one.")
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", help="Ask for this field of the value. May come several times."),
    ] = None,
    public: Annotated[
        list[str] | None, typer.Option("--with", help="A field that is no secret: header=X-Shop-Key, host=…")
    ] = None,
    grace: Annotated[
        str, typer.Option(help="How long a value before stays valid for executions that began with it.")
    ] = "24h",
    description: Annotated[str | None, typer.Option(help="For people; of a new one.")] = None,
    as_json: Json = False,
) -> None:
    """Keep a secret under a name, or give it a new value.

    The value is asked for, unseen, field by field; or it is on standard input: a JSON object, or, where one field is
    meant, the secret as it is.
    """
    known = dict(_public(one) for one in public or ())
    with opened(context, as_json) as (gorax, out):
        current = find(gorax.credentials.iterate(), name)
        kind = current.type if current else type_
        if kind is None:
            raise Wrong(f"{name} is new: say its --type")
        if current and type_ not in (None, kind):
            raise Wrong(f"{name} is of the type {kind}, and that stays: delete it first")
        asked = [one for one in fields or SECRETS.get(kind, ()) if one not in known]
        value = {**_value(asked), **known}
        if current is not None:
            rotated = gorax.credentials.rotate(current.id, value, grace_period=grace)
            told = {"outcome": "rotated", "id": rotated.id, "version": rotated.version}
        else:
            more: Any = {} if description is None else {"description": description}
            created = gorax.credentials.create(name=name, type=kind, value=value, **more)
            told = {"outcome": "created", "id": created.id, "version": created.version}
        out.done(told, f"{name} is {told['outcome']}: {told['id']}, version {told['version']}")


@app.command()
def delete(
    context: typer.Context,
    credential: Reference,
    force: Annotated[bool, typer.Option("--force", help="Although workflows use it.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a credential."""
    with opened(context, as_json) as (gorax, out):
        found = credential_called(gorax, credential)
        gorax.credentials.delete(found.id, force=force)
        out.done({"id": found.id, "deleted": True}, f"{found.name} is deleted")


def _public(given: str) -> tuple[str, Any]:
    name, equals, value = given.partition("=")
    if not equals or name not in PUBLIC:
        raise Wrong(
            f"--with takes name=value of {', '.join(sorted(PUBLIC))}; what is secret is asked for, see --field"
        )
    return name, int(value) if name == "port" and value.isdecimal() else value


def _value(asked: list[str]) -> dict[str, Any]:
    text = piped()
    if text is None:
        if not asked:
            raise Wrong("say what to ask for, with --field, or give a JSON object on standard input")
        return {field: ask(field) for field in asked}
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if isinstance(told, dict):
        return told
    if len(asked) != 1:
        raise Wrong(
            "standard input must be a JSON object, or the secret alone where one field is meant: see --field"
        )
    return {asked[0]: text.rstrip("\r\n")}
