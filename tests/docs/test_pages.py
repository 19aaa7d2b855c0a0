"""Every page: what it shows runs, from top to bottom, on the running API."""

from pathlib import Path

import httpx
import pytest

from tests.docs.fences import PAGES, ROOT, fences
from tests.docs.reader import Reader
from tests.support.processes import Stack

SHOWN = [page for page in PAGES if fences(page)]


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.stem)
async def test_what_a_page_shows_runs(
    stack: Stack, api: httpx.AsyncClient, tenant: str, tmp_path: Path, page: Path
) -> None:
    await api.get("/api/v1/workflows")  # development makes the tenant
    reader = Reader(stack, api, tenant, tmp_path)
    for fence in fences(page):
        if fence.not_run or fence.tested_by:
            continue
        try:
            await reader.do(fence)
        except Exception as error:
            error.add_note(f"{fence}:\n{fence.text}")
            raise


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.stem)
def test_a_test_that_a_page_names_knows_the_page(page: Path) -> None:
    for name in {fence.tested_by for fence in fences(page)} - {None}:
        assert page.name in (ROOT / str(name)).read_text(), f"{name} does not speak of {page.name}"
