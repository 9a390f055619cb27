"""`serve`: serves the reference server. How it does that is in `conformance.reference.serving`."""

from __future__ import annotations

from conformance.reference.serving import serve as main

__all__ = ["main"]
