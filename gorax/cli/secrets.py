"""What must not stand in a command line, where other users of the machine and the shell's history see it."""

import sys

import typer

from gorax.cli.exits import Wrong

MAX_CHARACTERS = 100_000


def piped() -> str | None:
    """What is on standard input, where that is no terminal. Raises `Wrong`."""
    if sys.stdin.isatty():
        return None
    try:
        text = sys.stdin.read(MAX_CHARACTERS + 1)
    except UnicodeDecodeError as error:
        raise Wrong("standard input is not UTF-8") from error
    if len(text) > MAX_CHARACTERS:
        raise Wrong(f"standard input has more than {MAX_CHARACTERS} characters")
    return text


def ask(what: str, *, optional: bool = False) -> str:
    """What somebody types, unseen."""
    told: str = typer.prompt(
        what, default="" if optional else None, hide_input=True, show_default=False, err=True
    )
    return told
