"""Puts the values of credentials where a step's config names them, just before it is used."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gorax.core.credentials.kinds import kind_of
from gorax.core.credentials.segments import SecretReference, SecretSegment, SecretText
from gorax.core.errors import ErrorType, StepError
from gorax.core.expressions import ExpressionError, Meter
from gorax.core.expressions.text import text as text_of

_MANY = 12
_TO_PATH = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*[/?#]")
_TO_USER = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_USER = re.compile(r"[^/?#]*@")


@dataclass(frozen=True, slots=True)
class Secret:
    """The value of a credential, in use."""

    type: str
    value: Mapping[str, Any]


def filled(
    config: Mapping[str, Any],
    places: Mapping[str, Sequence[SecretSegment]],
    secrets: Mapping[str, Secret],
    addresses: Collection[str] = (),
) -> dict[str, Any]:
    """A copy of the config with the `secrets`, which are there by name, in their places.

    A text that is nothing but one reference becomes the value with its type. In the fields that are `addresses`, a
    secret is percent-encoded where it is a part of the path, the query or the user information.

    Raises `StepError` of type `credential` for a field that a value does not have, without telling of the value.
    """
    copied: Any = dict(config)
    meter = Meter()
    for pointer, segments in places.items():
        keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
        is_address = len(keys) == 1 and keys[0] in addresses
        copied = _with(copied, keys, _value(segments, secrets, meter, is_address))
    assert isinstance(copied, dict)
    return copied


def _value(
    segments: Sequence[SecretSegment], secrets: Mapping[str, Secret], meter: Meter, is_address: bool
) -> Any:
    if len(segments) == 1 and isinstance(only := segments[0], SecretReference):
        return _part(secrets[only.name], only)
    whole = ""
    for position, segment in enumerate(segments):
        if isinstance(segment, SecretText):
            whole += segment.text
        else:
            text = _text(secrets[segment.name], segment, meter)
            inside = is_address and _is_inside(whole, segments[position + 1 :])
            whole += quote(text, safe="") if inside else text
    return whole


def _is_inside(before: str, after: Sequence[SecretSegment]) -> bool:
    """Whether what stands here is data of a URL, and not the URL's beginning or its host."""
    if _TO_PATH.match(before):
        return True
    rest = "".join(segment.text for segment in after if isinstance(segment, SecretText))
    return _TO_USER.fullmatch(before) is not None and _USER.match(rest) is not None


def _part(secret: Secret, reference: SecretReference) -> Any:
    if reference.field is None:
        kind = kind_of(secret.type, secret.value)
        sole = None if kind is None else kind.sole
        return dict(secret.value) if sole is None else sole
    if reference.field not in secret.value:
        raise StepError(
            ErrorType.CREDENTIAL,
            f"the credential {reference.name!r} has no field {reference.field!r}; it has {_fields(secret)}",
        )
    return secret.value[reference.field]


def _text(secret: Secret, reference: SecretReference, meter: Meter) -> str:
    part = _part(secret, reference)
    if reference.field is None and isinstance(part, dict):
        raise StepError(
            ErrorType.CREDENTIAL,
            f"the credential {reference.name!r} has several fields, {_fields(secret)}: "
            f"inside a text, name the one that is meant",
        )
    try:
        return text_of(part, meter)
    except ExpressionError as error:
        raise StepError(
            ErrorType.CREDENTIAL,
            f"the credential {reference.name!r} cannot be put into a text: {error.message}",
        ) from error


def _fields(secret: Secret) -> str:
    names = sorted(secret.value)
    return ", ".join(names[:_MANY]) + (", …" if len(names) > _MANY else "")


def _with(tree: Any, keys: Sequence[str], value: Any) -> Any:
    if not keys:
        return value
    if isinstance(tree, list):
        position = int(keys[0])
        return [*tree[:position], _with(tree[position], keys[1:], value), *tree[position + 1 :]]
    return {**tree, keys[0]: _with(tree[keys[0]], keys[1:], value)}
