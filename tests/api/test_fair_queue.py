"""Places that go to waiting tenants in turns."""

import asyncio

from api.services.fair_queue import FairQueue


class Crowd:
    """Those who want a place, and the order in which they got one."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.rest = 0.0
        self.order: list[str] = []
        self.queue = FairQueue(lambda: self.places, lambda: self.rest)
        self.going = asyncio.Semaphore(0)

    def come(self, name: str, priority: int = 1) -> "asyncio.Task[None]":
        """Have somebody come who stays until `go`; the tenant is the first letter of the name."""
        return asyncio.create_task(self._stay(name, priority))

    async def _stay(self, name: str, priority: int) -> None:
        async with self.queue.place(name[0], priority):
            self.order.append(name)
            await self.going.acquire()

    async def settle(self) -> list[str]:
        """The order so far, when all have come as far as they can."""
        for _ in range(10):
            await asyncio.sleep(0)
        return self.order

    async def go(self, count: int) -> list[str]:
        """Have so many leave, one after the other."""
        for _ in range(count):
            self.going.release()
            await self.settle()
        return self.order


async def test_tenants_take_turns() -> None:
    crowd = Crowd(1)
    tasks = [crowd.come(name) for name in ("a1", "a2", "a3", "a4", "b1", "b2", "c1")]
    assert await crowd.settle() == ["a1"]
    assert await crowd.go(7) == ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]
    await asyncio.gather(*tasks)


async def test_a_tenants_own_go_by_priority_and_age() -> None:
    crowd = Crowd(1)
    first = crowd.come("a0")
    await crowd.settle()
    tasks = [crowd.come(f"a{number}", priority) for number, priority in enumerate((0, 1, 3, 1, 3), start=1)]
    assert await crowd.go(6) == ["a0", "a3", "a5", "a2", "a4", "a1"]
    await asyncio.gather(first, *tasks)


async def test_places_may_become_fewer_and_more() -> None:
    crowd = Crowd(3)
    tasks = [crowd.come(f"{tenant}1") for tenant in "abcdefgh"]
    assert len(await crowd.settle()) == 3
    crowd.places = 1
    assert len(await crowd.go(2)) == 3
    assert len(await crowd.go(1)) == 4
    crowd.places = 4
    assert len(await crowd.go(1)) == 8
    await crowd.go(4)
    await asyncio.gather(*tasks)


async def test_who_gives_up_leaves_no_place_taken() -> None:
    crowd = Crowd(1)
    tasks = [crowd.come(name) for name in ("a1", "b1", "c1", "d1")]
    await crowd.settle()
    tasks[1].cancel()
    await crowd.settle()
    # The place is free and this one's already, when it is cancelled.
    crowd.going.release()
    while "c1" not in crowd.order and not tasks[0].done():
        await asyncio.sleep(0)
    tasks[2].cancel()
    assert (await crowd.settle())[-1] == "d1"
    await crowd.go(1)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [task.cancelled() for task in tasks] == [False, True, True, False]
    assert await asyncio.wait_for(_once(crowd.queue), 1)


async def test_a_tenant_of_which_more_wait_rests_between_its_turns() -> None:
    crowd = Crowd(1)
    crowd.rest = 0.1
    tasks = [crowd.come(name) for name in ("a1", "a2", "a3")]
    assert await crowd.settle() == ["a1"]
    assert await crowd.go(1) == ["a1"]
    # Nobody else waits for that, and of who has nothing more to do none rests.
    tasks += [crowd.come(name) for name in ("b1", "c1")]
    assert await crowd.settle() == ["a1", "b1"]
    assert await crowd.go(2) == ["a1", "b1", "c1"]
    tasks.append(crowd.come("b2"))
    assert await crowd.settle() == ["a1", "b1", "c1", "b2"]
    tasks.append(crowd.come("a4"))  # it comes while its tenant rests
    assert await crowd.go(1) == ["a1", "b1", "c1", "b2"]
    crowd.rest = 0.0
    await asyncio.sleep(0.15)
    assert await crowd.go(3) == ["a1", "b1", "c1", "b2", "a2", "a3", "a4"]
    await asyncio.gather(*tasks)


async def test_several_turns_that_end_together_are_one_rest() -> None:
    crowd = Crowd(2)
    crowd.rest = 0.1
    tasks = [crowd.come(f"a{number}") for number in range(4)]
    await crowd.settle()
    assert len(await crowd.go(2)) == 2
    await asyncio.sleep(0.15)
    assert len(await crowd.settle()) == 4
    await crowd.go(2)
    await asyncio.gather(*tasks)


async def _once(queue: FairQueue) -> bool:
    async with queue.place("z", 0):
        return True
