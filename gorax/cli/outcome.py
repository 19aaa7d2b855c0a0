"""How an execution came out: what is printed of it, and the exit code that it means."""

import typer

from gorax.cli.exits import Exit
from gorax.cli.live import watch
from gorax.cli.output import Output
from gorax.client import Gorax
from gorax.client.models.executions import Execution


def watch_to_the_end(gorax: Gorax, out: Output, execution_id: str) -> None:
    """Show an execution until it has ended, and how it did."""
    try:
        watch(gorax, out, execution_id)
    except KeyboardInterrupt:
        out.note(f"it goes on: gorax executions watch {execution_id}")
        raise
    execution = gorax.executions.get(execution_id)
    if not out.json:
        tell(out, execution)
    end(execution)


def tell(out: Output, execution: Execution) -> None:
    """The output of an execution that completed, or why it did not."""
    if out.json:
        out.value(execution)
    elif execution.status == "completed":
        out.value(execution.output)
    else:
        reason = f": {execution.error.message}" if execution.error else ""
        out.note(f"{execution.id} is {execution.status}{reason}")


def end(execution: Execution) -> None:
    """End the command as the execution ended."""
    raise typer.Exit(Exit.DONE if execution.status == "completed" else Exit.BAD)
