"""`sandbox`: serves the API for authors of clients, with the control API and pages. How it does that is in `conformance.sandbox.serving`."""

from __future__ import annotations

from typing import Any

from conformance.sandbox.serving import serve_sandbox


def main(arguments: list[str]) -> int:
    """Serve until a signal comes; return 0, or 4 for anything wrong with the command."""
    return serve_sandbox(arguments, _document)


def _document(revision: str) -> dict[str, Any]:
    """Return the OpenAPI document of a revision."""
    from conformance.contract import load  # noqa: PLC0415 slow, and needed only when somebody reads it

    return load(revision).document
