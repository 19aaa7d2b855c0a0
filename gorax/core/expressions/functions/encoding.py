"""JSON, Base64 and digests."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import Any, Final

import orjson

from ..errors import ExpressionError
from ..meter import MAX_TEXT, Meter
from ..text import json_text
from ..values import require_text, type_name
from .registry import Function, table

_BYTE_CHARACTERS: Final = 4
"""A character is up to four bytes of UTF-8."""


def to_json(meter: Meter, value: Any) -> str:
    return json_text(value, meter, indent=True, sort=True)


def from_json(meter: Meter, value: object) -> Any:
    source = require_text(value, "fromJSON")
    if len(source) > MAX_TEXT:
        raise ExpressionError(f"fromJSON takes at most {MAX_TEXT} characters")
    # Commas and brackets are counted first: what they build weighs far more than the text does.
    meter.charge(len(source) >> 4)
    meter.charge(2 * source.count("[") + 3 * source.count("{") + source.count(","))
    try:
        return orjson.loads(source)
    except orjson.JSONDecodeError as error:
        raise ExpressionError(f"fromJSON cannot read the text: {error}") from error


def to_base64(meter: Meter, value: object) -> str:
    data = _octets(value, "toBase64", meter)
    meter.new_text(len(data) * 4 // 3 + 4)
    return b64encode(data).decode()


def from_base64(meter: Meter, value: object) -> str:
    encoded = require_text(value, "fromBase64")
    meter.new_text(len(encoded))
    try:
        return b64decode(encoded.replace("\n", "").replace("\r", ""), validate=True).decode()
    except UnicodeDecodeError as error:
        raise ExpressionError("fromBase64 found bytes that are not UTF-8 text") from error
    except (Base64Error, ValueError) as error:
        raise ExpressionError(f"fromBase64 cannot read the text: {error}") from error


def sha256(meter: Meter, value: object) -> str:
    data = _octets(value, "sha256", meter)
    meter.charge(8 + (len(data) >> 6))
    return hashlib.sha256(data).hexdigest()


def hmac_sha256(meter: Meter, value: object, key: object) -> str:
    data, secret = _octets(value, "hmac_sha256", meter), _octets(key, "hmac_sha256", meter)
    meter.charge(24 + ((len(data) + len(secret)) >> 6))
    return hmac.new(secret, data, hashlib.sha256).hexdigest()


def _octets(value: object, what: str, meter: Meter) -> bytes:
    if type(value) is bytes:
        return value
    if type(value) is not str:
        raise ExpressionError(f"{what} needs a string, got {type_name(value)}")
    if len(value) > MAX_TEXT:
        raise ExpressionError(f"{what} takes at most {MAX_TEXT} characters")
    meter.charge(len(value) * (1 if value.isascii() else _BYTE_CHARACTERS) >> 5)
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise ExpressionError(f"{what} got half a surrogate pair, which is not valid Unicode") from error


FUNCTIONS = table(
    Function("toJSON", to_json, 1, 1),
    Function("fromJSON", from_json, 1, 1),
    Function("toBase64", to_base64, 1, 1),
    Function("fromBase64", from_base64, 1, 1),
    Function("sha256", sha256, 1, 1),
    Function("hmac_sha256", hmac_sha256, 2, 2),
)
