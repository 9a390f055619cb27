"""Allowed variations: what the docs leave open, done in another way than the server usually does.

A server with all of them keeps every requirement of the docs: the suite must find nothing wrong with it, and a client that
stumbles over one relies on what nobody promised. Importing this package fills the registry.
"""

from __future__ import annotations

from conformance.reference.variations import appearance, readings, transfer
from conformance.reference.variations.registry import VARIATIONS, Variation, take, variation

__all__ = ["VARIATIONS", "Variation", "appearance", "readings", "take", "transfer", "variation"]
