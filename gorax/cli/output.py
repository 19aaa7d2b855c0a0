"""What the command prints: for people, or JSON for programs."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gorax.client import GoraxError, Refused

PIPED_WIDTH = 200
"""Columns where the output is no terminal."""

_LATE_CONTROLS = re.compile(r"[\x7f-\x9f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

STYLES: Mapping[str, str] = {
    "completed": "green",
    "failed": "red",
    "timed_out": "red",
    "terminated": "red",
    "cancelled": "yellow",
    "running": "cyan",
    "pending": "dim",
    "skipped": "dim",
}
"""Of the statuses of executions and steps."""


def visible(value: Any, *, limit: int | None = None) -> str:
    """A value as text that does nothing to a terminal, whoever wrote it."""
    match value:
        case None:
            text = ""
        case str():
            text = value
        case bool():
            text = "yes" if value else "no"
        case datetime():
            text = value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        case _:
            text = as_json(value)
    text = _CONTROLS.sub("\ufffd", text)
    return text if limit is None or len(text) <= limit else f"{text[: limit - 1]}…"


def duration(milliseconds: int | None) -> str:
    """A duration for people."""
    if milliseconds is None:
        return ""
    if milliseconds < 1_000:
        return f"{milliseconds} ms"
    seconds, rest = divmod(milliseconds / 1_000, 60)
    return f"{rest:.1f} s" if not seconds else f"{seconds:.0f} min {rest:.0f} s"


def as_json(value: Any, *, indent: int | None = None) -> str:
    """JSON of models as the API answered them, or of anything else."""
    text = json.dumps(_plain(value), ensure_ascii=False, indent=indent)
    # Others are escaped by JSON itself.
    return _LATE_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Output:
    """Standard output for results, standard error for everything else."""

    def __init__(self, *, json: bool) -> None:
        """Print for people, or `json`."""
        self.json = json
        width = None if sys.stdout.isatty() else PIPED_WIDTH
        self.console = Console(width=width, highlight=False, markup=False, emoji=False)
        self._errors = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def thing(self, value: BaseModel | Mapping[str, Any], fields: Sequence[str] = ()) -> None:
        """One thing; for people its `fields`, or all."""
        if self.json:
            self.value(value)
            return
        shown = _plain(value)
        grid = Table.grid(padding=(0, 2))
        for name in fields or shown:
            if shown.get(name) is not None:
                raw = getattr(value, name, shown[name])
                grid.add_row(Text(name.replace("_", " "), "dim"), styled(raw))
        self.console.print(grid)

    def rows(self, things: Iterable[BaseModel | Mapping[str, Any]], fields: Sequence[str]) -> None:
        """Several things, a row each; for people these `fields`."""
        if self.json:
            self.value(list(things))
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for field in fields:
            table.add_column(field.replace("_", " "), overflow="fold" if field == "id" else "ellipsis")
        for thing in things:
            found = [thing.get(one) if isinstance(thing, Mapping) else getattr(thing, one) for one in fields]
            table.add_row(
                *(
                    Text(duration(value)) if name.endswith("_ms") else styled(value)
                    for name, value in zip(fields, found, strict=True)
                )
            )
        self.console.print(table)

    def value(self, value: Any) -> None:
        """A value as JSON."""
        self.raw(as_json(value, indent=2))

    def event(self, value: Any, lines: Sequence[Text]) -> None:
        """One of many things that come in time: JSON on one line, or lines for people."""
        if self.json:
            self.raw(as_json(value))
        for line in () if self.json else lines:
            self.console.print(line, soft_wrap=True)

    def raw(self, text: str) -> None:
        """A text as it is, on standard output."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def done(self, told: Mapping[str, Any], line: str) -> None:
        """That something is done: as JSON, or as a remark."""
        if self.json:
            self.value(told)
        else:
            self.note(line)

    def note(self, text: str) -> None:
        """A remark for people, on standard error; none beside JSON."""
        if not self.json:
            self._errors.print(Text(visible(text), "dim"))

    def error(self, error: Exception) -> None:
        """An error, on standard error, with every detail."""
        details = error.details if isinstance(error, Refused) else []
        if self.json:
            told: dict[str, Any] = {"error": str(error)}
            if isinstance(error, Refused):
                told |= {"status": error.status, "details": details, "request_id": error.request_id}
            sys.stderr.write(f"{as_json(told)}\n")
            return
        self._errors.print(Text.assemble(("error: ", "bold red"), visible(str(error))))
        # The first one is the message.
        for detail in details[1:] if isinstance(error, GoraxError) else ():
            where = detail.get("field") or detail.get("pointer") or ""
            self._errors.print(Text(f"  {visible(where)} {visible(detail.get('message'))}"))


def styled(value: Any) -> Text:
    """A value for people, a status in its colour."""
    text = visible(value)
    return Text(text, STYLES.get(text, ""))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
