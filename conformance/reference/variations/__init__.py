"""Allowed variations: what the docs leave open, done in another way than the server usually does.

A server with all of them meets every requirement: the suite must report no violation, and a client that fails on one
relies on what the docs do not promise. Importing this package fills the registry.
"""

from __future__ import annotations

from conformance.reference.variations import appearance, readings, transfer
from conformance.reference.variations.registry import VARIATIONS, Variation, variation, vary

__all__ = ["VARIATIONS", "Variation", "appearance", "readings", "transfer", "variation", "vary"]
