"""`gorax schedules`."""

from typing import Annotated, Any

import typer

from gorax.cli.commands.workflows import Reference
from gorax.cli.exits import Wrong
from gorax.cli.files import read_data
from gorax.cli.limits import Limit, first
from gorax.cli.named import workflow_called
from gorax.cli.session import Json, opened
from gorax.client import Gorax

app = typer.Typer(no_args_is_help=True, help="Schedules: workflows that run by themselves.")

Id = Annotated[str, typer.Argument(metavar="SCHEDULE", help="Its id.")]
FIELDS = ["id", "workflow_name", "cron_expression", "every", "run_at", "timezone", "enabled", "next_run"]


@app.command("list")
def list_(
    context: typer.Context,
    workflow: Annotated[str | None, typer.Option(help="Only of this one, by id or name.")] = None,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """List the schedules, newest first."""
    with opened(context, as_json) as (gorax, out):
        out.rows(first(limit, lambda page: _schedules(gorax, workflow, page)), FIELDS)


def _schedules(gorax: Gorax, workflow: str | None, page: int) -> Any:
    if workflow is None:
        return gorax.schedules.iterate(limit=page)
    return gorax.schedules.iterate_of_workflow(workflow_called(gorax, workflow).id, limit=page)


@app.command()
def show(context: typer.Context, schedule: Id, as_json: Json = False) -> None:
    """Show a schedule."""
    with opened(context, as_json) as (gorax, out):
        out.thing(gorax.schedules.get(schedule))


@app.command()
def create(
    context: typer.Context,
    workflow: Reference,
    cron: Annotated[str | None, typer.Option(help='Such as "0 9 * * MON-FRI".')] = None,
    every: Annotated[str | None, typer.Option(help='Such as "15m".')] = None,
    at: Annotated[str | None, typer.Option(help="Once, at this time.")] = None,
    timezone: Annotated[str, typer.Option(help="IANA name of the zone of its times.")] = "UTC",
    overlap: Annotated[
        str | None, typer.Option(help="What becomes of a run while the one before has not ended.")
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", "-d", help="The body of its executions: JSON, @file, or @-.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Have a workflow run by itself."""
    if [cron, every, at].count(None) != 2:
        raise Wrong("say when, by one of --cron, --every and --at")
    given: dict[str, Any] = {"cron_expression": cron, "every": every, "run_at": at, "overlap": overlap}
    settings: Any = {name: value for name, value in given.items() if value is not None}
    if data is not None:
        settings["payload"] = read_data(data)
    with opened(context, as_json) as (gorax, out):
        found = workflow_called(gorax, workflow)
        out.thing(gorax.schedules.create(found.id, timezone=timezone, **settings), FIELDS)


@app.command()
def enable(context: typer.Context, schedule: Id, as_json: Json = False) -> None:
    """Have it run again."""
    with opened(context, as_json) as (gorax, out):
        out.thing(gorax.schedules.update(schedule, enabled=True), FIELDS)


@app.command()
def disable(context: typer.Context, schedule: Id, as_json: Json = False) -> None:
    """Have it begin nothing until it is enabled."""
    with opened(context, as_json) as (gorax, out):
        out.thing(gorax.schedules.update(schedule, enabled=False), FIELDS)


@app.command()
def trigger(context: typer.Context, schedule: Id, as_json: Json = False) -> None:
    """Run it now."""
    with opened(context, as_json) as (gorax, out):
        accepted = gorax.schedules.trigger(schedule)
        if as_json:
            out.value(accepted)
        else:
            out.raw(accepted.execution_id)


@app.command()
def runs(
    context: typer.Context,
    schedule: Id,
    count: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 10,
    as_json: Json = False,
) -> None:
    """Tell when it runs next."""
    with opened(context, as_json) as (gorax, out):
        found = [one.isoformat() for one in gorax.schedules.runs(schedule, count=count)]
        if as_json:
            out.value(found)
        for one in () if as_json else found:
            out.raw(one)


@app.command()
def delete(context: typer.Context, schedule: Id, as_json: Json = False) -> None:
    """Delete it; what it began goes on."""
    with opened(context, as_json) as (gorax, out):
        gorax.schedules.delete(schedule)
        out.done({"id": schedule, "deleted": True}, f"{schedule} is deleted")
