"""The wheel alone, with what it asks for and nothing else, is a client."""

import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from dev.parts import ROOT

PROGRAM = """
import importlib.metadata, importlib.util, sys
from gorax import AsyncGorax, Gorax
from gorax.client import sign
with Gorax("http://127.0.0.1:9", tenant="acme") as gorax:
    print(len(vars(gorax)), importlib.metadata.version("gorax"), *sign("secret", b"x"))
assert importlib.util.find_spec("temporalio") is None
assert importlib.util.find_spec("api") is None
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    made = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made], cwd=ROOT, check=True
    )
    [wheel] = made.glob("gorax-*.whl")
    return wheel


def needed(*names: str) -> set[str]:
    """The distributions that these need, and those that those need."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            asked = map(Requirement, distribution(name).requires or ())
            waiting += [one.name for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    return found


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of packages as `pip install` of the wheel leaves it in an empty environment."""
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    [metadata] = site.glob("gorax-*.dist-info/METADATA")
    asked = [
        Requirement(line.removeprefix("Requires-Dist: "))
        for line in metadata.read_text().splitlines()
        if line.startswith("Requires-Dist: ")
    ]
    light = [one.name for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    assert set(light) == {"httpx", "pydantic", "websockets"}
    for name in needed(*light):
        installed = distribution(name)
        for file in installed.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not (site / top).exists():
                (site / top).symlink_to(Path(str(installed.locate_file(top))))
    return site


def test_it_has_the_package_and_no_room(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"gorax"}


def test_it_is_a_client(site: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(site)!r})\n{PROGRAM}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("x-webhook-signature\n")
