"""Counts the API's requests: two dictionary look-ups and three additions each."""

from collections.abc import Mapping
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.types import Scope

from gorax.telemetry.instruments import LIMITED, REQUEST_SECONDS, REQUESTS

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_WEBHOOKS = "/webhooks/"

# As many as there are routes, methods and classes of status: `route` is a template of ours, never what was asked for.
_counters: dict[tuple[str, str, int], Counter] = {}
_histograms: dict[tuple[str, str], Histogram] = {}


def count_request(scope: Scope, method: str, status: int, seconds: float | None) -> None:
    """Count a request that was answered with `status`, or cut off without an answer when that is 0.

    `scope` is as the router left it; the time is counted too, if there is one.
    """
    if method not in _METHODS:
        method = "OTHER"
    route = route_of(scope)
    outcome = status // 100
    counter = _counters.get((method, route, outcome))
    if counter is None:
        counter = REQUESTS.labels(method, route, f"{outcome}xx" if outcome else "none")
        _counters[(method, route, outcome)] = counter
    counter.inc()
    if seconds is not None:
        histogram = _histograms.get((method, route))
        if histogram is None:
            histogram = REQUEST_SECONDS.labels(method, route)
            _histograms[(method, route)] = histogram
        histogram.observe(seconds)
    if status == 429:
        LIMITED.labels("webhooks" if scope["path"].startswith(_WEBHOOKS) else "api").inc()


def route_of(scope: Mapping[str, Any]) -> str:
    """The template of the route that took the request; `other` where none did, as for addresses that there are not."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else "other"
