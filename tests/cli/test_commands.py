"""Each command against the running API: what it does, prints and ends with."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command, Ran

GREET = """\
name: Greet
description: Says hello
definition:
  input_schema:
    type: object
    required: [name]
  actions:
    - id: hello
      type: log
      config:
        message: "Hello {{trigger.body.name}}"
  output: "{{steps.hello.output.message}}"
"""
FAIL = {
    "name": "Fails",
    "definition": {"actions": [{"id": "no", "type": "fail", "config": {"message": "broken"}}]},
}
WAITS = {
    "name": "Waits",
    "definition": {"actions": [{"id": "wait", "type": "delay", "config": {"duration": "1h"}}]},
}


def applied(gorax: Command, workflow: Any) -> str:
    """The id of a workflow that a file has brought about."""
    text = workflow if isinstance(workflow, str) else json.dumps(workflow)
    [result] = gorax("workflows", "apply", "-f", "-", "--json", stdin=text).json()
    return str(result["id"])


def test_apply_creates_updates_and_leaves_alone(gorax: Command, tmp_path: Path) -> None:
    file = tmp_path / "greet.yaml"
    file.write_text(GREET)
    assert gorax("workflows", "apply", "--check", "-f", file, code=1).out.count("+") > 5
    assert gorax("workflows", "list", "--json").json() == []
    first = gorax("workflows", "apply", "-f", file)
    assert "+name: Greet" in first.out
    assert "Greet is created: wf_" in first.err
    again = gorax("workflows", "apply", "-f", file)
    assert (again.out, "Greet is unchanged" in again.err) == ("", True)
    gorax("workflows", "apply", "--check", "-f", file)
    file.write_text(GREET.replace("Hello", "Good morning").replace("Says hello", "Is polite"))
    changed = gorax("workflows", "apply", "-f", file)
    assert "-description: Says hello\n+description: Is polite" in changed.out
    assert "version 2" in changed.err
    [listed] = gorax("workflows", "list", "--json").json()
    assert (listed["name"], listed["version"]) == ("Greet", 2)


def test_what_is_exported_can_be_applied(gorax: Command, tmp_path: Path) -> None:
    on_failure = {
        "on": ["failed"],
        "actions": [{"id": "log", "type": "log", "config": {"message": "a\nb: yes\n"}}],
    }
    applied(gorax, {**FAIL, "definition": {**FAIL["definition"], "on_failure": on_failure}})  # type: ignore[dict-item]
    file = tmp_path / "exported.yaml"
    file.write_text(gorax("workflows", "export", "Fails").out)
    [result] = gorax("workflows", "apply", "--check", "-f", file, "--json").json()
    assert result["outcome"] == "unchanged"
    assert gorax("workflows", "show", "Fails", "--version", "1", "--json").json()["name"] == "Fails"
    assert "on_failure" in gorax("workflows", "show", "Fails").out
    assert [one["version"] for one in gorax("workflows", "versions", "Fails", "--json").json()] == [1]


def test_names_that_several_have_are_asked_about(gorax: Command, tmp_path: Path) -> None:
    one = applied(gorax, FAIL)
    gorax("workflows", "apply", "-f", "-", stdin=json.dumps({**FAIL, "name": "Other"}))
    two = applied(gorax, {**FAIL, "name": "Other"})
    twice = {**FAIL, "id": two}
    gorax("workflows", "apply", "-f", "-", stdin=json.dumps(twice))
    refused = gorax("workflows", "apply", "-f", "-", stdin=json.dumps(FAIL), code=2)
    assert "2 are called 'Fails', say which" in refused.err
    gorax("workflows", "delete", one)
    assert gorax("workflows", "delete", "Fails", "--json").json() == {"id": two, "deleted": True}
    assert "no workflow is called 'Fails'" in gorax("workflows", "delete", "Fails", code=4).err


def test_an_invalid_definition_is_told_in_full(gorax: Command) -> None:
    wrong = {
        **FAIL,
        "definition": {"actions": [{"id": "a", "type": "log", "config": {}}, {"id": "b", "type": "x"}]},
    }
    refused = gorax("workflows", "apply", "-f", "-", stdin=json.dumps(wrong), code=5)
    assert "error: " in refused.err
    assert len(refused.err.splitlines()) >= 2
    told = gorax("workflows", "apply", "-f", "-", "--json", stdin=json.dumps(wrong), code=5)
    error = json.loads(told.err)
    assert (error["status"], len(error["details"])) == (400, 2)
    assert told.out == ""


def test_run_tells_the_id_waits_or_watches(gorax: Command) -> None:
    applied(gorax, GREET)
    data = ["--data", '{"name": "Ada"}']
    begun = gorax("run", "Greet", *data)
    assert begun.out.startswith("exec_")
    waited = gorax("run", "Greet", "--wait", *data)
    assert waited.out == '"Hello Ada"\n'
    watched = gorax("run", "Greet", "--watch", *data)
    assert "✓ hello completed" in watched.out
    assert watched.out.endswith('"Hello Ada"\n')
    updates = gorax("run", "Greet", "--watch", "--json", *data).lines()
    assert updates[0]["event"] == "snapshot"
    assert updates[-1]["output"] == "Hello Ada"
    assert "name" in gorax("run", "Greet", code=5).err
    keyed = [gorax("run", "Greet", "--idempotency-key", "one", "--json", *data).json() for _ in range(2)]
    assert keyed[0]["execution_id"] == keyed[1]["execution_id"]


@pytest.mark.parametrize("how", ["--wait", "--watch"])
def test_a_run_that_fails_is_an_exit_code(gorax: Command, how: str) -> None:
    applied(gorax, FAIL)
    failed = gorax("run", "Fails", how, code=1)
    assert "is failed: broken" in failed.err


def test_a_run_that_takes_too_long_goes_on(gorax: Command) -> None:
    applied(gorax, WAITS)
    late = gorax("run", "Waits", "--timeout", "0.2", code=8)
    execution_id = late.err.split()[1]
    assert execution_id.startswith("exec_")
    assert "is being cancelled" in gorax("executions", "cancel", execution_id).err
    assert "is cancelled: " in gorax("executions", "watch", execution_id, code=1).err


def test_executions(gorax: Command) -> None:
    applied(gorax, FAIL)
    first = gorax("run", "Fails", "--wait", "--json", code=1).json()["id"]
    assert gorax("executions", "list", "--status", "completed", "--json").json() == []
    [listed] = gorax(
        "executions", "list", "--workflow", "Fails", "--status", "failed", "--search", "broken", "--json"
    ).json()
    assert listed["id"] == first
    assert first in gorax("executions", "list").out
    shown = gorax("executions", "show", first)
    assert "failed" in shown.out
    assert "broken" in shown.out
    both = gorax("executions", "show", first, "--json").json()
    assert both["execution"]["status"] == "failed"
    assert [step["id"] for step in both["steps"]] == ["no"]
    logs = gorax("executions", "logs", first)
    assert "✗ no failed" in logs.out
    assert logs.out == gorax("executions", "logs", first, "--follow").out
    retried = gorax("executions", "retry", first, "--watch", code=1)
    assert "✗ no failed" in retried.out
    rerun = gorax("executions", "rerun", first, "--current", "--json").json()
    assert rerun["execution_id"] != first
    assert "execution not found" in gorax("executions", "show", "exec_none", code=4).err


def test_executions_are_paused_and_terminated(gorax: Command) -> None:
    applied(gorax, WAITS)
    execution_id = gorax("run", "Waits").out.strip()
    assert gorax("executions", "pause", execution_id, "--json").json()["paused"] is True
    assert "goes on" in gorax("executions", "resume", execution_id).err
    gorax("executions", "terminate", execution_id, "--reason", "enough")
    assert "enough" in gorax("executions", "watch", execution_id, code=1).err
    assert "error: " in gorax("executions", "cancel", execution_id, code=5).err


def test_schedules(gorax: Command) -> None:
    applied(gorax, WAITS)
    created = gorax(
        "schedules",
        "create",
        "Waits",
        "--cron",
        "0 9 * * MON-FRI",
        "--timezone",
        "Europe/Berlin",
        "-d",
        '{"a": 1}',
        "--json",
    ).json()
    assert (created["timezone"], created["payload"]) == ("Europe/Berlin", {"a": 1})
    one = created["id"]
    assert one in gorax("schedules", "list", "--workflow", "Waits").out
    assert gorax("schedules", "disable", one, "--json").json()["enabled"] is False
    assert gorax("schedules", "enable", one, "--json").json()["enabled"] is True
    assert "0 9 * * MON-FRI" in gorax("schedules", "show", one).out
    assert len(gorax("schedules", "runs", one, "--count", "3").out.splitlines()) == 3
    begun = gorax("schedules", "trigger", one).out.strip()
    gorax("executions", "terminate", begun)
    gorax("schedules", "delete", one)
    assert gorax("schedules", "list", "--json").json() == []
    assert "one of --cron" in gorax("schedules", "create", "Waits", code=2).err
    assert (
        "error: cron_expression" in gorax("schedules", "create", "Waits", "--cron", "61 * * * *", code=5).err
    )


def value_of(gorax: Command, name: str) -> Any:
    """What the API has of a credential, as its administrators see it."""
    import os

    from gorax import Gorax

    with Gorax(os.environ["GORAX_URL"], tenant=os.environ["GORAX_TENANT"], trust_env=False) as client:
        [found] = [one for one in client.credentials.iterate() if one.name == name]
        return client.credentials.value(found.id).value


def test_credentials_come_from_standard_input(gorax: Command) -> None:
    created = gorax(
        "credentials",
        "set",
        "Shop",
        "--type",
        "api_key",
        "--with",
        "header=X-Shop-Key",
        stdin="s3cret-of-shop\n",
    )
    assert "s3cret" not in created.out + created.err
    assert value_of(gorax, "Shop") == {"key": "s3cret-of-shop", "header": "X-Shop-Key"}
    rotated = gorax("credentials", "set", "Shop", "--grace", "0", "--json", stdin='{"key": "another-one"}')
    assert rotated.json() == {"outcome": "rotated", "id": rotated.json()["id"], "version": 2}
    assert value_of(gorax, "Shop") == {"key": "another-one"}
    gorax("credentials", "set", "Own", "--type", "custom", "--field", "pin", stdin="12345678")
    assert value_of(gorax, "Own") == {"pin": "12345678"}
    listed = gorax("credentials", "list", "--json").json()
    assert {one["name"] for one in listed} == {"Shop", "Own"}
    gorax("credentials", "delete", "Own")
    assert gorax("credentials", "delete", "Own", code=4).out == ""


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["New"], "x", "say its --type"),
        (["New", "--type", "api_key", "--with", "key=oops"], "x", "--with takes name=value of"),
        (["New", "--type", "basic_auth"], "only one", "must be a JSON object"),
        (["New", "--type", "custom"], "text", "must be a JSON object"),
    ],
)
def test_credentials_that_are_not_said_clearly(
    gorax: Command, arguments: list[str], stdin: str, message: str
) -> None:
    assert message in gorax("credentials", "set", *arguments, stdin=stdin, code=2).err


def test_a_thing_that_nobody_may(command: Command, gorax: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GORAX_TOKEN", "gx_wrong")
    assert "error: " in gorax("workflows", "list", code=3).err


def test_nobody_answers(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gorax.client.connection.FIRST_PAUSE", 0.001)
    told = command("--url", "http://127.0.0.1:9", "--tenant", "acme", "workflows", "list", "--json", code=7)
    assert "does not answer" in json.loads(told.err)["error"]


def test_what_others_wrote_does_nothing_to_a_terminal(gorax: Command) -> None:
    evil = "\x1b]0;owned\x07[red]not red[/red]\x9b31m"
    log = {"actions": [{"id": "log", "type": "log", "config": {"message": "{{trigger.body}}"}}]}
    applied(gorax, {"name": "Logs", "definition": log})
    ran = gorax("run", "Logs", "--watch", "--data", json.dumps(evil))
    assert not {"\x1b", "\x07", "\x9b"} & set(ran.out)
    assert "[red]not red[/red]" in ran.out
    shown: Ran = gorax("executions", "show", gorax("executions", "list", "--json").json()[0]["id"])
    assert "\x1b" not in shown.out


def test_dry_run_of_what_is_there(gorax: Command) -> None:
    applied(gorax, GREET)
    told = gorax("dry-run", "Greet", "--data", '{"name": "Ada"}')
    assert "success  hello  log" in told.out
    assert '"Hello Ada"' in told.out
    time.sleep(0)
    assert gorax("dry-run", "Greet", "--json", code=1).json()["valid"] is False


def test_action_types(gorax: Command) -> None:
    assert "http" in gorax("action-types").out
