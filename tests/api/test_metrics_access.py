"""Metrics in production: not for those whom the API knows, nor for strangers."""

from tests.api.conftest import Production
from tests.support.kratos import FakeKratos


async def test_without_a_token_there_are_none_in_production(
    production: Production, kratos: FakeKratos
) -> None:
    async with production.client() as stranger:
        nowhere = await stranger.get("/nowhere")
        assert nowhere.status_code == 404
        for method in ("GET", "HEAD"):
            refused = await stranger.request(method, "/metrics")
            assert refused.status_code == 404
        assert (await stranger.get("/metrics")).json() == {"error": "no such route: GET /metrics"}
