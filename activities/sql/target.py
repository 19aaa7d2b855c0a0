"""Where a credential leads: one server, and what is said to it when connecting."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import certifi
import psycopg
from psycopg.conninfo import conninfo_to_dict

from gorax.core.errors import ErrorType, StepError

_OF_PARTS = {
    "host": "host",
    "port": "port",
    "database": "dbname",
    "username": "user",
    "password": "password",
    "sslmode": "sslmode",
}
_PASSED_ON = frozenset(
    {
        "dbname",
        "user",
        "password",
        "sslmode",
        "options",
        "application_name",
        "channel_binding",
        "require_auth",
    }
)
_OURS = frozenset({"host", "port", "connect_timeout", "target_session_attrs"})
"""Settings of an address that are accepted, and taken care of here."""
_SSL_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})

_NOTHING_OF_THIS_MACHINE = {
    "password": "",
    "passfile": "/dev/null",
    "sslcertmode": "disable",
    "gssencmode": "disable",
    "options": "",
    "application_name": "gorax",
}
"""Set always: where they are not, the driver looks for a password, a certificate or a ticket of the worker's own
in files and environment variables, and offers it to whatever server the tenant named."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server, and the connection's settings in the driver's words."""

    host: str
    port: int
    settings: Mapping[str, Any]


def target_of(credential: Mapping[str, Any]) -> Target:
    """What the value of a credential of type `postgres` means.

    Raises `StepError` of type `credential`, without the value.
    """
    given = _of_url(str(credential["url"])) if credential.get("url") else _of_parts(credential)
    host, port = given.pop("host", ""), given.pop("port", None) or "5432"
    if not host:
        raise _unusable("names no host: it must be of type postgres")
    if "," in host or "," in port or host.startswith(("/", "@")):
        raise _unusable("must name one host, and no socket")
    if not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65_535):
        raise _unusable("has a port that is none")
    if not given.get("user"):
        raise _unusable("names no user")
    if (mode := given.get("sslmode", "prefer")) not in _SSL_MODES:
        raise _unusable(f"has an sslmode that is none of {', '.join(sorted(_SSL_MODES))}")
    trusted = {"sslrootcert": _authorities()} if mode.startswith("verify-") else {}
    return Target(host, int(port), {**_NOTHING_OF_THIS_MACHINE, **given, **trusted})


def _of_url(url: str) -> dict[str, str]:
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.ProgrammingError:
        # Without the cause: its text quotes the address.
        raise _unusable("has a url that PostgreSQL does not read") from None
    if given.get("sslrootcert") == "system":
        del given["sslrootcert"]
    if unknown := sorted(given.keys() - _PASSED_ON - _OURS):
        # Left out silently, a setting such as a certificate to insist on would make a connection less safe.
        raise _unusable(f"has a url that sets {unknown[0]}, which cannot be set here")
    return {name: value for name, value in given.items() if name in _PASSED_ON | {"host", "port"}}


def _of_parts(credential: Mapping[str, Any]) -> dict[str, str]:
    return {
        ours: str(credential[name]) for name, ours in _OF_PARTS.items() if credential.get(name) is not None
    }


def _authorities() -> str:
    # The file that the operator of this machine, or SSL_CERT_FILE, names; slim systems have none.
    return ssl.get_default_verify_paths().cafile or certifi.where()


def _unusable(why: str) -> StepError:
    return StepError(ErrorType.CREDENTIAL, f"the credential {why}")
