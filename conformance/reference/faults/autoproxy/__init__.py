"""Faults that violate requirements on autoproxy."""
