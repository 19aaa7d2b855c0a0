"""An execution while it runs: as a table that changes in a terminal, or line by line elsewhere."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from gorax.cli.output import STYLES, Output, duration, styled, visible
from gorax.client import Gorax
from gorax.client.models.executions import Step
from gorax.client.models.updates import Update

MARGIN = 6
"""Lines of a terminal that steps leave to the rest."""
MESSAGE = 120
"""Characters of a message beside a step."""

_SIGNS = {
    "completed": "✓",
    "failed": "✗",
    "timed_out": "✗",
    "cancelled": "■",
    "terminated": "■",
    "skipped": "-",
    "pending": " ",
}


class Picture:
    """What is known of an execution, and how it looks."""

    def __init__(self, execution_id: str, height: int) -> None:
        """Of nothing yet, for a terminal of so many lines."""
        self._id = execution_id
        self._rows = max(3, height - MARGIN)
        self._steps: dict[str, Step] = {}
        self._status = "pending"
        self._counted = ""
        self._spinner = Spinner("dots", style="cyan")

    def take(self, update: Update) -> None:
        """Know what an update tells."""
        for step in changed(update):
            # A step that began anew is the newest again.
            self._steps.pop(step.id, None)
            self._steps[step.id] = step
        self._status = update.status or self._status
        if update.progress is not None:
            self._counted = f"{update.progress.completed} of {update.progress.total} steps"

    def __rich__(self) -> Group:
        table = Table.grid(padding=(0, 2))
        steps = list(self._steps.values())
        for step in steps[-self._rows :]:
            sign = self._spinner if step.status == "running" else styled_sign(step.status)
            table.add_row(sign, Text(visible(step.id)), Text(visible(step.type), "dim"), *_facts(step))
        above = len(steps) - self._rows
        head = Text.assemble(
            (f"{self._id}  ", "bold"),
            styled(self._status),
            f"  {self._counted}",
            f"  {above} above" if above > 0 else "",
        )
        return Group(head, table)


def watch(gorax: Gorax, out: Output, execution_id: str) -> None:
    """Show what happens in an execution until it has ended."""
    if out.json or not out.console.is_terminal:
        follow_lines(gorax, out, execution_id)
        return
    picture = Picture(execution_id, out.console.height)
    with Live(picture, console=out.console, refresh_per_second=8, vertical_overflow="crop"):
        for update in gorax.executions.watch(execution_id):
            picture.take(update)


def follow_lines(gorax: Gorax, out: Output, execution_id: str) -> None:
    """The same line by line."""
    for update in gorax.executions.watch(execution_id):
        out.event(update, lines_of(update))


def lines_of(update: Update) -> list[Text]:
    """What an update tells, a line a step."""
    return [line_of(step) for step in changed(update) if step.status != "pending"]


def changed(update: Update) -> Iterator[Step]:
    """The steps that an update tells of."""
    yield from update.steps
    if update.step is not None:
        yield update.step


def line_of(step: Step) -> Text:
    """A step on one line: when, what, and how it went."""
    at = step.completed_at or step.started_at
    when = visible(at)[11:] if at else visible(datetime.now(UTC))[11:]
    facts = [fact for fact in _facts(step) if fact]
    line = Text.assemble(
        (f"{when} ", "dim"), styled_sign(step.status), f" {visible(step.id)} ", styled(step.status)
    )
    for fact in facts:
        line.append("  ").append_text(fact)
    return line


def styled_sign(status: str) -> Text:
    """A status as one character."""
    return Text(_SIGNS.get(status, "•"), STYLES.get(status, ""))


def _facts(step: Step) -> list[Text]:
    """How long it took, how many attempts, and what it says."""
    tries = f"attempt {step.attempts}" if step.attempts > 1 else ""
    message = ""
    if step.error is not None:
        message = step.error.message
    elif step.progress is not None:
        message = (
            f"{step.progress.completed} of {step.progress.total if step.progress.total is not None else '?'}"
        )
    elif step.type == "log" and isinstance(step.output, dict):
        message = str(step.output.get("message", ""))
    style = "red" if step.error else ""
    return [
        Text(duration(step.duration_ms), "dim"),
        Text(tries, "yellow"),
        Text(visible(message, limit=MESSAGE), style),
    ]
