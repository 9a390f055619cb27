"""A server before the reference server that answers some requests with the bytes of a hostile kind, and passes all others on."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import re
import socket
import socketserver
import struct
import threading
from typing import TYPE_CHECKING

from tests.run.hostile_kinds import RESET, Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

REQUESTS = {
    "first": ("GET", r"/v2/systems/@me"),
    "read": ("GET", r"/v2/members/\w+"),
    "write": ("PATCH", r"/v2/members/\w+"),
    "delete": ("DELETE", r"/v2/members/\w+"),
}
"""Method and path of the requests that get a hostile response; `first` is sent by preflight, and again in the end."""


@dataclasses.dataclass
class HostileFront:
    """Which requests it answers, and how; `followed` are requests for what only a redirect names, `hostile` counts its own responses."""

    behind: int
    request: str
    make: Callable[[Asked], Iterable[bytes]]
    port: int = 0
    hostile: int = 0
    followed: list[str] = dataclasses.field(default_factory=list)

    @contextlib.contextmanager
    def serving(self) -> Iterator[HostileFront]:
        """Serve during the block, on a free port of this machine."""
        front = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    while front.answer(self):
                        pass

        with _Server(("127.0.0.1", 0), Handler) as server:
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()

    def answer(self, handler: socketserver.StreamRequestHandler) -> bool:
        """Answer one request; return whether the connection stays open."""
        method, _, rest = handler.rfile.readline().decode("latin-1").strip().partition(" ")
        if not method:
            return False
        path, headers = rest.rpartition(" ")[0], http.client.parse_headers(handler.rfile)
        body = handler.rfile.read(int(headers.get("Content-Length") or 0))
        is_hostile = self._is_chosen(method, path)
        if "elsewhere" in path:
            self.followed.append(path)
        if is_hostile and method == "DELETE":  # nothing is deleted, whatever it says
            status, genuine, kept = 204, b"", b""
        else:
            status, genuine, kept = self._pass_on(method, path, dict(headers.items()), body)
        if not is_hostile:
            handler.wfile.write(kept)
            return True
        self.hostile += 1
        host = f"127.0.0.1:{self.port}"
        token = headers.get("Authorization") or "no-token-at-all"
        _send(handler.connection, self.make(Asked(token, method, status, genuine, host)))
        return False

    def _is_chosen(self, method: str, path: str) -> bool:
        chosen, pattern = REQUESTS[self.request]
        return method == chosen and re.fullmatch(pattern, path) is not None

    def _pass_on(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes, bytes]:
        """Return status and body of the server behind, and its response as bytes."""
        behind = http.client.HTTPConnection("127.0.0.1", self.behind)
        behind.request(method, path, body or None, headers)
        response = behind.getresponse()
        content = response.read()
        behind.close()
        dropped = ("content-length", "connection", "transfer-encoding")
        lines = [f"{k}: {v}" for k, v in response.getheaders() if k.lower() not in dropped]
        lines += [] if response.status == 204 else [f"Content-Length: {len(content)}"]
        first = f"HTTP/1.1 {response.status} {response.reason}"
        whole = "\r\n".join((first, *lines, "", "")).encode("latin-1") + content
        return response.status, content, whole


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


def _send(connection: socket.socket, parts: Iterable[bytes]) -> None:
    for part in parts:
        if part == RESET:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()
            return
        connection.sendall(part)
