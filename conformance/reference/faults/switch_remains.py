"""Faults: switches that are deleted, or logged at the same moment, and what is left of them."""

from __future__ import annotations
