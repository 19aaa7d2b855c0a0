"""Which API a command speaks to, as whom, and how it prints."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import typer

from gorax.cli.exits import Wrong
from gorax.cli.output import Output
from gorax.cli.profiles import Profile, load_profiles
from gorax.client import Gorax
from gorax.client.client import LOCAL

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
"""The option of every command."""


@dataclass
class Session:
    """What the options before the command say."""

    profile: str | None = None
    url: str | None = None
    tenant: str | None = None
    as_json: bool = False

    def place(self) -> Profile:
        """Where to work at: options go before the environment, and that before the profile. Raises `Wrong`."""
        profiles = load_profiles()
        name = self.profile or os.environ.get("GORAX_PROFILE")
        if name is not None and name not in profiles.profiles:
            raise Wrong(f"there is no profile {name!r}: gorax login --profile {name}")
        found = profiles.profiles.get(name or profiles.current, Profile(url=LOCAL))
        url = self.url or os.environ.get("GORAX_URL")
        if url is not None and url.rstrip("/") != found.url:
            # What a profile has is for its own server, and its token for nobody else.
            found = Profile(url=url.rstrip("/"))
        given = {
            "tenant": self.tenant or os.environ.get("GORAX_TENANT"),
            "token": os.environ.get("GORAX_TOKEN"),
        }
        return found.model_copy(update={field: value for field, value in given.items() if value})


class Opened(NamedTuple):
    """A client, and where to print."""

    gorax: Gorax
    out: Output


def session_of(context: typer.Context) -> Session:
    """What was said before the command."""
    session = context.find_root().obj
    assert isinstance(session, Session)
    return session


def output(context: typer.Context, as_json: bool) -> Output:
    """Where a command prints that does not ask the API."""
    session = session_of(context)
    session.as_json = as_json
    return Output(json=as_json)


@contextmanager
def opened(context: typer.Context, as_json: bool) -> Iterator[Opened]:
    """The client of a command, until it ends."""
    out = output(context, as_json)
    with connect(session_of(context).place()) as gorax:
        yield Opened(gorax, out)


def connect(place: Profile) -> Gorax:
    """A client of that place. Raises `Wrong` for an address that is none."""
    try:
        return Gorax(place.url, tenant=place.tenant, token=place.token, user=place.user, role=place.role)
    except ValueError as error:
        raise Wrong(str(error)) from error
