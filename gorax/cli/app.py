"""The command and its options; each noun's commands are in a module of `gorax.cli.commands`."""

from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from gorax.cli.commands import (
    credentials,
    executions,
    login,
    offline,
    profiles,
    run,
    schedules,
    webhooks,
    workflows,
)
from gorax.cli.exits import Exit, Wrong, exit_of
from gorax.cli.output import Output
from gorax.cli.session import Session, session_of
from gorax.client import GoraxError


class _Command(TyperGroup):
    """Tells every error, and ends with the exit code that it has."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (GoraxError, Wrong) as error:
            Output(json=session_of(ctx).as_json).error(error)
            raise typer.Exit(Exit.USAGE if isinstance(error, Wrong) else exit_of(error)) from error
        except KeyboardInterrupt:
            raise typer.Exit(Exit.INTERRUPTED) from None


app = typer.Typer(
    cls=_Command,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Durable workflows, from a terminal. What is secret is asked for, or read from standard input.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gorax {version('gorax')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    profile: Annotated[str | None, typer.Option(help="Of those that `gorax login` made.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the API is.")] = None,
    tenant: Annotated[str | None, typer.Option(help="Whose things it is about.")] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What holds for every command."""
    context.obj = Session(profile, url, tenant)


app.command("login")(login.login)
app.command("logout")(login.logout)
app.add_typer(profiles.app, name="profiles")
app.add_typer(workflows.app, name="workflows")
app.command("run")(run.run)
app.add_typer(executions.app, name="executions")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(schedules.app, name="schedules")
app.add_typer(credentials.app, name="credentials")
app.command("dry-run")(offline.dry_run)
app.command("validate")(offline.validate)
app.command("action-types")(offline.action_types)
