"""The image has what the processes need, at the versions that the tests run with, and nothing else."""

import re
import tomllib

import pytest

from dev.parts import ROOT

PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


def pinned(path: str) -> dict[str, str]:
    """Versions by package."""
    return dict(PINNED.findall((ROOT / path).read_text()))


@pytest.mark.parametrize("lock", ["requirements", "build"])
def test_its_locks_are_parts_of_the_whole_one(lock: str) -> None:
    everything = pinned("requirements.lock")
    found = pinned(f"deploy/image/{lock}.lock")
    assert found.items() <= everything.items()
    text = (ROOT / f"deploy/image/{lock}.lock").read_text()
    assert text.count("==") == len(found)
    assert len(re.findall(r"\\\n    --hash=", text)) >= len(found)


def test_it_has_all_that_the_processes_import_and_no_development_server() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    name = re.compile(r"^[A-Za-z0-9._-]+")

    def names(extra: str) -> set[str]:
        return {match[0].lower() for text in extras[extra] if (match := name.match(text))}

    found = set(pinned("deploy/image/requirements.lock"))
    assert names("server") | names("telemetry") <= found
    assert not (names("dev") - names("server")) & found


def test_every_room_that_a_process_needs_is_copied() -> None:
    copied = set(re.findall(r"^COPY (\w+) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert copied == {"gorax", "api", "workflows", "activities", "worker"}
    sent = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert sent == copied | {"deploy/image", "pyproject.toml", "README.md"}
