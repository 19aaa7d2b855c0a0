"""Signatures, against what the senders' own documents say."""

import base64
import hashlib
import hmac

import pytest

from gorax.core.signatures import SCHEMES, Scheme, SignatureError, secret_fault, sign, verify

NOW = 1_700_000_000.0
BODY = '{"order":"7","emoji":"é"}'.encode()
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def test_the_references_own_python_example() -> None:
    def verify_webhook_signature(payload: str, signature: str, secret: str) -> bool:
        expected = "sha256=" + hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(signature, expected)

    headers = sign("gorax", SECRET, BODY, message_id="m", now=NOW)
    assert verify_webhook_signature(BODY.decode(), headers["x-webhook-signature"], SECRET)


def test_githubs_published_vector() -> None:
    secret, payload = "It's a Secret to Everybody", b"Hello, World!"
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    verify("github", [secret], {"x-hub-signature-256": signature}, payload, NOW)


def test_the_standards_published_vector() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    verify(
        "standard", ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], headers, b'{"test": 2432232314}', 1614265330
    )


@pytest.mark.parametrize(
    "secret", [SECRET, SECRET.removeprefix("whsec_"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
)
def test_secrets_of_the_standard(secret: str) -> None:
    assert secret_fault("standard", secret) is None


@pytest.mark.parametrize(
    "secret",
    [
        "whsec_",
        "whsec_not-base64-at-all!",
        "It's a Secret to Everybody",
        f"{SECRET}é",
        SECRET[:-1],
        "whsec_YQ==",
    ],
)
def test_what_is_no_secret_of_the_standard(secret: str) -> None:
    fault = secret_fault("standard", secret)
    assert fault is not None
    assert fault.startswith("of scheme standard it must be 16 bytes or more in base64")
    others: tuple[Scheme, ...] = ("gorax", "github", "stripe")
    assert [secret_fault(scheme, secret) for scheme in others] == [None] * 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_signed_verifies_with_any_current_secret(scheme: Scheme) -> None:
    headers = sign(scheme, SECRET, BODY, message_id="m1", now=NOW)
    verify(scheme, ["another", SECRET], headers, BODY, NOW)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_does_not_fit_is_refused(scheme: Scheme) -> None:
    headers = sign(scheme, SECRET, BODY, message_id="m1", now=NOW)
    with pytest.raises(SignatureError):
        verify(scheme, [SECRET], headers, BODY + b" ", NOW)
    with pytest.raises(SignatureError):
        verify(scheme, ["another"], headers, BODY, NOW)
    for name, value in headers.items():
        wrong = [
            value[:-1],
            value.upper() if value.upper() != value else value + "0",
            "é" + value,
            "\0",
            value + "0",
        ]
        for changed in wrong:
            with pytest.raises(SignatureError):
                verify(scheme, [SECRET], {**headers, name: changed}, BODY, NOW)
        with pytest.raises(SignatureError, match=rf"the header {name} is missing"):
            verify(scheme, [SECRET], {key: text for key, text in headers.items() if key != name}, BODY, NOW)


@pytest.mark.parametrize("scheme", ["stripe", "standard"])
@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signed_time_that_is_off_is_refused(scheme: Scheme, seconds: int) -> None:
    headers = sign(scheme, SECRET, BODY, message_id="m1", now=NOW)
    verify(scheme, [SECRET], headers, BODY, NOW + seconds // 302 * 2)
    with pytest.raises(SignatureError, match="more than 300 seconds off"):
        verify(scheme, [SECRET], headers, BODY, NOW + seconds)


@pytest.mark.parametrize(
    "header", ["t=1", "v1=ab", "t=1,t=1,v1=a", "t=,v1=a", "t=²,v1=a", "t=-1,v1=a", ",,,", "t=9" * 99]
)
def test_stripes_header_in_all_the_wrong_forms(header: str) -> None:
    with pytest.raises(SignatureError):
        verify("stripe", [SECRET], {"stripe-signature": header}, BODY, NOW)


def test_stripe_with_the_signatures_of_two_keys() -> None:
    right = sign("stripe", SECRET, BODY, message_id="m", now=NOW)["stripe-signature"]
    time, signature = right.split(",")
    both = f"{time},v1={'0' * 64},{signature},v0=00"
    verify("stripe", [SECRET], {"stripe-signature": both}, BODY, NOW)
