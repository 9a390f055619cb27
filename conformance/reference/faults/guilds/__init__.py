"""Faults that violate requirements on settings in a guild."""
