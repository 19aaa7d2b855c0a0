"""`docker-compose.yml` is what compose takes, starts with no secret that everybody knows, and its processes work.

No engine is needed: our own services are started by hand, by the file's commands and with its environment.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import yaml
from jsonschema import Draft7Validator

from dev.guard import Guard
from dev.parts import ROOT, Part
from dev.ports import free_port
from dev.postgres import PORT, SUPERUSER, Postgres
from dev.postgres_binaries import Binaries
from dev.temporal import DYNAMIC_CONFIG, SEARCH_ATTRIBUTES, Temporal, program
from gorax.production import PLACEHOLDER
from tests.support.compose import FILE, chosen, mentioned, services, template
from tests.support.executions import until
from tests.support.kratos import FakeKratos
from tests.support.processes import Server
from tests.support.redis import RedisServer
from tests.support.servers import running_postgres

OURS = {"check": "gorax.production", "migrate": "gorax.store.migrate", "api": "api", "worker": "worker"}
ONCE = {"check", "migrate", "temporal-schema", "temporal-namespace", "kratos-schema"}
DEPLOY = ROOT / "deploy"


def test_it_is_what_compose_takes() -> None:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    document = yaml.safe_load(FILE.read_text())
    assert [error.message for error in Draft7Validator(schema).iter_errors(document)] == []


def test_every_variable_is_in_the_template_and_the_other_way_round() -> None:
    versions = {name for name in mentioned() if name.endswith("_VERSION")}
    assert set(mentioned()) - versions - {"GORAX_SUBNET"} == set(template())
    for name, required in mentioned().items():
        assert required is (PLACEHOLDER in template().get(name, "")), name
        if required:
            with pytest.raises(KeyError, match=name):
                services({**chosen(), name: ""})


def test_every_service_is_bounded_and_knows_its_end() -> None:
    found = services(chosen())
    for name, service in found.items():
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory"} <= limits.keys(), name
        assert (service["restart"] != "unless-stopped") is (name in ONCE), name
        if name not in ONCE | {"temporal-ui", "prometheus", "grafana"}:
            assert service["healthcheck"], name
        for mounted in (str(volume).partition(":")[0] for volume in service.get("volumes", [])):
            assert not mounted.startswith(".") or (ROOT / mounted).exists(), mounted
    for name, module in OURS.items():
        service = found[name]
        assert service["command"] == ["python", "-m", module]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        # What could be scaled has no port of the machine's.
        assert "ports" not in service
    seconds = {name: int(found[name]["stop_grace_period"].removesuffix("s")) for name in ("api", "worker")}
    assert seconds["api"] > 35 + float(found["api"]["environment"]["GORAX_API_DRAIN_SECONDS"])
    assert seconds["worker"] > float(found["worker"]["environment"]["GORAX_WORKER_SHUTDOWN_GRACE"])


def test_temporal_is_as_the_one_of_make_dev() -> None:
    found = yaml.safe_load((DEPLOY / "temporal" / "dynamicconfig.yaml").read_text())
    assert {name: values[0]["value"] for name, values in found.items()} == DYNAMIC_CONFIG
    named = re.search(r"for name in (.*); do", (DEPLOY / "temporal" / "namespace.sh").read_text())
    assert named is not None
    assert tuple(named[1].split()) == SEARCH_ATTRIBUTES


def test_people_cannot_write_their_own_tenants() -> None:
    """They write traits, of which the API reads nothing."""
    schema = json.loads((DEPLOY / "kratos" / "identity.schema.json").read_text())
    Draft7Validator.check_schema(schema)
    traits = schema["properties"]["traits"]
    assert (set(traits["properties"]), traits["additionalProperties"]) == ({"email", "name"}, False)
    config = yaml.safe_load((DEPLOY / "kratos" / "kratos.yml").read_text())
    [used] = config["identity"]["schemas"]
    assert (used["id"], Path(used["url"]).name) == (
        config["identity"]["default_schema_id"],
        "identity.schema.json",
    )
    assert "4434" not in json.dumps([service.get("ports") for service in services(chosen()).values()])


def run(service: dict[str, Any], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The service's command, to its end."""
    _, *arguments = service["command"]
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_nothing_starts_with_the_placeholders() -> None:
    found = services(template())
    refused = run(found["check"], found["check"]["environment"])
    assert refused.returncode == 1
    named = re.findall(r"^  (\w+): still has CHANGE-ME", refused.stdout, re.MULTILINE)
    expected = {name for name, value in template().items() if PLACEHOLDER in value}
    assert set(named) == expected - {"GORAX_DATABASE_PASSWORD"} | {"GORAX_DATABASE_URL"}
    others = set(found) - {"check"}
    assert {name for name in others if not _waits_for_check(found, name)} == {
        "prometheus",
        "grafana",
    }, "what keeps nothing"
    taken = services(chosen())["check"]
    assert run(taken, taken["environment"]).stdout == "production: the settings are fit\n"


def _waits_for_check(found: dict[str, dict[str, Any]], name: str) -> bool:
    return name == "check" or any(
        _waits_for_check(found, other) for other in found[name].get("depends_on", {})
    )


@pytest.fixture
def postgres_of_compose(tmp_path: Path, guard: Guard) -> Iterator[tuple[Postgres, dict[str, str]]]:
    """A new PostgreSQL after `deploy/postgres/init.sh`, and the variables that it was given."""
    variables = chosen()
    psql = Binaries.for_server().postgres.with_name("psql")
    with running_postgres(tmp_path, guard) as (server, _):
        # The image's administrator has another name than `make dev` gives its own.
        address = psycopg.conninfo.make_conninfo(
            host=str(server.socket_directory), port=PORT, dbname="postgres"
        )
        for user, statement in (
            (SUPERUSER, "CREATE ROLE postgres LOGIN SUPERUSER"),
            ("postgres", f"ALTER ROLE {SUPERUSER} RENAME TO unused"),
        ):
            with psycopg.connect(address, user=user, autocommit=True) as connection:
                connection.execute(statement)
        environment = {
            "PATH": f"{psql.parent}:/usr/bin:/bin",
            "PGHOST": str(server.socket_directory),
            "PGPORT": str(PORT),
            **services(variables)["postgres"]["environment"],
        }
        subprocess.run(["/bin/sh", DEPLOY / "postgres" / "init.sh"], env=environment, check=True, timeout=30)
        yield server, variables


async def test_its_processes_work_when_they_are_started_by_hand(
    postgres_of_compose: tuple[Postgres, dict[str, str]], temporal: Temporal, tmp_path: Path, guard: Guard
) -> None:
    postgres, variables = postgres_of_compose
    redis = RedisServer(tmp_path, guard)
    with ExitStack() as started:
        started.callback(redis.stop)
        async with FakeKratos() as kratos:
            found = services(variables)
            here = {
                "@postgres:5432/gorax": f"@/gorax?host={postgres.socket_directory}&port={PORT}",
                "temporal:7233": temporal.address,
                "redis://redis:6379/0": redis.url,
                "http://kratos:4433": kratos.url,
                "0.0.0.0": "127.0.0.1",
                "8080": str(free_port()),
                "9464": str(free_port()),
            }

            def moved(text: str) -> str:
                for there, place in here.items():
                    text = text.replace(there, place)
                return text

            def environment(name: str) -> dict[str, str]:
                return {key: moved(value) for key, value in found[name]["environment"].items()}

            namespace = environment("temporal-namespace")
            script = ["/bin/sh", str(DEPLOY / "temporal" / "namespace.sh")]
            path = {"PATH": f"{program().parent}:/usr/bin:/bin", "HOME": str(tmp_path)}
            for _ in range(2):  # again is the same as once
                await asyncio.to_thread(
                    subprocess.run, script, env={**namespace, **path}, check=True, timeout=60
                )
            migrated = await asyncio.to_thread(run, found["migrate"], environment("migrate"))
            assert migrated.returncode == 0, migrated.stdout

            def start(name: str) -> Server:
                _, *probe = found[name]["healthcheck"]["test"]
                probe[0] = sys.executable

                def healthy(_pid: int) -> bool:
                    command = [moved(word) for word in probe]
                    return subprocess.run(command, capture_output=True, check=False).returncode == 0

                part = Part(
                    name=name,
                    command=(sys.executable, *found[name]["command"][1:]),
                    environment={**os.environ, **environment(name)},
                    ready=healthy,
                )
                server = Server(part, tmp_path, guard)
                started.callback(server.stop)
                return server

            await asyncio.gather(*(asyncio.to_thread(start, name) for name in ("api", "worker")))
            url = f"http://127.0.0.1:{here['8080']}"
            root = kratos.login({"platform_admin": True})
            async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client:
                tenant = await client.post(
                    "/api/v1/admin/tenants",
                    json={"name": "Acme", "admin_email": "a@example.com"},
                    headers=root.headers,
                )
                assert tenant.status_code == 201, tenant.text
                tenant_id = tenant.json()["data"]["id"]
                client.headers = {**kratos.member(**{tenant_id: "admin"}).headers, "X-Tenant-ID": tenant_id}
                say = {"id": "say", "type": "transform", "config": {"expression": "6 * 7"}}
                made = await client.post(
                    "/api/v1/workflows", json={"name": "Say", "definition": {"actions": [say]}}
                )
                run_ = await client.post(f"/api/v1/workflows/{made.json()['data']['id']}/execute")
                path_ = f"/api/v1/executions/{run_.json()['data']['execution_id']}"

                async def completed() -> bool:
                    return bool((await client.get(path_)).json()["data"]["status"] == "completed")

                await until(completed, 30)
                assert (await client.get(path_)).json()["data"]["output"] == 42
                assert (await client.get("/ready")).json()["status"] == "ok"
                token = {"Authorization": f"Bearer {variables['GORAX_METRICS_TOKEN']}"}
                assert (await client.get("/metrics", headers=token)).status_code == 200
