"""A stub: an HTTP server on a real port whose responses a test makes."""

from __future__ import annotations

import dataclasses
import http.server
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Script = Callable[["Request"], "Response | None"]


@dataclasses.dataclass(frozen=True)
class Request:
    """What a stub server received."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclasses.dataclass(frozen=True)
class Response:
    """What a stub server returns."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Stub:
    """An HTTP server whose responses a function makes; for None it closes the connection."""

    def __init__(self, script: Script) -> None:
        self.received: list[Request] = []
        self._server = _Listener(("127.0.0.1", 0), _handler(self, script))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}/v2"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Listener(http.server.ThreadingHTTPServer):
    request_queue_size = 64  # with the default, one of many connections at once takes a second


def _handler(stub: Stub, script: Script) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.close_connection = True
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                return
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, body)
            stub.received.append(request)
            response = script(request)
            if response is not None:
                self.respond(response)

        def respond(self, response: Response) -> None:
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body.encode())

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    return Handler
