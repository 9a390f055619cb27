"""An image on this machine with an https URL: some clients look whether there is one before they send its URL."""

from __future__ import annotations

import contextlib
import http.server
import ssl
import threading
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Image(http.server.BaseHTTPRequestHandler):
    """Says of every path that it is an image."""

    def do_HEAD(self) -> None:
        """Return the headers of an image."""
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextlib.contextmanager
def served_image(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve an image; give its URL, and the file of the authority that vouches for the server."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(file)
    with http.server.ThreadingHTTPServer(("localhost", 0), _Image) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"https://localhost:{server.server_port}/image.png", file
        server.shutdown()
        thread.join()
