"""AWS Signature Version 4, by botocore's signer."""

from dataclasses import replace
from functools import cache
from typing import Any

from activities.http.auth import AwsAuth
from activities.http.client import Request

_SET_HERE = frozenset({"authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"})


@cache
def _botocore() -> Any:
    # Imported at first use: it costs every process some 60 ms and few workflows sign requests.
    from botocore import auth, awsrequest, credentials

    return auth, awsrequest, credentials


def sign(request: Request, auth: AwsAuth) -> Request:
    """The request with its signature, which covers method, URL, body, host and content type."""
    signers, awsrequest, credentials = _botocore()
    # S3 signs paths as they are and demands the body's hash as a header; all others encode paths once more.
    signer = signers.S3SigV4Auth if auth.service == "s3" else signers.SigV4Auth
    headers = [(name, value) for name, value in request.headers if name.lower() not in _SET_HERE]
    signed = awsrequest.AWSRequest(
        method=request.method,
        url=str(request.url),
        data=request.body,
        headers={name: value for name, value in headers if _covered(name)},
    )
    keys = credentials.Credentials(auth.access_key_id, auth.secret_access_key, auth.session_token or None)
    signer(keys, auth.service, auth.region).add_auth(signed)
    added = [(name, value) for name, value in signed.headers.items() if name.lower() in _SET_HERE]
    return replace(request, headers=[*headers, *added])


def _covered(name: str) -> bool:
    lower = name.lower()
    return lower == "content-type" or lower.startswith("x-amz-")
