"""What the pages name is there: files, headings, requests, settings, and the pages themselves in their contents."""

import re
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from tests.docs.fences import PAGES, ROOT
from tests.docs.reader import settings

DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
ALL = [*PAGES, *DECISIONS, *(ROOT / name for name in ("CHANGELOG.md", "bench/README.md"))]
GENERATED = {"api-reference.md"}
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_REQUEST = re.compile(r"`(GET|POST|PUT|DELETE) (/[^\s`?]*)")
_SETTING = re.compile(r"`(GORAX_[A-Z0-9_]*[A-Z0-9])[`=]")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = _FENCE.sub("", page.read_text())
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", page.read_text())):
        target, _, anchor = unquote(link).partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{link} in {page.name}"
        assert not anchor or anchor in anchors(file), f"{link} in {page.name}"


def test_the_contents_have_every_page() -> None:
    contents = (ROOT / "docs/README.md").read_text()
    linked = set(_LINK.findall(contents))
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "README.md" or page.name in linked, f"{page.name} is not in docs/README.md"


async def test_every_request_is_one_of_the_api(api: httpx.AsyncClient) -> None:
    paths = (await api.get("/docs/api/swagger.json")).json()["paths"]
    known = {(method.upper(), _shape(path)) for path, item in paths.items() for method in item}
    known |= {("GET", "/metrics")}
    for page in PAGES:
        if page.name in GENERATED:
            continue
        for method, path in _REQUEST.findall(_FENCE.sub("", page.read_text())):
            assert (method, _shape(path)) in known, f"{method} {path} in {page.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_setting_is_one(page: Path) -> None:
    named = set(_SETTING.findall(page.read_text()))
    assert named <= settings(), named - settings()


def test_every_example_is_told_of_and_tested() -> None:
    examples = {file.stem for file in (ROOT / "examples").glob("*.json")}
    assert len(examples) == 10
    page = (ROOT / "examples/README.md").read_text()
    tests = "".join(file.read_text() for file in (ROOT / "tests/examples").glob("test_*.py"))
    for name in examples:
        assert f"\n## {name}\n" in page
        assert f'"{name}"' in tests


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)
