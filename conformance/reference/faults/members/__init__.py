"""Faults that violate requirements on members."""
