"""`make record-histories`: runs the corpus on a real Temporal server and keeps what it did not keep before.

A history that is there stays as it is, for it stands for executions that run somewhere with the code of its day.
After a change of the interpreter that old runs must survive, record again under a new tag:

    make record-histories TAG=2
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from dev.guard import Guard
from gorax.engine.setup import connect
from gorax.settings import DatabaseSettings, Settings, TemporalSettings, WorkerSettings
from tests.histories.corpus import RECORDINGS
from tests.support.interpreter import running_interpreter
from tests.support.servers import migrate, running_postgres, running_temporal

DIRECTORY = Path(__file__).parent


async def record(settings: Settings, tag: str) -> None:
    """Run each recording that has no history under this tag, and write its history."""
    client = await connect(settings, identity="recorder")
    async with running_interpreter(client, settings) as interpreter:
        for name, recording in RECORDINGS.items():
            file = DIRECTORY / f"{name}.{tag}.json"
            if file.exists():
                print(f"{file.name}: kept")
                continue
            handle = await interpreter.start(recording.definition, recording.body)
            if recording.cancel_after is not None:
                await asyncio.sleep(recording.cancel_after)
                await handle.cancel()
            finished = await interpreter.finish(handle)
            first, *batches = await interpreter.histories(handle)
            file.write_text(first.to_json() + "\n")
            for number, batch in enumerate(batches):
                (DIRECTORY / f"{name}.{tag}.batch{number}.json").write_text(batch.to_json() + "\n")
            print(f"{file.name}: {finished.status}, {len(finished.events)} events, {len(batches)} batches")


def main() -> None:
    """Start the servers, record, stop them."""
    tag = os.environ.get("TAG") or "1"
    guard = Guard()
    try:
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            directory.chmod(0o755)
            with (
                running_postgres(directory, guard) as (postgres, _),
                running_temporal(directory, guard) as (temporal, _),
            ):
                settings = Settings(
                    data_dir=directory,
                    database=DatabaseSettings(url=postgres.create_database("gorax")),
                    temporal=TemporalSettings(address=temporal.address),
                    worker=WorkerSettings(sandbox=True),
                )
                migrate(settings, directory, guard)
                asyncio.run(record(settings, tag))
    finally:
        guard.close()
    sys.stdout.flush()
    # The SDK's threads may abort the interpreter while it shuts down.
    os._exit(0)


if __name__ == "__main__":
    main()
