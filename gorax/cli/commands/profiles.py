"""`gorax profiles`."""

import typer

from gorax.cli.exits import Wrong
from gorax.cli.profiles import load_profiles, save_profiles
from gorax.cli.session import Json, output

app = typer.Typer(no_args_is_help=True, help="The places that you have logged in to.")


@app.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List them, without their tokens."""
    profiles = load_profiles()
    output(context, as_json).rows(
        [
            {
                "profile": name,
                "current": name == profiles.current,
                "url": place.url,
                "tenant": place.tenant,
                "token": place.token is not None,
            }
            for name, place in sorted(profiles.profiles.items())
        ],
        ["profile", "current", "url", "tenant", "token"],
    )


@app.command()
def use(context: typer.Context, profile: str, as_json: Json = False) -> None:
    """Have one be the current one."""
    out = output(context, as_json)
    profiles = load_profiles()
    if profile not in profiles.profiles:
        raise Wrong(f"there is no profile {profile!r}")
    profiles.current = profile
    save_profiles(profiles)
    out.done({"profile": profile}, f"{profile} is used from now on")
