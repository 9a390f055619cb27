"""Faults that violate requirements on every PATCH."""
