"""Histories of earlier days replay on today's interpreter: a run outlives the code that started it."""

import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from gorax.engine.converter import data_converter
from tests.histories.corpus import RECORDINGS
from worker.build import all_workflows, workflow_runner

HISTORIES = sorted((Path(__file__).parent.parent / "histories").glob("*.json"))


def test_every_recording_has_a_history() -> None:
    assert {file.name.split(".")[0] for file in HISTORIES} == set(RECORDINGS)


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.stem)
async def test_replays(file: Path) -> None:
    history = WorkflowHistory.from_json(f"tenant:{file.stem}", json.loads(file.read_text()))
    replayer = Replayer(
        workflows=all_workflows(builds=False),
        data_converter=data_converter(),
        workflow_runner=workflow_runner(sandboxed=True),
    )
    await replayer.replay_workflow(history)


async def test_a_change_that_old_runs_do_not_survive_is_noticed() -> None:
    history = json.loads((HISTORIES[0].parent / "sequence.1.json").read_text())
    for event in history["events"]:
        attributes = event.get("activityTaskScheduledEventAttributes")
        if attributes and attributes["activityId"] == "s1":
            attributes["activityId"] = "another"
    replayer = Replayer(workflows=all_workflows(builds=False), data_converter=data_converter())
    with pytest.raises(Exception, match=r"[Nn]ondetermin|another"):
        await replayer.replay_workflow(WorkflowHistory.from_json("tenant:changed", history))
