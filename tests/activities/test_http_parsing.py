"""URLs and bodies of any content."""

import contextlib
import gzip
import json
import re
import zlib
from urllib.parse import quote, quote_plus

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from activities.http.decoding import BodyReader, BodyTooLargeError, ResponseMode, body_value
from activities.http.url import Url
from gorax.core.errors import StepError
from gorax.core.masking import MASK, Mask

URLISH = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ht:/\\@?#%[]. \t\r\n\x00é☃abc019=&", max_size=60).map(lambda rest: "http://a" + rest),
    st.text(max_size=40).map(lambda rest: "https://example.com/" + rest),
)


@given(URLISH)
@example("http://a/%")
@example("http://[::ffff:1.2.3.4]:80/")
@example("HTTP://EXAMPLE.com:443")
@example("http://a.com?x=%zz")
@example("http://a/\ud800")
def test_a_url_is_refused_or_clean(text: str) -> None:
    try:
        url = Url.parse(text)
    except ValueError:
        return
    assert re.fullmatch(r"[!-~]+", str(url)), "only visible ASCII goes onto the wire"
    assert "#" not in str(url)
    assert Url.parse(str(url)) == url
    assert 0 <= url.port <= 65_535


@given(URLISH)
def test_a_reference_is_refused_or_clean(text: str) -> None:
    base = Url.parse("http://example.com/a/b?c=d")
    try:
        url = base.join(text)
    except ValueError:
        return
    assert re.fullmatch(r"[!-~]+", str(url))


def test_parameters_replace_their_namesakes() -> None:
    url = Url.parse("http://a/?page=1&x=2&page=3&pages=4")
    assert url.with_parameter("page", "5 6").query == "x=2&pages=4&page=5%206"


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "", "br"]), st.integers(1, 50))
def test_any_bytes_are_read_refused_or_too_large(data: bytes, encoding: str, size: int) -> None:
    reader = BodyReader(encoding, 200)
    try:
        for start in range(0, len(data), size):
            reader.feed(data[start : start + size])
        body = reader.finish()
    except (StepError, BodyTooLargeError):
        body = reader.so_far()
    assert len(body) <= 200


@given(st.binary(max_size=2_000), st.sampled_from(["gzip", "deflate"]), st.integers(1, 100))
def test_compressed_bodies_come_back_whatever_the_pieces(data: bytes, encoding: str, size: int) -> None:
    packed = gzip.compress(data) if encoding == "gzip" else zlib.compress(data)
    reader = BodyReader(encoding, 3_000)
    for start in range(0, len(packed), size):
        reader.feed(packed[start : start + size])
    assert reader.finish() == data


@given(st.binary(max_size=200), st.text(max_size=60), st.sampled_from(["auto", "base64"]))
def test_any_body_has_a_value(body: bytes, content_type: str, mode: ResponseMode) -> None:
    orjson.dumps(body_value(body, content_type, mode))


@given(st.binary(max_size=200), st.text(max_size=60), st.sampled_from(["json", "text"]))
def test_a_body_that_must_be_something_is_it_or_a_named_error(
    body: bytes, content_type: str, mode: ResponseMode
) -> None:
    with contextlib.suppress(StepError):
        orjson.dumps(body_value(body, content_type, mode))


@given(
    st.text('abcdeü/+ "\\', min_size=6, max_size=20),
    st.text("0123", max_size=20),
    st.text("0123", max_size=20),
)
def test_a_secret_never_remains(secret: str, before: str, after: str) -> None:
    mask = Mask([secret])
    for form in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]):
        assert mask.in_text(before + form + after) == before + MASK + after
        assert mask.in_bytes((before + form + after).encode()) == (before + MASK + after).encode()


@pytest.mark.parametrize("kept", range(1, 12))
def test_the_beginning_of_a_secret_is_cut_off_too(kept: int) -> None:
    data = b"x" * 10 + b"s3cret-token"[:kept]
    assert Mask(["s3cret-token"]).excerpt(data, 100) == b"x" * 10
