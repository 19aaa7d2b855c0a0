"""Reading metrics as Prometheus does."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


class Scrape:
    """The samples of one `/metrics`."""

    def __init__(self, text: str) -> None:
        """Parse them."""
        self.samples: list[Sample] = [
            sample for family in text_string_to_metric_families(text) for sample in family.samples
        ]
        self.names = {sample.name for sample in self.samples}

    def value(self, name: str, labels: Mapping[str, str] | None = None) -> float:
        """The sum of the series of that name with these labels; 0 where there are none."""
        wanted = dict(labels or {}).items()
        return sum(
            sample.value for sample in self.samples if sample.name == name and wanted <= sample.labels.items()
        )


async def scrape(url: str, token: str | None = None) -> Scrape:
    """Ask for the metrics at this address."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        answer = await client.get(f"{url}/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return Scrape(answer.text)


async def until(read: Callable[[], Awaitable[Scrape]], true: Callable[[Scrape], bool]) -> Scrape:
    """Scrape again until it tells of something, for half a minute at most."""
    async with asyncio.timeout(30):
        while not true(found := await read()):
            await asyncio.sleep(0.2)
    return found
