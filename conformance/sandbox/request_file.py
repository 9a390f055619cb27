"""A file of requests as the server saw them: a line of JSON for each, with the time at which it was counted and the status returned.

Tokens and bodies are not in it. The log of the control API is in `request_log`.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


def keep_file(server: Server, path: Path) -> None:
    """Append a line for each request that comes to the rate limiter, which knows its scope, as soon as it returns.

    ``at`` is in UNIX seconds, taken before the limiter counts. Raises OSError when the file cannot be written.
    """
    file = path.open("w", encoding="utf-8", buffering=1)

    def limited(original: Original, call: Call) -> Response:
        at, scope = time.time(), server.limiter.scope(call.method, call.path)
        response: Response = original(call)
        seen = {"at": at, "scope": scope, "method": call.method, "path": call.path}
        file.write(json.dumps(seen | {"status": response.status_code}) + "\n")
        return response

    wrap(server, "limited", limited)
