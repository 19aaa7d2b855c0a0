"""What production asks of the settings: nothing that was meant for one developer's machine.

`python -m gorax.production` says whether the environment is fit for it, without starting anything.
"""

import os
import sys
from collections.abc import Iterator

from pydantic import ValidationError

from gorax.settings import Env, Settings, SettingsError

EXAMPLE_KEYS = (
    "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=",
    "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
)
"""The master keys that `.env.example` shows: everybody knows them."""
PLACEHOLDER = "CHANGE-ME"
"""What stands for every secret in the templates under `deploy`."""


def check_production(settings: Settings, *, api: bool) -> None:
    """Raise `SettingsError` naming every setting with which an API process (or a worker) must not run in production."""
    if settings.env is Env.production:
        _refuse([*_placeholders(), *_problems(settings, api=api)])


def main() -> int:
    """The command; its exit status says whether the environment is fit for production.

    Of the other programs' secrets that it is given, it sees to it that they are chosen.
    """
    try:
        _refuse(list(_placeholders()))
        settings = Settings()
        if settings.env is not Env.production:
            raise SettingsError("GORAX_ENV: is not production")
        check_production(settings, api=True)
    except (ValidationError, SettingsError) as error:
        sys.stdout.write(f"production: {error}\n")
        return 1
    sys.stdout.write("production: the settings are fit\n")
    return 0


def _refuse(problems: list[str]) -> None:
    if problems:
        raise SettingsError("not fit for production:\n  " + "\n  ".join(problems))


def _placeholders() -> Iterator[str]:
    for name, value in sorted(os.environ.items()):
        if PLACEHOLDER in value:
            yield f"{name}: still has {PLACEHOLDER}; choose a value of your own"


def _problems(settings: Settings, *, api: bool) -> Iterator[str]:
    if settings.database.url is None:
        yield "GORAX_DATABASE_URL: is required, the database of `make dev` is for development"
    if settings.temporal.address is None:
        yield "GORAX_TEMPORAL_ADDRESS: is required, the server of `make dev` is for development"
    keys = "" if settings.master_keys is None else settings.master_keys.get_secret_value()
    if any(example in keys for example in EXAMPLE_KEYS):
        yield "GORAX_MASTER_KEYS: has a key of .env.example, which everybody knows; make your own"
    if not api:
        return
    if settings.kratos.url is None:
        yield "GORAX_KRATOS_URL: is required, headers are trusted in development only"
    if "*" in settings.cors_origins:
        yield "GORAX_CORS_ORIGINS: must name the origins of your pages, or be empty; * is for development"


if __name__ == "__main__":
    sys.exit(main())
