"""The scripts that Postman runs before and after requests, in its sandbox."""

import json
from collections.abc import Mapping, Sequence

from api.postman.steps import Until

PAUSE_MS = 250
"""Before a request is sent again."""
ATTEMPTS = 120
"""After so many the story stops waiting: half a minute, and more on a machine that is busy."""

_ASKED = "asked"

Script = Sequence[str]

# An empty token would be one that nobody knows.
AUTHORIZE: Script = (
    'const token = pm.variables.get("token");',
    "if (token) {",
    '  pm.request.headers.upsert({ key: "Authorization", value: `Bearer ${token}` });',
    "}",
)


def expect(status: str) -> Script:
    """Look at the status."""
    return (f'pm.test("answers {status}", () => pm.response.to.have.status({status}));',)


def keep(variables: Mapping[str, str]) -> Script:
    """Fill variables from the answer."""
    return tuple(
        f'pm.collectionVariables.set("{name}", pm.response.json().{path});'
        for name, path in variables.items()
    )


def wait(until: Until, status: str) -> Script:
    """Send the request again until the answer is as it should be; fail when that takes too long."""
    value = json.dumps(until.value)
    what = json.dumps(f"{until.path} is {until.value}")
    return (
        f'const asked = Number(pm.collectionVariables.get("{_ASKED}") ?? 0) + 1;',
        f"const answered = pm.response.code === {status};",
        f"const there = answered && pm.response.json().{until.path} === {value};",
        f"if (there || !answered || asked >= {ATTEMPTS}) {{",
        f'  pm.collectionVariables.unset("{_ASKED}");',
        f"  pm.test({what}, () => pm.expect(there).to.be.true);",
        "} else {",
        f'  pm.collectionVariables.set("{_ASKED}", asked);',
        "  pm.execution.setNextRequest(pm.info.requestId);",
        f"  setTimeout(() => {{}}, {PAUSE_MS});",
        "}",
    )


def sign(secret: str) -> Script:
    """Sign the body as a sender of events does."""
    return (
        'const crypto = require("crypto-js");',
        f'const secret = pm.variables.get("{secret}");',
        "const signature = crypto.HmacSHA256(pm.request.body.raw, secret).toString();",
        'pm.request.headers.upsert({ key: "X-Webhook-Signature", value: `sha256=${signature}` });',
    )


def forget(variables: Sequence[str]) -> Script:
    """Leave no ids and no secret behind in the collection."""
    return tuple(f'pm.collectionVariables.set("{name}", "");' for name in variables)
