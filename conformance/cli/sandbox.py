"""`sandbox`: serves the API for authors of clients, with the control API. How it does that is in `conformance.sandbox.serving`."""

from __future__ import annotations

from conformance.sandbox.serving import serve_sandbox as main

__all__ = ["main"]
