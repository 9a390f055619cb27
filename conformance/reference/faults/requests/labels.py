"""Faults: the Content-Type of a successful response."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

REQUIREMENT = "success-is-labelled-json"


def _label(media_type: str, server: Server) -> None:
    def success(original: Original, value: object) -> Response:
        return JSONResponse(value, media_type=media_type) if value is not None else original(value)

    wrap(server, "success", success)


for _name, _media_type, _words in (
    ("text", "text/plain", "plain text"),
    ("html", "text/html", "HTML"),
    ("javascript", "text/javascript", "JavaScript"),
    ("unknown", "application/octet-stream", "bytes of no known type"),
):
    add(
        f"labels_success_as_{_name}",
        f"What a successful request returns is labelled as {_words}.",
        [REQUIREMENT],
        partial(_label, _media_type),
    )


@fault(REQUIREMENT)
def sends_success_without_label(server: Server) -> None:
    """What a successful request returns has no Content-Type."""

    def success(original: Original, value: object) -> Response:
        returned: Response = original(value)
        if value is not None:
            del returned.headers["content-type"]
        return returned

    wrap(server, "success", success)


@fault(REQUIREMENT)
def labels_lists_as_text(server: Server) -> None:
    """Lists are labelled as plain text."""

    def success(original: Original, value: object) -> Response:
        returned: Response = original(value)
        if isinstance(value, list):
            returned.headers["content-type"] = "text/plain; charset=utf-8"
        return returned

    wrap(server, "success", success)


@fault(REQUIREMENT)
def labels_what_post_creates_as_html(server: Server) -> None:
    """What a POST returns is labelled as HTML."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        if call.method == "POST" and response.status_code == 200:  # noqa: PLR2004 - the status itself
            response.headers["content-type"] = "text/html; charset=utf-8"
        finished: Response = original(call, response)
        return finished

    wrap(server, "finish", finish)
