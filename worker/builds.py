"""`python -m worker.builds`: see the builds of the workers, promote one, and see off an old one.

`promote` and `move` may be repeated, and may run while everything else does.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from pydantic import ValidationError
from temporalio.client import Client
from temporalio.service import RPCError

from gorax.core.errors import Conflict, GoraxError, NotFound
from gorax.settings import Settings
from worker.deployment import Deployment
from worker.leaving import leave

PAUSE_SECONDS = 0.5


def main() -> int:
    """The command; its exit status says whether it was done."""
    arguments = parser().parse_args()
    try:
        return asyncio.run(_run(Settings(), arguments))
    except (GoraxError, ValidationError, RPCError, RuntimeError) as error:
        _say(str(error))
        return 1


def parser() -> argparse.ArgumentParser:
    """What the command understands."""
    command = argparse.ArgumentParser(prog="python -m worker.builds", description=__doc__)
    commands = command.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="show all builds, and how many executions end on each")
    promote = commands.add_parser("promote", help="have new executions begin on this build")
    promote.add_argument("build")
    promote.add_argument("--percent", type=_percent, help="only so many of them; 0 takes that back")
    promote.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="for its workers to come")
    drained = commands.add_parser("drained", help="wait until nothing runs on this build any more")
    drained.add_argument("build")
    drained.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="at most; 0 only looks")
    move = commands.add_parser("move", help="have what runs on this build go on with the current one")
    move.add_argument("build")
    return command


def _percent(text: str) -> float:
    if not 0 <= (percent := float(text)) <= 100:
        raise argparse.ArgumentTypeError("must be from 0 to 100")
    return percent


async def _run(settings: Settings, arguments: argparse.Namespace) -> int:
    client = await Client.connect(settings.temporal.target, namespace=settings.temporal.namespace)
    deployment = Deployment(client, settings.worker.deployment)
    match arguments.command:
        case "list":
            for build in await deployment.builds():
                _say(f"{build.build_id}  {build.status}  {build.percent:g} %  {build.running} running")
        case "promote":
            await _promote(deployment, arguments.build, arguments.percent, arguments.wait)
        case "drained":
            return await _drained(deployment, arguments.build, arguments.wait)
        case "move":
            moved = [run async for run in deployment.move(arguments.build)]
            _say(f"{len(moved)} runs go on with {await deployment.current()}")
    return 0


async def _promote(deployment: Deployment, build_id: str, percent: float | None, wait: float) -> None:
    async def promoted() -> bool:
        if percent is None:
            await deployment.promote(build_id)
        else:
            await deployment.ramp(build_id, percent)
        return True

    await _until(promoted, wait)
    share = "all" if percent is None else f"{percent:g} % of the"
    _say(f"{share} new executions begin on {build_id}")


async def _drained(deployment: Deployment, build_id: str, wait: float) -> int:
    running = 0

    async def drained() -> bool:
        nonlocal running
        running = await deployment.running(build_id)
        return running == 0

    done = await _until(drained, wait)
    _say(f"nothing runs on {build_id}" if done else f"{running} still run on {build_id}")
    return 0 if done else 1


async def _until(true: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if await true():
                return True
        except (Conflict, NotFound):
            if time.monotonic() >= deadline:
                raise
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(PAUSE_SECONDS)


def _say(line: str) -> None:
    sys.stdout.write(f"builds: {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    leave(main())
