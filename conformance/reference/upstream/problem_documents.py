"""The errors of the framework of PluralKit production: problem documents, not its own error objects."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import JSONResponse

# The sections of RFC 9110 that the framework names.
_TYPES = {
    404: "https://tools.ietf.org/html/rfc9110#section-15.5.5",
    415: "https://tools.ietf.org/html/rfc9110#section-15.5.16",
}


def problem_document(status: int) -> JSONResponse:
    """Return an error without code and message."""
    return JSONResponse(
        {
            "type": _TYPES.get(status, "about:blank"),
            "title": HTTPStatus(status).phrase,
            "status": status,
            "traceId": "00-00000000000000000000000000000001-0000000000000001-00",
        },
        status,
        media_type="application/problem+json; charset=utf-8",
    )
