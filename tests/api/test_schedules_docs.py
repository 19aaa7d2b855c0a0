"""What docs/schedules.md says is so."""

import re
from pathlib import Path
from typing import get_args

from api.schemas.schedules import CreateSchedule
from gorax.core.schedule_options import Overlap, ScheduleOptions

TEXT = (Path(__file__).parents[2] / "docs" / "schedules.md").read_text()


def rows_after(heading: str) -> list[str]:
    """The first cells of the table with this heading."""
    _, _, table = TEXT.partition(heading)
    lines = table.split("\n\n", 1)[0].splitlines()[2:]
    return re.findall(r"^\| `(\w+)` \|", "\n".join(lines), re.MULTILINE)


def test_every_option_is_explained() -> None:
    assert set(rows_after("| field | meaning | default |")) == {*ScheduleOptions.model_fields, "enabled"}
    assert tuple(rows_after("| `overlap` | |")) == get_args(Overlap)


def test_the_defaults_are_as_told() -> None:
    defaults = CreateSchedule.model_validate({"every": "1h"})
    assert (defaults.overlap, defaults.catchup_window, defaults.enabled) == ("skip", 600, True)
    assert (defaults.payload, defaults.pause_on_failure, defaults.remaining_runs) == ({}, False, None)
