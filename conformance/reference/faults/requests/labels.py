"""Faults: the Content-Type of a successful response."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from conformance.reference.faults.registry import add, fault

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

REQUIREMENT = "success-is-labelled-json"


def _label(media_type: str, original: Original, value: object) -> Response:
    returned: Response = original(value)
    return returned if value is None else JSONResponse(value, media_type=media_type)


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
        step="success",
    )


@fault(REQUIREMENT, step="success")
def sends_success_without_label(original: Original, value: object) -> Response:
    """What a successful request returns has no Content-Type."""
    returned: Response = original(value)
    if value is not None:
        del returned.headers["content-type"]
    return returned


@fault(REQUIREMENT, step="success")
def labels_lists_as_text(original: Original, value: object) -> Response:
    """Lists are labelled as plain text."""
    returned: Response = original(value)
    if isinstance(value, list):
        returned.headers["content-type"] = "text/plain; charset=utf-8"
    return returned


@fault(REQUIREMENT, step="finish")
def labels_what_post_creates_as_html(
    original: Original, call: Call, response: Response
) -> Response:
    """What a POST returns is labelled as HTML."""
    if call.method == "POST" and response.status_code == 200:  # noqa: PLR2004 - the status itself
        response.headers["content-type"] = "text/html; charset=utf-8"
    finished: Response = original(call, response)
    return finished
