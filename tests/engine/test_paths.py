"""The paths of steps, taken apart."""

from gorax.engine.history.paths import action_of, holders_of, is_inside, iterations_of, parent_of

PATH = "outer[2].choice.inner[17].charge"


def test_what_a_path_says() -> None:
    assert action_of(PATH) == "charge"
    assert parent_of(PATH) == "outer[2].choice.inner[17]"
    assert list(holders_of(PATH)) == ["outer[2].choice.inner", "outer[2].choice", "outer"]
    assert list(iterations_of(PATH)) == [("outer", 2), ("outer[2].choice.inner", 17)]


def test_of_an_outermost_step_there_is_nothing_around() -> None:
    assert action_of("charge") == "charge"
    assert parent_of("charge") is None
    assert not list(holders_of("charge"))
    assert not list(iterations_of("charge"))


def test_inside_is_by_whole_names() -> None:
    assert is_inside(PATH, "outer")
    assert is_inside(PATH, "outer[2]")
    assert is_inside(PATH, "outer[2].choice")
    assert not is_inside(PATH, "outer[2].choice.inner[1]")
    assert not is_inside(PATH, "out")
    assert not is_inside(PATH, PATH)
