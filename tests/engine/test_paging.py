"""Pages of an execution's steps, over histories of any shape."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import pytest

from gorax.core.contracts import StepStatus
from gorax.core.errors import Invalid
from gorax.engine.converter import data_converter
from gorax.engine.history import Batch, FoldedHistory, Outline, StepPage, StepQuery, Tree, page_of
from gorax.engine.history.folded import Counts, Trace
from gorax.engine.history.paging import MAX_BYTES, MAX_READS
from gorax.engine.history.tree import MAX_RUNNING

DEFINITION = {
    "actions": [
        {
            "id": "each",
            "type": "for_each",
            "config": {"items": 9, "actions": [{"id": "a", "type": "log", "config": {"message": "hi"}}]},
        }
    ]
}


class Forest:
    """Histories to read, and which of them were read."""

    def __init__(self) -> None:
        self.histories: dict[str, FoldedHistory] = {}
        self.read: list[str] = []
        self._ids: Iterator[int] = count()

    def history(
        self, traces: Sequence[Trace], batches: Sequence[Batch] = (), *, over: bool = True
    ) -> FoldedHistory:
        """One history."""
        return FoldedHistory(traces=traces, batches=batches, closed=over, over=over)

    def batch(
        self,
        first: int,
        traces: Sequence[Trace],
        batches: Sequence[Batch] = (),
        *,
        path: str = "each",
        **rest: Any,
    ) -> Batch:
        """A batch whose history tells of these; `begun` and so on are its counts, none of one that is open."""
        last = first + max(len(traces) + sum(inner.last - inner.first + 1 for inner in batches), 1) - 1
        run_id = f"run{next(self._ids)}"
        self.histories[run_id] = self.history(traces, batches, over=bool(rest))
        counts = Counts(**rest) if rest else None
        return Batch(path, first, last, f"t:e/{path}[{first}-{last}]", run_id, counts is not None, counts)

    def done(self, first: int, size: int) -> Batch:
        """A batch of completed steps, one an iteration."""
        traces = steps(first, size)
        names = ("count", "succeeded", "steps_begun", "steps_total", "steps_completed")
        counts: dict[str, Any] = dict.fromkeys(names, size)
        return self.batch(first, traces, **counts)

    async def open(self, batch: Batch, _outline: Outline, _over: bool) -> FoldedHistory:
        """Read a batch's history."""
        assert batch.run_id is not None
        self.read.append(batch.run_id)
        return self.histories[batch.run_id]

    def tree(self, root: FoldedHistory) -> Tree:
        """A request's view of them."""
        self.read.clear()
        root.outline = Outline(DEFINITION)
        return Tree(root, self.open, data_converter())


@pytest.fixture
def forest() -> Forest:
    """Histories that the test makes up."""
    return Forest()


def steps(first: int, size: int, status: StepStatus = "completed") -> list[Trace]:
    return [Trace(path=f"each[{index}].a", type="log", status=status) for index in range(first, first + size)]


def ids(page: StepPage) -> list[str]:
    return [step.id for step in page.steps]


async def pages(forest: Forest, root: FoldedHistory, limit: int, **query: Any) -> list[str]:
    """All steps, page by page."""
    found: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await page_of(forest.tree(root), StepQuery(limit=limit, offset=offset, **query))
        assert len(page.steps) <= limit
        assert page.next_offset is None or page.next_offset > offset
        found += ids(page)
        offset = page.next_offset
    return found


async def test_own_steps_come_before_those_of_batches_depth_first(forest: Forest) -> None:
    inner = [forest.done(0, 3), forest.done(3, 2)]
    middle = forest.batch(0, [], inner, steps_begun=5, steps_total=5, steps_completed=5)
    root = forest.history(
        [Trace("each", "for_each", "completed"), Trace("last", "log", "completed")], [middle]
    )
    page = await page_of(forest.tree(root), StepQuery())
    assert ids(page) == ["each", "last", *(f"each[{index}].a" for index in range(5))]
    assert (page.total, page.next_offset) == (7, None)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_no_step_is_twice_or_lost_over_pages(forest: Forest, limit: int) -> None:
    batches = [forest.done(start, 7) for start in range(0, 70, 7)]
    root = forest.history([Trace("each", "for_each", "completed")], batches)
    assert await pages(forest, root, limit) == ["each", *(f"each[{index}].a" for index in range(70))]


async def test_a_page_looks_into_the_batches_that_it_shows(forest: Forest) -> None:
    batches = [forest.done(start, 10) for start in range(0, 1000, 10)]
    root = forest.history([], batches)
    page = await page_of(forest.tree(root), StepQuery(limit=15, offset=505))
    assert ids(page) == [f"each[{index}].a" for index in range(505, 520)]
    assert (page.total, page.next_offset) == (1000, 520)
    assert forest.read == ["run50", "run51"]


async def test_steps_that_left_no_trace_keep_their_places(forest: Forest) -> None:
    gap = forest.batch(0, steps(0, 3), steps_begun=5, steps_total=5, steps_completed=3)
    root = forest.history([], [gap, forest.done(5, 4)])
    page = await page_of(forest.tree(root), StepQuery(limit=2, offset=5))
    assert ids(page) == ["each[5].a", "each[6].a"]
    assert page.total == 9
    for limit in (1, 2, 3, 4, 9):
        found = await pages(forest, root, limit)
        assert found == [f"each[{index}].a" for index in (0, 1, 2, 5, 6, 7, 8)]


async def test_the_inside_of_an_iteration_takes_one_batch(forest: Forest) -> None:
    batches = [forest.done(start, 10) for start in range(0, 100, 10)]
    root = forest.history([Trace("each", "for_each", "completed")], batches)
    page = await page_of(forest.tree(root), StepQuery(parent="each[57]"))
    assert (ids(page), page.total) == (["each[57].a"], 1)
    assert forest.read == ["run5"]


async def test_the_inside_of_a_loop(forest: Forest) -> None:
    traces = [Trace("each", "for_each", "completed"), Trace("each[0].a", "log", "completed")]
    other = forest.batch(0, [Trace("eachone[0].b", "log", "completed")], path="eachone", steps_begun=1)
    root = forest.history([*traces, Trace("eachone", "for_each", "completed")], [forest.done(1, 2), other])
    page = await page_of(forest.tree(root), StepQuery(parent="each"))
    assert ids(page) == ["each[0].a", "each[1].a", "each[2].a"]
    assert page.total == 3
    assert ids(await page_of(forest.tree(root), StepQuery(parent="nothing"))) == []


async def test_batches_inside_an_iteration(forest: Forest) -> None:
    inner = forest.batch(0, [Trace("each[3].in[0].b", "log", "completed")], path="each[3].in", steps_begun=1)
    outer = forest.batch(0, [Trace("each[3].in", "for_each", "completed")], [inner], steps_begun=2)
    outer.last = 9
    root = forest.history([Trace("each", "for_each", "completed")], [outer])
    inside = ["each[3].in", "each[3].in[0].b"]
    for parent, expected in {
        "each": inside,
        "each[3]": inside,
        "each[3].in": inside[1:],
        "each[3].in[0]": inside[1:],
        "each[4]": [],
        "each[3].in[1]": [],
    }.items():
        assert ids(await page_of(forest.tree(root), StepQuery(parent=parent))) == expected, parent


async def test_a_status_passes_over_batches_that_cannot_have_it(forest: Forest) -> None:
    bad = forest.batch(
        10, [*steps(10, 9), *steps(19, 1, "failed")], steps_begun=10, steps_total=10, steps_completed=9
    )
    root = forest.history([], [forest.done(0, 10), bad, forest.done(20, 10)])
    page = await page_of(forest.tree(root), StepQuery(statuses={"failed"}))
    assert (ids(page), page.total, page.next_offset) == (["each[19].a"], 1, None)
    assert forest.read == ["run0"]
    completed = await page_of(forest.tree(root), StepQuery(statuses={"completed"}, offset=18, limit=2))
    assert (ids(completed), completed.total) == (["each[18].a", "each[20].a"], 29)
    assert not (await page_of(forest.tree(root), StepQuery(statuses={"running", "pending"}))).steps
    assert not forest.read
    assert not (await page_of(forest.tree(root), StepQuery(statuses={"skipped"}))).steps
    assert not forest.read


async def test_a_full_page_of_a_status_does_not_count_the_rest(forest: Forest) -> None:
    bad = [
        forest.batch(start, steps(start, 2, "failed"), steps_begun=2, steps_total=2)
        for start in range(0, 20, 2)
    ]
    root = forest.history([], bad)
    page = await page_of(forest.tree(root), StepQuery(statuses={"failed"}, limit=4))
    assert (len(page.steps), page.total, page.next_offset, len(forest.read)) == (4, None, 4, 2)
    assert len(await pages(forest, root, 3, statuses={"failed"})) == 20


async def test_looking_for_a_status_ends_somewhere(forest: Forest) -> None:
    many = [forest.batch(start, steps(start, 1, "skipped"), steps_begun=1) for start in range(MAX_READS + 10)]
    root = forest.history([], many)
    with pytest.raises(Invalid, match=r"status: .*parent=each_order\[17\]"):
        await page_of(forest.tree(root), StepQuery(statuses={"failed"}))
    page = await page_of(forest.tree(root), StepQuery(statuses={"skipped"}))
    assert (len(page.steps), page.total, page.next_offset) == (MAX_READS, None, MAX_READS)


async def test_a_status_that_batches_counted_is_found_in_any_number_of_them(forest: Forest) -> None:
    counts: dict[str, Any] = {
        "steps_begun": 5,
        "steps_total": 4,
        "steps_completed": 1,
        "steps_failed": 1,
        "steps_timed_out": 1,
    }
    found: list[StepStatus] = ["skipped", "completed", "failed", "timed_out", "cancelled"]
    many = [
        forest.batch(
            start,
            [trace for place, status in enumerate(found) for trace in steps(start + place, 1, status)],
            **counts,
        )
        for start in range(0, 5 * (MAX_READS + 50), 5)
    ]
    rare = forest.batch(2000, steps(2000, 2), steps_begun=2, steps_total=2, steps_completed=2, steps_failed=0)
    root = forest.history([], [*many, rare])
    for number, status in enumerate(found):
        query = StepQuery(statuses={status}, limit=2, offset=MAX_READS + 40)
        page = await page_of(forest.tree(root), query)
        place = 5 * (MAX_READS + 40) + number
        assert ids(page) == [f"each[{place}].a", f"each[{place + 5}].a"]
        assert page.total == MAX_READS + 50 + 2 * (status == "completed")
        assert len(forest.read) == 2
    both = await page_of(forest.tree(root), StepQuery(statuses={"failed", "running"}, limit=1))
    assert both.total == MAX_READS + 50


async def test_a_page_of_very_small_batches_ends_early(forest: Forest) -> None:
    root = forest.history([], [forest.done(index, 1) for index in range(MAX_READS + 50)])
    page = await page_of(forest.tree(root), StepQuery(limit=1000))
    assert (len(page.steps), page.total, page.next_offset) == (MAX_READS, MAX_READS + 50, MAX_READS)
    assert len(await pages(forest, root, 1000)) == MAX_READS + 50


async def test_a_page_of_large_steps_ends_early(forest: Forest) -> None:
    large = [Trace(f"s{number}", "log", "completed", output="x" * (MAX_BYTES // 3)) for number in range(7)]
    root = forest.history([*large, Trace("huge", "log", "completed", output="x" * (MAX_BYTES + 1))])
    page = await page_of(forest.tree(root), StepQuery())
    assert (ids(page), page.next_offset, page.total) == (["s0", "s1"], 2, 8)
    assert await pages(forest, root, 1000) == [*(f"s{number}" for number in range(7)), "huge"]


async def test_running_batches_are_looked_into_up_to_a_bound(forest: Forest) -> None:
    running = [forest.batch(index, steps(index, 1, "running")) for index in range(MAX_RUNNING + 5)]
    root = forest.history([], running, over=False)
    page = await page_of(forest.tree(root), StepQuery(limit=10))
    assert (len(page.steps), page.total) == (10, MAX_RUNNING)


async def test_of_a_run_that_is_over_everything_is_counted(forest: Forest) -> None:
    lost = [forest.batch(index, steps(index, 1, "cancelled")) for index in range(MAX_RUNNING + 5)]
    root = forest.history([], lost)
    page = await page_of(forest.tree(root), StepQuery(limit=10))
    assert (len(page.steps), page.total) == (10, MAX_RUNNING + 5)


async def test_a_batch_that_has_not_started_has_no_steps(forest: Forest) -> None:
    waiting = Batch("each", 0, 9, "t:e/each[0-9]")
    root = forest.history([Trace("each", "for_each")], [waiting], over=False)
    page = await page_of(forest.tree(root), StepQuery())
    assert (ids(page), page.total) == (["each"], 1)
    assert page.steps[0].progress is not None
    assert (page.steps[0].progress.total, page.steps[0].progress.completed) == (10, 0)


async def test_totals_of_a_loop(forest: Forest) -> None:
    broken = Batch("each", 4, 5, "t:e/each[4-5]", "run9", ended=True)
    broken.counts = Counts.model_validate(
        {"count": 1, "succeeded": 1, "failure": {"type": "x", "message": "no"}}
    )
    open_ = forest.batch(6, [*steps(6, 1), *steps(7, 1, "failed"), *steps(8, 1, "running")])
    done = forest.done(2, 2)
    own = [Trace("each", "for_each"), *steps(0, 2)]
    page = await page_of(forest.tree(forest.history(own, [done, broken, open_], over=False)), StepQuery())
    progress = page.steps[0].progress
    assert progress is not None
    assert progress.model_dump() == {
        "total": 9,
        "completed": 8,
        "succeeded": 6,
        "failed": 2,
        "steps": 7,
        "batches": 3,
    }
