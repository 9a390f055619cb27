"""Faults that violate requirements on content types, paths and queries."""
