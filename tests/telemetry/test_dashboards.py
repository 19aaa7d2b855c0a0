"""The dashboard and the alerts: each asks for what a real stack shows, and each alert is explained."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from gorax.settings import Settings
from tests.support import webhooks
from tests.support.executions import becomes, begin
from tests.support.processes import Stack
from tests.support.promql import Selector, selectors
from tests.support.receiver import Receiver, Reply
from tests.support.scrape import Scrape, scrape, until

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGE = ROOT / "docs" / "metrics.md"
DURATION = re.compile(r"\d+[smh]")
TARGET = {"job", "instance"}
"""Labels that Prometheus adds by itself."""
BY_PROMETHEUS = {"up"}


@cache
def rules() -> list[dict[str, Any]]:
    """Of the file of alerts."""
    [group] = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"]
    assert group.keys() == {"name", "rules"}
    found: list[dict[str, Any]] = group["rules"]
    return found


@cache
def panels() -> list[dict[str, Any]]:
    """Of the dashboard, without the titles of its rows."""
    board = json.loads((DEPLOY / "grafana" / "gorax.json").read_text())
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[tuple[str, str]]:
    """Every expression, with where it stands."""
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"].replace("$__rate_interval", "1m")


def labels_of(found: Scrape) -> Mapping[str, set[str]]:
    """The labels of each series."""
    labels: dict[str, set[str]] = {}
    for sample in found.samples:
        labels.setdefault(sample.name, set()).update(sample.labels)
    return labels


@pytest.fixture(scope="module")
async def shown(stack: Stack) -> Mapping[str, set[str]]:
    """What an API and a worker show once they have done a little of everything."""
    async with stack.client("tenant_dashboards") as api, Receiver() as receiver:
        failing = {
            "id": "ask",
            "type": "http",
            "mode": "durable",
            "config": {"url": receiver.answer("/", Reply(status=404))},
        }
        await becomes(api, await begin(api, failing), "failed")
        workflow_id = await webhooks.workflow(api)
        webhook = await webhooks.create(api, workflow_id=workflow_id, auth_type="none")
        answer = await api.post(f"/webhooks/{workflow_id}/{webhook['id']}", json={})
        await becomes(api, answer.json()["execution_id"], "completed")
    worker = await until(
        lambda: scrape(f"http://127.0.0.1:{stack.settings.metrics.port}"),
        lambda found: bool(found.value("gorax_maintenance_last_success_timestamp_seconds")),
    )
    both = dict(labels_of(worker))
    for name, labels in labels_of(await scrape(stack.url)).items():
        both[name] = both.get(name, set()) | labels
    return both


async def test_every_metric_that_is_asked_for_is_shown(shown: Mapping[str, set[str]]) -> None:
    for place, expression in expressions():
        asked = list(selectors(expression))
        assert asked, place
        for metric, labels in asked:
            if metric not in BY_PROMETHEUS:
                assert metric in shown, (place, metric)
                assert labels - TARGET <= shown[metric], (place, metric, labels)


async def test_every_metric_of_ours_is_on_the_page_and_every_one_on_the_page_is_ours(
    shown: Mapping[str, set[str]],
) -> None:
    documented = set(re.findall(r"^\| `(gorax_\w+)` \|", PAGE.read_text(), re.MULTILINE))
    ours = {
        name.removesuffix("_bucket").removesuffix("_count").removesuffix("_sum")
        for name in shown
        if name.startswith("gorax_")
    }
    assert documented == ours


def test_the_file_of_alerts_is_as_prometheus_reads_it() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        name = rule["alert"]
        assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}, name
        assert re.fullmatch(r"Gorax[A-Za-z]+", name)
        assert DURATION.fullmatch(rule["for"]), name
        assert rule["labels"] in ({"severity": "page"}, {"severity": "ticket"}), name
        assert rule["annotations"].keys() == {"summary", "runbook"}, name
        # A template that names a label which the expression does not leave would be empty at 3 a.m.
        for label in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]):
            assert label in rule["expr"] or label in TARGET | {"pool"}, (name, label)


def test_each_alert_says_where_it_is_explained() -> None:
    titles = re.findall(r"^### (\w+)$", PAGE.read_text(), re.MULTILINE)
    assert titles == [rule["alert"] for rule in rules()]
    for rule in rules():
        assert rule["annotations"]["runbook"] == f"docs/metrics.md#{rule['alert'].lower()}"


def test_the_dashboard_can_be_imported() -> None:
    board = json.loads((DEPLOY / "grafana" / "gorax.json").read_text())
    assert board["title"] == "Gorax"
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells
    # Whoever imports it chooses where the data comes from.
    [variable] = board["templating"]["list"]
    assert (variable["type"], variable["query"]) == ("datasource", "prometheus")
    assert {panel["datasource"]["uid"] for panel in panels()} == {"${datasource}"}


def test_what_prometheus_is_to_scrape_is_where_the_processes_listen() -> None:
    configuration = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    targets = {
        job["job_name"]: job["static_configs"][0]["targets"] for job in configuration["scrape_configs"]
    }
    settings = Settings()
    assert targets == {
        "gorax-api": [f"127.0.0.1:{settings.port}"],
        "gorax-worker": [f"{settings.metrics.host}:{settings.metrics.port}"],
    }
    assert configuration["rule_files"] == ["alerts.yml"]


@pytest.mark.parametrize("wrong", ["sum(", "rate(x[5m)", "a b", "histogram_quantile(sum(x))"])
def test_what_is_not_promql_is_found(wrong: str) -> None:
    with pytest.raises(ValueError):
        list(selectors(wrong))


def test_selections_are_found_wherever_they_stand() -> None:
    assert list(selectors('sum by (a) (rate(x_total{b="1"}[5m])) / y > 1')) == [
        Selector("x_total", frozenset({"a", "b"})),
        Selector("y", frozenset()),
    ]
