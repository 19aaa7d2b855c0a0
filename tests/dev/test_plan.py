"""What `make dev` starts under given settings, those of docs/privacy.md among them."""

from pathlib import Path

import pytest

from dev.data_directory import DataDirectory
from dev.plan import make_plan
from gorax.settings import CodecSettings, Env, Settings


@pytest.mark.parametrize(
    ("env", "enabled", "address"),
    [
        (Env.development, None, None),
        (Env.development, True, "http://127.0.0.1:8099/dev/codec"),
        (Env.production, None, "http://127.0.0.1:8099/api/v1/codec"),
        (Env.production, False, None),
    ],
)
def test_the_web_ui_decrypts_where_run_data_is_encrypted(
    tmp_path: Path, env: Env, enabled: bool | None, address: str | None
) -> None:
    settings = Settings(env=env, port=8099, codec=CodecSettings(enabled=enabled))
    with DataDirectory(tmp_path) as data:
        plan = make_plan(settings, data)
    [temporal] = [part for stage in plan.stages for part in stage.parts if part.name == "temporal"]
    asked = dict(zip(temporal.command, temporal.command[1:], strict=False))
    assert asked.get("--ui-codec-endpoint") == address
