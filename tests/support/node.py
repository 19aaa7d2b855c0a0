"""Node.js and the packages of sdk/node, where somebody installed them."""

import shutil
from pathlib import Path

import pytest

SDK = Path(__file__).parents[2] / "sdk" / "node"
MODULES = SDK / "node_modules"

needs_node_modules = pytest.mark.skipif(
    shutil.which("node") is None or not MODULES.is_dir(),
    reason="needs Node.js and `npm ci` in sdk/node",
)


def node_module(command: str) -> Path:
    """The command of an installed package."""
    return MODULES / ".bin" / command
