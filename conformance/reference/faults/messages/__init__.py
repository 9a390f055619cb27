"""Faults that violate requirements on messages."""
