"""The files that pages consist of, and where they are."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("files")
THIRD_PARTY = Path(__file__).with_name("third_party")
_NAMES = ("home.css", "home.js", "docs.css", "docs.js", "scalar.js", "icon.svg")
PARTS = tuple(f"/_page/{name}" for name in _NAMES)
"""The paths of scripts, styles and the picture."""
