"""Freedoms: what the docs leave open, done in another way than the server usually does.

A server with all of them keeps every sentence of the docs: the suite must find nothing wrong with it, and a client that
stumbles over one relies on what nobody promised. Importing this package fills the registry.
"""

from __future__ import annotations

from conformance.reference.variations import answers, readings, transfer
from conformance.reference.variations.registry import FREEDOMS, Freedom, take, variation

__all__ = ["FREEDOMS", "Freedom", "answers", "readings", "take", "transfer", "variation"]
