"""Settings as environment variables: what a part is told, and what `.env.example` documents."""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from gorax.settings import Settings


class Variable(NamedTuple):
    """One setting: the name of its environment variable and its value there, None if it is not set."""

    name: str
    value: str | None


def variables(settings: BaseSettings) -> Iterator[Variable]:
    """Every setting of `settings` and its groups, in their order."""
    prefix = settings.model_config.get("env_prefix", "")
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseSettings):
            yield from variables(value)
        else:
            yield Variable(f"{prefix}{name}".upper(), _text(value))


def environment(settings: Settings) -> dict[str, str]:
    """The variables from which another process reads the same settings."""
    return {name: value for name, value in variables(settings) if value is not None}


def explain(error: ValidationError) -> list[str]:
    """One sentence for each wrong setting, naming its variable."""
    groups = [Settings, *(field.annotation for field in Settings.model_fields.values())]
    prefixes = {
        group.__name__: group.model_config.get("env_prefix", "")
        for group in groups
        if isinstance(group, type) and issubclass(group, BaseSettings)
    }
    sentences = []
    for detail in error.errors():
        name = ".".join(str(place) for place in detail["loc"])
        variable = f"{prefixes.get(error.title, '')}{name}".upper()
        sentences.append(f"{variable}: {detail['msg']}")
    return sentences


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case Enum():
            return str(value.value)
        case SecretStr():
            return value.get_secret_value()
        case tuple():
            return ",".join(str(item) for item in value)
        case _:
            return str(value)
