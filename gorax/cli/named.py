"""Things by their ids, or by the names that people gave them."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from gorax.cli.exits import Wrong
from gorax.client import Gorax, NotFound
from gorax.client.models.credentials import Credential
from gorax.client.models.workflows import Workflow


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


def workflow_called(gorax: Gorax, reference: str) -> Workflow:
    """The workflow of that id or name. Raises `NotFound`, `Wrong` where several are called so."""
    if reference.startswith("wf_"):
        return gorax.workflows.get(reference)
    found = find(gorax.workflows.iterate(), reference)
    if found is None:
        raise NotFound(f"no workflow is called {reference!r}", 404)
    return found


def credential_called(gorax: Gorax, reference: str) -> Credential:
    """The credential of that id or name. Raises `NotFound`."""
    if reference.startswith("cred_"):
        return gorax.credentials.get(reference)
    found = find(gorax.credentials.iterate(), reference)
    if found is None:
        raise NotFound(f"no credential is called {reference!r}", 404)
    return found


def find(things: Iterable[N], name: str) -> N | None:
    """The one of that name, if there is one. Raises `Wrong` where there are several."""
    found = [one for one in things if one.name == name]
    if len(found) > 1:
        raise Wrong(f"{len(found)} are called {name!r}, say which: {', '.join(one.id for one in found)}")
    return found[0] if found else None
