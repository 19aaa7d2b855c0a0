"""Which addresses may be reached, and how names are looked up."""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from activities.egress import AddressPolicy, SystemResolver
from gorax.core.errors import StepError
from gorax.settings import HttpSettings
from tests.activities.calls import Names, Worker, allowing
from tests.activities.servers import saying, serving
from tests.support.receiver import Receiver, Reply

PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::1%1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2001:0:7f00:1::1", "2001:0:808:808::80ff:fffe", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:101::",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "4000::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "172.32.0.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_closed(address: str) -> None:
    assert not AddressPolicy().allows(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open(address: str) -> None:
    assert AddressPolicy().allows(address)


def test_allowed_networks_open_no_more_than_themselves() -> None:
    policy = AddressPolicy([ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/64")])
    assert policy.allows("10.1.2.3")
    assert policy.allows("::ffff:10.1.2.3")
    assert policy.allows("fd00::7")
    assert not policy.allows("10.2.0.1")
    assert not policy.allows("fd00:1::7")
    assert not policy.allows("127.0.0.1")


@pytest.fixture
async def closed() -> AsyncIterator[Worker]:
    """A worker that may reach public addresses only, and knows a few names."""
    names = Names(
        public_test=["8.8.8.8"], private_test=["10.0.0.1"], mixed_test=["8.8.8.8", "127.0.0.1"], none_test=[]
    )
    worker = Worker(HttpSettings(), resolver=names)
    yield worker
    await worker.close()


async def refused(worker: Worker, **config: Any) -> None:
    """The run is refused because of an address."""
    with pytest.raises(StepError) as caught:
        await worker.run(**config)
    assert (caught.value.type, caught.value.retryable) == ("blocked_address", False)


@pytest.mark.parametrize(
    "name", ["private.test", "mixed.test", "127.0.0.1", "169.254.169.254", "[::1]", "[fe80::1]"]
)
async def test_a_closed_address_is_refused(closed: Worker, name: str) -> None:
    await refused(closed, url=f"http://{name}/latest/meta-data")
    await refused(closed, url=f"https://{name}/")
    await refused(closed, url="http://public.test/", proxy=f"http://{name}:3128")


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0",
     "0x7f.1", "１２７.0.0.1", "127。0。0。1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]"],
)  # fmt: skip
async def test_other_spellings_of_loopback_are_refused(host: str) -> None:
    async with Receiver() as receiver:
        worker = Worker(HttpSettings())
        await refused(worker, url=f"http://{host}:{receiver.port}/")
        assert receiver.connections == 0
        await worker.close()


async def test_the_roots_dot_opens_nothing() -> None:
    async with Receiver() as receiver:
        worker = Worker(HttpSettings())
        with pytest.raises(StepError) as caught:
            await worker.run(url=f"http://localhost.:{receiver.port}/")
        # Not every system knows the name in this form; none may be led to the server by it.
        assert caught.value.type in {"blocked_address", "network"}
        assert receiver.connections == 0
        await worker.close()


async def test_a_redirect_into_a_closed_network_is_refused(server: Receiver) -> None:
    worker = Worker(allowing("127.0.0.1/32"), resolver=Names(private_test=["10.0.0.1"]))
    for target in ("http://127.0.0.2/x", "http://private.test/", "http://169.254.169.254/", "//10.0.0.1/"):
        await refused(worker, url=server.answer("/a", Reply(status=302, headers={"Location": target})))
    await worker.close()


async def test_the_next_page_in_a_closed_network_is_refused(server: Receiver) -> None:
    worker = Worker(allowing("127.0.0.1/32"))
    url = server.answer("/a", Reply(json={"items": [1], "next": "http://127.0.0.2/"}))
    await refused(worker, url=url, pagination={"type": "next_url", "path": "next", "items": "items"})
    await worker.close()


async def test_a_name_that_changes_its_address_gains_nothing() -> None:
    async with Receiver("127.0.0.2") as inside, Receiver("127.0.0.1") as outside:
        names = Names()
        names.answers["rebind.test"] = [["127.0.0.1"], ["127.0.0.2"]]
        worker = Worker(allowing("127.0.0.1/32"), resolver=names)
        close = Reply(headers={"Connection": "close"})
        outside.answer("/", close)
        url = f"http://rebind.test:{outside.port}/"
        await worker.run(url=url)
        await refused(worker, url=url)
        # One lookup for each connection: what was checked is what was connected.
        assert names.asked == ["rebind.test", "rebind.test"]
        assert (outside.connections, inside.connections) == (1, 0)
        await worker.close()


async def test_a_proxy_does_not_open_closed_networks(server: Receiver) -> None:
    worker = Worker(allowing("127.0.0.1/32"), resolver=Names(private_test=["10.0.0.1"]))
    for url in ("http://private.test/", "https://private.test/", "http://169.254.169.254/"):
        await refused(worker, url=url, proxy=server.url)
    assert server.connections == 0
    await worker.close()


async def test_the_next_address_is_tried_when_one_does_not_answer(server: Receiver) -> None:
    # Nobody listens on the first; the second is the server's.
    worker = Worker(allowing("127.0.0.0/8"), resolver=Names(two_test=["127.0.0.9", "127.0.0.1"]))
    output = await worker.run(url=f"http://two.test:{server.port}/")
    assert output["status"] == 200
    assert server.requests[0].headers["host"] == f"two.test:{server.port}"
    await worker.close()


async def test_a_name_without_addresses(closed: Worker) -> None:
    with pytest.raises(StepError, match=r"the name none\.test has no address") as caught:
        await closed.run(url="http://none.test/")
    assert (caught.value.type, caught.value.retryable) == ("network", True)


async def test_international_names_are_asked_in_ascii() -> None:
    names = Names()
    names.answers["xn--mnchen-3ya.test"] = [["10.0.0.1"]]
    worker = Worker(HttpSettings(), resolver=names)
    await refused(worker, url="http://MÜNCHEN.test/")
    assert names.asked == ["xn--mnchen-3ya.test"]
    await worker.close()


async def test_the_system_resolves_localhost() -> None:
    assert "127.0.0.1" in await SystemResolver().resolve("localhost", 80)


@dataclass
class Hanging:
    """A name service that does not answer until it is let go."""

    release: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    """The system's name service, hanging for `*.slow`."""
    hanging = Hanging()
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        if not str(host).endswith(".slow"):
            return real(host, *arguments, **options)
        hanging.asked.append(host)
        hanging.release.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield hanging
    hanging.release.set()


async def test_a_hanging_name_service_meets_the_time_bound(worker: Worker, hanging: Hanging) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()

    async def one() -> str:
        with pytest.raises(StepError) as caught:
            await worker.run(url="http://dead.slow/", timeout=0.3)
        return caught.value.type

    assert set(await asyncio.gather(*(one() for _ in range(50)))) == {"timeout"}
    assert loop.time() - started < 1.5
    assert hanging.asked == ["dead.slow"]


async def test_lookups_are_bounded_and_their_number_recovers(hanging: Hanging) -> None:
    resolver = SystemResolver(max_lookups=2)
    lookups = [asyncio.create_task(resolver.resolve(f"{n}.slow", 80)) for n in range(5)]
    await asyncio.sleep(0.1)
    assert sorted(hanging.asked) == ["0.slow", "1.slow"]
    # One that waits for its turn, and one whose lookup runs, give up: neither may leak its place.
    lookups[1].cancel()
    lookups[4].cancel()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(resolver.resolve("127.0.0.1", 80), 0.1)
    hanging.release.set()
    results = await asyncio.gather(*lookups, return_exceptions=True)
    assert [type(result).__name__ for result in results] == [
        "gaierror", "CancelledError", "gaierror", "gaierror", "CancelledError"
    ]  # fmt: skip
    both = [resolver.resolve("127.0.0.1", port) for port in (80, 81)]
    assert await asyncio.wait_for(asyncio.gather(*both), 5) == [["127.0.0.1"], ["127.0.0.1"]]


async def test_addresses_open_by_name_only_are_reached() -> None:
    async with serving(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) as port:
        worker = Worker(allowing("127.0.0.1/32"))
        assert (await worker.run(url=f"http://127.0.0.1:{port}/"))["body"] == "ok"
        await refused(worker, url=f"http://127.0.0.3:{port}/")
        await worker.close()
