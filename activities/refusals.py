"""What an activity says when no other attempt can help."""

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from gorax.core.errors import ErrorInfo


def refusal(error: ErrorInfo) -> ApplicationError:
    """The error as Temporal carries it, final: the definition's or the caller's doing, no defect of this worker."""
    return ApplicationError(
        error.message,
        error.model_dump(mode="json"),
        type=error.type,
        non_retryable=True,
        category=ApplicationErrorCategory.BENIGN,
    )
