"""Faults that violate requirements on groups."""
