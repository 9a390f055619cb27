"""`serve`: serves the API alone. How it does that is in `conformance.sandbox.serving`."""

from __future__ import annotations

from conformance.sandbox.serving import serve as main

__all__ = ["main"]
