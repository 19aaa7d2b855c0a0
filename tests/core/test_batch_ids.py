"""The ids of batches: where they belong can be read, and Temporal's databases take them."""

import pytest

from gorax.core.batch_ids import MAX_LENGTH, BatchId
from gorax.core.ids import TENANT_ID

RUN = f"{'t' * 64}:exec_{'0' * 26}"
DEEP = ".".join(["x" * 64 + "[999999]"] * 9 + ["y" * 64])


def test_an_id_says_where_a_batch_belongs() -> None:
    batch = BatchId("each_order[17].rows", 0, 249)
    assert batch.within("acme:exec_1") == "acme:exec_1/each_order[17].rows[0-249]"
    assert BatchId.parse("acme:exec_1/each_order[17].rows[0-249]") == batch
    assert BatchId.parse("acme:exec_1") is None
    assert not batch.is_short


@pytest.mark.parametrize("last", [0, 999_999])
def test_the_longest_is_cut_to_what_there_is_room_for(last: int) -> None:
    assert TENANT_ID.fullmatch("t" * 64)
    batch = BatchId(DEEP, 0, last)
    assert len(batch.within(RUN)) > MAX_LENGTH
    short = batch.shortened(RUN).within(RUN)
    assert len(short) == MAX_LENGTH
    parsed = BatchId.parse(short)
    assert parsed is not None
    assert parsed.is_short
    assert (parsed.first, parsed.last) == (0, last)
    # Another loop, or another iteration around it, is another id.
    assert BatchId(DEEP.replace("y", "z"), 0, last).shortened(RUN).within(RUN) != short
    assert BatchId(DEEP.replace("[999999]", "[999998]"), 0, last).shortened(RUN).within(RUN) != short
