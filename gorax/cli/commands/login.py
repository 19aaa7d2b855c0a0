"""`gorax login`, `gorax logout`."""

from typing import Annotated

import typer

from gorax.cli.exits import Wrong
from gorax.cli.profiles import DEFAULT, Profile, load_profiles, save_profiles
from gorax.cli.secrets import ask, piped
from gorax.cli.session import Json, connect, output
from gorax.client.client import LOCAL


def login(
    context: typer.Context,
    url: Annotated[str, typer.Option(help="Where the API is.")] = LOCAL,
    tenant: Annotated[str | None, typer.Option(help="Whose things it is about; an API key knows.")] = None,
    profile: Annotated[str, typer.Option(help="What to call it.")] = DEFAULT,
    user: Annotated[str | None, typer.Option(help="In development, who you are.")] = None,
    role: Annotated[str | None, typer.Option(help="In development, what you are.")] = None,
    as_json: Json = False,
) -> None:
    """Keep where the API is, and a token for it: an API key or that of a session.

    The token is asked for, or read from standard input; in development there is none. It is tried before it is kept,
    in a file that nobody else may read.
    """
    out = output(context, as_json)
    profiles = load_profiles()
    given = piped()
    token = (ask("Token (none in development)", optional=True) if given is None else given).strip()
    place = Profile(url=url.rstrip("/"), tenant=tenant, token=token or None, user=user, role=role)
    if not token and not tenant:
        raise Wrong("without a token, --tenant is needed")
    with connect(place) as gorax:
        gorax.workflows.list(limit=1)
    profiles.profiles[profile] = place
    profiles.current = profile
    path = save_profiles(profiles)
    out.done(
        {"profile": profile, "url": place.url, "tenant": tenant},
        f"{profile} is kept in {path}, and used from now on",
    )


def logout(
    context: typer.Context,
    profile: Annotated[str | None, typer.Option(help="Which one; by default the current one.")] = None,
    as_json: Json = False,
) -> None:
    """Forget a profile, with its token. The token stays valid: revoke it where it was made."""
    out = output(context, as_json)
    profiles = load_profiles()
    name = profile or profiles.current
    if profiles.profiles.pop(name, None) is None:
        raise Wrong(f"there is no profile {name!r}")
    save_profiles(profiles)
    out.done({"profile": name}, f"{name} is forgotten")
