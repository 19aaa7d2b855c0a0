"""What commands read: definitions and data, as JSON or YAML, from files and from standard input."""

import json
import re
import sys
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from gorax.cli.exits import Wrong

MAX_BYTES = 10_000_000
"""Of one file: twice what the API takes."""
MAX_VALUES = 1_000_000
"""In one file, those that YAML repeats by `*name` counted as often as they come."""


class _Loader(yaml.SafeLoader):
    """YAML as far as it means JSON: no dates, `on` and `yes` are words, and no key comes twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - filled below

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """An object, whose keys are texts."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            where = f"line {key_node.start_mark.line + 1}"
            if not isinstance(key, str):
                raise yaml.YAMLError(f"{where}: {key!r} is a key that is no text: put it into quotes")
            if key in seen:
                raise yaml.YAMLError(f"{where}: {key} comes twice")
            seen.add(key)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)


_BREAKS = re.compile("[\x85\u2028\u2029]")
"""What YAML takes for ends of lines, and JSON does not."""


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, and no anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is the library's
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    if _BREAKS.search(text):
        style = '"'  # which alone writes them so that they are read again
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _block)


def to_yaml(value: Any) -> str:
    """A value as YAML, in the order that it has."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text


def read_documents(path: str) -> list[Any]:
    """The JSON value, or the YAML documents, of a file, or of standard input where `path` is `-`. Raises `Wrong`."""
    text = _text(path)
    try:
        found = _documents(text)
        _count(found, {})
    except yaml.YAMLError as error:
        raise Wrong(f"{_named(path)} is neither YAML nor JSON: {_place(error)}") from error
    except RecursionError as error:
        raise Wrong(f"{_named(path)} is nested too deeply") from error
    except ValueError as error:
        raise Wrong(f"{_named(path)}: {error}") from error
    if not found:
        raise Wrong(f"{_named(path)} is empty")
    return found


def read_data(given: str | None) -> Any:
    """What `--data` says: JSON, or with `@` a file, or `@-` for standard input; an empty object where it is left out.

    Raises `Wrong`.
    """
    if given is None:
        return {}
    if given.startswith("@"):
        documents = read_documents(given[1:])
        if len(documents) > 1:
            raise Wrong(f"{_named(given[1:])} has {len(documents)} documents, and one is meant")
        return documents[0]
    try:
        return json.loads(given)
    except ValueError as error:
        raise Wrong(f"--data is not JSON: {error}; name a file with @") from error


def _documents(text: str) -> list[Any]:
    try:
        # Which is not quite YAML: think of tabs.
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [one for one in yaml.load_all(text, _Loader) if one is not None]


def _count(value: Any, counted: dict[int, int]) -> int:
    """How many values there are in one. Raises `ValueError` beyond `MAX_VALUES`, or where one is inside itself."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in counted:
        counted[id(value)] = MAX_VALUES  # until it is known: what contains itself has no end
        inner = value.values() if isinstance(value, dict) else value
        counted[id(value)] = 1 + sum(_count(one, counted) for one in inner)
    if counted[id(value)] > MAX_VALUES:
        raise ValueError(f"has more than {MAX_VALUES} values, or one that contains itself")
    return counted[id(value)]


def _text(path: str) -> str:
    try:
        content = sys.stdin.buffer.read(MAX_BYTES + 1) if path == "-" else _file(path)
        if len(content) > MAX_BYTES:
            raise Wrong(f"{_named(path)} has more than {MAX_BYTES} bytes")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise Wrong(f"{_named(path)} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Wrong(f"{_named(path)} is not UTF-8") from error


def _file(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _named(path: str) -> str:
    return "standard input" if path == "-" else path


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None)
    return f"line {mark.line + 1}: {problem}" if mark and problem else str(error)
