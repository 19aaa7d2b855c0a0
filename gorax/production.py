"""What production asks of the settings: nothing that was meant for one developer's machine."""

from collections.abc import Iterator

from gorax.settings import Env, Settings, SettingsError

EXAMPLE_KEYS = (
    "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=",
    "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
)
"""The master keys that `.env.example` shows: everybody knows them."""


def check_production(settings: Settings, *, api: bool) -> None:
    """Raise `SettingsError` naming every setting with which an API process (or a worker) must not run in production."""
    if settings.env is Env.production and (problems := list(_problems(settings, api=api))):
        raise SettingsError("not fit for production:\n  " + "\n  ".join(problems))


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
