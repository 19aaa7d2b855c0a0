"""What the person in front of the terminal sees; going on without one is fine."""

import os
import re
import sys
from enum import StrEnum
from pathlib import Path

CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
"""Escape sequences and control characters: what a log holds must not steer the terminal."""


class Style(StrEnum):
    """How a line looks, as ANSI codes."""

    plain = ""
    good = "32"
    bad = "31"
    quiet = "2"
    bold = "1"


class Terminal:
    """Prints lines; colours only for a person, silence when nobody reads any more."""

    def __init__(self) -> None:
        """Look at standard output."""
        self._colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def say(self, text: str = "", style: Style = Style.plain) -> None:
        """Print a line of ours."""
        if self._colours and style:
            text = f"\x1b[{style}m{text}\x1b[0m"
        try:
            print(text, flush=True)
        except OSError:
            # The terminal is closed, or a pipe's reader gone: the parts are still to be stopped in order.
            with Path(os.devnull).open("wb") as nothing:
                os.dup2(nothing.fileno(), sys.stdout.fileno())

    def state(self, name: str, text: str, style: Style = Style.plain) -> None:
        """Print what has become of a part."""
        self.say(f"  {name:<12} {CONTROL.sub('', text)}", style)

    def quote(self, name: str, line: str) -> None:
        """Print a line from a part's log."""
        self.say(f"  {name:<12} | {CONTROL.sub('', line)}", Style.quiet)
