"""Files: YAML as far as it means JSON."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gorax.cli.exits import Wrong
from gorax.cli.files import read_data, read_documents, to_yaml
from tests.cli.conftest import Command


def read(tmp_path: Path, text: str | bytes) -> list[Any]:
    file = tmp_path / "file"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_documents(str(file))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: [failed]", {"on": ["failed"]}),
        ("yes: no", {"yes": "no"}),
        ("at: 2026-01-20", {"at": "2026-01-20"}),
        ("at: 12:30:45", {"at": "12:30:45"}),
        (
            "n: [0, -7, 1.5, 1e3, 017, 0x1f, 1_000, .5]",
            {"n": [0, -7, 1.5, 1000.0, "017", "0x1f", "1_000", ".5"]},
        ),
        ("v: [~, null, true, false, True, NO]", {"v": [None, None, True, False, "True", "NO"]}),
        ('{"a":\t"\\ud83d\\ude00\\/"}', {"a": "😀/"}),
        ("\ufeffa: 1", {"a": 1}),
        ("text: |\n  one\n  two\n", {"text": "one\ntwo\n"}),
    ],
)
def test_words_stay_words(tmp_path: Path, text: str, value: Any) -> None:
    assert read(tmp_path, text) == [value]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "line 2: a comes twice"),
        ("1: x", "line 1: 1 is a key that is no text"),
        ("a: [", "neither YAML nor JSON: line 1"),
        ("a: !!python/object/apply:os.system [ls]", "neither YAML nor JSON"),
        ("", "is empty"),
        ("---\n", "is empty"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        ("[" * 5000, "is nested too deeply"),
        ("a: " + "[" * 5000, "is nested too deeply"),
        ("1" * 5000, "Exceeds the limit"),
        ("a: " + "1" * 5000, "Exceeds the limit"),
        ("a: &a [*a]", "contains itself"),
        (
            "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
            + "".join(f"{b}: &{b} [{', '.join(['*' + a] * 10)}]\n" for a, b in pairwise("abcdefgh")),
            "more than 1000000 values",
        ),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(Wrong, match=message):
        read(tmp_path, text)


def test_files_that_are_none(command: Command, tmp_path: Path) -> None:
    assert "No such file" in command("validate", tmp_path / "none.yaml", code=2).err
    assert "Is a directory" in command("validate", tmp_path, code=2).err
    for text, message in (
        ("[1]", "a workflow is an object"),
        ("{name: x}", "definition is required"),
        ("{name: x, definition: {actions: []}, colour: red}", "colour is nothing that a workflow has"),
    ):
        assert message in command("validate", "-", stdin=text, code=2).err


def test_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("body.yaml").write_text("a: 1")
    Path("two.yaml").write_text("a: 1\n---\nb: 2")
    assert [read_data(None), read_data("null"), read_data("@body.yaml")] == [{}, None, {"a": 1}]
    with pytest.raises(Wrong, match="--data is not JSON"):
        read_data("{a}")
    with pytest.raises(Wrong, match="2 documents"):
        read_data("@two.yaml")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(value=st.dictionaries(st.text(), JSON, min_size=1, max_size=4))
@settings(max_examples=150, derandomize=True, database=None, deadline=None)
def test_what_is_written_is_read_again(
    value: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert read(tmp_path_factory.getbasetemp(), to_yaml(value)) == [value]
    assert yaml.safe_load(to_yaml(value)) == value
