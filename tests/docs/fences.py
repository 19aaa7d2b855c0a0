"""The fences of the documentation, and what each says of itself behind its language.

A fence runs, or is compared with what is so, unless its info string says otherwise:

    ```json answer                       the answer to what ran last has these fields, of these types
    ```bash given failed                 `$EXECUTION_ID` is an execution in that state (see `given.py`)
    ```python tested by tests/x/test.py  that test looks after it
    ```bash not run: needs a cluster     nothing does, and this is why
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
)
"""The pages whose fences are looked at; records of decisions have none."""

_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_NOTE = re.compile(
    r"(?P<answer>answer)|given (?P<given>\w+)|tested by (?P<tested_by>\S+)|not run: (?P<not_run>.+)"
)


@dataclass(frozen=True, kw_only=True)
class Fence:
    """One block of code of a page."""

    page: Path
    line: int
    language: str
    text: str
    answer: bool = False
    given: str | None = None
    tested_by: str | None = None
    not_run: str | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def fences(page: Path, language: str | None = None) -> list[Fence]:
    """The fences of a page, in order, all or those of a language; fails where one says what nobody understands."""
    text = page.read_text()
    found = []
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        own, _, rest = match["info"].partition(" ")
        note = _NOTE.fullmatch(rest) if rest else None
        assert own, f"{page.name}:{line} does not say its language"
        assert note or not rest, f"{page.name}:{line}: what does {rest!r} mean? See {Path(__file__).name}"
        fence = Fence(
            page=page,
            line=line,
            language=own,
            text=match["text"],
            answer=bool(note and note["answer"]),
            given=note and note["given"],
            tested_by=note and note["tested_by"],
            not_run=note and note["not_run"],
        )
        if language in (None, own):
            found.append(fence)
    return found
