"""What is shown of the parts' logs, and how large they get."""

from pathlib import Path

import pytest

from dev import data_directory
from dev.data_directory import DataDirectory
from dev.log_follower import LogFollower
from dev.terminal import Terminal

LINES = {
    "2026-01-01 12:00:00 [info     ] request          path=/health": False,
    "2026-01-01 12:00:00 [warning  ] temporal is away": True,
    '{"event": "started", "level": "info"}': False,
    '{"event": "broken", "level": "error"}': True,
    "ERROR:    Application startup failed": True,
    "INFO:     errors: 0": False,
}


def _follow(directory: Path, *, everything: bool) -> list[str]:
    log = directory / "api.log"
    log.write_text("2026-01-01 11:00:00 [error    ] of yesterday\n")
    shown: list[str] = []
    follower = LogFollower({"api": log}, lambda name, line: shown.append(line), everything=everything)
    with log.open("a") as file:
        file.write("\n".join(LINES) + "\nERROR half a li")
        file.flush()
        follower.look()
        assert not any("half" in line for line in shown)
        file.write("ne\n")
    follower.look()
    follower.look()
    return shown


def test_trouble_is_shown(tmp_path: Path) -> None:
    trouble = [line for line, is_trouble in LINES.items() if is_trouble]
    assert _follow(tmp_path, everything=False) == [*trouble, "ERROR half a line"]


def test_everything_is_shown_on_request(tmp_path: Path) -> None:
    assert _follow(tmp_path, everything=True) == [*LINES, "ERROR half a line"]


def test_a_log_that_appears_later_is_followed(tmp_path: Path) -> None:
    shown: list[str] = []
    follower = LogFollower(
        {"api": tmp_path / "api.log"}, lambda name, line: shown.append(f"{name} {line}"), everything=True
    )
    follower.look()
    (tmp_path / "api.log").write_text("first\n")
    follower.look()
    assert shown == ["api first"]


def test_a_log_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().quote("api", "a\x1b[31m\x1b]0;title\x07b\rc")
    assert capsys.readouterr().out == "  api          | a]0;titlebc\n"


def test_a_large_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_directory, "ROTATE_BYTES", 10)
    with DataDirectory(tmp_path) as data:
        data.log("api").write_text("x" * 10)
        data.rotate("api")
        assert data.log("api").exists()
        data.log("api").write_text("x" * 11)
        data.rotate("api")
        assert not data.log("api").exists()
        assert (tmp_path / "logs" / "api.log.1").read_text() == "x" * 11


def test_the_address_of_the_database_is_there_while_it_runs(tmp_path: Path) -> None:
    with DataDirectory(tmp_path) as data:
        data.publish_database("postgresql://x")
        assert (tmp_path / "database-url").read_text() == "postgresql://x\n"
        assert (tmp_path / "database-url").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "database-url").exists()
