"""TCP ports: which are free, and whether somebody answers."""

import errno
import socket
from collections.abc import Sequence
from typing import NamedTuple


class Port(NamedTuple):
    """A port that a part will listen on, and the setting that chose it."""

    host: str
    number: int
    setting: str


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket(_family(host)) as listener:
        listener.bind((host, 0))
        number: int = listener.getsockname()[1]
        return number


def complaints(ports: Sequence[Port]) -> list[str]:
    """What stands in the way of listening on all of `ports`: one sentence for each, none if nothing does."""
    found = []
    seen: dict[int, str] = {}
    for port in ports:
        if port.number in seen:
            found.append(
                f"{port.setting} and {seen[port.number]} both are {port.number}: choose different ports"
            )
        elif problem := _problem(port.host, port.number):
            found.append(f"port {port.number} on {port.host} {problem}: choose another with {port.setting}")
        seen[port.number] = port.setting
    return found


def answers(host: str, number: int, *, seconds: float = 1.0) -> bool:
    """Whether somebody accepts a connection there."""
    try:
        with socket.create_connection((host, number), timeout=seconds):
            return True
    except OSError:
        return False


def _problem(host: str, number: int) -> str | None:
    try:
        with socket.socket(_family(host)) as listener:
            # Connections of a server that has just ended do not keep the next one from listening.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, number))
            listener.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "is taken by another program"
        return f"cannot be used ({error.strerror})"
    # macOS lets a second program listen on the wildcard address beside one on loopback.
    if answers("127.0.0.1", number, seconds=0.2):
        return "is taken by another program"
    return None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
