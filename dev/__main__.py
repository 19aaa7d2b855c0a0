"""`python -m dev`: Gorax whole on this machine, until Ctrl-C."""

import argparse
import asyncio
import sys
from functools import partial
from pathlib import Path

from dotenv import load_dotenv
from pydantic import ValidationError

from dev.data_directory import DataDirectory, DataDirectoryError
from dev.environment import explain
from dev.guard import Guard
from dev.keeper import Keeper
from dev.log_follower import LogFollower
from dev.parts import PartFailed
from dev.plan import Plan, complaints_about_foreign_servers, make_plan
from dev.ports import complaints
from dev.supervisor import Supervisor
from dev.terminal import Style, Terminal
from gorax.settings import Settings, SettingsError

FOLLOWED = ("worker", "api")
"""The parts whose warnings and errors are shown: the others' logs are for those who look for them."""


def main() -> int:
    """Run until asked to stop; returns the exit code: 0 if asked, 1 if something failed, 2 for settings."""
    parser = argparse.ArgumentParser(prog="python -m dev", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="show all that worker and API log")
    arguments = parser.parse_args()
    terminal = Terminal()
    # What is set in the environment wins over the file.
    load_dotenv(Path(".env"))
    try:
        settings = Settings()
        with DataDirectory(settings.data_dir) as data:
            return _run(settings, data, terminal, verbose=arguments.verbose)
    except ValidationError as error:
        for sentence in explain(error):
            terminal.say(sentence, Style.bad)
        return 2
    except (DataDirectoryError, PartFailed, SettingsError) as error:
        terminal.say(str(error), Style.bad)
        return 1
    except KeyboardInterrupt:
        return 0


def _run(settings: Settings, data: DataDirectory, terminal: Terminal, *, verbose: bool) -> int:
    plan = make_plan(settings, data)
    if found := complaints(plan.ports) + complaints_about_foreign_servers(settings):
        for sentence in found:
            terminal.say(sentence, Style.bad)
        return 1
    terminal.say(f"Gorax ({settings.env}), data in {data.shown}", Style.bold)
    data.publish_database(plan.own_database)
    guard = Guard(keep_open=[data.parts_lock])
    try:
        return asyncio.run(_supervise(plan, data, guard, terminal, verbose=verbose))
    finally:
        guard.close()


async def _supervise(
    plan: Plan, data: DataDirectory, guard: Guard, terminal: Terminal, *, verbose: bool
) -> int:
    keep = partial(Keeper, data=data, guard=guard, terminal=terminal)
    follower = LogFollower({name: data.log(name) for name in FOLLOWED}, terminal.quote, everything=verbose)
    following = asyncio.create_task(follower.run())
    try:
        return await Supervisor(plan.stages, keep, terminal).run(partial(_say_where, plan, terminal))
    finally:
        following.cancel()
        follower.look()


def _say_where(plan: Plan, terminal: Terminal) -> None:
    terminal.say()
    for title, address in plan.links:
        terminal.say(f"  {title:<18} {address}", Style.bold)
    terminal.say("\nCtrl-C stops everything.")


if __name__ == "__main__":
    sys.exit(main())
