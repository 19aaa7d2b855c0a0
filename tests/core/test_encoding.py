"""JSON in and out."""

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import BaseModel

from gorax.core.encoding import LARGE_BYTES, dumps, loads

ROWS = [{"id": number, "tags": ["a", "b"]} for number in range(20_000)]


def test_the_collector_rests_while_a_large_text_is_read() -> None:
    text = dumps(ROWS)
    assert len(text) > LARGE_BYTES
    seen: list[str] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        seen.append(phase)

    gc.collect()
    gc.callbacks.append(note)
    try:
        value = loads(text)
        during = len(seen)
    finally:
        gc.callbacks.remove(note)
    assert (value, during, gc.isenabled()) == (ROWS, 0, True)


def test_the_collector_works_again_after_a_text_that_is_none() -> None:
    with pytest.raises(ValueError):
        loads(b"[" + b"1," * LARGE_BYTES)
    assert gc.isenabled()


def test_the_collector_works_again_after_many_threads() -> None:
    text = dumps(ROWS)
    with ThreadPoolExecutor(8) as pool:
        assert all(value == ROWS for value in pool.map(loads, [text] * 40))
    assert gc.isenabled()


def test_whoever_has_switched_the_collector_off_finds_it_so() -> None:
    gc.disable()
    try:
        loads(dumps(ROWS))
        assert not gc.isenabled()
    finally:
        gc.enable()


class Counted(BaseModel):
    keys: int = 0


def test_a_model_may_have_any_field() -> None:
    assert dumps(Counted(keys=3)) == b'{"keys":3}'
