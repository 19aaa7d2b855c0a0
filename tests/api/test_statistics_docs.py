"""What docs/statistics.md says is so."""

import re
from pathlib import Path

from api.schemas.execution_filters import FilterQuery
from gorax.store.execution_pages import MAX_FOUND, MAX_PASSED

TEXT = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text()


def test_every_filter_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)
    fields = FilterQuery.model_fields
    assert sorted(rows) == sorted(field.alias or name for name, field in fields.items())


def test_the_limits_are_those_of_the_code() -> None:
    text = " ".join(TEXT.split())
    assert f"exact up to {MAX_FOUND}," in text
    assert f"`offset` goes to {MAX_PASSED}," in text
