"""What docs/quotas.md says is true."""

import re
from pathlib import Path

from gorax.core.errors import ErrorType
from gorax.store.tenants import DEFAULT_QUOTAS

PAGE = (Path(__file__).parents[2] / "docs" / "quotas.md").read_text()


def test_every_quota_is_there_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (-?\d+) \|", PAGE, re.M)
    assert {name: int(default) for name, default in rows} == dict(DEFAULT_QUOTAS)
    assert f"`{ErrorType.QUOTA_EXCEEDED}`" in PAGE
