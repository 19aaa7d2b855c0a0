"""The order of a list of actions."""

from dataclasses import dataclass

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from gorax.core.graph import Plan, PlanError


@dataclass(frozen=True)
class Listed:
    """As much of an action as its order needs."""

    id: str
    depends_on: list[str] | None = None


def plan(**actions: list[str] | None) -> Plan:
    return Plan.of([Listed(name, needs) for name, needs in actions.items()])


def faults(*actions: Listed) -> list[tuple[int, int | None, str]]:
    with pytest.raises(PlanError) as raised:
        Plan.of(actions)
    return [(fault.position, fault.entry, fault.message) for fault in raised.value.faults]


def test_without_depends_on_each_waits_for_the_one_before_it() -> None:
    found = plan(a=None, b=None, c=None)
    assert found.order == ("a", "b", "c")
    assert found.sequential
    assert [found.dependencies(name) for name in "abc"] == [(), ("a",), ("b",)]
    assert not any(found.explicit(name) for name in "abc")


def test_an_empty_depends_on_starts_at_once() -> None:
    found = plan(a=None, b=[], c=None)
    assert not found.sequential
    assert found.dependencies("b") == ()
    assert found.explicit("b")
    assert found.ancestors() == {"a": frozenset(), "b": frozenset(), "c": frozenset("b")}


def test_the_order_puts_every_action_after_what_it_waits_for() -> None:
    found = plan(report=["left", "right"], left=["start"], right=["start"], start=[])
    assert found.order == ("start", "left", "right", "report")
    assert found.ancestors()["report"] == {"start", "left", "right"}


def test_an_empty_list_has_an_empty_plan() -> None:
    assert Plan.of([]).order == ()


def test_what_is_at_fault_is_told_with_its_place() -> None:
    assert faults(Listed("a"), Listed("b", ["a", "b", "x", "a"]), Listed("a")) == [
        (1, 1, "'b' cannot wait for itself"),
        (1, 2, "'x' is not in this list: an action can only wait for those beside it"),
        (1, 3, "'a' is listed twice"),
        (2, None, "two actions are called 'a'"),
    ]


def test_a_circle_is_named_from_its_first_member_in_the_order_of_time() -> None:
    assert faults(Listed("x", []), Listed("a", ["c"]), Listed("b", ["a"]), Listed("c", ["b", "x"])) == [
        (1, None, "actions wait for each other in a circle: a → b → c → a")
    ]


def test_a_circle_through_the_order_of_the_list_says_so() -> None:
    [(place, _, message)] = faults(Listed("a", ["b"]), Listed("b"))
    assert place == 0
    assert message.endswith("a → b → a; an action without depends_on waits for the one before it")


def test_a_long_circle_is_shortened() -> None:
    names = [f"a{number}" for number in range(500)]
    listed = [Listed(name, [names[number - 1]]) for number, name in enumerate(names)]
    [(_, _, message)] = faults(*listed)
    assert len(message) < 200


@given(st.lists(st.one_of(st.none(), st.lists(st.integers(0, 11), max_size=4)), min_size=1, max_size=12))
def test_a_plan_orders_its_list_or_names_a_fault(needs: list[list[int] | None]) -> None:
    listed = [
        Listed(f"a{number}", None if wanted is None else [f"a{other}" for other in wanted])
        for number, wanted in enumerate(needs)
    ]
    try:
        found = Plan.of(listed)
    except PlanError as error:
        event(error.faults[0].message.split("'")[-1])
        return
    assert sorted(found.order) == sorted(each.id for each in listed)
    ancestors = found.ancestors()
    for place, name in enumerate(found.order):
        assert set(found.dependencies(name)) <= ancestors[name] <= set(found.order[:place])
