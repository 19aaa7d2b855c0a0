"""The Kubernetes manifests are what its API takes, and say what the processes need."""

import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
import yaml
from dotenv import dotenv_values

from dev.environment import variables
from dev.parts import ROOT
from gorax.production import PLACEHOLDER
from gorax.settings import ApiSettings, Settings, WorkerSettings

MANIFESTS = ROOT / "deploy" / "kubernetes"
KINDS_OF_KUSTOMIZE = {"Kustomization", "Component"}
VERSIONS = ("1.31", "1.34")


def documents(text: str) -> Iterator[dict[str, Any]]:
    """The manifests of one file."""
    for document in yaml.safe_load_all(text):
        if document and document.get("kind", "Kustomization") not in KINDS_OF_KUSTOMIZE:
            yield document


def manifests() -> dict[tuple[str, str], dict[str, Any]]:
    """All that there are, by kind and name."""
    found = [
        document for path in sorted(MANIFESTS.rglob("*.yaml")) for document in documents(path.read_text())
    ]
    return {(document["kind"], document["metadata"]["name"]): document for document in found}


def check(document: dict[str, Any]) -> None:
    """Raise where the API of Kubernetes would refuse it; what an extension brings is not looked at."""
    if not document["apiVersion"].startswith("keda.sh/"):
        for version in VERSIONS:
            kubernetes_validate.validate(document, version, strict=True)


def test_they_are_what_kubernetes_takes() -> None:
    for document in manifests().values():
        check(document)
    broken = manifests()["Deployment", "gorax-api"]
    broken["spec"]["replica"] = 3
    with pytest.raises(kubernetes_validate.ValidationError):
        check(broken)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl")
@pytest.mark.parametrize("directory", ["base", "migrate", "worker"])
def test_kustomize_puts_them_together(directory: str) -> None:
    built = subprocess.run(
        ["kubectl", "kustomize", MANIFESTS / directory],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = list(documents(built.stdout))
    for document in found:
        check(document)
        assert document["kind"] == "Namespace" or document["metadata"]["namespace"] == "gorax"
    if directory == "worker":
        [deployment] = [document for document in found if document["kind"] == "Deployment"]
        [scaled] = [document for document in found if document["kind"] == "ScaledObject"]
        build = deployment["spec"]["template"]["metadata"]["labels"]["gorax.dev/build"]
        assert (
            scaled["spec"]["scaleTargetRef"]["name"]
            == deployment["metadata"]["name"]
            == f"gorax-worker-{build}"
        )
        assert scaled["spec"]["triggers"][0]["metadata"]["workerDeploymentBuildId"] == build


def test_they_name_settings_that_there_are() -> None:
    settings = manifests()["ConfigMap", "gorax"]["data"]
    secrets = dotenv_values(MANIFESTS / "secret.template.env")
    known = {variable.name for variable in variables(Settings())}
    assert settings.keys() | secrets.keys() <= known
    assert all(PLACEHOLDER in (value or "") for value in secrets.values())
    scaled = manifests()["ScaledObject", "gorax-worker"]["spec"]["triggers"][0]["metadata"]
    assert scaled["namespace"] == settings["GORAX_TEMPORAL_NAMESPACE"]
    assert scaled["endpoint"] == settings["GORAX_TEMPORAL_ADDRESS"]
    assert (scaled["taskQueue"], scaled["workerDeploymentName"]) == ("gorax", WorkerSettings().deployment)


def test_processes_get_the_time_that_they_take_to_end() -> None:
    found = manifests()
    settings = found["ConfigMap", "gorax"]["data"]
    api = found["Deployment", "gorax-api"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert api > float(settings["GORAX_API_DRAIN_SECONDS"]) + ApiSettings().shutdown_grace
    pod = found["Deployment", "gorax-worker"]["spec"]["template"]["spec"]
    given = {variable["name"]: variable.get("value") for variable in pod["containers"][0]["env"]}
    assert pod["terminationGracePeriodSeconds"] > float(given["GORAX_WORKER_SHUTDOWN_GRACE"])


def test_no_pod_may_do_more_than_it_must() -> None:
    pods = [
        document["spec"]["template"]["spec"]
        for (kind, _), document in manifests().items()
        if kind in {"Deployment", "Job"}
    ]
    assert len(pods) == 3
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        [container] = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]
