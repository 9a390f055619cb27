"""Known deviations: paths that the docs do not name, and bytes of a path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from conformance.reference.endpoints import Endpoints
from conformance.reference.errors import Problem, Rejected
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.routing import Operation
from conformance.reference.steps import wrap
from conformance.reference.upstream.registry import LATEST, deviation

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity
    from conformance.reference.steps import Original

_DOCS = "https://pluralkit.me/api"
_SHORT = re.compile(r"/v2/(s|m|a|msg)/")
_NO_TEXT = "\ufffd"
_URN = "urn:uuid:"
_KINDS = ("system", "member", "group")


@deviation(36, only="2025-08", code=LATEST)
def fails_on_urns(server: Server) -> None:
    """A UUID written as a URN is 500 in a path."""

    def find(original: Original, ref: str, *caller: object) -> object:
        if ref.lower().startswith(_URN) and canonical_uuid(ref[len(_URN) :]):
            raise Rejected(Problem.INTERNAL)
        return original(ref, *caller)

    for kind in _KINDS:
        wrap(server.references, kind, find)


@deviation(5, only="2025-08", step="limited")
def rejects_short_paths_of_version_1(original: Original, call: Call) -> object:
    """The short paths of version 1 are 400 below v2, as plain text."""
    if _SHORT.match(call.path):
        return PlainTextResponse('{"message":"This is a path of version 1.","code":0}', 400)
    return original(call)


@deviation(37, only="2025-08", step="respond")
def rejects_paths_that_are_no_text(server: Server, original: Original, call: Call) -> object:
    """A ref that is no UTF-8 is 400, as plain text."""
    if _NO_TEXT in call.path and any(server.router.at(call.path)):
        return PlainTextResponse("The path is no text.", 400)
    return original(call)


@deviation(37, only="2025-08", step="arrival")
async def keeps_escaped_slashes(original: Original, scope: Scope, receive: Receive) -> Call:
    """A slash that is escaped in a path belongs to the ref."""
    call: Call = await original(scope, receive)
    written = str(scope.get("raw_path", b""), "latin-1")
    if "%2f" in written.lower():
        parts = [unquote(part).replace("/", "%2F") for part in written.split("/")]
        call.path = "/".join(parts)
    return call


@deviation(10, 13, only="2025-08")
def redirects_the_root(server: Server) -> None:
    """The root is a redirect to the docs, the only response without the headers of CORS."""

    def respond(original: Original, call: Call) -> Response:
        at_root = call.path == "/" and call.method == "GET"
        returned: Response = RedirectResponse(_DOCS, 303) if at_root else original(call)
        return returned

    def finish(original: Original, call: Call, response: Response) -> Response:
        finished: Response = response if call.path == "/" else original(call, response)
        return finished

    wrap(server, "respond", respond)
    wrap(server, "finish", finish)


@deviation(13, only="2025-08")
def has_previews(server: Server) -> None:
    """Systems, members and groups have an oembed.json, here with little more than the name."""
    server.endpoints["previews"] = Previews(server)
    for kind in _KINDS:
        path = f"/{kind}s/{{{kind}}}/oembed.json"
        server.router.add(
            Operation(f"get-{kind}-preview", "GET", path, f"previews.show_{kind}", private=False)
        )


class Previews(Endpoints):
    """What a site shows in place of a link; the docs do not know it."""

    def show_system(self, call: Call) -> dict[str, object]:
        """Return the preview of a system."""
        return self._preview(call, self.system(call))

    def show_member(self, call: Call) -> dict[str, object]:
        """Return the preview of a member."""
        return self._preview(call, self.references.member(call.params["member"]))

    def show_group(self, call: Call) -> dict[str, object]:
        """Return the preview of a group."""
        return self._preview(call, self.references.group(call.params["group"]))

    def _preview(self, call: Call, row: Entity) -> dict[str, object]:
        shown = self.presenter.entity(row, call.caller, "single")
        return {"type": "rich", "version": "1.0", "title": shown["name"] or row.short_id}
