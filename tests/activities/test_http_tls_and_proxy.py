"""TLS, and forward proxies."""

import asyncio
import base64
from pathlib import Path

import pytest

from gorax.core.errors import StepError
from tests.activities.calls import Names, Worker, allowing
from tests.activities.servers import ConnectProxy, certificate, saying, serving
from tests.support.receiver import Receiver

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def test_a_trusted_certificate(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "api.test", "127.0.0.1")
    names = Names(api_test=["127.0.0.1"], other_test=["127.0.0.1"])
    worker = Worker(allowing("127.0.0.0/8"), resolver=names, tls=client)
    async with serving(saying(OK), server) as port:
        for host in ("api.test", "api.test.", "127.0.0.1"):
            names.answers.setdefault("api.test.", [["127.0.0.1"]])
            assert (await worker.run(url=f"https://{host}:{port}/"))["body"] == "ok"
        with pytest.raises(StepError, match=r"the certificate of other\.test cannot be trusted") as caught:
            await worker.run(url=f"https://other.test:{port}/")
        assert (caught.value.type, caught.value.retryable) == ("network", False)
    await worker.close()


async def test_a_self_signed_certificate_is_refused_unless_told(worker: Worker, tmp_path: Path) -> None:
    server, _ = certificate(tmp_path, "127.0.0.1")
    async with serving(saying(OK), server) as port:
        url = f"https://127.0.0.1:{port}/"
        # In this order: a connection that was not verified must not serve a call that wants it to be.
        assert (await worker.run(url=url, verify_tls=False))["body"] == "ok"
        with pytest.raises(StepError, match="cannot be trusted: self-signed certificate") as caught:
            await worker.run(url=url)
    assert (caught.value.type, caught.value.retryable) == ("network", False)


async def test_a_server_without_tls(worker: Worker) -> None:
    async with serving(saying(OK)) as port:
        with pytest.raises(StepError) as caught:
            await worker.run(url=f"https://127.0.0.1:{port}/", within=0.5)
    assert caught.value.type in {"network", "timeout"}
    assert caught.value.retryable


async def test_plain_http_to_a_tls_server(worker: Worker, tmp_path: Path) -> None:
    server, _ = certificate(tmp_path, "127.0.0.1")
    async with serving(saying(OK), server) as port:
        with pytest.raises(StepError) as caught:
            await worker.run(url=f"http://127.0.0.1:{port}/")
    assert caught.value.type == "network"


async def test_a_tunnel(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "127.0.0.1")
    worker = Worker(allowing("127.0.0.0/8"), tls=client)
    proxy = ConnectProxy()
    async with serving(saying(OK), server) as port, serving(proxy.handle) as proxy_port:
        for _ in range(2):
            output = await worker.run(
                url=f"https://127.0.0.1:{port}/x", proxy=f"http://us%40er:pass-word@127.0.0.1:{proxy_port}"
            )
            assert output["body"] == "ok"
    assert len(proxy.heads) == 1  # the tunnel is kept alive
    assert proxy.heads[0].startswith(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n")
    pair = base64.b64encode(b"us@er:pass-word").decode()
    assert f"proxy-authorization: Basic {pair}" in proxy.heads[0]
    await worker.close()


async def test_plain_http_through_a_proxy(worker: Worker, server: Receiver) -> None:
    proxy = ConnectProxy()
    async with serving(proxy.handle) as port:
        output = await worker.run(
            url=server.url + "/x?a=1", proxy=f"http://127.0.0.1:{port}", method="POST", body=[1]
        )
    assert output["status"] == 200
    assert proxy.heads[0].startswith(f"POST {server.url}/x?a=1 HTTP/1.1\r\n")
    assert (server.requests[0].path, server.requests[0].body) == ("/x", b"[1]")


async def test_calls_with_and_without_a_proxy_share_no_connection(worker: Worker, server: Receiver) -> None:
    proxy = ConnectProxy()
    async with serving(proxy.handle) as port:
        await worker.run(url=server.url)
        await worker.run(url=server.url, proxy=f"http://127.0.0.1:{port}")
        await worker.run(url=server.url, proxy=f"http://a:b@127.0.0.1:{port}")
    assert len(proxy.heads) == 2


@pytest.mark.parametrize(
    ("answer", "retryable"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", True),
        (b"nonsense\r\n\r\n", True),
        (b"", True),
    ],
)
async def test_a_proxy_that_gives_no_tunnel(worker: Worker, answer: bytes, retryable: bool) -> None:
    proxy = ConnectProxy(refuse=answer)
    async with serving(proxy.handle) as port:
        with pytest.raises(StepError) as caught:
            await worker.run(
                url="https://127.0.0.1:9/", proxy=f"http://user:hidden-pass@127.0.0.1:{port}", within=5
            )
    assert (caught.value.type, caught.value.retryable) == ("network", retryable)
    assert "hidden-pass" not in str(caught.value)


async def test_a_tunnel_to_an_untrusted_certificate(worker: Worker, tmp_path: Path) -> None:
    server, _ = certificate(tmp_path, "127.0.0.1")
    proxy = ConnectProxy()
    async with serving(saying(OK), server) as port, serving(proxy.handle) as proxy_port:
        with pytest.raises(StepError, match="cannot be trusted") as caught:
            await worker.run(url=f"https://127.0.0.1:{port}/", proxy=f"http://127.0.0.1:{proxy_port}")
    assert not caught.value.retryable


async def test_a_handshake_that_never_ends_meets_the_time_bound(worker: Worker) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with serving(handler) as port:
        with pytest.raises(StepError) as caught:
            await worker.run(url=f"https://127.0.0.1:{port}/", timeout=0.3)
        assert caught.value.type == "timeout"
        with pytest.raises(StepError) as caught:
            await worker.run(url="https://127.0.0.1:9/", proxy=f"http://127.0.0.1:{port}", timeout=0.3)
        assert caught.value.type == "timeout"
