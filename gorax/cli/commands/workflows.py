"""`gorax workflows`."""

from typing import Annotated

import typer
from rich.text import Text

from gorax.cli.applying import plan
from gorax.cli.exits import Exit
from gorax.cli.files import to_yaml
from gorax.cli.limits import Limit, first
from gorax.cli.named import workflow_called
from gorax.cli.output import Output, visible
from gorax.cli.session import Json, opened
from gorax.cli.workflow_files import read_workflows, written
from gorax.client.models.workflows import Workflow

app = typer.Typer(no_args_is_help=True, help="Workflows: definitions, and their versions.")

Reference = Annotated[str, typer.Argument(metavar="WORKFLOW", help="Its id or its name.")]
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@app.command("list")
def list_(context: typer.Context, limit: Limit = 100, as_json: Json = False) -> None:
    """List the workflows, newest first."""
    with opened(context, as_json) as (gorax, out):
        found = first(limit, lambda page: gorax.workflows.iterate(limit=page))
        out.rows(found, ["id", "name", "enabled", "version", "updated_at"])


@app.command()
def show(
    context: typer.Context,
    workflow: Reference,
    version: Annotated[int | None, typer.Option(min=1, help="As that version left it.")] = None,
    as_json: Json = False,
) -> None:
    """Show a workflow with its definition."""
    with opened(context, as_json) as (gorax, out):
        found = workflow_called(gorax, workflow)
        shown = found if version is None else gorax.workflows.version(found.id, version)
        if as_json:
            out.value(shown)
            return
        fields = ["id", "name", "description", "enabled", "version", "updated_at", "updated_by", "changes"]
        out.thing(shown, [name for name in fields if hasattr(shown, name)])
        out.raw("\n" + visible(to_yaml(shown.definition)).rstrip())


@app.command()
def export(context: typer.Context, workflow: Reference, as_json: Json = False) -> None:
    """Print a workflow as a file that `apply` takes."""
    with opened(context, as_json) as (gorax, out):
        told = written(workflow_called(gorax, workflow))
        if as_json:
            out.value(told)
        else:
            out.raw(to_yaml(told).rstrip())


@app.command()
def apply(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Option("--file", "-f", help="YAML or JSON; `-` is standard input. May come several times."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing, and exit with 1 where something would change.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Create the workflows of a file, or update those that are there, and show what changes.

    A workflow is that of the file's `id`, or else of its `name`. Fields that the file does not have stay as they are.
    """
    wanted = [workflow for file in files for workflow in read_workflows(file)]
    with opened(context, as_json) as (gorax, out):
        plans = [plan(gorax, one) for one in wanted]
        results = []
        for one in plans:
            lines = one.diff() if one.outcome != "unchanged" else []
            saved = one.current if check else one.apply(gorax)
            result = {"outcome": one.outcome, "id": saved and saved.id, "version": saved and saved.version}
            results.append({**result, "name": one.wanted.get("name"), "diff": lines})
            if not as_json:
                _tell(out, lines)
                _note(out, one.outcome, saved, check)
        if as_json:
            out.value(results)
        if check and any(one.outcome != "unchanged" for one in plans):
            raise typer.Exit(Exit.BAD)


@app.command()
def versions(context: typer.Context, workflow: Reference, limit: Limit = 100, as_json: Json = False) -> None:
    """List the versions of a workflow, newest first."""
    with opened(context, as_json) as (gorax, out):
        of = workflow_called(gorax, workflow).id
        found = first(limit, lambda page: gorax.workflows.iterate_versions(of, limit=page))
        out.rows(found, ["version", "created_at", "created_by", "changes", "restored_from"])


@app.command()
def delete(context: typer.Context, workflow: Reference, as_json: Json = False) -> None:
    """Delete a workflow; its executions stay."""
    with opened(context, as_json) as (gorax, out):
        found = workflow_called(gorax, workflow)
        gorax.workflows.delete(found.id)
        out.done({"id": found.id, "deleted": True}, f"{found.name} is deleted")


def _tell(out: Output, lines: list[str]) -> None:
    for line in lines:
        out.console.print(Text(visible(line), _COLOURS.get(line[:1], "")), soft_wrap=True)


def _note(out: Output, outcome: str, saved: Workflow | None, check: bool) -> None:
    if check:
        out.note(f"would be {outcome}" if outcome != "unchanged" else outcome)
        return
    assert saved is not None
    out.note(f"{saved.name} is {outcome}: {saved.id}, version {saved.version}")
    for warning in saved.warnings:
        out.note(f"warning: {warning.pointer} {warning.message}")
