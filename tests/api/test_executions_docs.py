"""What docs/executions.md says is so."""

import re
from pathlib import Path
from typing import get_args

from gorax.core.contracts import ExecutionStatus

TEXT = (Path(__file__).parents[2] / "docs" / "executions.md").read_text()


def test_every_status_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)
    assert sorted(rows) == sorted(get_args(ExecutionStatus))
