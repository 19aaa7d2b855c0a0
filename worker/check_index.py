"""`python -m worker.check_index`: compare the whole index of executions with Temporal, and its totals with its rows.

It changes nothing unless it is told to `--repair`, may run while everything else does, and any number of times.
"""

import argparse
import asyncio
import sys

from pydantic import ValidationError
from temporalio.service import RPCError

from activities.index_check import CheckReport, IndexCheck
from gorax.core.errors import GoraxError
from gorax.engine.codec import encryption_codec
from gorax.engine.s3 import AT_WORK
from gorax.engine.setup import connect
from gorax.payloads import external_storage
from gorax.settings import Settings, SettingsError
from gorax.store.session import Database
from gorax.vault import Vault, open_key_ring
from worker.leaving import leave


def main() -> int:
    """The command; its exit status says whether the index is right now."""
    parser = argparse.ArgumentParser(prog="python -m worker.check_index", description=__doc__)
    parser.add_argument("--repair", action="store_true", help="put right what differs")
    parser.add_argument(
        "--lost", action="store_true", help="end what an empty Temporal should be running: it lost its state"
    )
    arguments = parser.parse_args()
    try:
        report = asyncio.run(_check(Settings(), repair=arguments.repair, lost=arguments.lost))
    except (GoraxError, SettingsError, ValidationError, RPCError) as error:
        _say(str(error))
        return 1
    return _tell(report, repaired=arguments.repair)


async def _check(settings: Settings, *, repair: bool, lost: bool) -> CheckReport:
    vault = Vault(open_key_ring(settings))
    database = Database(settings)
    try:
        codec = encryption_codec(settings, vault.keys)
        client = await connect(settings, external_storage(settings, database, AT_WORK), codec)
        return await IndexCheck(client, database, repair=repair, lost=lost, progress=_say).run()
    finally:
        await database.close()
        await vault.close()


def _tell(report: CheckReport, *, repaired: bool) -> int:
    for difference in report.differences:
        _say(difference)
    done = "put right" if repaired else "found"
    _say(f"{report.executions} comparisons with Temporal: {report.differing} differences {done}")
    if report.unlisted:
        _say(f"{report.unlisted} runs have no row: they write it themselves while a worker runs")
    _say(f"{report.days} days of totals: {report.totals} differences {done}")
    differing = report.differing + report.totals
    return 1 if report.unlisted or (differing and not repaired) else 0


def _say(line: str) -> None:
    sys.stdout.write(f"check: {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    leave(main())
