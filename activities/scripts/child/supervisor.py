"""Runs one job after the other, each in a child of its own, until the worker closes the pipe.

The child reads its job itself and its outcome passes through a buffer that is wiped: nothing of one job is in the
memory that the next one inherits.
"""

import json
import os
import select
import time
from typing import cast

from activities.scripts.child.confinement import confine_child, confine_supervisor
from activities.scripts.child.engine import Engine
from activities.scripts.child.frames import (
    CHUNK,
    JOB,
    Ending,
    Order,
    Ready,
    read_frame,
    write_all,
    write_frame,
)

STDIN = 0
STDOUT = 1


def main(library: str) -> None:
    """Serve jobs with the engine of that file."""
    engine = Engine(library)
    ready: Ready = {"unprivileged": confine_supervisor()}
    write_frame(STDOUT, json.dumps(ready).encode())
    while os.read(STDIN, 1) == JOB and _serve(engine):
        pass


def _serve(engine: Engine) -> bool:
    """Have one job run. False when the next must not be: the rest of this one would be taken for its beginning."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        _be_child(engine, into)
    os.close(into)
    _relay(out)
    os.close(out)
    _, status = os.waitpid(child, 0)
    # Before the answer is complete, the worker sends nothing more.
    clean = not select.select([STDIN], [], [], 0)[0]
    ending: Ending = {"exit_code": os.waitstatus_to_exitcode(status)}
    write_frame(STDOUT, b"")
    write_frame(STDOUT, json.dumps(ending).encode())
    return clean


def _be_child(engine: Engine, into: int) -> None:
    """Run one job and end. The exit code says whether an outcome was written."""
    try:
        order = cast(Order, json.loads(read_frame(STDIN)))
        context = read_frame(STDIN)
        for descriptor in (STDIN, STDOUT, 2):
            os.close(descriptor)
        left = max(order["deadline"] - time.monotonic(), 0)
        confine_child(left, order["memory_bytes"], len(context))
        outcome = engine.run(order, context)
        write_all(into, outcome)
    except MemoryError:
        os._exit(os.EX_OSERR)
    except BaseException:
        # Whatever it was: this process must not go on as a second supervisor.
        os._exit(os.EX_SOFTWARE)
    os._exit(os.EX_OK)


def _relay(out: int) -> None:
    buffer = bytearray(CHUNK)
    view = memoryview(buffer)
    while size := os.readv(out, [buffer]):
        write_frame(STDOUT, view[:size])
    view[:] = bytes(CHUNK)
