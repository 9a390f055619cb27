"""Faults that violate requirements on systems."""
