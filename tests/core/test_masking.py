"""What a mask finds."""

import base64
import contextvars
import json
import re
import time
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gorax.core.encoding import dumps
from gorax.core.masking import MASK, Mask, current_mask, masking

SECRET = 'pä/ss+word "x"\n?&='
SECRETS = st.text(
    st.characters(min_codepoint=32, max_codepoint=1000, exclude_categories=["Cs"]), min_size=6, max_size=40
)


def forms(secret: str) -> dict[str, str]:
    """The forms in which servers echo what they were sent."""
    raw = secret.encode()
    standard, safe = base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()
    return {
        "plain": secret,
        "quoted": quote(secret, safe=""),
        "quoted path": quote(secret),
        "quoted lower": re.sub("%..", lambda match: match[0].lower(), quote(secret, safe="")),
        "form": quote_plus(secret),
        "javascript": quote(secret, safe="!'()*"),
        "javascript address": quote(secret, safe=";/?:@&=+$,#!'()*"),
        "java": quote_plus(secret, safe="*"),
        "php": quote_plus(secret).replace("~", "%7E"),
        "quoted twice": quote(quote(secret, safe=""), safe=""),
        "every byte": "".join(f"%{byte:02X}" for byte in raw),
        "unquoted": unquote_plus(secret) if len(unquote_plus(secret)) >= 6 else secret,
        "json": json.dumps(secret, ensure_ascii=False)[1:-1],
        "json ascii": json.dumps(secret)[1:-1],
        "json slashes": json.dumps(secret)[1:-1].replace("/", "\\/"),
        "base64": standard,
        "base64 without padding": standard.rstrip("="),
        "base64 for URLs": safe,
        "base64 for URLs without padding": safe.rstrip("="),
        "base64 quoted": quote(standard, safe=""),
        "base64 in json": standard.replace("/", "\\/"),
    }


@pytest.mark.parametrize("name", forms(SECRET))
def test_a_form_is_masked_everywhere(name: str) -> None:
    form = forms(SECRET)[name]
    mask = Mask([SECRET])
    assert mask.in_text(f"a{form}b {form}") == f"a{MASK}b {MASK}"
    assert mask.in_bytes(f"<{form}>".encode()) == f"<{MASK}>".encode()
    value = {"x": [1, f"a{form}", {form: True}], "n": None}
    assert mask.in_value(value) == {"x": [1, f"a{MASK}", {MASK: True}], "n": None}


def test_numbers_are_secrets_too() -> None:
    mask = Mask(["608703138933"])
    value = {"n": 608703138933, "list": [608703138933, 5, True, 1.5], "text": "608703138933"}
    assert mask.in_value(value) == {"n": MASK, "list": [MASK, 5, True, 1.5], "text": MASK}


def test_lines_of_a_longer_secret() -> None:
    lines = ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0B", "AQEFAASCBKcwggSjAgEAAoIB", "=="]
    secret = "\n".join(lines) + "\n"
    mask = Mask([secret])
    assert mask.in_text("\r\n".join(lines)) == MASK
    assert mask.in_text(f"in line 2: {lines[1]}") == f"in line 2: {MASK}"
    assert mask.in_text(lines[0]) == lines[0]
    assert MASK in mask.in_text(base64.encodebytes(secret.encode()).decode())
    assert lines[1] not in mask.in_text(base64.encodebytes(secret.encode()).decode())


@given(SECRETS)
def test_no_form_of_any_secret_remains(secret: str) -> None:
    mask = Mask([secret])
    for form in forms(secret).values():
        assert form not in mask.in_text(f"({form})")
        assert form not in json.dumps(mask.in_value([f"({form})"]))


@given(SECRETS, st.binary(max_size=7), st.binary(max_size=7))
def test_inside_base64_of_more_at_most_the_edges_remain(secret: str, before: bytes, after: bytes) -> None:
    text = base64.b64encode(before + secret.encode() + after).decode()
    masked = Mask([secret]).in_text(text)
    assert MASK in masked
    kept = len(before) * 4 // 3 + len(after) * 4 // 3
    assert len(masked.replace(MASK, "")) <= kept + 8


def test_the_pair_of_basic_auth() -> None:
    pair = base64.b64encode(b"ann:hunter22").decode()
    masked = Mask(["hunter22"]).in_text(f"Basic {pair}")
    assert "Basic" in masked
    assert MASK in masked
    assert b"hunter22" not in base64.b64decode(masked.removeprefix("Basic ").replace(MASK, "AAAA") + "==")


def test_short_secrets_are_left_alone() -> None:
    assert Mask(["abcde", ""]).in_text("abcde") == "abcde"


def test_a_value_without_secrets_is_the_same_object() -> None:
    value = {"a": ["b" * 100]}
    assert Mask(["hunter22"]).in_value(value) is value
    assert Mask().in_value(value) is value


def test_the_longest_goes_first() -> None:
    assert Mask(["secret", "secret-longer"]).in_text("secret-longer secret") == f"{MASK} {MASK}"


def test_a_large_value_takes_little_time() -> None:
    value = [{"id": number, "text": "x" * 100, "b": [number] * 3} for number in range(100_000)]
    assert len(dumps(value)) > 14_000_000
    mask = Mask([f"secret-{number}-{'abc' * number}" for number in range(5)])
    started = time.perf_counter()
    assert mask.in_value(value) is value
    assert time.perf_counter() - started < 3


def test_the_current_mask_is_that_of_the_step() -> None:
    outer = Mask(["hunter22"])
    with masking(outer):
        assert current_mask() is outer
        assert contextvars.copy_context().run(current_mask) is outer
        with masking(Mask()):
            assert current_mask() is not outer
        assert current_mask() is outer
    assert current_mask() is not outer
