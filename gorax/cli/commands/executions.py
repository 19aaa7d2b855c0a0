"""`gorax executions`."""

from typing import Annotated, Any

import typer

from gorax.cli.commands.run import Watch
from gorax.cli.limits import Limit, first
from gorax.cli.live import follow_lines, line_of
from gorax.cli.named import workflow_called
from gorax.cli.outcome import watch_to_the_end
from gorax.cli.output import Output
from gorax.cli.session import Json, opened
from gorax.client import Gorax
from gorax.client.models.executions import Accepted, ExecutionState

app = typer.Typer(no_args_is_help=True, help="Executions: what runs, what ran, and what becomes of it.")

Id = Annotated[str, typer.Argument(metavar="EXECUTION", help="Its id.")]


@app.command("list")
def list_(
    context: typer.Context,
    workflow: Annotated[str | None, typer.Option(help="Only of this one, by id or name.")] = None,
    status: Annotated[
        list[str] | None, typer.Option(help="Only of this status. May come several times.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only those begun since this time or date.")] = None,
    search: Annotated[str | None, typer.Option(help="Only those whose error has this in it.")] = None,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """List executions, newest first."""
    with opened(context, as_json) as (gorax, out):
        given: dict[str, Any] = {"status": status, "from_": since, "search": search}
        if workflow is not None:
            given["workflow_id"] = workflow_called(gorax, workflow).id
        filters: Any = {name: value for name, value in given.items() if value}
        found = first(limit, lambda page: gorax.executions.iterate(limit=page, **filters))
        out.rows(found, ["id", "workflow_name", "status", "trigger_type", "started_at", "duration_ms"])


@app.command()
def show(context: typer.Context, execution: Id, as_json: Json = False) -> None:
    """Show an execution and its steps."""
    with opened(context, as_json) as (gorax, out):
        found = gorax.executions.get(execution)
        steps = list(gorax.executions.iterate_steps(execution))
        if as_json:
            out.value({"execution": found, "steps": steps})
            return
        names = ["workflow_name", "version", "status", "paused", "trigger_type", "started_at", "completed_at"]
        out.thing(found, ["id", *names, "created_by", "retry_of", "rerun_of", "error", "output"])
        out.raw("")
        out.rows(steps, ["id", "type", "status", "attempts", "started_at", "duration_ms"])


@app.command()
def logs(
    context: typer.Context,
    execution: Id,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until it has ended.")] = False,
    as_json: Json = False,
) -> None:
    """Print a line a step: when it ended, how, and what it says."""
    with opened(context, as_json) as (gorax, out):
        if follow:
            follow_lines(gorax, out, execution)
            return
        for step in gorax.executions.iterate_steps(execution):
            out.event(step, [line_of(step)])


@app.command()
def watch(context: typer.Context, execution: Id, as_json: Json = False) -> None:
    """Show its steps while they happen. The exit code is 1 where it does not complete."""
    with opened(context, as_json) as (gorax, out):
        watch_to_the_end(gorax, out, execution)


@app.command()
def cancel(context: typer.Context, execution: Id, as_json: Json = False) -> None:
    """Stop it; what is meant for that runs: `finally`, `on_failure`."""
    with opened(context, as_json) as (gorax, out):
        _state(out, gorax.executions.cancel(execution), "is being cancelled")


@app.command()
def terminate(
    context: typer.Context,
    execution: Id,
    reason: Annotated[str | None, typer.Option(help="Shown as its error.")] = None,
    as_json: Json = False,
) -> None:
    """End it at once, without its handlers."""
    with opened(context, as_json) as (gorax, out):
        _state(out, gorax.executions.terminate(execution, reason=reason), "is terminated")


@app.command()
def pause(context: typer.Context, execution: Id, as_json: Json = False) -> None:
    """Begin no further step of it."""
    with opened(context, as_json) as (gorax, out):
        _state(out, gorax.executions.pause(execution), "is paused")


@app.command()
def resume(context: typer.Context, execution: Id, as_json: Json = False) -> None:
    """Go on with one that is paused."""
    with opened(context, as_json) as (gorax, out):
        _state(out, gorax.executions.resume(execution), "goes on")


@app.command()
def retry(context: typer.Context, execution: Id, watch: Watch = False, as_json: Json = False) -> None:
    """Go on, as a new execution, with one that failed or was stopped; completed steps are not run again."""
    with opened(context, as_json) as (gorax, out):
        _begun(gorax, out, gorax.executions.retry(execution), watch)


@app.command()
def rerun(
    context: typer.Context,
    execution: Id,
    current: Annotated[bool, typer.Option("--current", help="By the workflow as it is now.")] = False,
    watch: Watch = False,
    as_json: Json = False,
) -> None:
    """Begin a new execution with the trigger of this one."""
    with opened(context, as_json) as (gorax, out):
        accepted = gorax.executions.rerun(execution, version="current" if current else "same")
        _begun(gorax, out, accepted, watch)


def _state(out: Output, state: ExecutionState, what: str) -> None:
    if out.json:
        out.value(state)
    else:
        out.note(f"{state.id} {what}")


def _begun(gorax: Gorax, out: Output, accepted: Accepted, watch: bool) -> None:
    if watch:
        watch_to_the_end(gorax, out, accepted.execution_id)
    elif out.json:
        out.value(accepted)
    else:
        out.raw(accepted.execution_id)
