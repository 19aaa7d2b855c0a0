"""Histories that Temporal does not have any more, or cannot give now."""

import pytest
from temporalio.client import Client

from gorax.core.errors import Unavailable
from gorax.engine.calling import describe, events
from gorax.engine.converter import data_converter
from gorax.engine.history import Outline, fold
from gorax.engine.runs import Runs
from tests.support.interpreter import Interpreter


async def test_a_history_that_is_gone_tells_of_nothing(interpreter: Interpreter) -> None:
    gone = interpreter.client.get_workflow_handle(
        "tenant:exec_1/each[0-249]", run_id="5f0c1a52-6a0f-4d5b-a9a0-0a8f4b1f2c3d"
    )
    assert await describe(gone) is None
    history = await fold(events(gone), data_converter(), loop="each", outline=Outline({}), over=True)
    assert (history.traces, history.batches, history.closed, history.over) == ([], [], False, True)


async def test_temporal_away_is_unavailable() -> None:
    client = await Client.connect("127.0.0.1:1", lazy=True)
    with pytest.raises(Unavailable, match="Temporal"):
        await Runs(client).steps("tenant", "exec_1")
