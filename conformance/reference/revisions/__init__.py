"""The revisions of the docs that the server speaks, the newest first."""

from __future__ import annotations

from conformance.reference.revisions import r2021_11, r2025_08

REVISIONS = {row.name: row for row in (r2025_08.REVISION, r2021_11.REVISION)}
NEWEST = r2025_08.REVISION

__all__ = ["NEWEST", "REVISIONS"]
