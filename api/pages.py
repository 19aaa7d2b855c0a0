"""The pages for people, at `/ui/`: files as they are, whose scripts use the public API alone."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FILES = Path(__file__).parent / "ui"
PATH = "/ui"

_HEADERS = {
    # Nothing from elsewhere is loaded, nothing that users wrote can run, and nobody shows the pages inside their own.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob: data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # After an upgrade, scripts of two versions must not meet: browsers ask, and mostly hear that nothing changed.
    "Cache-Control": "no-cache",
}


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers.update(_HEADERS)
        return answer


async def _index(request: Request) -> Response:
    # `/ui/` arrives as `/ui`, as every address with a slash at its end does.
    return await _FILES.get_response("index.html", request.scope)


_FILES = _Files(directory=FILES)


def pages() -> tuple[Route, Mount]:
    """The routes of the pages."""
    return Route(PATH, _index), Mount(PATH, _FILES)
