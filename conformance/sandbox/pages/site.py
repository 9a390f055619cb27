"""The pages as an ASGI application, and the paths at which it has something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
)
from starlette.routing import Route

from conformance.reference.routing import BASE_PATH
from conformance.sandbox.control import access
from conformance.sandbox.control.problems import Wrong
from conformance.sandbox.pages.home import render
from conformance.sandbox.pages.parts import FOLDER, PARTS, THIRD_PARTY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from conformance.reference.application import Server

    Handler = Callable[[Request], Response]
    ReadDocument = Callable[[str], Mapping[str, Any]]

_STRICT = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Scalar makes elements <style> while it runs, of what it shows: no hash can allow just these.
_OF_DOCS = f"{_STRICT}; style-src 'self' 'unsafe-inline'"


class Pages:
    """Makes the response of each path."""

    def __init__(self, server: Server, document: ReadDocument, *, is_local: bool) -> None:
        self._server, self._document, self._is_local = server, document, is_local
        self._read: dict[str, Any] | None = None

    def home(self, request: Request) -> Response:
        """Return the page at `/`."""
        return HTMLResponse(render(self._server, _origin(request)))

    def docs(self, request: Request) -> Response:
        """Return the page of the document."""
        del request
        return HTMLResponse((FOLDER / "docs.html").read_text("utf-8"))

    def openapi(self, request: Request) -> Response:
        """Return the document of the revision, with the sandbox as the only server."""
        if self._read is None:
            self._read = dict(self._document(self._server.revision.name))
        servers = [{"url": _origin(request) + BASE_PATH, "description": "This sandbox"}]
        return JSONResponse(self._read | {"servers": servers})

    def part(self, request: Request) -> Response:
        """Return a script, a style or a picture."""
        name = request.url.path.rpartition("/")[2]
        folder = THIRD_PARTY if name == "scalar.js" else FOLDER
        return FileResponse(folder / name)

    def guarded(self, handler: Handler, policy: str) -> Handler:
        """Return what lets only those in who may use the control API, since the pages show tokens."""

        def respond(request: Request) -> Response:
            try:
                access.check(request.headers, is_local=self._is_local)
            except Wrong as wrong:
                return PlainTextResponse(wrong.message, wrong.status)
            response = handler(request)
            response.headers.update(
                {
                    "Content-Security-Policy": policy,
                    "Cache-Control": "no-store",
                    "Referrer-Policy": "no-referrer",
                    "X-Content-Type-Options": "nosniff",
                }
            )
            return response

        return respond


def pages(server: Server, document: ReadDocument, *, is_local: bool) -> dict[str, ASGIApp]:
    """Return the application for each of its paths; ``document`` returns the OpenAPI document of a revision."""
    made = Pages(server, document, is_local=is_local)
    handlers = {
        "/": (made.home, _STRICT),
        "/docs": (made.docs, _OF_DOCS),
        "/openapi.json": (made.openapi, _STRICT),
        **dict.fromkeys(PARTS, (made.part, _STRICT)),
    }
    routes = [Route(path, made.guarded(*row)) for path, row in handlers.items()]
    return dict.fromkeys(handlers, Starlette(routes=routes))


def _origin(request: Request) -> str:
    return str(request.base_url).removesuffix("/")
