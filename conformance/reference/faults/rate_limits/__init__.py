"""Faults that violate requirements on rate limits."""
