"""`gorax run`."""

from typing import Annotated

import typer

from gorax.cli.commands.workflows import Reference
from gorax.cli.files import read_data
from gorax.cli.named import workflow_called
from gorax.cli.outcome import end, tell, watch_to_the_end
from gorax.cli.session import Json, opened

Data = Annotated[
    str | None,
    typer.Option("--data", "-d", help="The trigger's body: JSON, @file, or @- for standard input."),
]
Watch = Annotated[bool, typer.Option("--watch", "-w", help="Show its steps while they happen.")]


def run(
    context: typer.Context,
    workflow: Reference,
    data: Data = None,
    watch: Watch = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for its end, and print the output.")] = False,
    timeout: Annotated[float | None, typer.Option(min=0, help="Seconds to wait at most.")] = None,
    idempotency_key: Annotated[
        str | None, typer.Option(help="Names this run: called again with it, it is the same one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Execute a workflow. With --watch or --wait the exit code is 1 where it does not complete."""
    body = read_data(data)
    with opened(context, as_json) as (gorax, out):
        found = workflow_called(gorax, workflow)
        accepted = gorax.workflows.execute(found.id, body, idempotency_key=idempotency_key)
        if watch:
            watch_to_the_end(gorax, out, accepted.execution_id)
        elif wait or timeout is not None:
            execution = gorax.executions.wait(accepted.execution_id, timeout=timeout)
            tell(out, execution)
            end(execution)
        elif as_json:
            out.value(accepted)
        else:
            out.raw(accepted.execution_id)
