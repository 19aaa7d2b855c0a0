"""One script in QuickJS, from its order to its outcome."""

import json
import time
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

from activities.scripts.child.frames import Order

STACK_BYTES = 1 << 20
"""Of the engine; the process has eight times as much."""
REPORT_SECONDS = 0.1
REPORT_BYTES = 4 << 20
"""Granted for telling what happened to a script that used up its own."""

_FAR = 100_000
"""The engine calls every source `<input>`: beyond this line it is the prelude, a script has fewer lines."""


class _OutOfTime(Exception):
    """The time is up between two jobs; said in the engine's own words."""


class Engine:
    """QuickJS, loaded before the process gives up reading files."""

    def __init__(self, library: str) -> None:
        # The extension alone: the package around it starts a thread as it is imported.
        loader = ExtensionFileLoader("_quickjs", library)
        spec = spec_from_loader("_quickjs", loader)
        assert spec
        self._quickjs: Any = module_from_spec(spec)
        loader.exec_module(self._quickjs)
        self._prelude = "\n" * _FAR + Path(__file__).with_name("prelude.js").read_text()

    def run(self, order: Order, context: bytes) -> bytes:
        """The outcome as JSON, in the form of `outcome.Outcome`. Raises `MemoryError`."""
        deadline = order["deadline"]
        heap = self._quickjs.Context()
        heap.set_max_stack_size(STACK_BYTES)
        heap.set_memory_limit(order["memory_bytes"])
        host = heap.eval(self._prelude)
        try:
            heap.set_time_limit(_left(deadline))
            host("start", order["script"], context.decode(), order["exact"])
            while not host("settled"):
                heap.set_time_limit(_left(deadline))
                if not heap.execute_pending_job():
                    break
            heap.set_time_limit(_left(deadline))
            told: str = host("outcome", order["result_bytes"])
        except (self._quickjs.JSException, _OutOfTime) as error:
            heap.set_memory_limit(order["memory_bytes"] + REPORT_BYTES)
            heap.set_time_limit(REPORT_SECONDS)
            told = self._broken_off(host, str(error))
        return told.encode()

    def _broken_off(self, host: Any, trace: str) -> str:
        """The outcome of a script that the engine ended, or that broke what its outcome is told with."""
        try:
            told: str = host("broken", trace)
        except self._quickjs.JSException:
            # Where there is no memory left for an error, the engine throws null.
            kind = "memory" if "out of memory" in trace or trace.strip() == "null" else "script"
            error = {"kind": kind, "name": "Error", "message": trace.partition("\n")[0][:2000]}
            told = json.dumps({"error": error, "logs": []})
        return told


def _left(deadline: float) -> float:
    # The engine's clock starts anew with every job that it runs.
    left = deadline - time.monotonic()
    if left <= 0:
        raise _OutOfTime("InternalError: interrupted")
    return left
