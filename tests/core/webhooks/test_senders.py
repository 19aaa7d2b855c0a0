"""Who may send, checked on what a network may bring."""

import base64
from collections.abc import Mapping

import pytest

from gorax.core.signatures import sign
from gorax.core.webhooks.senders import Proof, UnprovedError, check_sender

NOW = 1_700_000_000.0
SECRETS = ["whsec_bmV3", "whsec_b2xk"]
BODY = b"{}"


def check(
    proof: Proof, headers: Mapping[str, str], *, repeated: tuple[str, ...] = (), body: bytes = BODY
) -> None:
    """As the API calls it."""
    check_sender(proof, SECRETS, headers, repeated, body, NOW)


def basic(pair: bytes) -> dict[str, str]:
    """The header."""
    return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}


@pytest.mark.parametrize("secret", SECRETS)
def test_each_valid_secret_is_taken(secret: str) -> None:
    check(Proof(auth_type="none"), {})
    check(Proof(auth_type="signature"), sign("gorax", secret, BODY, message_id="m", now=NOW))
    check(Proof(auth_type="basic", username="shop"), basic(f"shop:{secret}".encode()))
    check(
        Proof(auth_type="basic", username="shop"),
        {"authorization": basic(f"shop:{secret}".encode())["authorization"].replace("Basic", "bAsIc")},
    )
    check(Proof(auth_type="api_key", header_name="X-Key"), {"x-key": secret})


@pytest.mark.parametrize("secret", ["It's a Secret to Everybody", "geheim und größer 💩"])
def test_secrets_of_any_text_are_taken_as_utf_8(secret: str) -> None:
    sent: list[tuple[Proof, dict[str, str]]] = [
        (Proof(auth_type="signature"), sign("gorax", secret, BODY, message_id="m", now=NOW)),
        (
            Proof(auth_type="signature", scheme="github"),
            sign("github", secret, BODY, message_id="m", now=NOW),
        ),
        (Proof(auth_type="basic", username="shop"), basic(f"shop:{secret}".encode())),
        # As headers are read: each byte a character.
        (Proof(auth_type="api_key"), {"x-api-key": secret.encode().decode("latin-1")}),
    ]
    for proof, headers in sent:
        check_sender(proof, [secret], headers, (), BODY, NOW)
        with pytest.raises(UnprovedError):
            check_sender(proof, [f"{secret}!"], headers, (), BODY, NOW)


@pytest.mark.parametrize(
    ("proof", "headers"),
    [
        (Proof(auth_type="signature"), {}),
        (Proof(auth_type="signature"), {"x-webhook-signature": "sha256=ÿ"}),
        (Proof(auth_type="basic", username="shop"), {}),
        (Proof(auth_type="basic", username="shop"), {"authorization": "Basic"}),
        (Proof(auth_type="basic", username="shop"), {"authorization": "Basic ÿ"}),
        (Proof(auth_type="basic", username="shop"), {"authorization": "Basic c2hvcDp3c==="}),
        (Proof(auth_type="basic", username="shop"), basic(b"shop:\xff")),
        (Proof(auth_type="basic", username="shop"), basic(b"shop")),
        (Proof(auth_type="basic", username="shop"), basic(b"shop:")),
        (Proof(auth_type="basic", username="shop"), basic(b"Shop:whsec_bmV3")),
        (Proof(auth_type="basic", username="shop"), {"authorization": "Bearer whsec_bmV3"}),
        (Proof(auth_type="api_key"), {}),
        (Proof(auth_type="api_key"), {"x-api-key": ""}),
        (Proof(auth_type="api_key"), {"x-api-key": "whsec_bmV"}),
        (Proof(auth_type="api_key"), {"x-api-key": "whsec_bmV3 "}),
        (Proof(auth_type="api_key"), {"x-api-key": "ÿ"}),
        (Proof(auth_type="api_key", header_name="X-Key"), {"x-api-key": "whsec_bmV3"}),
    ],
)
def test_nothing_else_is(proof: Proof, headers: dict[str, str]) -> None:
    with pytest.raises(UnprovedError) as error:
        check(proof, headers)
    assert "whsec" not in str(error.value)


def test_a_proof_that_comes_twice_is_none() -> None:
    right = sign("standard", SECRETS[0], BODY, message_id="m", now=NOW)
    check(Proof(auth_type="signature", scheme="standard"), right, repeated=("x-other",))
    for name in right:
        with pytest.raises(UnprovedError, match="must be sent once"):
            check(Proof(auth_type="signature", scheme="standard"), right, repeated=(name,))


def test_without_a_valid_secret_nobody_is_let_in() -> None:
    for proof, headers in (
        (Proof(auth_type="api_key"), {"x-api-key": "x"}),
        (Proof(auth_type="basic"), basic(b":")),
    ):
        with pytest.raises(UnprovedError):
            check_sender(proof, [], headers, (), BODY, NOW)
