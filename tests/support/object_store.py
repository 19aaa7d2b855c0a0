"""A server that keeps objects as S3 does, and checks the signatures of requests."""

import asyncio
import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dev.ports import free_port
from gorax.settings import S3Settings

KEY, SECRET, BUCKET = "AKIDEXAMPLE", "wJalrXUtnFEMI", "payloads"


class ObjectStore:
    """PUT, HEAD, GET and DELETE of objects, for whoever holds the key."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.failures = 0
        self.hangs = False
        self.requests = 0
        self.reads = 0
        self.app = Starlette(
            routes=[Route("/{path:path}", self.serve, methods=["PUT", "GET", "HEAD", "DELETE"])]
        )

    async def serve(self, request: Request) -> Response:
        """One request."""
        body = await request.body()
        self.requests += 1
        while self.hangs:
            await asyncio.sleep(0.01)
        if self.failures:
            self.failures -= 1
            return Response(status_code=503)
        if not _is_signed(request, body):
            return Response(status_code=403)
        path = request.url.path
        if request.method == "PUT":
            self.objects[path] = body
            return Response()
        if request.method == "DELETE":
            self.objects.pop(path, None)
            return Response(status_code=204)
        self.reads += request.method == "GET"
        return Response(self.objects[path]) if path in self.objects else Response(status_code=404)


def _is_signed(request: Request, body: bytes) -> bool:
    """Signature Version 4, from its own description."""
    if request.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
        return False
    fields = dict(
        part.strip().split("=", 1) for part in request.headers["authorization"].partition(" ")[2].split(",")
    )
    _, date, region, service, _ = fields["Credential"].split("/")
    names = fields["SignedHeaders"].split(";")
    path = urlsplit(request.scope["raw_path"].decode()).path
    canonical = "\n".join(
        [
            request.method,
            quote(path, safe="/%~"),
            "",
            *(f"{name}:{request.headers[name].strip()}" for name in names),
            "",
            ";".join(names),
            request.headers["x-amz-content-sha256"],
        ]
    )
    scope = f"{date}/{region}/{service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, digest])
    key = f"AWS4{SECRET}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == fields["Signature"]


@contextmanager
def running_object_store() -> Iterator[tuple[ObjectStore, S3Settings]]:
    """Serve one from a thread of its own; the settings reach it with the right key."""
    store, port = ObjectStore(), free_port()
    server = uvicorn.Server(uvicorn.Config(store.app, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield (
            store,
            S3Settings(
                url=f"http://127.0.0.1:{port}",
                bucket=BUCKET,
                access_key_id=KEY,
                secret_access_key=SecretStr(SECRET),
            ),
        )
    finally:
        store.hangs = False
        server.should_exit = True
        thread.join()
