"""Ports that are taken are named before anything starts."""

import socket
from collections.abc import Iterator

import pytest

from dev.ports import Port, answers, complaints, free_port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_is_named_with_its_setting(taken: int) -> None:
    (sentence,) = complaints([Port("127.0.0.1", taken, "GORAX_PORT")])
    assert (
        sentence == f"port {taken} on 127.0.0.1 is taken by another program: choose another with GORAX_PORT"
    )


def test_a_port_taken_on_loopback_is_taken_for_every_interface(taken: int) -> None:
    assert len(complaints([Port("0.0.0.0", taken, "GORAX_PORT")])) == 1


def test_all_that_stands_in_the_way_is_said_at_once(taken: int) -> None:
    found = complaints([Port("127.0.0.1", taken, "GORAX_PORT"), Port("127.0.0.1", taken, "GORAX_UI")])
    assert len(found) == 2
    assert found[1] == f"GORAX_UI and GORAX_PORT both are {taken}: choose different ports"


def test_an_address_of_another_machine_cannot_be_used() -> None:
    (sentence,) = complaints([Port("192.0.2.1", free_port(), "GORAX_PORT")])
    assert "on 192.0.2.1 cannot be used (Cannot assign requested address)" in sentence


def test_free_ports_are_free() -> None:
    ports = [Port("127.0.0.1", free_port(), name) for name in ("GORAX_A", "GORAX_B")]
    assert complaints(ports) == []
    assert not answers("127.0.0.1", ports[0].number)
