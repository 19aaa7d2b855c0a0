"""What histories refer to instead of having it: payloads in a store."""

from collections.abc import Iterator, Mapping, Sequence

from google.protobuf.json_format import Parse
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.sdk.v1.external_storage_pb2 import ExternalStorageReference

_REFERENCE = ExternalStorageReference.DESCRIPTOR.full_name.encode()


def claims(events: Sequence[HistoryEvent], driver: str) -> Iterator[Mapping[str, str]]:
    """What a driver has said of the payloads in its store that events refer to, maybe several times."""
    name = driver.encode()
    for event in events:
        if name not in event.SerializeToString():  # a hundred times as quick as looking at each payload
            continue
        for payload in _payloads(event):
            if payload.metadata.get("messageType") == _REFERENCE:
                reference = Parse(payload.data, ExternalStorageReference())
                if reference.driver_name == driver:
                    yield reference.claim_data


def _payloads(message: Message) -> Iterator[Payload]:
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            value = value.values()
        elif not field.is_repeated:
            value = [value]
        for one in value:
            if isinstance(one, Message):
                yield from _payloads(one)
