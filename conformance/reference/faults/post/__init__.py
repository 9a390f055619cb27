"""Faults that violate requirements on every POST."""
