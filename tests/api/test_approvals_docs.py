"""The page about approvals and signals: its examples run, and what it lists is all there is."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from api.schemas.approvals import ApprovalsQuery, ApprovalStatus
from api.services.waits import MAX_PAYLOAD_BYTES
from gorax.core.actions.approval import ApprovalConfig
from gorax.core.actions.wait_for_signal import WaitForSignalConfig
from gorax.core.forms import MAX_FIELDS, FieldType, FormField
from gorax.store.signals import MAX_KEPT
from tests.api.test_approvals import waiting
from tests.api.test_executions import create, execute, finished
from tests.api.test_signals import open_waits
from tests.docs.fences import fences

FILE = Path(__file__).parents[2] / "docs" / "approvals.md"
PAGE = FILE.read_text()
ASK, ANSWER, WAIT = (json.loads(fence.text) for fence in fences(FILE, "json"))
WORDS = {
    *ApprovalConfig.model_fields,
    *(field.alias or name for name, field in WaitForSignalConfig.model_fields.items()),
    *FormField.model_fields,
    *(ApprovalsQuery.model_fields.keys() - {"limit", "offset"}),
    *get_args(ApprovalStatus),
    *get_args(FieldType),
}
ORDER = {"amount": 10, "customer": "Ann", "order": 7}


async def test_the_examples_run(api: httpx.AsyncClient) -> None:
    definition = {
        "actions": [ASK, WAIT],
        "output": ["{{steps.ask_manager.output}}", "{{steps.payment.output}}"],
    }
    execution = await execute(api, await create(api, definition), json=ORDER)
    approval = await waiting(api, execution["execution_id"])
    assert approval["title"] == "Refund 10 to Ann?"
    headers = {"X-User-ID": "user_456"}
    one = f"/api/v1/approvals/{approval['id']}"
    answered = await api.post(f"{one}/approve", json=ANSWER, headers=headers)
    assert answered.status_code == 200, answered.text
    await open_waits(api, execution["execution_id"])
    [(method, path)] = re.findall(r"^(POST) (/api/v1/executions/\S+)$", PAGE, re.MULTILINE)
    sent = await api.request(
        method, path.replace("{id}", execution["execution_id"]), json={"payment_id": "pay_1"}
    )
    assert sent.json()["data"]["status"] == "delivered"
    output = (await finished(api, execution["execution_id"]))["output"]
    assert output == [answered.json()["data"]["answer"], {"payment_id": "pay_1"}]
    assert output[0]["form"] == {"reason": "late", "amount": 10}


def test_the_output_is_told() -> None:
    for name in ("decision", "by", "at", "form", "comment"):
        assert f"| `{name}` |" in PAGE


@pytest.mark.parametrize("name", sorted(WORDS))
def test_every_field_and_word_is_told(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_bounds_are_those_that_hold() -> None:
    bounds: dict[str, Any] = {
        "at most 256 KB": MAX_PAYLOAD_BYTES == 256 * 1024,
        "keeps 1,000 that": MAX_KEPT == 1_000,
        "a list of fields, up to 100": MAX_FIELDS == 100,
    }
    for words, holds in bounds.items():
        assert words in PAGE
        assert holds
