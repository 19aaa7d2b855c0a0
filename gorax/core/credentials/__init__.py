"""Credentials, as far as they are data: their values' forms, and the places in a config that name them. Pure."""

from gorax.core.credentials.filling import Secret, filled
from gorax.core.credentials.kinds import KINDS, MAX_VALUE_BYTES, kind_of, secret_texts, value_errors
from gorax.core.credentials.rendering import Secrets, render_with_secrets
from gorax.core.credentials.segments import SecretReference, SecretSegment, SecretText
from gorax.core.credentials.uses import Use, uses_in

__all__ = [
    "KINDS",
    "MAX_VALUE_BYTES",
    "Secret",
    "SecretReference",
    "SecretSegment",
    "SecretText",
    "Secrets",
    "Use",
    "filled",
    "kind_of",
    "render_with_secrets",
    "secret_texts",
    "uses_in",
    "value_errors",
]
