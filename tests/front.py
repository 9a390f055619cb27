"""A server in front of another one: with TLS, as a proxy, below a path, or with connections and versions of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import http.server
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator

HOP = ("connection", "transfer-encoding", "keep-alive", "proxy-connection")


@dataclasses.dataclass
class Front:
    """What a front does otherwise than the server behind it; `seen` are the targets of requests, as they came.

    Where `drops` is true of method and path, the response is not passed on, and the connection closed.
    """

    behind: str
    prefix: str = ""
    version: str = "HTTP/1.1"
    closes: bool = False
    drops: Callable[[str, str], bool] = lambda _method, _path: False
    context: ssl.SSLContext | None = None
    seen: list[str] = dataclasses.field(default_factory=list)
    port: int = 0

    @contextlib.contextmanager
    def serving(self) -> Iterator[Front]:
        """Serve during the block, on a free port of this machine."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        if self.context is not None:
            server.socket = self.context.wrap_socket(server.socket, server_side=True)
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _passed_on(headers: Iterable[tuple[str, str]], own: str) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in headers if name.lower() not in (*HOP, own))


def _handler(front: Front) -> type[http.server.BaseHTTPRequestHandler]:
    address = urlsplit(front.behind)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = front.version

        def setup(self) -> None:
            super().setup()
            self.behind = http.client.HTTPConnection(str(address.hostname), address.port)

        def finish(self) -> None:
            super().finish()
            self.behind.close()

        def forward(self) -> None:
            front.seen.append(self.path)
            url = urlsplit(self.path)
            path = url.path.removeprefix(front.prefix) + (f"?{url.query}" if url.query else "")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.behind.putrequest(self.command, path, skip_accept_encoding=True)
            for name, value in _passed_on(self.headers.items(), "host"):
                self.behind.putheader(name, value)
            self.behind.endheaders(body or None)
            response = self.behind.getresponse()
            content = response.read()
            if front.drops(self.command, self.path):
                self.close_connection = True
            else:
                self.respond(response, content)

        def respond(self, response: http.client.HTTPResponse, content: bytes) -> None:
            self.send_response_only(response.status)
            for name, value in _passed_on(response.getheaders(), "content-length"):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            if front.closes:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_OPTIONS = do_HEAD = forward  # noqa: N815 - names that http.server calls

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    return Handler
