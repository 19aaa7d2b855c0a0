"""The cache of what never changes."""

from gorax.core.cache import Cache


def test_it_gives_back_what_it_keeps() -> None:
    cache: Cache[str] = Cache(100)
    assert cache.get("a") is None
    cache.keep("a", "value", 10)
    assert cache.get("a") == "value"


def test_the_longest_unused_goes_first() -> None:
    cache: Cache[int] = Cache(100)
    for number in range(5):
        cache.keep(str(number), number, 20)
    assert cache.get("0") == 0
    cache.keep("new", 9, 20)
    assert cache.get("1") is None
    assert [cache.get(key) for key in ("0", "2", "new")] == [0, 2, 9]


def test_what_is_large_is_not_kept() -> None:
    cache: Cache[int] = Cache(100)
    cache.keep("small", 1, 25)
    cache.keep("large", 2, 26)
    assert cache.get("large") is None
    assert cache.get("small") == 1


def test_what_is_kept_already_counts_once() -> None:
    cache: Cache[int] = Cache(100)
    for _ in range(10):
        cache.keep("same", 1, 25)
    for number in range(3):
        cache.keep(str(number), number, 25)
    assert cache.get("same") == 1
