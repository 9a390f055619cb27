"""Faults: errors that are no JSON, or have another Content-Type."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.steps import Original


def label_as_html(problem: Problem | None, server: Server) -> None:
    """Label the response to one problem as HTML, or to all without one."""

    def response(original: Original, rejected: Rejected) -> Response:
        reported: Response = original(rejected)
        if problem in (None, rejected.problem):
            reported.headers["content-type"] = "text/html; charset=utf-8"
        return reported

    wrap(server.errors, "response", response)


add(
    "labels_errors_as_html",
    "Every error object is labelled as HTML.",
    ["errors-are-4xx-json", "user-agent-error-json"],
    partial(label_as_html, None),
)
add(
    "labels_unknown_groups_as_html",
    "The response about a group that does not exist is labelled as HTML.",
    ["errors-are-4xx-json"],
    partial(label_as_html, Problem.GROUP_UNKNOWN),
)


@fault("errors-are-4xx-json", "err-0-401", step="errors.response")
def returns_401_as_text(original: Original, rejected: Rejected) -> Response:
    """The body of a 401 is plain text."""
    reported: Response = original(rejected)
    if rejected.problem is Problem.UNAUTHORIZED:
        return PlainTextResponse("Unauthorized", reported.status_code)
    return reported


@fault("errors-are-4xx-json")
def labels_401_as_html(server: Server) -> None:
    """A 401 is JSON with the Content-Type of HTML."""
    label_as_html(Problem.UNAUTHORIZED, server)


@fault("errors-are-4xx-json", step="errors.response")
def returns_content_types_as_html(original: Original, rejected: Rejected) -> Response:
    """The rejection of a Content-Type is a page of HTML."""
    reported: Response = original(rejected)
    if rejected.problem is Problem.CONTENT_TYPE:
        return HTMLResponse("<h1>Unsupported</h1>", reported.status_code)
    return reported
