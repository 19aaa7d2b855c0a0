"""The API itself: whether it works, tickets for streams, and Temporal's payloads."""

from collections.abc import Sequence
from typing import Any

from gorax.client.calls import Call, data, plain
from gorax.client.models.system import Health, Payload, Payloads, Readiness, StreamTicket
from gorax.client.resource import R, Resource, operation


class System(Resource[R]):
    """`gorax.system`."""

    @operation("getHealth", "GET", "/health", anonymous=True, accepts=(503,))
    def health(self) -> Call[Health]:
        """That the process answers; `stopping` while it is about to end."""
        return Call(plain(Health))

    @operation("getReadiness", "GET", "/ready", anonymous=True, accepts=(503,))
    def readiness(self) -> Call[Readiness]:
        """Whether it can work, part by part."""
        return Call(plain(Readiness))

    @operation("createStreamTicket", "POST", "/api/v1/ws/ticket", repeatable=True)
    def stream_ticket(self) -> Call[StreamTicket]:
        """Opens one stream for who cannot send headers with it, such as a browser; `watch` needs none."""
        return Call(data(StreamTicket))


class Codec(Resource[R]):
    """`gorax.codec`: Temporal's payloads, encrypted and decrypted, for administrators."""

    @operation("decodePayloads", "POST", "/api/v1/codec/decode", repeatable=True)
    def decode(
        self, payloads: Sequence[Payload | dict[str, Any]], *, namespace: str | None = None
    ) -> Call[Payloads]:
        """The payloads in clear."""
        return _coded(payloads, namespace)

    @operation("encodePayloads", "POST", "/api/v1/codec/encode", repeatable=True)
    def encode(
        self, payloads: Sequence[Payload | dict[str, Any]], *, namespace: str | None = None
    ) -> Call[Payloads]:
        """The payloads as Temporal keeps them."""
        return _coded(payloads, namespace)


def _coded(payloads: Sequence[Payload | dict[str, Any]], namespace: str | None) -> Call[Payloads]:
    headers = {} if namespace is None else {"X-Namespace": namespace}
    return Call(plain(Payloads), body={"payloads": payloads}, headers=headers)
