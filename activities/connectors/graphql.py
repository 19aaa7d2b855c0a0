"""`graphql`: a query or mutation."""

from typing import Annotated, Any

from pydantic import Field

from activities.connectors.http import USER_AGENT
from activities.http.auth import Auth
from activities.http.call import HttpCall
from activities.http.config import HttpConfig
from activities.http.fields import Address, HeaderName, HeaderValue
from gorax.core.actions.declaration import Config, EffectAction, EffectCall, EffectTraits
from gorax.core.errors import ErrorType, StepError
from gorax.core.masking import current_mask

GRAPHQL = "graphql"
"""Type of the errors that the server gives, with its list of them in the details."""
MAX_QUERY = 100_000
MAX_TOLD = 20


class GraphqlConfig(Config):
    """One operation."""

    url: Address
    """http or https, at most 8,192 characters."""
    query: str = Field(min_length=1, max_length=MAX_QUERY)
    """The document. Never put data into it: that is what `variables` are for."""
    variables: dict[str, Any] = Field(default_factory=dict)
    operation_name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    """Which operation of the document, if it has several."""
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict, max_length=99)
    auth: Auth | None = None
    """As that of `http`."""
    allow_errors: bool = False
    """Whether an answer with errors is an output instead of an error."""


async def run(config: GraphqlConfig, call: EffectCall) -> Any:
    """`{data, errors, extensions}`, as the server answered.

    Raises `StepError`: type `graphql` for its errors, else as `http`.
    """
    body: dict[str, Any] = {"query": config.query, "variables": config.variables}
    if config.operation_name is not None:
        body["operationName"] = config.operation_name
    request = HttpConfig(
        method="POST",
        url=config.url,
        headers={"Accept": "application/graphql-response+json, application/json", **config.headers},
        auth=config.auth,
        body=body,
        # Servers of the newer protocol say 400 for errors in the operation, with the errors in the body.
        expected_status=["2xx", 400],
    )
    answer = await (await HttpCall.prepare(request, call, USER_AGENT, current_mask())).output()
    result = answer["body"]
    if not isinstance(result, dict) or not ({"data", "errors"} & result.keys()):
        raise StepError(
            ErrorType.http(answer["status"]) if answer["status"] >= 400 else GRAPHQL,
            "the answer is none of a GraphQL server: it has neither data nor errors",
            details={"status": answer["status"]},
        )
    errors = result.get("errors") or []
    if not isinstance(errors, list):
        errors = [errors]
    if errors and not config.allow_errors:
        first = errors[0].get("message") if isinstance(errors[0], dict) else errors[0]
        raise StepError(
            GRAPHQL, f"the server reports: {str(first)[:500]}", details={"errors": errors[:MAX_TOLD]}
        )
    return {"data": result.get("data"), "errors": errors, "extensions": result.get("extensions")}


ACTION = EffectAction(
    name="graphql",
    config=GraphqlConfig,
    summary="Send a GraphQL query or mutation",
    example={
        "url": "https://api.example.com/graphql",
        "query": "query Order($id: ID!) { order(id: $id) { total } }",
        "variables": {"id": "{{trigger.body.id}}"},
        "auth": {"credential": "shop_api"},
    },
    run=run,
    traits=EffectTraits(timeout=30, max_attempts=3, mode="durable"),
)
