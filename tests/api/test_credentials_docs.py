"""The page about credentials names every type, field and setting."""

import re
from pathlib import Path

from api.schemas.credentials import DEFAULT_GRACE, MAX_GRACE, SOON, AccessView
from api.services.credentials import MAX_CREDENTIALS
from gorax.core.credentials import KINDS, MAX_VALUE_BYTES

PAGE = (Path(__file__).parents[2] / "docs" / "credentials.md").read_text()


def test_every_type_is_there_with_its_fields() -> None:
    rows = {row.split("|")[1].strip(" `"): row for row in PAGE.splitlines() if row.startswith("| `")}
    for name, kind in KINDS.items():
        for field in kind.model_fields:
            assert f"`{field}`" in rows[name], (name, field)
    [hidden] = re.findall(r"Left alone are secrets.*?\n\n", PAGE, re.DOTALL)
    public = {field for kind in KINDS.values() for field in kind.public}
    assert set(re.findall(r"`(\w+)`", hidden)) == public | {"port"}


def test_every_field_of_the_log_is_there() -> None:
    log = PAGE[PAGE.index("## Who read what") : PAGE.index("## Deleting")]
    assert set(AccessView.__annotations__) - {"id"} <= set(re.findall(r"`(\w+)`", log))


def test_the_bounds_are_true() -> None:
    assert (DEFAULT_GRACE, MAX_GRACE, SOON.days) == (24 * 3600, 30 * 24 * 3600, 14)
    assert f"{MAX_CREDENTIALS:,} credentials" in PAGE
    assert f"{MAX_VALUE_BYTES // 1024} KB" in PAGE
