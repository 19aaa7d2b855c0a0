"""`gorax validate`, `gorax dry-run` and `gorax action-types`: definitions, before they are anywhere."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from gorax.cli.commands.run import Data
from gorax.cli.exits import Exit
from gorax.cli.files import read_data, read_documents
from gorax.cli.named import workflow_called
from gorax.cli.output import Output, styled, visible
from gorax.cli.session import Json, opened, output
from gorax.cli.workflow_files import read_workflow, read_workflows

Types = Annotated[
    str | None,
    typer.Option("--types", help="The action types of your server, from `gorax action-types --json`."),
]


def validate(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(help="YAML or JSON; `-` is standard input.")],
    types: Types = None,
    as_json: Json = False,
) -> None:
    """Check definitions without a server: all that a save looks at but credentials. Exits with 1 where one is wrong."""
    from gorax.cli.definitions import check

    out = output(context, as_json)
    catalogue = _catalogue(types)
    results = []
    for file in files:
        for number, workflow in enumerate(read_workflows(file), 1):
            checked = check(workflow["definition"], catalogue)
            name = workflow.get("name") or f"definition {number}"
            results.append(
                {"file": file, "name": name, "valid": not checked.errors}
                | {"errors": checked.errors, "warnings": checked.warnings}
            )
            if not as_json:
                _tell(out, f"{file}: {name}", checked.errors, checked.warnings)
    if as_json:
        out.value(results)
    if not all(result["valid"] for result in results):
        raise typer.Exit(Exit.BAD)


def dry_run(
    context: typer.Context,
    workflow: Annotated[
        str,
        typer.Argument(help="A file, which needs no server; or the id or name of a workflow that is there."),
    ],
    data: Data = None,
    types: Types = None,
    as_json: Json = False,
) -> None:
    """Tell of each action what would happen; nothing is sent or stored. Exits with 1 where something would fail."""
    body = read_data(data)
    if workflow == "-" or Path(workflow).is_file():
        out = output(context, as_json)
        told = _rehearsed(out, workflow, types, body)
    else:
        with opened(context, as_json) as (gorax, out):
            told = gorax.workflows.dry_run(workflow_called(gorax, workflow).id, body)
    if as_json:
        out.value(told)
    else:
        for step in told.steps:
            line = Text.assemble(
                styled(step.result), f"  {visible(step.path)}  ", (visible(step.type), "dim")
            )
            line.append(f"  {visible(step.message)}" if step.message else "")
            out.event(None, [line])
        _tell(out, "dry run", told.errors, told.warnings)
        if told.output is not None:
            out.value(told.output)
    if not told.valid:
        raise typer.Exit(Exit.BAD)


def action_types(context: typer.Context, as_json: Json = False) -> None:
    """List the action types of the server, those of its plugins included."""
    with opened(context, as_json) as (gorax, out):
        out.rows(gorax.catalogue.action_types(), ["name", "kind", "summary"])


def _rehearsed(out: Output, file: str, types: str | None, body: Any) -> Any:
    from gorax.cli.definitions import check, rehearse

    catalogue = _catalogue(types)
    checked = check(read_workflow(file)["definition"], catalogue)
    if checked.definition is None:
        if out.json:
            out.value({"valid": False, "errors": checked.errors, "warnings": [], "steps": []})
        else:
            _tell(out, file, checked.errors, [])
        raise typer.Exit(Exit.BAD)
    return rehearse(checked, catalogue, body)


def _catalogue(types: str | None) -> Any:
    from gorax.cli.declared import catalogue_of, shipped_catalogue

    return shipped_catalogue() if types is None else catalogue_of(read_documents(types)[0])


def _tell(out: Output, what: str, errors: Any, warnings: Any) -> None:
    verdict = Text("valid", "green") if not errors else Text(f"{len(errors)} problems", "red")
    out.event(None, [Text.assemble(visible(what), ": ", verdict)])
    for kind, style, problems in (("error", "red", errors), ("warning", "yellow", warnings)):
        for problem in problems:
            place = visible(problem.pointer) or "/"
            out.event(None, [Text.assemble("  ", (kind, style), f"  {place}  {visible(problem.message)}")])
