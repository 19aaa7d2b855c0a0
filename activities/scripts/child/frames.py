"""The pipe between the worker and a supervisor: frames with a length before them.

A job is the byte `JOB`, a frame of JSON (`Order`) and a frame with the script's context. The answer is any number
of frames, an empty one, and a frame of JSON that says how the child ended (`Ending`).
"""

import os
import struct
from typing import TypedDict

JOB = b"J"
HEADER = struct.Struct(">I")
CHUNK = 65_536


class Order(TypedDict):
    """What to run, and within which bounds."""

    script: str
    exact: bool
    """The context may hold integers that a JavaScript number cannot."""
    deadline: float
    """Of the script, on the machine's monotonic clock, which the worker and the child share."""
    memory_bytes: int
    result_bytes: int


class Ready(TypedDict):
    """A supervisor's first frame."""

    unprivileged: bool
    """It runs as nobody, or as the ordinary user that started it."""


class Ending(TypedDict):
    """How the child ended that ran a job."""

    exit_code: int
    """Of `waitpid`: a signal's number is negative."""


def read_exactly(descriptor: int, size: int) -> bytes:
    """That many bytes. Raises `EOFError` when there are no more."""
    data = bytearray()
    while len(data) < size:
        piece = os.read(descriptor, min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


def read_frame(descriptor: int) -> bytes:
    """The next frame. Raises `EOFError` when there is none."""
    (size,) = HEADER.unpack(read_exactly(descriptor, HEADER.size))
    return read_exactly(descriptor, size)


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """All of `data`, in as many writes as it takes."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_frame(descriptor: int, data: bytes | memoryview) -> None:
    """One frame."""
    write_all(descriptor, HEADER.pack(len(data)))
    write_all(descriptor, data)
