"""The client's surface is pinned, and held together with the OpenAPI document."""

import subprocess
import sys

import pytest

import gorax
import gorax.client
from gorax.client import errors
from gorax.client.resource import Calling
from tests.client.surface import CALLS, METHODS, OPERATIONS, arguments, names_in, resolved

EXPORTS = {
    "AsyncGorax",
    "Conflict",
    "ExecutionFailed",
    "Forbidden",
    "Gorax",
    "GoraxError",
    "Invalid",
    "NotEnded",
    "NotFound",
    "RateLimited",
    "Refused",
    "ServerError",
    "SignatureError",
    "StreamClosed",
    "Unauthorized",
    "Unavailable",
    "UnexpectedAnswer",
    "Unreachable",
    "sign",
    "verify",
}
CONVENIENCES = {
    "workflows.watch",
    "executions.wait",
    "executions.watch",
    "executions.watch_all",
    "executions.events",
    "credentials.access_log",
    "audit.export",
    "admin.export_audit_log",
}
"""Methods that are no operation, beside those that go through all pages of a list."""
WITHOUT_NAMES = {
    "executeWorkflow": {"body"},
    "sendSignal": {"payload"},
    "receiveEvent": {"body", "secret", "scheme", "headers"},
    "receiveEventAtPath": {"body", "secret", "scheme", "headers"},
    "getWorkflowDiagram": {"form"},
    "getExecutionDiagram": {"form"},
}
"""Arguments that are the whole body, or headers."""
FOR_BROWSERS = {("streamExecution", name) for name in ("ticket", "tenant_id", "user_id")}
"""Query parameters that stand for headers."""
HEADERS = {"Idempotency-Key": "idempotency_key", "X-Namespace": "namespace"}

each_call = pytest.mark.parametrize("method", [pytest.param(one, id=name) for name, one in CALLS.items()])


def test_exports() -> None:
    assert set(gorax.client.__all__) == EXPORTS
    assert set(gorax.__all__) == {"AsyncGorax", "Gorax"}
    assert gorax.Gorax is gorax.client.Gorax
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = gorax.Nothing


def test_every_error_is_exported() -> None:
    kinds = {value for value in vars(errors).values() if isinstance(value, type)}
    ours = {kind.__name__ for kind in kinds if issubclass(kind, errors.GoraxError)}
    assert ours <= EXPORTS
    assert ours <= set((errors.__doc__ or "").replace("(", " ").split())


def test_every_operation_has_a_method_and_every_method_an_operation() -> None:
    assert len({method.operation.id for method in CALLS.values()}) == len(CALLS)
    called = {one.operation.id: (one.operation.method, one.operation.path) for one in CALLS.values()}
    assert called == {name: (method, path) for name, (method, path, _) in OPERATIONS.items()}


def test_the_other_methods_are_these() -> None:
    others = {name for name, method in METHODS.items() if not isinstance(method, Calling)}
    assert others >= CONVENIENCES
    lists = [
        name.split(".") for name, method in CALLS.items() if {"limit", "offset"} <= set(arguments(method))
    ]
    through = {
        f"{group}.iterate{name[4:] if name.startswith('list') else f'_{name}'}" for group, name in lists
    }
    assert others - CONVENIENCES == through


@each_call
def test_a_method_takes_what_its_operation_does(method: Calling[..., object]) -> None:
    _, path, operation = OPERATIONS[method.operation.id]
    taken: dict[str, bool] = {}
    for parameter in map(resolved, operation.get("parameters", ())):
        match parameter["in"], parameter["name"]:
            case "query", name if (method.operation.id, name) not in FOR_BROWSERS:
                taken[name] = parameter.get("required", False)
            case "header", name if name in HEADERS:
                taken[HEADERS[name]] = False
    if "requestBody" in operation:
        body = resolved(operation["requestBody"]["content"]["application/json"]["schema"])
        taken |= {name: name in body.get("required", ()) for name in body.get("properties", {})}
    has = arguments(method)
    for name in list(has)[: len(names_in(path))]:
        assert has.pop(name), name
    for name in WITHOUT_NAMES.get(method.operation.id, ()):
        del has[name]
    assert {name.removesuffix("_"): required for name, required in has.items()} == taken


@each_call
def test_what_may_be_repeated_is_what_the_document_says(method: Calling[..., object]) -> None:
    _, _, operation = OPERATIONS[method.operation.id]
    headers = {one["name"] for one in map(resolved, operation.get("parameters", ())) if one["in"] == "header"}
    assert method.operation.keyed == ("Idempotency-Key" in headers)
    assert method.operation.anonymous == ("security" not in operation)


def test_it_loads_nothing_of_the_server() -> None:
    program = "import sys, gorax.client; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    names = set(loaded.stdout.split())
    assert {"httpx", "pydantic", "websockets", "gorax"} <= names
    assert not names & {"temporalio", "sqlalchemy", "fastapi", "cryptography", "orjson", "re2", "typer"}


def test_who_imports_the_package_alone_does_not_load_the_client() -> None:
    program = "import sys, gorax; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not set(loaded.stdout.split()) & {"httpx", "pydantic", "websockets"}
