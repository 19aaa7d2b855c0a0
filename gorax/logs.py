"""Log lines: structured, each with the request id; JSON in production, for the eye in development."""

import logging
import sys
from typing import Any

import structlog

from gorax.core.encoding import dumps
from gorax.core.masking import current_mask
from gorax.settings import Env, Settings
from gorax.telemetry.tracing import active_tracing


def _json(event: dict[str, Any], **_: Any) -> str:
    try:
        return dumps(event).decode()
    except TypeError:  # a library logged a value that is not JSON: the line matters more than its form
        return dumps(
            {name: value if isinstance(value, str) else repr(value) for name, value in event.items()}
        ).decode()


def _masked(_logger: object, _method: str, line: Any) -> str:
    # The line as it would be written, whoever wrote it: a traceback quotes what a library was given.
    return current_mask().in_text(line)


def _with_trace(_logger: object, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    # By these a line is found from its trace, and the other way round.
    if (tracing := active_tracing()) is not None:
        line.update(tracing.ids())
    return line


def _for_the_eye() -> structlog.dev.ConsoleRenderer:
    # Tracebacks without the values of variables: those are users' data, and may be megabytes.
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def configure_logging(settings: Settings) -> None:
    """Send everything that is logged to standard error, the libraries' lines in the same form as ours."""
    production = settings.env is Env.production
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.tracing.endpoint is not None:
        shared.append(_with_trace)
    rendering: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
        if production
        else [_for_the_eye()]
    )
    structlog.configure(
        processors=[*shared, *rendering, _masked],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering, _masked],
        )
    )
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    # One line a request is ours to write; theirs would be a second one without the request id.
    for noisy in ("uvicorn.access", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It warns of each body of a stranger's that it cannot read, which is not ours to mend.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
