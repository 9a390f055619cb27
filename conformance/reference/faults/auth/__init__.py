"""Faults that violate requirements on tokens."""
