"""`docker-compose.yml` as `docker compose` would read it, with the variables of an environment file filled in."""

import os
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import yaml
from dotenv import dotenv_values

from dev.parts import ROOT
from gorax.production import PLACEHOLDER

FILE = ROOT / "docker-compose.yml"
TEMPLATE = ROOT / "deploy" / "env.template"
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def template() -> dict[str, str]:
    """The variables of the template, as it comes."""
    return {name: value or "" for name, value in dotenv_values(TEMPLATE).items()}


def chosen() -> dict[str, str]:
    """The same with every placeholder replaced, as the template says how."""
    own = {
        "GORAX_MASTER_KEYS": f"k1:{b64encode(os.urandom(32)).decode()}",
        "KRATOS_CIPHER_SECRET": secrets.token_hex(16),
        "GORAX_PUBLIC_URL": "https://gorax.example",
        "KRATOS_SMTP_URL": "smtp://mail.example:25",
    }
    return {
        name: own.get(name, secrets.token_hex(24)) if PLACEHOLDER in value else value
        for name, value in template().items()
    }


def mentioned() -> dict[str, bool]:
    """Every variable that the file mentions, and whether it is required."""
    found = _VARIABLE.findall(FILE.read_text())
    return {name: any(kind == "?" for other, kind, _ in found if other == name) for name, *_ in found}


def services(variables: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The services with these variables. Raises `KeyError` for one that is required, and missing or empty."""

    def value(match: re.Match[str]) -> str:
        name, kind, default = match.groups()
        found = variables.get(name, "")
        if not found and kind == "?":
            raise KeyError(name)
        return found or default or ""

    def filled(node: Any) -> Any:
        match node:
            case str():
                return _VARIABLE.sub(value, node)
            case dict():
                return {key: filled(inner) for key, inner in node.items()}
            case list():
                return [filled(inner) for inner in node]
            case _:
                return node

    document: dict[str, dict[str, Any]] = filled(yaml.safe_load(FILE.read_text())["services"])
    return document
